"""Admissions: from a chosen place to enrolment, the contract, the waiting list, transfer and leaving.

A place that is freed here is never given by this app: its group is named to the caller, whose journey serves the
waiting list in the same transaction.
"""
