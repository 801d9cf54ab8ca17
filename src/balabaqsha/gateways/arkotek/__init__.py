"""Arkotek, the system of the PMPK: which conclusions a child has."""
