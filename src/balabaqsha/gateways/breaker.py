"""The circuit breaker: a system that keeps failing is left alone for a while."""

from collections.abc import Callable
from enum import StrEnum
from threading import Lock


class Standing(StrEnum):
    """CLOSED asks go through; OPEN they do not; TRYING one goes through to find out."""

    CLOSED = "closed"
    OPEN = "open"
    TRYING = "trying"


class Breaker:
    """Counts failures in a row. Safe to share between threads."""

    def __init__(
        self, *, monotonic: Callable[[], float], failures_to_open: int = 5, rest_seconds: float = 30.0
    ) -> None:
        self._monotonic = monotonic
        self._failures_to_open = failures_to_open
        self._rest_seconds = rest_seconds
        self._failures = 0
        self._rests_until: float | None = None
        self._trying = False
        self._lock = Lock()

    @property
    def standing(self) -> Standing:
        """How the breaker stands now."""
        with self._lock:
            if self._rests_until is None:
                return Standing.CLOSED
            return Standing.TRYING if self._trying else Standing.OPEN

    @property
    def rest_seconds(self) -> float:
        """How long the system is still left alone; 0 where it may be asked."""
        with self._lock:
            return 0.0 if self._rests_until is None else max(0.0, self._rests_until - self._monotonic())

    def admits(self) -> bool:
        """Whether the system may be asked now; after the rest exactly one asker is let through to try."""
        with self._lock:
            if self._rests_until is None:
                return True
            now = self._monotonic()
            if now < self._rests_until:
                return False
            # The trial has the same rest as its own limit, so that a trial that died cannot close the door for ever.
            self._rests_until = now + self._rest_seconds
            self._trying = True
            return True

    def succeeded(self) -> None:
        """The system answered."""
        with self._lock:
            self._failures = 0
            self._rests_until = None
            self._trying = False

    def failed(self) -> None:
        """The system gave no usable answer."""
        with self._lock:
            self._failures += 1
            if self._trying or self._failures >= self._failures_to_open:
                self._rests_until = self._monotonic() + self._rest_seconds
                self._trying = False
