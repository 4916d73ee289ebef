"""From the inbox to staged records: names, archive, ledger, and the reading of files in a limited process."""
