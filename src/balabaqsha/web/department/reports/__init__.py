"""Reports: a table of them, their pages, and the worker's job that makes them a file."""
