"""A register in memory that keeps the port's promises. For tests of those who ask."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from balabaqsha.gateways.population.port import PersonRecord
from balabaqsha.gateways.port import NotAnswering, Reason, System
from balabaqsha.kernel.iin import Iin


class InMemoryPopulation:
    """Knows these records; silent while `silent` is set."""

    def __init__(self, records: Iterable[PersonRecord] = ()) -> None:
        self.records = {record.iin: record for record in records}
        self.silent = False

    def person(self, iin: Iin, *, consent: bool, now: datetime) -> PersonRecord | None:  # noqa: ARG002 - the port's
        """See the port."""
        if self.silent:
            raise NotAnswering(system=System.POPULATION.value, reason=Reason.TIME_OUT.value)
        record = self.records.get(iin.text)
        return replace(record, asked_at=now) if record else None
