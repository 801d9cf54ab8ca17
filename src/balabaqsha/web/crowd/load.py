"""How busy this web process is, measured at the door; and how many newcomers it has room for."""

import math
import threading
import time
from collections.abc import Callable

from balabaqsha.web.crowd import rules

# The load is that of the last seconds: long enough to pass over one slow page, short enough to shut before a rush.
_BUSY_SECONDS = 2.0
_GUESSED_PAGES, _LATE_PAGES = 10, 25
_GUESS = 0.05
_FRESH_SECONDS = 10.0
# A page that waits for a state system says nothing of what the machine can do.
_LONGEST_PAGE = 1.0
# What is earned while nobody comes is not saved up for a rush.
_SAVED_SECONDS = 1.0


class Load:
    """Thread-safe. `full` is the share of the threads' time at which no more are let in."""

    def __init__(self, *, threads: int, full: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._threads, self._full, self._clock = threads, full, clock
        self._lock = threading.Lock()
        self._at_work, self._busy = 0, 0.0
        # The first guess counts as some pages: the very first one of a process is slow.
        self._pages, self._page_seconds = _GUESSED_PAGES, _GUESS
        self._changed = self._earned_at = self._page_at = clock()
        self._earned = self._per_second()

    def begin(self) -> float:
        """A thread is busy from now on; returns what `end` is to be given."""
        return self._turn(+1)

    def end(self, begun: float, *, on_a_page: bool) -> None:
        """The thread is free again; `on_a_page`: it made a page and did not keep somebody waiting."""
        seconds = self._turn(-1) - begun
        if on_a_page:
            with self._lock:
                self._page_at = self._changed
                self._pages = min(self._pages + 1, _LATE_PAGES)
                self._page_seconds += (min(seconds, _LONGEST_PAGE) - self._page_seconds) / self._pages

    def is_busy(self) -> bool:
        """Whether it is worth while to make once what several ask for at a time."""
        return self._busy >= self._full / 2

    def take(self) -> bool:
        """Let one newcomer in at once, if there is room."""
        with self._lock:
            self._earn()
            if self._earned < 1:
                return False
            self._earned -= 1
            return True

    def take_all(self) -> float:
        """All the room there is, for those who wait."""
        with self._lock:
            self._earn()
            all_there_is, self._earned = self._earned, 0.0
            return all_there_is

    def _turn(self, change: int) -> float:
        with self._lock:
            now = self._clock()
            self._flow(now)
            self._at_work += change
            return now

    def _flow(self, now: float) -> None:
        """The share of busy threads, the older the less it weighs."""
        kept = math.exp((self._changed - now) / _BUSY_SECONDS)
        self._busy = self._busy * kept + min(1.0, self._at_work / self._threads) * (1 - kept)
        self._changed = now

    def _earn(self) -> None:
        now = self._clock()
        self._flow(now)
        rate = self._per_second()
        most = max(1.0, rate * _SAVED_SECONDS)
        self._earned = min(self._earned + rate * (now - self._earned_at), most)
        self._earned_at = now

    def _per_second(self) -> float:
        # What was measured long ago, perhaps under a load that has passed, gives way to the guess.
        fresh = math.exp((self._page_at - self._changed) / _FRESH_SECONDS)
        seconds = _GUESS + (self._page_seconds - _GUESS) * fresh
        return rules.may_call(busy=self._busy, full=self._full, threads=self._threads, seconds_each=max(seconds, 0.001))
