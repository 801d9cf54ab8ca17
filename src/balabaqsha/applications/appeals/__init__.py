"""A family contests a lapse, a rejection or a removal: what may be contested, and what is kept meanwhile."""
