"""People: persons as the population register knows them, their telephones, whose children they are.

The only app whose tables hold IINs, names and contacts. It asks the registers (`registers`), keeps what they said and
gives it out as cards. It never decides who may look: the policies of `accounts` do.
"""
