"""When and with what: the code location, jobs, schedules, sensors, resources and the command line."""
