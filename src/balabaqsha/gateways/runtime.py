"""What clients need of the machine. `config.wiring` gives the real ones, tests give their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Noted(Protocol):
    """Takes note of what came of one question, for the people who look after the portal."""

    def __call__(self, system: str, *, reason: str, rest_seconds: float) -> None:
        """`reason` is empty for an answer; `rest_seconds`: how long the breaker leaves the system alone, 0 for not at all."""


def ignore(system: str, *, reason: str, rest_seconds: float) -> None:
    """Take no note."""


@dataclass(frozen=True)
class Runtime:
    """Clock, pause, chance and identity for the clients.

    `monotonic` counts seconds; `sleep` waits seconds; `chance` gives 0.0 to 1.0; `new_id` gives a UUID
    as text; `before_asking` raises where the network must not be used (inside a transaction); `noted` hears of every outcome.
    """

    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    chance: Callable[[], float]
    new_id: Callable[[], str]
    before_asking: Callable[[], None]
    noted: Noted = ignore
