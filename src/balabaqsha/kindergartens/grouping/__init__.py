"""What the department and the head change of a group that is open."""
