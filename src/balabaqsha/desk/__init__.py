"""The officers' desk: everything that waits for an officer as one list, and who looks after what.

Kinds of work are one table (`kinds.KINDS`); what waits is read from the tables of the apps it belongs to, nothing is kept
twice. Only who looks after a piece of work, and that the contacts of a family were opened, is written here.
"""
