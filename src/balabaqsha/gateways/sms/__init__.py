"""The sender of short messages."""
