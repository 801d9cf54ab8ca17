"""The digital health system: the forms of a child's health that kindergartens ask for."""
