"""Drift: what extracts and rules look like beside their own history. It tells, and holds nothing."""
