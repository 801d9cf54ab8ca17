"""Who looks after a piece of work: an officer takes it, gives it to a colleague, gives it back. Opening a family's contacts."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from balabaqsha.accounts import queries as accounts
from balabaqsha.applications.models import Application
from balabaqsha.desk import queries
from balabaqsha.desk.models import Assignment
from balabaqsha.desk.queries import Desk, Key, Task
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import queries as law
from balabaqsha.law.lists import ContactReason
from balabaqsha.record import actions as record
from balabaqsha.record.queries import CONTACTS_OPENED


class NoOfficerHere(Refusal, code="not-allowed", detail="no-officer-here"):
    """Nobody of the officers of this territory is meant."""


@dataclass(frozen=True)
class Outcome:
    """What became of the pieces of work: how many were done, which others look after and who, how many wait no more.

    `foreign`: how many are of a territory in which the colleague is no officer.
    """

    done: int
    held: dict[Key, int]
    gone: int
    foreign: int = 0


@transaction.atomic(durable=True)
def take(*, keys: Collection[Key], actor: Actor, now: datetime) -> Outcome:
    """Look after these pieces of work from now on; what a colleague looks after stays theirs.

    Rival: a colleague who takes the same at the same moment; the constraint lets one of the two have it.
    """
    found = Desk(actor, now=now, calendar=law.calendar()).find(keys)
    before = _locked(found)
    _begin(
        [task for one, task in found.items() if one not in before],
        account_id=actor.account_id or 0,
        actor=actor,
        now=now,
    )
    # Read again: a rival may have been first, and then nothing was written.
    after = queries.holders(found)
    mine = [found[one] for one in found if one not in before and after.get(one) == actor.account_id]
    _record("work-taken", mine, account_id=actor.account_id or 0, actor=actor, now=now)
    others = {one: account for one, account in after.items() if account != actor.account_id}
    return Outcome(done=len(found) - len(others), held=others, gone=len(set(keys)) - len(found))


@transaction.atomic(durable=True)
def give(*, keys: Collection[Key], account_id: int, actor: Actor, now: datetime) -> Outcome:
    """Let a colleague, or the actor, look after these pieces of work from now on, whoever does so far.

    What lies outside of the colleague's territory stays as it is. Raises NoOfficerHere.
    """
    if account_id not in dict(queries.colleagues(actor, now=now)):
        raise NoOfficerHere
    found = Desk(actor, now=now, calendar=law.calendar()).find(keys)
    theirs = queries.reach(account_id, now=now)
    given = {one: task for one, task in found.items() if task.territory_code is None or task.territory_code in theirs}
    before = _locked(given)
    moved = [one for one in given if before.get(one) != account_id]
    _end([one for one in moved if one in before], now=now)
    _begin([given[one] for one in moved], account_id=account_id, actor=actor, now=now)
    _record("work-given", [given[one] for one in moved], account_id=account_id, actor=actor, now=now)
    return Outcome(done=len(given), held={}, gone=len(set(keys)) - len(found), foreign=len(found) - len(given))


@transaction.atomic(durable=True)
def give_back(*, keys: Collection[Key], actor: Actor, now: datetime) -> Outcome:
    """Look after these pieces of work no more, so that any colleague may; what others look after stays theirs."""
    found = Desk(actor, now=now, calendar=law.calendar()).find(keys)
    before = _locked(found)
    mine = [one for one, account in before.items() if account == actor.account_id]
    _end(mine, now=now)
    _record("work-given-back", [found[one] for one in mine], account_id=actor.account_id or 0, actor=actor, now=now)
    others = {one: account for one, account in before.items() if account != actor.account_id}
    return Outcome(done=len(mine), held=others, gone=len(set(keys)) - len(found))


@transaction.atomic(durable=True)
def open_contacts(*, application: Application, because: ContactReason, actor: Actor, now: datetime) -> None:
    """Note why the actor opens the contacts of a family; the family reads it in its log and in the history of the case."""
    facts: dict[str, int | str] = {"because": because.value}
    account_id = accounts.account_id_of(application.applicant_id)
    if account_id is not None:
        facts["account"] = account_id
    record.record(
        CONTACTS_OPENED,
        actor=actor,
        now=now,
        territory_code=application.territory_id,
        application_id=application.id,
        facts=facts,
    )


@transaction.atomic(durable=True)
def note_export(*, rows: int, asked: dict[str, str], actor: Actor, now: datetime) -> None:
    """Note that the actor takes a work list away as a table: how long it is and what it was narrowed by."""
    facts = {"rows": rows} | asked
    record.record("work-exported", actor=actor, now=now, territory_code=actor.territory_code, facts=facts)


def _locked(found: dict[Key, Task]) -> dict[Key, int]:
    """Who looks after these now; their rows stay as they are until the transaction ends."""
    live = Assignment.objects.select_for_update(no_key=True).filter(
        kind__in={one.kind for one in found}, subject_id__in={one.id for one in found}, ended_at__isnull=True
    )
    rows = {Key(row.kind, row.subject_id): row.account_id for row in live.order_by("id")}
    return {one: account for one, account in rows.items() if one in found}


def _begin(tasks: list[Task], *, account_id: int, actor: Actor, now: datetime) -> None:
    giver = actor.account_id if actor.account_id != account_id else None
    rows = [
        Assignment(
            kind=task.kind,
            subject_id=task.id,
            account_id=account_id,
            territory_id=task.territory_code,
            taken_at=now,
            given_by_id=giver,
        )
        for task in sorted(tasks, key=lambda one: (one.kind, one.id))
    ]
    Assignment.objects.bulk_create(rows, ignore_conflicts=True)


def _end(keys: Collection[Key], *, now: datetime) -> None:
    for kind in sorted({one.kind for one in keys}):
        ids = [one.id for one in keys if one.kind == kind]
        Assignment.objects.filter(kind=kind, subject_id__in=ids, ended_at__isnull=True).update(ended_at=now)


def _record(act: str, tasks: list[Task], *, account_id: int, actor: Actor, now: datetime) -> None:
    record.record_many(
        [
            record.entry(
                act,
                actor=actor,
                now=now,
                territory_code=task.territory_code,
                application_id=task.application_id,
                facts={"kind": task.kind, "subject": task.id, "officer": account_id},
            )
            for task in tasks
        ]
    )
