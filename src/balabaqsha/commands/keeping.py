"""Keeping a town's processes alive: what ends is named, and started again after a pause that grows while it keeps ending."""

from collections.abc import Callable
from dataclasses import dataclass

from balabaqsha.commands.children import Child
from balabaqsha.config.cluster import Cluster, ClusterFailed

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 8.0
# Whoever has lived so long has started well: its next end is a new one.
_WELL_AFTER_SECONDS = 10.0


@dataclass(frozen=True)
class Life:
    """How to see that a process has ended (in words, None while it runs), what it said last, and how to start it again.

    `begin` raises ClusterFailed or OSError where it could not.
    """

    name: str
    ended: Callable[[], str | None]
    said: Callable[[], str]
    begin: Callable[[], None]


def of_child(child: Child) -> Life:
    """A command of ours."""
    return Life(child.name, child.status, child.last_lines, child.start)


def of_cluster(own: Cluster) -> Life:
    """Our own PostgreSQL. Acknowledged transactions are in its files: it replays them when it starts."""

    def ended() -> str | None:
        code = own.process.poll() if own.process else 1
        return None if code is None else f"with status {code}"

    def begin() -> None:
        own.stop()
        own.start()

    return Life("PostgreSQL", ended, own.last_lines, begin)


class Keeper:
    """Looks after one process; `say` gets a line for each end and each new start."""

    def __init__(self, life: Life, *, now: float, say: Callable[[str], None]) -> None:
        self._life = life
        self._say = say
        self._began = now
        self._pause = _FIRST_PAUSE_SECONDS
        self._due: float | None = None

    def look(self, *, now: float) -> None:
        """See how it is at this moment (monotonic seconds) and do what is to be done."""
        if self._due is None:
            how = self._life.ended()
            if how is not None:
                self._plan(f"{self._life.name} ended ({how})", self._life.said(), now=now)
        elif now >= self._due:
            self._begin(now=now)

    def _begin(self, *, now: float) -> None:
        self._due, self._began = None, now
        try:
            self._life.begin()
        except (ClusterFailed, OSError) as failed:
            # A full disk too passes.
            self._plan(f"{self._life.name} did not start", str(failed), now=now)
        else:
            self._say(f"{self._life.name} started again")

    def _plan(self, what: str, said: str, *, now: float) -> None:
        if now - self._began > _WELL_AFTER_SECONDS:
            self._pause = _FIRST_PAUSE_SECONDS
        self._due = now + self._pause
        self._say(f"{what}; it is started again in {self._pause:g} s. Its last words:\n{said}")
        self._pause = min(2 * self._pause, _LONGEST_PAUSE_SECONDS)
