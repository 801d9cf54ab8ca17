"""The sweep: what has lapsed happens, as of its due moment, whether a job or the next act finds it first.

What is due at one moment ends together, ageing out first, then in order of id; only then are the places it freed
offered (rules, section 2). An act at the very due moment is in time, so a sweep `before` a moment leaves it alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Min, Q, QuerySet

from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Admission, WaitingListOffer
from balabaqsha.admissions.states import HOLDING_A_PLACE
from balabaqsha.applications import _steps as application_steps
from balabaqsha.applications.models import Application, BenefitClaim, ClaimState
from balabaqsha.applications.states import AGES_OUT, State
from balabaqsha.journeys import _lapses, _places
from balabaqsha.kindergartens import _steps as places
from balabaqsha.kindergartens import queries as kindergartens

# Cases without any place or list are ended in transactions of this size, so that none holds many locks for long.
BATCH = 200


@dataclass(frozen=True)
class Scope:
    """Which cases a sweep looks at: all, or one application with those that hold or are offered places of its groups."""

    application_id: int | None = None
    group_ids: frozenset[int] = frozenset()

    def cases(self) -> Q:
        """The condition on an application's id, as things stand now: an offer may have brought in somebody new."""
        if self.application_id is None and not self.group_ids:
            return Q()
        return Q(id__in=sorted({self.application_id or 0, *_touching(self.group_ids)}))


EVERYTHING = Scope()


def sweep(*, before: datetime, scope: Scope = EVERYTHING) -> int:
    """Let everything that was due before this moment happen, moment by moment; returns how many moments there were.

    Runs in its own transactions, may be interrupted and repeated without harm.
    """
    moments = 0
    while (moment := _earliest(cases := scope.cases(), before=before)) is not None:
        _perform_moment(moment, cases)
        moments += 1
    return moments


def catch_up(*, now: datetime, application: Application | None = None, group_ids: Iterable[int] = ()) -> None:
    """Let what fell due in an application and in groups happen before an act touches them; one query when nothing did."""
    groups = frozenset(group_ids)
    if application is not None:
        groups |= admissions.groups_touched(application.id)
    lapsed = application is not None and _has_lapsed(application, now)
    if lapsed or kindergartens.overdue_holds(groups, now=now):
        sweep(before=now, scope=Scope(application.id if application else None, groups))


def _has_lapsed(application: Application, now: datetime) -> bool:
    if application.state == State.ARCHIVED:
        return False
    ages_out = application.state in AGES_OUT and application.ages_out_at < now
    return ages_out or (application.due_at is not None and application.due_at < now)


def _touching(group_ids: frozenset[int]) -> Iterable[int]:
    held = Admission.objects.filter(group_id__in=group_ids, stage__in=HOLDING_A_PLACE, application__due_at__isnull=False)
    offered = WaitingListOffer.objects.filter(entry__group_id__in=group_ids, ended_at__isnull=True)
    yield from held.values_list("application_id", flat=True)
    yield from offered.values_list("entry__application_id", flat=True)


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
    touched = {application_id: admissions.groups_touched(application_id) for application_id in sorted(due)}
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
    locked = [application_steps.lock(application_id) for application_id in application_ids]
    ours = [row for row in locked if admissions.groups_touched(row.id) <= touched[row.id]]
    freed: list[int] = []
    for application in ours:
        freed += _lapses.age_out(application, moment=moment)
    for application in ours:
        freed += _lapses.lapse(application, moment=moment)
    _places.came_free(freed, now=moment)
