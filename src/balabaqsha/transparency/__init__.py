"""Transparency: why a place number changed, public protocols of runs, and the tellings of a case.

Everything here is read from the journal and the line; nothing is written for it.
"""
