"""Transparency: why a place number changed, public protocols of runs, messages of visitors to the staff.

What explains is read from the journal and the line; only the messages of visitors are written here.
"""
