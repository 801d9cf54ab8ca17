"""Django's table of sessions, read by one written-out statement: every request of somebody signed in asks it."""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection

_READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > statement_timestamp()"


class SessionStore(db.SessionStore):
    """As Django's own in everything but how a session is read."""

    def load(self) -> dict[str, Any]:
        """What the session holds; empty, and its key forgotten, where it has ended or never was."""
        with connection.cursor() as cursor:
            # Its moments are of real time, in the demonstration too: the database's clock, as Django's own is.
            cursor.execute(_READ, [self.session_key])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return dict(self.decode(row[0]))
