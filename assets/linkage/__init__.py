"""Persons whose number is missing or broken, linked to those that are known: evidence, model, and the nightly step."""
