"""The lists of revoked certificates."""
