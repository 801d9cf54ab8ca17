"""Who may give which roles. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from balabaqsha.kernel.actor import Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law.lists import CaseDecider

# Giver -> what they may give, always within their own territory or kindergarten. A parent's role comes with the account, a
# trusted person's with the trust; the first officer of the ministry is entered by whoever runs the portal.
MAY_GIVE: dict[Role, tuple[Role, ...]] = {
    Role.MINISTRY: (Role.OFFICER, Role.INSPECTOR, Role.SUPPORT),
    Role.OFFICER: (
        Role.KINDERGARTEN_HEAD,
        Role.EDUCATOR,
        Role.OFFICER,
        Role.DOCTOR,
        Role.PMPK_OFFICER,
        Role.INSPECTOR,
    ),
    Role.KINDERGARTEN_HEAD: (Role.EDUCATOR,),
}
# Who decides which special cases.
DECIDES = {Role.DOCTOR: CaseDecider.PHTHISIATRICIAN, Role.PMPK_OFFICER: CaseDecider.PMPK}
OF_KINDERGARTENS = frozenset({Role.KINDERGARTEN_HEAD, Role.EDUCATOR})
OF_TERRITORIES = frozenset({Role.OFFICER, Role.DOCTOR, Role.PMPK_OFFICER, Role.INSPECTOR})


class MayNotGive(Refusal, code="not-allowed", detail="may-not-give"):
    """The actor's role does not give this role, or not there."""


class RoleWithoutBounds(Refusal, code="not-in-list", detail="role-bounds"):
    """A role of a kindergarten has none, or a role of a territory."""


class RoleEndsTooSoon(Refusal, code="wrong-date", detail="role-ends-too-soon"):
    """The last day lies before the first one or has passed."""


@dataclass(frozen=True)
class Span:
    """From which moment (None: at once) until which (None: without an end) a role holds."""

    begins_at: datetime | None
    ends_at: datetime | None


def may_give(giver: Role) -> tuple[Role, ...]:
    """The roles that the giver may give, in the order in which they are offered."""
    return MAY_GIVE.get(giver, ())


def check_bounds(role: Role, *, of_kindergarten: bool, of_territory: bool) -> None:
    """Raise RoleWithoutBounds unless the role has just the bound that its kind wants."""
    if (of_kindergarten, of_territory) != (role in OF_KINDERGARTENS, role in OF_TERRITORIES):
        raise RoleWithoutBounds


def span(first_day: date | None, last_day: date | None, *, now: datetime) -> Span:
    """The moments behind a first and a last day, both included; raises RoleEndsTooSoon."""
    today = localdate(now)
    later = first_day if first_day is not None and first_day > today else None
    if last_day is not None and last_day < (later or today):
        raise RoleEndsTooSoon
    return Span(
        begins_at=start_of(later) if later else None,
        ends_at=start_of(last_day + timedelta(days=1)) if last_day else None,
    )
