"""What others read of trusts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from balabaqsha.accounts.models import RoleGrant
from balabaqsha.accounts.trust import rules
from balabaqsha.kernel.actor import Power
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.people import queries as people
from balabaqsha.people.models import Kinship, Trust
from balabaqsha.people.states import LIVE, TrustState


@dataclass(frozen=True)
class TrustCard:
    """One trust as pages show it, as it stands now; `grant_id` is the role of whoever accepted it, where it lives."""

    token: UUID
    child: str
    child_iin: str
    born_on: date
    giver: str
    trusted: str
    trusted_iin: str
    powers: list[Power]
    state: TrustState
    given_at: datetime
    last_day: date
    ended_at: datetime | None
    grant_id: int | None = None

    @property
    def is_live(self) -> bool:
        """Whether it waits for an answer or lets something be done."""
        return self.state in LIVE


def longest_months(now: datetime) -> int:
    """For how many months a trust may be given."""
    return int(law.rulebook(None).term("trust.longest", on=localdate(now)).value)


def last_day(trust: Trust) -> date:
    """The last day on which it lets anything be done."""
    return localdate(trust.ends_at - timedelta(seconds=1))


def given_by(person_id: int, *, now: datetime) -> list[TrustCard]:
    """The trusts that the person has given, those that live first, then the latest."""
    rows = Trust.objects.filter(giver_id=person_id).select_related("giver", "child", "trusted").order_by("-id")
    cards = _cards(list(rows), now=now)
    return sorted(cards, key=lambda card: not card.is_live)


def given_to(person_id: int, *, account_id: int, now: datetime) -> list[TrustCard]:
    """The trusts that live and are the person's to answer or to act by, the latest first."""
    grants = {
        grant.trust_id: grant.id
        for grant in RoleGrant.objects.filter(account_id=account_id, trust__isnull=False, ended_at=None)
    }
    cards = _cards(offered_to(person_id), now=now, grants=grants)
    return [card for card in cards if card.is_live]


def offered_to(person_id: int) -> list[Trust]:
    """The rows behind `given_to`; the surname has to be the person's too, so that a slip in an IIN opens nothing."""
    person = people.person_card(person_id)
    rows = Trust.objects.filter(trusted_iin=person.iin, state__in=sorted(LIVE)).order_by("-id")
    return [
        row
        for row in rows.select_related("giver", "child", "trusted")
        if row.trusted_id == person_id or rules.is_surname(row.trusted_surname, person.surname)
    ]


def state_of(trust: Trust, *, now: datetime) -> TrustState:
    """The state as of now: past its end it has lapsed, whether or not that has been written."""
    return _state(trust, _kin_ids([trust], now), now=now)


def _state(trust: Trust, kin: set[int], *, now: datetime) -> TrustState:
    ended = trust.state in LIVE and (trust.ends_at <= now or trust.id not in kin)
    return TrustState.LAPSED if ended else TrustState(trust.state)


def _kin_ids(trusts: list[Trust], now: datetime) -> set[int]:
    """Those of the live trusts whose giver still represents the child. One query."""
    live = [trust.id for trust in trusts if trust.state in LIVE]
    return set(_kin(now).filter(id__in=live).values_list("id", flat=True)) if live else set()


def lapsed(*, now: datetime) -> QuerySet[Trust]:
    """The rows that have lapsed and are not written so yet: past their end, or with the kinship under which they were given."""
    live = Trust.objects.filter(state__in=sorted(LIVE))
    return live.filter(Q(ends_at__lte=now) | ~Q(id__in=_kin(now).values("id")))


def _kin(now: datetime) -> QuerySet[Trust]:
    """Trusts whose giver represents the child by the kinship that was there when they were given; no later one revives them."""
    same = Kinship.objects.filter(
        people.representing(now=now),
        representative_id=OuterRef("giver_id"),
        child_id=OuterRef("child_id"),
        confirmed_at__lte=OuterRef("given_at"),
    )
    return Trust.objects.filter(Exists(same))


def of_child(*, giver_id: int, child_id: int) -> QuerySet[Trust]:
    """The live rows of one parent about one child."""
    return Trust.objects.filter(giver_id=giver_id, child_id=child_id, state__in=sorted(LIVE))


def _cards(
    rows: list[Trust], *, now: datetime, grants: Mapping[int | None, int] = MappingProxyType({})
) -> list[TrustCard]:
    kin = _kin_ids(rows, now)
    return [_card(row, state=_state(row, kin, now=now), grant_id=grants.get(row.id)) for row in rows]


def _card(row: Trust, *, state: TrustState, grant_id: int | None) -> TrustCard:
    child, giver = people.card(row.child), people.card(row.giver)
    return TrustCard(
        token=row.token,
        child=child.full_name,
        child_iin=child.iin,
        born_on=child.born_on,
        giver=giver.full_name,
        # Before somebody accepts, the parent reads what the parent wrote: the portal says nothing of who that is.
        trusted=people.card(row.trusted).full_name if row.trusted else row.trusted_surname,
        trusted_iin=row.trusted_iin,
        powers=[power for power in Power if power.value in row.powers],
        state=state,
        given_at=row.given_at,
        last_day=last_day(row),
        ended_at=row.ended_at,
        grant_id=grant_id,
    )
