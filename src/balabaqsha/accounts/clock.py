"""The clocks of the edge. Only middleware, jobs and commands read them; everything below is told the time."""

from datetime import UTC, datetime, timedelta
from threading import Lock

from django.conf import settings
from django.db import connection

# A clock that was set back by no more than this is waited for; by more, it had been wrong before.
WAITED_FOR = timedelta(hours=1)


class Steady:
    """Moments that do not go back when the clock of the machine does: who applied later stands later in the line."""

    def __init__(self) -> None:
        self._latest: datetime | None = None
        self._lock = Lock()

    def at(self, read: datetime) -> datetime:
        """The moment when the machine's clock shows `read`."""
        with self._lock:
            if self._latest is None or not read <= self._latest <= read + WAITED_FOR:
                self._latest = read
            return self._latest


_steady = Steady()


def real_now() -> datetime:
    """The real moment: for sessions, codes and limits."""
    return _steady.at(datetime.now(UTC))


def now() -> datetime:
    """The portal's moment: real time and, in the demonstration, the shift of its clock. At most one query."""
    return shifted(real_now())


def shifted(real: datetime) -> datetime:
    """The portal's moment at a real one."""
    return real + shift() if is_demonstration() else real


def shift() -> timedelta:
    """How far the demonstration's clock runs ahead."""
    with connection.cursor() as cursor:
        # Written out: every request of the demonstration asks it.
        cursor.execute("SELECT seconds FROM accounts_clockshift WHERE id = 1")
        row = cursor.fetchone()
    return timedelta(seconds=row[0] if row else 0)


def is_demonstration() -> bool:
    """Whether the clock may be shifted at all."""
    return settings.MODE == "demonstration"
