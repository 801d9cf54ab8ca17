"""The two writes of the waiting room: a number is drawn, people are called in. Each is one short statement.

The database's own clock measures the pace, since the processes of several machines share it.
"""

from typing import Any

from django.db import connection

from balabaqsha.web.crowd.rules import Line

# The pace that is told is that of so many seconds.
_PACE_SECONDS = 20.0


def draw() -> int:
    """The next arrival number. After a crash of the database some are left out; none is ever given twice."""
    return int(_row("SELECT nextval('crowd_number')")[0])


def call(more: float) -> Line:
    """Call so many more in (a fraction is kept for the next time), never beyond the last number drawn."""
    # Rival: another process that calls at the same moment; each adds to what it finds under the lock of the row.
    return Line(*_row(_CALL, {"more": more, "pace": _PACE_SECONDS}))


def line() -> Line:
    """The line as it stands."""
    return Line(*_row(_LINE))


def _row(statement: str, given: dict[str, float] | None = None) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        found: tuple[Any, ...] = cursor.fetchone()
        return found


_LINE = "SELECT called, last_value, per_second FROM crowd_door, crowd_number"
_CALL = """
UPDATE crowd_door SET
    called = least(called + %(more)s, greatest(called, (SELECT last_value FROM crowd_number))),
    per_second = per_second * exp(-extract(epoch FROM clock_timestamp() - moved_at)::float / %(pace)s)
        + (least(called + %(more)s, greatest(called, (SELECT last_value FROM crowd_number))) - called) / %(pace)s,
    moved_at = clock_timestamp()
RETURNING called, (SELECT last_value FROM crowd_number), per_second
"""
