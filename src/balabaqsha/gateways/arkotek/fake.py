"""Arkotek in memory that keeps the port's promises. For tests of those who ask."""

from collections.abc import Iterable
from datetime import datetime

from balabaqsha.gateways.arkotek.port import ConclusionRecord, Conclusions
from balabaqsha.gateways.port import NotAnswering, Reason, System
from balabaqsha.kernel.iin import Iin


class InMemoryArkotek:
    """Knows these conclusions; silent while `silent` is set. `asked` keeps the IINs that were asked about."""

    def __init__(self, records: Iterable[ConclusionRecord] = ()) -> None:
        self.records = list(records)
        self.silent = False
        self.asked: list[str] = []

    def conclusions(self, child: Iin, *, now: datetime) -> Conclusions:
        """See the port."""
        self.asked.append(child.text)
        if self.silent:
            raise NotAnswering(system=System.ARKOTEK.value, reason=Reason.TIME_OUT.value)
        found = [one for one in self.records if one.child_iin == child.text]
        found.sort(key=lambda one: (one.issued_on, one.number), reverse=True)
        return Conclusions(records=tuple(found), reference=f"fake-{len(self.asked)}", asked_at=now)
