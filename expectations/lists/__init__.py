"""One module a list: what staff receive."""
