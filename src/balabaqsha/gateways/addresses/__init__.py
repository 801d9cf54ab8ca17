"""The address register (Мекенжай тіркелімі): which addresses there are, and where they lie."""
