"""Referrals: turns in a linear line, wishes of a sealed round, and what becomes of each referral.

The order of the line is the line's; a place is held by an admission. This app never gives a place.
"""
