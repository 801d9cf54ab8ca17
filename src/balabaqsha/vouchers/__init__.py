"""Vouchers: the distribution run that gives them, and what becomes of each.

The run is a pure walk over a frozen input; anybody can repeat it from the published file. This app never gives a place.
"""
