"""Writing the record: one line of the journal for each decision, one fact for each thing to be told."""

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import chain as chain_of
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from balabaqsha.kernel.actor import Actor
from balabaqsha.record import chain
from balabaqsha.record.models import JournalEntry, JournalSeal, OutboxFact

# One key for everybody: only one sealing job may extend the chain.
SEALING_LOCK = 0x5EA1
# From so many rows on they are copied: building a statement of thousands of values takes longer than writing them.
_COPIED_FROM = 50


def record(
    act: str,
    *,
    actor: Actor,
    now: datetime,
    facts: dict[str, Any],
    territory_code: str | None = None,
    application_id: int | None = None,
) -> None:
    """Write one decision into the journal, inside the transaction that makes it.

    `now` is the moment at which the act takes effect (for a lapse its due moment); `facts` hold ids, codes and
    moments in ISO form, never names, IINs or contacts.
    """
    record_many(
        [entry(act, actor=actor, now=now, facts=facts, territory_code=territory_code, application_id=application_id)]
    )


def entry(
    act: str,
    *,
    actor: Actor,
    now: datetime,
    facts: dict[str, Any],
    territory_code: str | None = None,
    application_id: int | None = None,
) -> JournalEntry:
    """One decision not yet written, for `record_many`."""
    return JournalEntry(
        at=now,
        act=act,
        actor=actor.as_facts(),
        territory_code=territory_code,
        application_id=application_id,
        facts=facts,
    )


def record_many(entries: list[JournalEntry]) -> None:
    """Write many decisions at once, in the order given."""
    _write(JournalEntry, ("at", "act", "actor", "territory_code", "application_id", "facts"), entries)


@transaction.atomic(savepoint=False)
def record_table(act: str, *, table: str, facts: str, actor: Actor, now: datetime, territory_code: str | None) -> None:
    """Write one decision for each row of a temporary table that has application_id, in the order of these ids.

    For acts on so many rows that they never leave the database; `facts` is an SQL expression over a row.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO record_journalentry (at, act, actor, territory_code, application_id, facts)"  # noqa: S608 - names and an expression of the code
            f" SELECT %s, %s, %s::jsonb, %s, application_id, {facts} FROM {table} ORDER BY application_id",
            [now, act, json.dumps(actor.as_facts()), territory_code],
        )


def tell(
    name: str,
    *,
    now: datetime,
    facts: dict[str, Any],
    application_id: int | None = None,
    person_id: int | None = None,
) -> None:
    """Put one fact into the outbox, inside the transaction of the act; the worker tells it to others."""
    tell_many([fact(name, now=now, facts=facts, application_id=application_id, person_id=person_id)])


def fact(
    name: str,
    *,
    now: datetime,
    facts: dict[str, Any],
    application_id: int | None = None,
    person_id: int | None = None,
) -> OutboxFact:
    """One fact not yet written, for `tell_many`."""
    return OutboxFact(at=now, fact=name, application_id=application_id, person_id=person_id, facts=facts)


def tell_many(facts: list[OutboxFact]) -> None:
    """Put many facts into the outbox at once, in the order given."""
    _write(OutboxFact, ("at", "fact", "application_id", "person_id", "facts"), facts)


def _write(model: type[Model], columns: tuple[str, ...], rows: Sequence[Model]) -> None:
    """Every act writes here, so the statement is written out: Django takes longer to build it than to have it done."""
    if not rows:
        return
    target = f"{model._meta.db_table} ({', '.join(columns)})"  # noqa: SLF001 - a documented name
    values = [[_written(getattr(row, column)) for column in columns] for row in rows]
    if len(rows) < _COPIED_FROM:
        one = f"({', '.join(['%s'] * len(columns))})"
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {target} VALUES {', '.join([one] * len(rows))}",  # noqa: S608 - names of the code
                list(chain_of.from_iterable(values)),
            )
        return
    # Wrapped: a connection lost in the midst of rows is known as lost, and its error by Django's name.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN") as copy,
    ):
        for row in values:
            copy.write_row(row)


def _written(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict) else value


def mark_told(*, fact_ids: list[int], now: datetime) -> int:
    """Note that these facts have been handed to the notifications; returns how many were not told before."""
    return OutboxFact.objects.filter(id__in=fact_ids, told_at__isnull=True).update(told_at=now)


@transaction.atomic(durable=True)
def seal(*, limit: int = 5000) -> int:
    """Extend the hash chain by the oldest entries that no running transaction can still precede.

    Returns how many entries were sealed. Rival: another sealing job, kept out by an advisory lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        horizon = cursor.fetchone()[0]
    last = JournalSeal.objects.order_by("-position").first()
    position, digest = (last.position, bytes(last.digest)) if last else (0, chain.GENESIS)
    seals = []
    unsealed = JournalEntry.objects.filter(seal__isnull=True, transaction__lt=horizon).order_by("transaction", "id")
    for row in unsealed[:limit]:
        position += 1
        digest = chain.link(digest, row)
        seals.append(JournalSeal(position=position, entry=row, digest=digest))
    JournalSeal.objects.bulk_create(seals)
    return len(seals)
