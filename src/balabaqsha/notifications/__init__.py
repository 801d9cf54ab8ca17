"""Notifications: whom to tell, in which language, by which channel, and whether it arrived.

Reads the outbox; every event goes to the inbox, which is the record, and SMS and e-mail repeat it. Messages keep keys,
codes and ids; names are found when a message is shown or sent. This app decides nothing about an application.
"""
