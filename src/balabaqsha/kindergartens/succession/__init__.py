"""Which groups open in the stead of those whose children go to school."""
