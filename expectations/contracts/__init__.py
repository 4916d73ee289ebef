"""One module an extract: what each department delivers."""
