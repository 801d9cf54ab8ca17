"""State systems and senders: one folder each with its port, client, fake and contract tests.

Others see `registry` and the `port` modules. Only `config.wiring` knows the clients. Nothing here is
called inside a transaction, and nothing here writes to the database.
"""
