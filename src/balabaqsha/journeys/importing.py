"""A list of an earlier system carried over: read and checked row by row, confirmed, written in batches, places compared.

Nothing stands in a line before the list is confirmed. Every step may be broken off at any moment and goes on from where it
was: rows are read in pieces, written in batches, each its own transaction, in the order in which the line serves, so that
whoever is served meanwhile stands before those still to come.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from balabaqsha.applications import _carrying
from balabaqsha.applications.states import Kind
from balabaqsha.journeys import _places, sweep
from balabaqsha.journeys._act import or_busy
from balabaqsha.journeys._case import Busy
from balabaqsha.journeys.applying import WrongRegime
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import NEEDS_CERTIFICATE, BenefitStatus, Tier
from balabaqsha.legacy import _steps, columns, comparing, queries, reading, rules
from balabaqsha.legacy.columns import Field
from balabaqsha.legacy.models import LegacyList, ListState
from balabaqsha.line import _steps as line_steps
from balabaqsha.line import queries as lines
from balabaqsha.line.linear import LineKey
from balabaqsha.line.models import Line
from balabaqsha.people import _steps as people
from balabaqsha.record import actions as record
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime

PIECE = 20_000
BATCH = 5_000
_TIERS = (Tier.OUT_OF_TURN, Tier.PRIORITY, Tier.ORDINARY)

Progress = Callable[[LegacyList], None]


class ColumnsMissing(Refusal, code="legacy-columns"):
    """No heading says where a field that every row needs stands; facts: fields, a list."""


def _silent(_: LegacyList) -> None:
    """Tell nobody how far the list is."""


@or_busy
def begin(
    *,
    file: Path,
    file_name: str,
    territory_code: str,
    chosen: Mapping[Field, str],
    actor: Actor,
    now: datetime,
) -> LegacyList:
    """Open a list for a territory, or find the open one of the same file and `chosen` headings, to go on with it.

    Takes the place of another list that was not confirmed. Raises WrongRegime, ListUnreadable, ListBeingCarriedOver.
    """
    regime = territories.regime_on(territory_code, localdate(now))
    if regime is None:
        raise WrongRegime(regime=None)
    headings = reading.read(file).headings
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    with transaction.atomic(durable=True):
        found = _steps.open_list(
            territory_code=territory_code,
            regime=regime.value,
            file_name=file_name,
            sha256=sha256,
            columns={field.value: heading for field, heading in chosen.items()},
            account_id=actor.account_id,
            now=now,
        )
        if not found.headings:
            _steps.keep(found, headings=[heading[:200] for heading in headings])
            facts = {"list": found.id, "sha256": sha256}
            record.record("list-opened", actor=actor, now=now, territory_code=territory_code, facts=facts)
    return found


def places_of_fields(found: LegacyList) -> dict[Field, int]:
    """Which column is which, by the headings chosen and those that systems use."""
    chosen = {Field(field): heading for field, heading in found.columns.items()}
    return columns.guess(found.headings, chosen)


@or_busy
def read(*, list_id: int, file: Path, now: datetime, progress: Progress = _silent) -> LegacyList:
    """Read and check every row of a list that is open; nothing is written into any line.

    Goes on after the last row of an earlier call. Raises ColumnsMissing, ListUnreadable, NoSuchStep, Busy.
    """
    found = LegacyList.objects.get(id=list_id)
    if found.state != ListState.UPLOADED:
        return found
    places = places_of_fields(found)
    lacking = columns.missing(places)
    if lacking:
        raise ColumnsMissing(fields=[field.value for field in lacking])
    order = _Order(found, now=now)
    rows = ((number, cells) for number, cells in reading.read(file).rows if number > found.last_row)
    try:
        while piece := list(islice(rows, PIECE)):
            staged = [order.staged(number, rules.check(cells, places, now=now)) for number, cells in piece]
            found = _stage(found, staged, last_row=piece[-1][0])
            progress(found)
    except reading.ListUnreadable as broken:
        with transaction.atomic(durable=True):
            _steps.keep(_steps.lock(list_id, ListState.UPLOADED), unreadable=broken.facts["why"])
        raise
    with transaction.atomic(durable=True):
        found = _steps.lock(list_id, ListState.UPLOADED)
        _steps.check_together(found)
        _steps.count(found)
        _steps.keep(found, state=ListState.READ, read_at=now)
    return found


@transaction.atomic(durable=True)
def _stage(found: LegacyList, staged: list[tuple[Any, ...]], *, last_row: int) -> LegacyList:
    locked = _steps.lock(found.id, ListState.UPLOADED)
    if locked.last_row != found.last_row:
        # Rival: the same file being read a second time.
        raise Busy
    _steps.stage(locked, staged)
    _steps.keep(locked, read=locked.read + len(staged), last_row=last_row)
    return locked


class _Order:
    """What a row needs beside its own words to stand in its new line; counted once for each birth date."""

    def __init__(self, found: LegacyList, *, now: datetime) -> None:
        self._linear = found.regime == Regime.LINEAR
        counting = _counting(found, now=now)
        age = int(law.rulebook(found.territory_id).term("turn.min_age", on=localdate(now)).value)
        self._birthday = cache(lambda born_on: law_rules.birthday_moment(born_on, age))
        self._ages_out = cache(law_rules.max_age_moment)
        self._category = cache(counting.category)

    def staged(self, number: int, checked: rules.Checked) -> tuple[Any, ...]:
        """The row in the order of the staged columns."""
        sound = checked.sound
        if sound is None:
            nothing = (None, None, "", [], "", [], "", "", "", None, None, "", None, [], None, None, None, None, "", "")
            return (number, False, _json(checked.faults), checked.number, checked.place, *nothing)
        child, applicant = sound.child, sound.applicant
        category = self._category(sound.benefit, child.born_on)
        return (
            number,
            True,
            "[]",
            sound.number,
            sound.place,
            _TIERS.index(BenefitStatus(sound.benefit).tier) if self._linear else category,
            sound.registered_at,
            child.text,
            list(sound.child_name),
            applicant.text,
            list(sound.applicant_name),
            sound.applicant_phone,
            child.sex.value,
            applicant.sex.value,
            child.born_on,
            applicant.born_on,
            sound.benefit,
            category,
            list(sound.languages),
            sound.correction,
            sound.wished_from,
            self._ages_out(child.born_on),
            self._served_from(child.born_on, sound.wished_from),
            sound.egov_number,
            sound.centre_number,
        )

    def _served_from(self, born_on: date, wished_from: date | None) -> datetime:
        birthday: datetime = self._birthday(born_on)
        return birthday if wished_from is None else max(birthday, start_of(wished_from))


def _json(faults: tuple[rules.Fault, ...]) -> str:
    return _steps.as_json([list(fault) for fault in faults])


def _counting(found: LegacyList, *, now: datetime) -> law_rules.Counting:
    """By the line where there is one, else by the last 30 June and the categories in force."""
    line = Line.objects.filter(territory_id=found.territory_id, kind=Kind.GENERAL).order_by("id").first()
    if line:
        return line.counting
    table = law.table_on(law.category_tables(found.territory_id), localdate(now))
    categories = table.categories if table else law_rules.ASSUMED_CATEGORIES
    return law_rules.Counting(law_rules.intake_year(now), categories)


@or_busy
def confirm(*, list_id: int, actor: Actor, now: datetime) -> LegacyList:
    """Let the sound rows of a list that was read be carried over: from now on it goes on to its end.

    Asked twice it is confirmed once. Raises NoSuchStep. What the earlier system had confirmed of benefits is confirmed by
    the actor with it.
    """
    with transaction.atomic(durable=True):
        found = _steps.lock(list_id, ListState.READ, ListState.CONFIRMED, ListState.FINISHED)
        if found.state == ListState.READ:
            account = actor.account_id
            _steps.keep(found, state=ListState.CONFIRMED, confirmed_at=now, confirmed_by_account_id=account)
            facts = {"list": found.id, "sha256": found.sha256, "rows": found.read, "faulty": found.faulty}
            record.record("list-confirmed", actor=actor, now=now, territory_code=found.territory_id, facts=facts)
    return found


@or_busy
def write(*, list_id: int, actor: Actor, now: datetime, progress: Progress = _silent) -> LegacyList:
    """Carry over what a confirmed list still has to: batch by batch, then the comparison, then the turns it is due.

    Goes on where an earlier call was broken off; a finished list is returned as it is. Raises NoSuchStep, Busy.
    """
    found = LegacyList.objects.get(id=list_id)
    if found.state == ListState.FINISHED:
        return found
    sweep.sweep(before=now)
    _make_lines(found, now=now)
    while _write_batch(list_id, actor=actor, now=now):
        found.refresh_from_db()
        progress(found)
    _compare(list_id)
    with transaction.atomic(durable=True):
        found = _steps.lock(list_id, ListState.CONFIRMED, ListState.FINISHED)
        if found.state == ListState.CONFIRMED:
            keys = _keys(found)
            facts = {"list": found.id, "written": found.written, "faulty": found.faulty}
            record.record("list-carried-over", actor=actor, now=now, territory_code=found.territory_id, facts=facts)
            _steps.finish(found, now=now)
            _give_turns(keys, now=now)
    return found


def _keys(found: LegacyList) -> list[LineKey]:
    """The linear lines that the list enters; none in the voucher regime."""
    if found.regime != Regime.LINEAR:
        return []
    return [LineKey(found.territory_id, year, correction) for year, correction in queries.lines_of(found)]


def _make_lines(found: LegacyList, *, now: datetime) -> None:
    """Make the lines before anything stands in them, so that each batch locks them by id."""
    with transaction.atomic(durable=True):
        if found.regime != Regime.LINEAR:
            line_steps.ensure_lines(territory_code=found.territory_id, now=now)
        cycle = str(law.national_term("line.priority_cycle", localdate(now)).value)
        for key in _keys(found):
            line_steps.lock_made(key, cycle=cycle, now=now)


def _write_batch(list_id: int, *, actor: Actor, now: datetime) -> bool:
    """Carry the next rows over; False when none was left. Rivals: the same job a second time, families, runs, turns."""
    with transaction.atomic(durable=True):
        found = _steps.lock(list_id, ListState.CONFIRMED, ListState.FINISHED)
        if found.state == ListState.FINISHED:
            return False
        _enter(found)
        if not _steps.pick(found, limit=BATCH):
            return False
        people.enter_unconfirmed(_steps.BATCH)
        people.lock_children(_steps.BATCH)
        lost = _carrying.already_applied(_steps.BATCH)
        last = _steps.last_of_batch()
        _steps.leave_out(reason="applied", rows=lost)
        _carrying.carry_over(_steps.BATCH, entrance=_entrance(found, now=now), actor=actor, now=now)
        _steps.note_batch(found, last=last, left_out=len(lost))
        return True


def _enter(found: LegacyList) -> None:
    keys = _keys(found)
    if keys:
        line_steps.lock_linear(keys)
    elif found.regime != Regime.LINEAR:
        line_steps.enter(found.territory_id)


def _entrance(found: LegacyList, *, now: datetime) -> _carrying.Entrance:
    rule = law.rulebook(found.territory_id).term("certificate.validity", on=localdate(now))
    return _carrying.Entrance(
        territory_code=found.territory_id,
        regime=Regime(found.regime),
        certified=frozenset(status.value for status in NEEDS_CERTIFICATE),
        certified_until=law_rules.deadline(now, rule, law.calendar()),
    )


def _compare(list_id: int) -> None:
    """Note where everybody stood before and stands now, before anybody of the list is served."""
    with transaction.atomic(durable=True):
        found = _steps.lock(list_id, ListState.CONFIRMED, ListState.FINISHED)
        if found.state == ListState.CONFIRMED:
            left_out = queries.places_left_out(found)
            _steps.keep_places(comparing.compare(list(_carried(found)), left_out=left_out))


def _carried(found: LegacyList) -> Iterator[comparing.Carried]:
    rows = queries.carried_over(found).values_list(
        "application_id", "place_before", "application__kind", "application__birth_year", "application__correction"
    )
    # Of a whole list at once: asked one by one, each place would count its own month anew.
    places = lines.all_places(found.territory_id)
    for application_id, before, kind, year, correction in rows.iterator(chunk_size=PIECE):
        line = (kind, year, correction) if found.regime == Regime.LINEAR else (kind,)
        yield comparing.Carried(application_id, line, before, places.get(application_id))


def _give_turns(keys: list[LineKey], *, now: datetime) -> None:
    """Places that waited for somebody give turns now that everybody of the list stands in line."""
    if keys:
        for line in line_steps.lock_linear(keys).values():
            _places.came_free([], now=now, line=line)


@or_busy
def drop(*, list_id: int, actor: Actor, now: datetime) -> None:
    """Let go of a list that was not confirmed, with everything that was read of it. Raises NoSuchStep."""
    with transaction.atomic(durable=True):
        found = _steps.lock(list_id, ListState.UPLOADED, ListState.READ)
        record.record("list-dropped", actor=actor, now=now, territory_code=found.territory_id, facts={"list": found.id})
        _steps.drop(found)
