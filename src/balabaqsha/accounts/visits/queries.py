"""What the owner of an account sees of its sessions."""

from dataclasses import dataclass
from datetime import datetime

from balabaqsha.accounts import rules
from balabaqsha.accounts.models import Visit
from balabaqsha.kernel.actor import Role


@dataclass(frozen=True)
class LiveVisit:
    """A session that still holds; moments are of real time."""

    id: int
    label: str
    address: str
    way: str
    began_at: datetime
    seen_at: datetime
    is_this: bool


def live(*, account_id: int, visit_id: int, real_now: datetime) -> list[LiveVisit]:
    """The sessions of the account that still hold, this one first, then the latest used. One query."""
    rows = Visit.objects.filter(account_id=account_id, ended_at=None)
    found = [_visit(row, visit_id) for row in rows if _holds(row, real_now)]
    return sorted(found, key=lambda one: (not one.is_this, -one.seen_at.timestamp(), one.id))


def _holds(row: Visit, real_now: datetime) -> bool:
    # Whether staff or family: the times are the same but for being remembered, which staff never are.
    times = rules.SessionTimes(row.began_at, row.seen_at, remembered_until=row.remembered_until, role=Role.PARENT)
    return rules.session_lives(times, real_now=real_now)


def _visit(row: Visit, visit_id: int) -> LiveVisit:
    return LiveVisit(
        id=row.id,
        label=row.label,
        address=row.address,
        way=row.way,
        began_at=row.began_at,
        seen_at=row.seen_at,
        is_this=row.id == visit_id,
    )
