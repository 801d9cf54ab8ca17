"""Lists of earlier systems: read, checked row by row, and kept until they are carried over (`journeys/importing`).

What is staged here holds names and IINs of people who are not known yet; when a list is finished they are erased, and what
stays is the earlier number and place beside each application.
"""
