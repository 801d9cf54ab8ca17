"""What others read of roles."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from balabaqsha.accounts.models import RoleGrant
from balabaqsha.accounts.queries import live_grants
from balabaqsha.kernel.actor import Role
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.people.queries import card
from balabaqsha.territories.models import Territory


@dataclass(frozen=True)
class Holder:
    """Who holds a role, of what, since when and until which day, given by whom and why."""

    grant_id: int
    name: str
    role: Role
    kindergarten: Kindergarten | None
    territory: Territory | None
    first_day: date
    last_day: date | None
    given_by: str
    reason: str


def holders(rows: QuerySet[RoleGrant], *, now: datetime) -> QuerySet[RoleGrant]:
    """Of these grants those that live or are still to begin, by role and name."""
    to_begin = Q(ended_at=None, begins_at__gt=now)
    found = rows.filter(live_grants(now=now) | to_begin, account__closed_at=None)
    return found.select_related("account__person", "kindergarten", "territory", "granted_by__person").order_by(
        "role", "account__person__surname", "account__person__given_name", "id"
    )


def former(rows: QuerySet[RoleGrant], *, now: datetime) -> QuerySet[RoleGrant]:
    """Of these grants those that have ended, each with the moment as `ended`, the latest first."""
    found = rows.filter(Q(ended_at__isnull=False) | Q(granted_until__lte=now)).annotate(
        ended=Coalesce("ended_at", "granted_until")
    )
    return found.select_related("account__person", "kindergarten", "territory", "granted_by__person").order_by(
        "-ended", "-id"
    )


def holder(row: RoleGrant) -> Holder:
    """One of them in words."""
    giver = row.granted_by
    return Holder(
        grant_id=row.id,
        name=card(row.account.person).full_name,
        role=Role(row.role),
        kindergarten=row.kindergarten,
        territory=row.territory,
        first_day=localdate(row.begins_at or row.granted_from),
        # It ends as the next day begins.
        last_day=localdate(row.granted_until - timedelta(seconds=1)) if row.granted_until else None,
        given_by=card(giver.person).short_name if giver else "",
        reason=row.reason,
    )
