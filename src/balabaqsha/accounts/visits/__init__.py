"""Sessions as their owner sees them: where, since when, and how they are ended."""
