"""Checks: rows that should be impossible and work that stands still, looked for each night and told to the department.

A check is one function with a promise in its docstring, and yields what breaks it. It mends nothing and locks nothing.
"""
