"""What clients need of the machine. `config.wiring` gives the real ones, tests give their own."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Runtime:
    """Clock, pause, chance and identity for the clients.

    `monotonic` counts seconds; `sleep` waits seconds; `chance` gives 0.0 to 1.0; `new_id` gives a UUID
    as text; `before_asking` raises where the network must not be used (inside a transaction).
    """

    monotonic: Callable[[], float]
    sleep: Callable[[float], None]
    chance: Callable[[], float]
    new_id: Callable[[], str]
    before_asking: Callable[[], None]
