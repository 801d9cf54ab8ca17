"""The sender of e-mail."""
