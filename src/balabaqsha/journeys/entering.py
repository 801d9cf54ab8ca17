"""A list of kindergartens and groups: read and checked by the worker, confirmed by an officer, then entered.

Nothing is in the register before the list is confirmed; broken off, entering goes on from where it was. What is held in
memory while a file is read is one piece of it and one line for each kindergarten.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from django.db import transaction

from balabaqsha.journeys._act import or_busy
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import _steps as kindergartens
from balabaqsha.kindergartens._steps import NewGroup
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.kindergartens.registry.actions import ForeignTerritory
from balabaqsha.kindergartens.registry.rules import code_of
from balabaqsha.law import corrections
from balabaqsha.law import queries as law
from balabaqsha.law.lists import CorrectionType
from balabaqsha.legacy import reading
from balabaqsha.legacy.gardens import _steps, columns, rules
from balabaqsha.legacy.gardens.columns import Field
from balabaqsha.legacy.models import GardenList, GardenRow, ListState
from balabaqsha.record import actions as record
from balabaqsha.territories import queries as territories

PIECE = 5_000
BATCH = 50
_MARKS = (reading.MERGED, reading.FAILED)


def begin(*, file: Path, sha256: str, file_name: str, territory_code: str, actor: Actor, now: datetime) -> GardenList:
    """Open a list for a territory of the officer's; its rows are read by `read`. Raises ForeignTerritory, ListUnreadable."""
    if actor.territory_code is None or not territories.is_within(territory_code, actor.territory_code):
        raise ForeignTerritory
    headings = reading.read(file, is_heading=columns.is_heading).headings
    with transaction.atomic(durable=True):
        found = _steps.add(
            territory_id=territory_code,
            file_name=file_name[:200],
            sha256=sha256,
            headings=[heading[:200] for heading in headings],
            added_at=now,
            added_by_account_id=actor.account_id,
        )
        facts = {"list": found.id, "sha256": sha256}
        record.record("garden-list-opened", actor=actor, now=now, territory_code=territory_code, facts=facts)
    return found


def places_of_fields(found: GardenList) -> dict[Field, int]:
    """Which column is which, by the headings chosen and those that are known."""
    return columns.guess(found.headings, {Field(field): heading for field, heading in found.columns.items()})


@transaction.atomic(durable=True)
def choose_columns(*, list_id: int, chosen: Mapping[str, str]) -> GardenList:
    """Take which column is which; raises NotInThisState once the list has been read."""
    found = _steps.lock(list_id, ListState.UPLOADED)
    _steps.keep(found, columns=found.columns | dict(chosen))
    return found


@or_busy
@transaction.atomic(durable=True)
def read(*, list_id: int, file: Path, now: datetime) -> GardenList:
    """Read and check every row, each with all its faults; nothing is entered. Read twice, it is read anew.

    A file that breaks off says why. Raises NotInThisState, Busy.
    """
    found = _steps.lock(list_id, ListState.UPLOADED)
    _steps.clear(found)
    checked = _checked(found, file, now=now)
    read, faulty, bins, broken = 0, 0, set(), ""
    try:
        while piece := list(islice(checked, PIECE)):
            _refuse_known(piece)
            _steps.stage(piece)
            read += len(piece)
            faulty += sum(not row.sound for row in piece)
            bins |= {row.bin for row in piece if row.sound}
    except reading.ListUnreadable as unreadable:
        broken = unreadable.facts["why"]
    if broken or not read:
        _steps.keep(found, unreadable=broken or "empty")
        return found
    _steps.keep(found, state=ListState.READ, read=read, faulty=faulty, gardens=len(bins))
    return found


def _checked(found: GardenList, file: Path, *, now: datetime) -> Iterator[GardenRow]:
    """The rows as they are staged; what two rows say of one kindergarten is compared as they come."""
    places, known = places_of_fields(found), _known(found.territory_id, now=now)
    firsts: dict[str, tuple[int, int]] = {}
    groups: dict[tuple[str, str], int] = {}
    for number, cells in reading.read(file, is_heading=columns.is_heading).rows:
        row = rules.check(cells, places, known, _MARKS)
        faults = [list(fault) for fault in row.faults]
        if not faults:
            said = hash(tuple(row.garden.items()))
            first, before = firsts.setdefault(row.bin, (number, said))
            if before != said:
                faults.append(["differs", Field.BIN.value, str(first)])
            name = row.group.get("name", "")
            twice = groups.setdefault((row.bin, name), number)
            if twice != number:
                code, field = ("same-group", Field.GROUP) if name else ("same-garden", Field.BIN)
                faults.append([code, field.value, str(twice)])
        yield GardenRow(
            source=found,
            row=number,
            bin=row.bin,
            sound=not faults,
            faults=faults,
            garden=row.garden if not faults else {},
            group=row.group if not faults else {},
        )


def _known(territory_code: str, *, now: datetime) -> rules.Known:
    """What the rows are held against. Two queries."""
    names: dict[str, set[str]] = {}
    for place in territories.subtree(territory_code):
        for name in (place.code, place.name_kk, place.name_ru):
            names.setdefault(name.casefold(), set()).add(place.code)
    rulebook, today = law.rulebook(territory_code), localdate(now)

    def norm(correction: str | None, birth_year: int) -> int | None:
        term = corrections.norm(correction, birth_year, rulebook, on=today)
        if term is None:
            # A type of the closed list that has no group of this age takes nobody.
            return 0 if correction in set(CorrectionType) else None
        return int(term.value)

    return rules.Known({name: sorted(codes) for name, codes in names.items()}, norm, today)


def _refuse_known(piece: list[GardenRow]) -> None:
    """Leave out rows whose BIN the register has: it is changed on its page. One query."""
    taken = set(
        Kindergarten.objects.filter(bin__in={row.bin for row in piece if row.bin}).values_list("bin", flat=True)
    )
    for row in piece:
        if row.bin in taken:
            row.faults = [*row.faults, ["bin-known", Field.BIN.value, row.bin]]
            row.sound = False


@or_busy
@transaction.atomic(durable=True)
def confirm(*, list_id: int, actor: Actor, now: datetime) -> None:
    """Let the sound rows be entered; confirmed twice is confirmed once. Raises NotInThisState, Busy."""
    found = _steps.lock(list_id, ListState.READ, ListState.CONFIRMED)
    if found.state == ListState.READ:
        _steps.keep(found, state=ListState.CONFIRMED, confirmed_at=now)
        facts = {"list": found.id, "gardens": found.gardens}
        record.record("garden-list-confirmed", actor=actor, now=now, territory_code=found.territory_id, facts=facts)


@or_busy
@transaction.atomic(durable=True)
def drop(*, list_id: int, actor: Actor, now: datetime) -> None:
    """Let go of a list that was not confirmed. Raises NotInThisState, Busy."""
    found = _steps.lock(list_id, ListState.UPLOADED, ListState.READ)
    _steps.clear(found)
    _steps.keep(found, state=ListState.DROPPED)
    record.record(
        "garden-list-dropped", actor=actor, now=now, territory_code=found.territory_id, facts={"list": found.id}
    )


def write(*, list_id: int, actor: Actor, now: datetime) -> GardenList:
    """Enter the kindergartens of a confirmed list with their groups, some at a time; goes on where it was broken off.

    A BIN that somebody has entered meanwhile is left out and said. Raises NotInThisState, Busy.
    """
    while not _write_some(list_id=list_id, actor=actor, now=now):
        continue
    return GardenList.objects.get(id=list_id)


@or_busy
@transaction.atomic(durable=True)
def _write_some(*, list_id: int, actor: Actor, now: datetime) -> bool:
    """Enter the next kindergartens; returns whether the list is finished."""
    found = _steps.lock(list_id, ListState.CONFIRMED, ListState.FINISHED)
    if found.state == ListState.FINISHED:
        return True
    left = GardenRow.objects.filter(_steps.sound_rows(found))
    bins = list(left.order_by("bin").values_list("bin", flat=True).distinct()[:BATCH])
    if not bins:
        _steps.keep(found, state=ListState.FINISHED, finished_at=now)
        facts = {"list": found.id, "gardens": found.written, "left_out": found.faulty}
        record.record("gardens-entered", actor=actor, now=now, territory_code=found.territory_id, facts=facts)
        return True
    rows = list(left.filter(bin__in=bins).order_by("bin", "row"))
    taken = set(Kindergarten.objects.filter(bin__in=bins).values_list("bin", flat=True))
    entered = 0
    for bin_, own in groupby(rows, key=lambda row: row.bin):
        same = list(own)
        if bin_ in taken:
            _steps.leave_out([row.id for row in same], [["bin-known", Field.BIN.value, bin_]])
            _steps.keep(found, faulty=found.faulty + len(same))
            continue
        _enter(found, bin_, same, actor=actor, now=now)
        entered += 1
    _steps.keep(found, written=found.written + entered)
    return False


def _enter(found: GardenList, bin_: str, rows: list[GardenRow], *, actor: Actor, now: datetime) -> None:
    said: dict[str, Any] = dict(rows[0].garden)
    days = {name: date.fromisoformat(said[name]) for name in ("licence_on", "opens_on") if said[name]}
    garden = kindergartens.enter(code=code_of(bin_), bin=bin_, territory_id=found.territory_id, **said | days)
    opened = [kindergartens.open_group(garden, NewGroup(**row.group), now=now) for row in rows if row.group]
    facts = {"kindergarten": garden.id, "groups": [group.id for group in opened], "list": found.id}
    record.record("kindergarten-opened", actor=actor, now=now, territory_code=found.territory_id, facts=facts)
    _steps.mark_written([row.id for row in rows], now=now)
