"""What exists: every table, from the inbox to the lists. SQL files, the rule catalogue, the storage."""
