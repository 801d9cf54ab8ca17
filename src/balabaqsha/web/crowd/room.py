"""The waiting room of one web process: its view of the shared line, and its share in calling people in."""

import logging
import threading
import time
from collections import Counter
from dataclasses import replace

from django.db import Error

from balabaqsha.web.crowd import actions
from balabaqsha.web.crowd.load import Load
from balabaqsha.web.crowd.rules import Line

# What other processes did in this time may be missed: less than the network shuffles arrivals by.
_FRESH_SECONDS = 0.2
_STALE_SECONDS = 1.0
_CALLS_EVERY_SECONDS = 0.5
# New numbers for one address in a minute. Mobile operators put thousands of families behind one.
NUMBERS_PER_ADDRESS = 2_000
_MINUTE = 60.0
_NOBODY = Line(called=1, drawn=1, per_second=0)

_log = logging.getLogger(__name__)


class Room:
    """Thread-safe. While the database does not answer, the line stays as it was last seen."""

    def __init__(self, *, threads: int, full: float) -> None:
        self.load = Load(threads=threads, full=full)
        self._lock, self._looking = threading.Lock(), threading.Lock()
        self._line, self._read_at, self._called_at = _NOBODY, float("-inf"), float("-inf")
        self._given: Counter[str] = Counter()
        self._given_since = time.monotonic()

    def line(self, *, knows: int = 0) -> Line:
        """The line as it stands now, after this process has called in as many as it has room for.

        A number that it must know may have been drawn by another process since this one looked.
        """
        age = time.monotonic() - self._read_at
        # Only one thread asks; the others go by what was last seen, unless that is too old to judge by.
        too_old = age >= _STALE_SECONDS or self._line.drawn < knows
        if (age >= _FRESH_SECONDS or too_old) and self._looking.acquire(blocking=too_old):
            try:
                self._refresh(knows)
            except Error:
                _log.warning("the line before the door cannot be read", exc_info=True)
            finally:
                self._looking.release()
        return self._line

    def _refresh(self, knows: int) -> None:
        now = time.monotonic()
        if now - self._read_at < _FRESH_SECONDS and self._line.drawn >= knows:
            # Another thread has looked while this one waited for its turn.
            return
        found = self._look(now)
        self._line, self._read_at = found, now

    def _look(self, now: float) -> Line:
        found = actions.line()
        if found.somebody_waits and now - self._called_at >= _CALLS_EVERY_SECONDS:
            self._called_at = now
            found = actions.call(self.load.take_all())
        return found

    def draw(self, address: str) -> int | None:
        """A new arrival number; None where the address has been given too many in this minute, or nobody can give one."""
        if not self._may_draw(address):
            return None
        try:
            number = actions.draw()
        except Error:
            _log.warning("no number can be drawn", exc_info=True)
            return None
        with self._lock:
            self._line = replace(self._line, drawn=max(self._line.drawn, number))
        return number

    def _may_draw(self, address: str) -> bool:
        now = time.monotonic()
        with self._lock:
            if now - self._given_since >= _MINUTE:
                self._given.clear()
                self._given_since = now
            self._given[address] += 1
            return self._given[address] <= NUMBERS_PER_ADDRESS
