"""Django's table of sessions, read by one written-out statement: every request of somebody signed in asks it."""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection

from balabaqsha.accounts import clock


class SessionStore(db.SessionStore):
    """As Django's own in everything but how a session is read."""

    def load(self) -> dict[str, Any]:
        """What the session holds; empty, and its key forgotten, where it has ended or never was."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s",
                [self.session_key, clock.real_now()],
            )
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return dict(self.decode(row[0]))
