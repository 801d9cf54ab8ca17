"""Journeys: every act on an application, from the family's click to the last consequence.

An act first lets everything that fell due happen (`sweep`), then locks its case, looks, refuses or decides, writes,
and serves the waiting lists of the places it freed, all in one transaction. Pages, jobs, commands and rehearsals call
these same functions.
"""
