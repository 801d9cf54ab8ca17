"""Balabaqsha: places in kindergartens, given openly and explained."""
