"""The lists that people get: one SQL file each, written, checked and published together."""
