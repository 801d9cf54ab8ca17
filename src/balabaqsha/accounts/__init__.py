"""Accounts: who may enter, by which proof, in which role; turns a request into an actor.

Holds passwords as argon2id, codes and limits as keyed digests, secrets of second factors sealed, challenges for keys of
EDS, sessions as their owner sees them, roles with their bounds, the access policies that every view names, and the
demonstration's clock and persons. Codes, limits and sessions run on real time, everything else on
the portal's. This app never knows what a page shows.
"""
