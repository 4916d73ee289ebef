"""What must be true: contracts of extracts and lists, and how they are checked. No Dagster here."""
