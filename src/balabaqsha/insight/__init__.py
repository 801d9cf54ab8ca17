"""Insight: statistics that are counted from the tables as they stand."""
