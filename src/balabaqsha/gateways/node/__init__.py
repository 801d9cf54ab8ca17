"""NCANode: a server that checks signatures with the certified provider of the national authority."""
