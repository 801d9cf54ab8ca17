"""Development certificate authority: keys as the national authority issues them, for persons who do not exist."""
