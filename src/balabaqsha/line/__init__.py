"""The line: the order of applications, the place shown to a family and why it changed, the yearly renewal.

One constant gives the order to the line, to the place and to the run; they cannot disagree.
"""
