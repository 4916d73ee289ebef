"""The rule catalogue: entries in YAML, one dimension a file, compiled into one select over the household profile."""
