"""Kindergartens: organisations, their groups, and one row for each place.

Who holds a place is a row of its own; the schema admits one live holder. This app never decides who is served.
"""
