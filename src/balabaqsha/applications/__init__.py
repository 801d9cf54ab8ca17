"""Applications: what a family asks for, its wishes and benefit claims, and the state of its case.

The state, its one running term and the category stand on the application. This app never gives a place.
"""
