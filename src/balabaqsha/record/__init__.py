"""The record: what was decided (journal) and what is to be told to others (outbox).

Both are written in the transaction of the act itself. The journal never changes: a trigger guards its rows and a
hash chain, sealed a few seconds behind the writers, shows whoever asks that nothing was altered or taken out.
The record never decides and never sends anything.
"""
