"""The sweep: what has lapsed happens, as of its due moment, whether a job or the next act finds it first.

What is due at one moment ends together, ageing out first, then in order of id; only then are the places it freed
offered (rules, section 2). An act at the very due moment is in time, so a sweep `before` a moment leaves it alone.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import WaitingListOffer
from balabaqsha.admissions.queries import Footprint
from balabaqsha.applications import _steps as application_steps
from balabaqsha.applications.models import Application, BenefitClaim, ClaimState
from balabaqsha.applications.states import AGES_OUT, LIVE
from balabaqsha.journeys import _free_choice, _lapses, _overdue, _places
from balabaqsha.journeys import _recounting as recounting
from balabaqsha.kindergartens import _steps as places
from balabaqsha.line import _steps as line_steps
from balabaqsha.line import linear
from balabaqsha.line.linear import LineKey
from balabaqsha.line.models import Line
from balabaqsha.referrals import queries as referrals
from balabaqsha.territories.regimes import Regime

# Cases without any place or list are ended in transactions of this size, so that none holds many locks for long.
BATCH = 1000
_NONE = Q(pk__in=[])


@dataclass(frozen=True)
class Scope:
    """Which cases a sweep looks at: all; or one application and whatever is overdue around it and around groups; or a
    whole linear line, for what is overdue anywhere in it may give a turn; or the voucher lines of a territory, which a
    table of categories counts anew.
    """

    application_id: int | None = None
    group_ids: frozenset[int] = frozenset()
    line: LineKey | None = None
    territory_code: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows it."""
        narrowed = (self.application_id, self.line, self.territory_code)
        return narrowed == (None, None, None) and not self.group_ids

    def cases(self, *, before: datetime) -> Q:
        """The condition on an application's id, as things stand now: an offer may have brought in somebody new."""
        if self.line is not None:
            return self.line.applications
        if self.is_everything:
            return Q()
        return Q(id__in=sorted(_overdue_around(self, before=before)))

    def lines(self) -> QuerySet[Line]:
        """Lines of the scope, in which a sealed round may end, or the yearly freeze, or which are counted anew."""
        if self.is_everything:
            return Line.objects.all()
        if self.line is not None:
            return Line.objects.filter(self.line.row)
        if self.territory_code is not None:
            return Line.objects.filter(territory=self.territory_code, birth_year=None)
        own = Application.objects.filter(id=self.application_id, regime=Regime.VOUCHER.value).values("territory_id")
        return Line.objects.filter(_NONE if self.application_id is None else Q(territory__in=own, birth_year=None))


EVERYTHING = Scope()


def sweep(*, before: datetime, scope: Scope = EVERYTHING) -> int:
    """Let everything that was due before this moment happen, moment by moment; returns how many moments there were.

    Runs in its own transactions, may be interrupted and repeated without harm.
    """
    moments = 0
    while (moment := _earliest(cases := scope.cases(before=before), scope.lines(), before=before)) is not None:
        _perform_moment(moment, cases, scope.lines())
        moments += 1
    return moments


def catch_up(
    *,
    now: datetime,
    application_id: int | None = None,
    group_ids: Iterable[int] = (),
    line: LineKey | None = None,
) -> bool:
    """Let what fell due in an application and around groups happen before an act touches them; returns whether any did.

    In a linear territory: everything that fell due in the line. Two queries when nothing did, one for groups without an
    application where these serve linear lines.
    """
    groups = frozenset(group_ids)
    if application_id is not None:
        touched = admissions.footprint(application_id)
        groups |= touched.groups
        line = line or touched.line
    elif groups and line is None and (lines := _overdue.lines_of_groups(groups, before=now)):
        # Every line is caught up, whether or not one before it had anything due.
        caught = [sweep(before=now, scope=Scope(line=one)) for one, is_late in lines.items() if is_late]
        return any(caught)
    if line is not None:
        return _overdue.is_late(line, before=now) and sweep(before=now, scope=Scope(line=line)) > 0
    own = [] if application_id is None else [application_id]
    if not _overdue.around(own, groups, before=now):
        return False
    return sweep(before=now, scope=Scope(application_id, groups)) > 0


def catch_up_territory(territory_code: str, *, now: datetime) -> bool:
    """Let the voucher lines of a territory be counted by the table of categories that has come into force meanwhile.

    Returns whether any was. One query when none is.
    """
    late = Line.objects.filter(territory=territory_code, birth_year=None, recounts_at__lt=now)
    return late.exists() and sweep(before=now, scope=Scope(territory_code=territory_code)) > 0


def is_anything_due(application_ids: Collection[int], *, now: datetime) -> bool:
    """Whether anything fell due in these applications, in their linear lines or around the groups that they touch.

    Two queries for those of the voucher regime, one for each linear line.
    """
    touched = admissions.footprints(application_ids)
    lines = {one.line for one in touched.values() if one.line is not None}
    if any(_overdue.is_late(line, before=now) for line in lines):
        return True
    own = [application_id for application_id, one in touched.items() if one.line is None]
    groups = set().union(*(touched[application_id].groups for application_id in own))
    return bool(own) and bool(_overdue.around(own, groups, before=now))


def _overdue_around(scope: Scope, *, before: datetime) -> set[int]:
    """The scope's own application, all overdue ones that touch its groups, all that touch the groups of these, and so on.

    A lapse frees places, and a place goes to the first in a list: whoever stands there must have lapsed before.
    """
    own = set() if scope.application_id is None else {scope.application_id}
    found, known = set(own), set(scope.group_ids)
    groups = set(known)
    while groups:
        more = _overdue.around([], groups, before=before) - found
        found |= more
        groups = set().union(*(one.groups for one in admissions.footprints(more).values())) - known
        known |= groups
    return found


def _earliest(cases: Q, lines: QuerySet[Line], *, before: datetime) -> datetime | None:
    """The first moment before this one at which something is due. One query, each part of it by an index of its own."""
    first, *rest = (
        rows.filter(**{f"{column}__lt": before}).order_by(column).values_list(column)[:1]
        for rows, column, _ in (*_of_applications(cases), *_of_lines(lines))
    )
    return min((moment for (moment,) in first.union(*rest, all=True)), default=None)


def _of_lines(lines: QuerySet[Line]) -> tuple[tuple[QuerySet[Any], str, str], ...]:
    return tuple((lines, column, "id") for column in ("round_ends_at", "thaws_at", "recounts_at"))


def _due_at(moment: datetime, cases: Q) -> list[int]:
    """Applications of which something is due at this moment, ids ascending. One query."""
    first, *rest = (
        rows.filter(**{column: moment}).values_list(application)
        for rows, column, application in _of_applications(cases)
    )
    return sorted(application_id for (application_id,) in first.union(*rest))


def _of_applications(cases: Q) -> tuple[tuple[QuerySet[Any], str, str], ...]:
    """What may be due of applications: the rows, the column of the moment, and that of the application's id."""
    claims = BenefitClaim.objects.filter(state=ClaimState.CONFIRMED, valid_until__isnull=False)
    offers = WaitingListOffer.objects.filter(ended_at__isnull=True)
    if cases:
        claims = claims.filter(application__in=Application.objects.filter(cases))
        offers = offers.filter(entry__application__in=Application.objects.filter(cases))
    return (
        (Application.objects.filter(cases, state__in=sorted(AGES_OUT)), "ages_out_at", "id"),
        (Application.objects.filter(cases, due_at__isnull=False), "due_at", "id"),
        (
            Application.objects.filter(cases, state__in=sorted(LIVE), passed_over_until__isnull=False),
            "passed_over_until",
            "id",
        ),
        (claims, "valid_until", "application_id"),
        (offers, "due_at", "entry__application_id"),
    )


def _perform_moment(moment: datetime, cases: Q, lines: QuerySet[Line]) -> None:
    due = _due_at(moment, cases)
    touched = admissions.footprints(due)
    of_lines: dict[LineKey, list[int]] = defaultdict(list)
    at_that_moment = Q(round_ends_at=moment) | Q(thaws_at=moment) | Q(recounts_at=moment)
    for line in lines.filter(at_that_moment).order_by("id"):
        if line.birth_year is None:
            # What is due of applications at that moment is counted by the new table already.
            recounting.recount(line_id=line.id, moment=moment)
        else:
            of_lines[linear.key_of_line(line)] = []
    together, alone = [], []
    for application_id, footprint in sorted(touched.items()):
        if footprint.line is not None:
            of_lines[footprint.line].append(application_id)
        else:
            (together if footprint.groups else alone).append(application_id)
    for key, application_ids in of_lines.items():
        _perform_in_line(moment, key, application_ids, touched)
    if together:
        _perform(moment, together, touched)
    for start in range(0, len(alone), BATCH):
        _perform(moment, alone[start : start + BATCH], touched)


@transaction.atomic(durable=True)
def _perform(moment: datetime, application_ids: list[int], touched: dict[int, Footprint]) -> None:
    """End what is due at one moment for these applications, then offer the places that came free.

    Rival: an act of the family at the same time. Who came to touch another group meanwhile is left to the next round.
    """
    ours = _lock(application_ids, touched)
    _places.came_free(_end(ours, moment, line=None), now=moment)


@transaction.atomic(durable=True)
def _perform_in_line(moment: datetime, key: LineKey, application_ids: list[int], touched: dict[int, Footprint]) -> None:
    """End what is due at one moment in a linear line; then serve waiting lists, the sealed round that ends, and turns.

    One line is one transaction: no place and no application belongs to two. Rivals: whoever gives or takes turns in it
    (they wait for the line), and an act of a family at the same time.
    """
    line = line_steps.lock_linear([key])[key]
    ends_round = line.round_ends_at == moment
    wishes = referrals.wishes_of_round(line) if ends_round else []
    wishing = {wish.application_id for wish in wishes}
    ours = _lock(application_ids, touched, more_groups={wish.group_id for wish in wishes}, more_applications=wishing)
    freed = _end([row for row in ours if row.id in set(application_ids)], moment, line=line)
    _places.serve_lists(freed, now=moment)
    if ends_round:
        _free_choice.end_round(line, now=moment)
    if line.thaws_at == moment:
        line.thaws_at = None
        line_steps.keep(line)
    _places.came_free([], now=moment, line=line)


def _lock(
    application_ids: Iterable[int],
    touched: dict[int, Footprint],
    *,
    more_groups: Iterable[int] = (),
    more_applications: Iterable[int] = (),
) -> list[Application]:
    """Lock the groups that the applications touch, then the applications; those that touch no other group meanwhile."""
    groups = {group for application_id in application_ids for group in touched[application_id].groups}
    places.lock_groups(groups | set(more_groups))
    locked = application_steps.lock_many({*application_ids, *more_applications})
    touches = admissions.footprints(application_ids)
    return [row for row in locked if row.id not in touches or touches[row.id].groups <= touched[row.id].groups]


def _end(applications: list[Application], moment: datetime, *, line: Line | None) -> list[int]:
    """End what is due of these at one moment, ageing out first; returns the groups with freed places."""
    freed: list[int] = []
    for application in applications:
        freed += _lapses.age_out(application, moment=moment)
    return freed + _lapses.lapse_together(applications, moment=moment, line=line)
