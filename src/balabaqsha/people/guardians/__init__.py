"""Guardians by decision of the guardianship authority, whom the register of births does not name."""
