"""A claim that two officers confirm: a right to be served out of turn."""
