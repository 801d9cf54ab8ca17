"""Applications that the other parent sees, linked to their own IIN (003)."""
