"""The sweep: what has lapsed happens, as of its due moment, whether a job or the next act finds it first.

What is due at one moment ends together, ageing out first, then in order of id; only then are the places it freed
offered (rules, section 2). An act at the very due moment is in time, so a sweep `before` a moment leaves it alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import WaitingListOffer
from balabaqsha.admissions.states import HOLDING_A_PLACE
from balabaqsha.applications import _steps as application_steps
from balabaqsha.applications.models import Application, BenefitClaim, ClaimState
from balabaqsha.applications.states import AGES_OUT
from balabaqsha.journeys import _lapses, _places
from balabaqsha.kindergartens import _steps as places

# Cases without any place or list are ended in transactions of this size, so that none holds many locks for long.
BATCH = 1000


@dataclass(frozen=True)
class Scope:
    """Which cases a sweep looks at: all, or one application and whatever is overdue around it and around groups."""

    application_id: int | None = None
    group_ids: frozenset[int] = frozenset()

    def cases(self, *, before: datetime) -> Q:
        """The condition on an application's id, as things stand now: an offer may have brought in somebody new."""
        if self.application_id is None and not self.group_ids:
            return Q()
        return Q(id__in=sorted(_overdue_around(self, before=before)))


EVERYTHING = Scope()


def sweep(*, before: datetime, scope: Scope = EVERYTHING) -> int:
    """Let everything that was due before this moment happen, moment by moment; returns how many moments there were.

    Runs in its own transactions, may be interrupted and repeated without harm.
    """
    moments = 0
    while (moment := _earliest(cases := scope.cases(before=before), before=before)) is not None:
        _perform_moment(moment, cases)
        moments += 1
    return moments


def catch_up(*, now: datetime, application_id: int | None = None, group_ids: Iterable[int] = ()) -> bool:
    """Let what fell due in an application and around groups happen before an act touches them; returns whether any did.

    Two queries when nothing did, one without an application.
    """
    groups = frozenset(group_ids)
    if application_id is not None:
        groups |= admissions.groups_touched(application_id)
    own = [] if application_id is None else [application_id]
    if not _overdue(own, groups, before=now):
        return False
    return sweep(before=now, scope=Scope(application_id, groups)) > 0


def is_anything_due(application_ids: Collection[int], *, now: datetime) -> bool:
    """Whether anything fell due in these applications or around the groups that they touch. At most two queries."""
    touched = admissions.groups_touched_by(application_ids) if application_ids else {}
    return bool(application_ids) and bool(_overdue(list(application_ids), set().union(*touched.values()), before=now))


def _overdue_around(scope: Scope, *, before: datetime) -> set[int]:
    """The scope's own application, all overdue ones that touch its groups, all that touch the groups of these, and so on.

    A lapse frees places, and a place goes to the first in a list: whoever stands there must have lapsed before.
    """
    own = set() if scope.application_id is None else {scope.application_id}
    found, known = set(own), set(scope.group_ids)
    groups = set(known)
    while groups:
        more = _overdue([], groups, before=before) - found
        found |= more
        groups = set().union(*admissions.groups_touched_by(more).values()) - known
        known |= groups
    return found


def _overdue(application_ids: list[int], group_ids: Iterable[int], *, before: datetime) -> set[int]:
    """Of these applications, and of all that hold a place or stand in the list of these groups, the overdue. One query."""
    groups = list(group_ids)
    late = _late(before)
    own = Application.objects.filter(late, id__in=application_ids).values_list("id", flat=True)
    if not groups:
        return set(own)
    held = Application.objects.filter(
        late, admissions__group_id__in=groups, admissions__stage__in=sorted(HOLDING_A_PLACE)
    )
    listed = Application.objects.filter(
        late, waiting_list_entries__group_id__in=groups, waiting_list_entries__left_at__isnull=True
    )
    return set(held.values_list("id", flat=True).union(listed.values_list("id", flat=True), own))


def _late(before: datetime) -> Q:
    """The condition of having anything that was due before a moment."""
    offers = WaitingListOffer.objects.filter(
        entry__application=OuterRef("pk"), ended_at__isnull=True, due_at__lt=before
    )
    claims = BenefitClaim.objects.filter(application=OuterRef("pk"), state=ClaimState.CONFIRMED, valid_until__lt=before)
    ages_out = Q(state__in=sorted(AGES_OUT), ages_out_at__lt=before)
    return ages_out | Q(due_at__lt=before) | Exists(offers) | Exists(claims)


def _earliest(cases: Q, *, before: datetime) -> datetime | None:
    moments = (
        _ageing(cases).filter(ages_out_at__lt=before).aggregate(first=Min("ages_out_at"))["first"],
        _due(cases).filter(due_at__lt=before).aggregate(first=Min("due_at"))["first"],
        _certificates(cases).filter(valid_until__lt=before).aggregate(first=Min("valid_until"))["first"],
        _offers(cases).filter(due_at__lt=before).aggregate(first=Min("due_at"))["first"],
    )
    return min((moment for moment in moments if moment is not None), default=None)


def _ageing(cases: Q) -> QuerySet[Application]:
    return Application.objects.filter(cases, state__in=sorted(AGES_OUT))


def _due(cases: Q) -> QuerySet[Application]:
    return Application.objects.filter(cases, due_at__isnull=False)


def _certificates(cases: Q) -> QuerySet[BenefitClaim]:
    claims = BenefitClaim.objects.filter(state=ClaimState.CONFIRMED, valid_until__isnull=False)
    return claims.filter(application__in=Application.objects.filter(cases)) if cases else claims


def _offers(cases: Q) -> QuerySet[WaitingListOffer]:
    offers = WaitingListOffer.objects.filter(ended_at__isnull=True)
    return offers.filter(entry__application__in=Application.objects.filter(cases)) if cases else offers


def _perform_moment(moment: datetime, cases: Q) -> None:
    due = set(_ageing(cases).filter(ages_out_at=moment).values_list("id", flat=True))
    due |= set(_due(cases).filter(due_at=moment).values_list("id", flat=True))
    due |= set(_certificates(cases).filter(valid_until=moment).values_list("application_id", flat=True))
    due |= set(_offers(cases).filter(due_at=moment).values_list("entry__application_id", flat=True))
    touched = admissions.groups_touched_by(sorted(due))
    together = [application_id for application_id, groups in touched.items() if groups]
    alone = [application_id for application_id, groups in touched.items() if not groups]
    if together:
        _perform(moment, together, touched)
    for start in range(0, len(alone), BATCH):
        _perform(moment, alone[start : start + BATCH], touched)


@transaction.atomic(durable=True)
def _perform(moment: datetime, application_ids: list[int], touched: dict[int, set[int]]) -> None:
    """End what is due at one moment for these applications, then offer the places that came free.

    Rival: an act of the family at the same time. Who came to touch another group meanwhile is left to the next round.
    """
    places.lock_groups(group for application_id in application_ids for group in touched[application_id])
    locked = application_steps.lock_many(application_ids)
    touches = admissions.groups_touched_by(application_ids)
    ours = [row for row in locked if touches[row.id] <= touched[row.id]]
    freed: list[int] = []
    for application in ours:
        freed += _lapses.age_out(application, moment=moment)
    freed += _lapses.lapse_together(ours, moment=moment)
    _places.came_free(freed, now=moment)
