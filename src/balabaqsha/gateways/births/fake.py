"""A register of births in memory that keeps the port's promises. For tests of those who ask."""

from collections.abc import Iterable
from datetime import datetime

from balabaqsha.gateways.births.port import BirthRecord, Children, Kinship
from balabaqsha.gateways.port import NotAnswering, Reason, System
from balabaqsha.kernel.iin import Iin


class InMemoryBirths:
    """Knows these records; silent while `silent` is set."""

    def __init__(self, records: Iterable[BirthRecord] = ()) -> None:
        self.records = list(records)
        self.silent = False

    def children(self, parent: Iin, *, now: datetime) -> Children:
        """See the port."""
        self._answering()
        found = sorted(
            (record for record in self.records if record.parent_iin == parent.text),
            key=lambda record: record.child_iin,
        )
        return Children(records=tuple(found), reference=f"fake-{parent.text}", asked_at=now)

    def kinship(self, parent: Iin, child: Iin, *, now: datetime) -> Kinship:
        """See the port."""
        found = [record for record in self.children(parent, now=now).records if record.child_iin == child.text]
        return Kinship(record=found[0] if found else None, reference=f"fake-{parent.text}", asked_at=now)

    def _answering(self) -> None:
        if self.silent:
            raise NotAnswering(system=System.BIRTHS.value, reason=Reason.TIME_OUT.value)
