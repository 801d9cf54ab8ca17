"""Reads of admissions and waiting lists."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from balabaqsha.admissions.models import Admission, Contract, WaitingListEntry, WaitingListOffer
from balabaqsha.admissions.states import HOLDING_A_PLACE, OPEN, Stage
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import MAY_CHOOSE, State
from balabaqsha.line.linear import LineKey
from balabaqsha.territories.regimes import Regime


def open_admission(application_id: int) -> Admission | None:
    """The admission whose contract is not yet signed by both, if any. One query."""
    return Admission.objects.filter(application_id=application_id, stage__in=OPEN).first()


def enrolment(application_id: int) -> Admission | None:
    """The admission by which the child is enrolled, if any. One query."""
    return Admission.objects.filter(application_id=application_id, stage=Stage.ENROLLED).first()


def latest_ended(application_id: int) -> Admission | None:
    """The admission of the application that ended last, if any. One query."""
    ended = Admission.objects.filter(application_id=application_id, ended_at__isnull=False)
    return ended.order_by("-ended_at", "-id").first()


def holding(application_id: int) -> list[Admission]:
    """Admissions that hold a place: the enrolment, and the open one. One query."""
    return list(Admission.objects.filter(application_id=application_id, stage__in=HOLDING_A_PLACE).order_by("id"))


def comes_too_late(*, application_id: int, group_id: int, now: datetime) -> bool:
    """Whether a voucher application that might choose this group finds no free place in it now. One query.

    Holds and terms whose end has passed count as ended, whether or not the sweep has been there. Every other obstacle
    answers False: who meets it is told of it under the locks.
    """
    parameters = {"application": application_id, "group": group_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_TOO_LATE, parameters | {"may_choose": sorted({*MAY_CHOOSE, State.ENROLLED})})
        return bool(cursor.fetchone()[0])


# Written out: this one look answers nearly everybody when thousands come for the last places.
_TOO_LATE = """
SELECT EXISTS (
    SELECT FROM applications_application AS a JOIN kindergartens_group AS g ON g.id = %(group)s
        AND g.birth_year = a.birth_year AND g.territory_id = a.territory_id
        AND g.correction IS NOT DISTINCT FROM a.correction
    WHERE a.id = %(application)s AND a.regime = 'VOUCHER' AND a.state = ANY(%(may_choose)s)
        AND a.ages_out_at >= %(now)s AND (a.due_at IS NULL OR a.due_at >= %(now)s)
        AND NOT EXISTS (
            SELECT FROM admissions_admission WHERE application_id = a.id AND ended_at IS NULL
            -- A family that has signed for a transfer might not choose at all.
            AND (group_id = g.id OR stage = 'CONTRACT_WITH_KINDERGARTEN')
        )
        AND NOT EXISTS (
            SELECT FROM kindergartens_place AS p
            WHERE p.group_id = g.id AND p.published AND g.closed_at IS NULL AND NOT EXISTS (
                SELECT FROM kindergartens_hold AS h
                WHERE h.place_id = p.id AND h.ended_at IS NULL AND (h.until IS NULL OR h.until >= %(now)s)
            )
        )
)
"""


def live_contract(admission_id: int) -> Contract | None:
    """The version of the contract that counts. One query."""
    return Contract.objects.filter(admission_id=admission_id, ended_at__isnull=True).first()


def entries(application_id: int) -> list[WaitingListEntry]:
    """Waiting lists in which the application stands. One query."""
    return list(WaitingListEntry.objects.filter(application_id=application_id, left_at__isnull=True).order_by("id"))


def open_offer(*, application_id: int, group_id: int) -> WaitingListOffer | None:
    """The offer that waits for the family's answer in this group's list, if any. One query."""
    return (
        WaitingListOffer.objects.select_related("hold")
        .filter(entry__application_id=application_id, entry__group_id=group_id, ended_at__isnull=True)
        .first()
    )


@dataclass(frozen=True)
class Footprint:
    """What an act on an application may touch: its linear line, if it has one, and groups.

    The groups are those in which it holds a place or stands in the waiting list.
    """

    territory_code: str
    line: LineKey | None
    groups: frozenset[int]


def footprint(application_id: int) -> Footprint:
    """What an act on this application may touch. One query."""
    return footprints([application_id])[application_id]


def footprints(application_ids: Iterable[int]) -> dict[int, Footprint]:
    """For each application what an act on it may touch. One query, none where there is none."""
    ids = list(application_ids)
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FOOTPRINTS, {"applications": ids, "holding": sorted(HOLDING_A_PLACE)})
        rows = cursor.fetchall()
    return {
        number: Footprint(
            territory_code=territory,
            line=LineKey(territory, birth_year, correction) if regime == Regime.LINEAR else None,
            groups=frozenset(held_groups) | frozenset(listed_groups),
        )
        for number, territory, regime, birth_year, correction, held_groups, listed_groups in rows
    }


# Written out: an act on an application asks it up to three times, and Django takes longer to build it than to have it done.
_FOOTPRINTS = """
SELECT a.id, a.territory_id, a.regime, a.birth_year, a.correction,
    ARRAY(SELECT group_id FROM admissions_admission WHERE application_id = a.id AND stage = ANY(%(holding)s)),
    ARRAY(SELECT group_id FROM admissions_waitinglistentry WHERE application_id = a.id AND left_at IS NULL)
FROM applications_application AS a
WHERE a.id = ANY(%(applications)s::bigint[])
"""


def groups_with_a_list(group_ids: Iterable[int]) -> set[int]:
    """Those of these groups in whose waiting list anybody stands. One query, written out: every freed place asks it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT group_id FROM admissions_waitinglistentry WHERE group_id = ANY(%s::bigint[]) AND left_at IS NULL",
            [list(group_ids)],
        )
        return {group_id for (group_id,) in cursor.fetchall()}


def next_in_list(group_id: int) -> WaitingListEntry | None:
    """The first of the list who has no open offer, by the moment of joining. One query."""
    without_offer = WaitingListEntry.objects.filter(group_id=group_id, left_at__isnull=True).exclude(
        offers__in=WaitingListOffer.objects.filter(ended_at__isnull=True)
    )
    return without_offer.select_related("application").order_by("joined_at", "id").first()


def by_due(admissions: QuerySet[Admission], *, stage: Stage) -> QuerySet[Admission]:
    """Admissions of a stage, the soonest due first: what the family's or the kindergarten's term says.

    Each comes with `due`, its application, child, group and kindergarten.
    """
    due = F("escalates_at") if stage == Stage.CONTRACT_WITH_KINDERGARTEN else F("application__due_at")
    rows = admissions.filter(stage=stage).select_related("application__child", "group__kindergarten")
    return rows.annotate(due=due).order_by(F("due").asc(nulls_last=True), "id")


def kept_too_long(admissions: QuerySet[Admission], *, now: datetime) -> QuerySet[Admission]:
    """Contracts of these admissions that the head has not signed in `contract.with_kindergarten`, the longest first.

    Each comes with `due`, the end of that term, whether or not the job has told the department yet.
    """
    return by_due(admissions, stage=Stage.CONTRACT_WITH_KINDERGARTEN).filter(escalates_at__lt=now)


def enrolled(admissions: QuerySet[Admission]) -> QuerySet[Admission]:
    """Enrolled children among these admissions, with their applications, persons and groups."""
    return admissions.filter(stage=Stage.ENROLLED).select_related("application__child", "group").order_by("id")


def waiting_by_group(group_ids: Iterable[int]) -> Counter[int]:
    """How many stand in the waiting list of each group and have no offer yet. One query."""
    standing = WaitingListEntry.objects.filter(group_id__in=list(group_ids), left_at__isnull=True)
    without_offer = standing.exclude(offers__in=WaitingListOffer.objects.filter(ended_at__isnull=True))
    return Counter(dict(without_offer.values_list("group_id").annotate(n=Count("id"))))


def has_offer_ending(whose: Q, *, since: datetime, until: datetime) -> bool:
    """Whether an offer from a waiting list to one of these applications ends in this time, both included. One query."""
    offered = Application.objects.filter(whose)
    offers = WaitingListOffer.objects.filter(entry__application__in=offered, ended_at__isnull=True)
    return offers.filter(due_at__range=(since, until)).exists()


def open_offers(kindergarten_id: int, *, now: datetime) -> int:
    """How many places of a kindergarten are offered from waiting lists at this moment. One query."""
    offers = WaitingListOffer.objects.filter(entry__group__kindergarten_id=kindergarten_id, ended_at__isnull=True)
    return offers.filter(due_at__gte=now).count()


def admissions_of(application_ids: Iterable[int]) -> list[Admission]:
    """Every admission of these applications, ended ones too, the latest first, with group and kindergarten. One query."""
    rows = Admission.objects.filter(application_id__in=list(application_ids))
    return list(rows.select_related("group__kindergarten").order_by("-id"))


def contracts_of(application_ids: Iterable[int]) -> list[Contract]:
    """Every version of the contracts of these applications, the latest first, with group and kindergarten. One query."""
    rows = Contract.objects.filter(admission__application_id__in=list(application_ids))
    return list(rows.select_related("admission__group__kindergarten", "admission__application").order_by("-id"))


def standing_in_lists(application_ids: Iterable[int]) -> list[WaitingListEntry]:
    """Waiting lists in which these applications stand, with group and kindergarten, in order of joining. One query."""
    rows = WaitingListEntry.objects.filter(application_id__in=list(application_ids), left_at__isnull=True)
    return list(rows.select_related("group__kindergarten", "application__child").order_by("joined_at", "id"))


def place_in_list(entry: WaitingListEntry) -> int:
    """The place of an entry in its list, from 1, by the moment of joining. One query."""
    ahead = Q(joined_at__lt=entry.joined_at) | Q(joined_at=entry.joined_at, id__lt=entry.id)
    return 1 + WaitingListEntry.objects.filter(ahead, group_id=entry.group_id, left_at__isnull=True).count()


def offers_to(application_ids: Iterable[int]) -> dict[int, WaitingListOffer]:
    """Open offers to these applications by id of the waiting-list entry. One query."""
    rows = WaitingListOffer.objects.filter(entry__application_id__in=list(application_ids), ended_at__isnull=True)
    rows = rows.select_related("entry__group")
    return {offer.entry_id: offer for offer in rows}
