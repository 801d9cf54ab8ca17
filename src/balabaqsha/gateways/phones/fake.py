"""A phone base in memory that keeps the port's promises. For tests of those who ask."""

from collections.abc import Mapping
from datetime import datetime

from balabaqsha.gateways.phones.port import PhoneRecord, Standing
from balabaqsha.gateways.port import NotAnswering, Reason, System
from balabaqsha.kernel.iin import Iin


class InMemoryPhones:
    """Knows these owners (phone to IIN text); silent while `silent` is set."""

    def __init__(self, owners: Mapping[str, str] | None = None) -> None:
        self.owners = dict(owners or {})
        self.silent = False

    def owner(self, iin: Iin, phone: str, *, now: datetime) -> PhoneRecord:
        """See the port."""
        if self.silent:
            raise NotAnswering(system=System.PHONES.value, reason=Reason.TIME_OUT.value)
        owner = self.owners.get(phone)
        known = Standing.BELONGS if owner == iin.text else Standing.OTHER
        return PhoneRecord(
            standing=Standing.UNKNOWN if owner is None else known, reference=f"fake-{phone}", asked_at=now
        )
