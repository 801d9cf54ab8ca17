"""The name that Django asks of a database engine."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the server only where its silence is in doubt."""

    def is_usable(self) -> bool:
        """Whether the kept connection can be used.

        A server that ends a connection says so, and the end waits to be read. While nothing does, no question is sent:
        one for each request was a sixth of what a family's claim asked of the database.
        """
        if self.connection is None or self.connection.closed:
            return False
        incoming = select.poll()
        incoming.register(self.connection.fileno(), select.POLLIN)
        return not incoming.poll(0) or bool(super().is_usable())
