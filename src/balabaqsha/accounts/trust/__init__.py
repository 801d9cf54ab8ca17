"""Entrusted children: what a parent lets somebody else do for their child."""
