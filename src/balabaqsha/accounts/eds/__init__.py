"""Signing in by EDS: a one-time text of the session is signed with the key of sign-in and judged."""
