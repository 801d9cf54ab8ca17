"""A register of social statuses in memory that keeps the port's promises. For tests of those who ask."""

from collections.abc import Mapping
from datetime import date, datetime

from balabaqsha.gateways.port import NotAnswering, Reason, System
from balabaqsha.gateways.social.port import Standing, StatusRecord
from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import BenefitStatus


class InMemorySocial:
    """Knows these children by IIN, each with its statuses and their last days; silent while `silent` is set."""

    def __init__(self, known: Mapping[str, Mapping[BenefitStatus, date | None]] | None = None) -> None:
        self.known = {iin: dict(statuses) for iin, statuses in (known or {}).items()}
        self.asked: list[tuple[str, str, BenefitStatus, bool]] = []
        self.silent = False

    def status(
        self, status: BenefitStatus, *, child: Iin, representative: Iin, consent: bool, now: datetime
    ) -> StatusRecord:
        """See the port."""
        self.asked.append((child.text, representative.text, status, consent))
        if self.silent:
            raise NotAnswering(system=System.SOCIAL.value, reason=Reason.TIME_OUT.value)
        statuses = self.known.get(child.text)
        has = statuses is not None and status in statuses
        standing = Standing.UNKNOWN if statuses is None else Standing.HAS if has else Standing.HAS_NOT
        return StatusRecord(
            standing=standing,
            number=f"MT-{child.text[-4:]}" if has else "",
            last_day=statuses[status] if statuses and has else None,
            reference=f"fake-{child.text}",
            asked_at=now,
        )
