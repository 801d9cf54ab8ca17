"""A lost telephone replaced by two officers against the identity document."""
