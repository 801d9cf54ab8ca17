"""Roles: who may give which to whom, from when until when, and why."""
