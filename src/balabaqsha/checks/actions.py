"""Asking every check, and keeping what they find."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice

from django.db import connection, transaction

from balabaqsha.checks import catalogue
from balabaqsha.checks.found import Check, Found
from balabaqsha.checks.models import Finding, SystemStanding
from balabaqsha.kernel.actor import Actor
from balabaqsha.record import actions as record

# A fault that breaks thousands of rows is told by the first of them.
MOST_OF_A_CHECK = 200


@dataclass(frozen=True)
class Outcome:
    """What a look found: how many are open now, new among them, and cleared since the last look."""

    found: int
    new: int
    cleared: int


def perform(*, actor: Actor, now: datetime, checks: tuple[Check, ...] = catalogue.ALL) -> Outcome:
    """Ask the checks and keep what they find; what these no longer find is cleared. May be repeated without harm."""
    return _keep(_look(checks, now=now), checks=checks, actor=actor, now=now)


@transaction.atomic(durable=True)
def _look(checks: tuple[Check, ...], *, now: datetime) -> list[tuple[str, Found]]:
    """All at one moment: checks of several queries would else see acts of families half done."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    asked = groupby(catalogue.ask(checks, now=now), key=lambda pair: pair[0])
    return [pair for _, of_one in asked for pair in islice(of_one, MOST_OF_A_CHECK)]


@transaction.atomic(durable=True)
def _keep(found: list[tuple[str, Found]], *, checks: tuple[Check, ...], actor: Actor, now: datetime) -> Outcome:
    _alone()
    codes = [catalogue.code(check) for check in checks]
    open_ = {(row.code, row.subject): row for row in Finding.objects.filter(code__in=codes, cleared_at__isnull=True)}
    seen = {(code, one.subject): one for code, one in found}
    new = [_new(code, one, now=now) for (code, _), one in seen.items() if (code, one.subject) not in open_]
    Finding.objects.bulk_create(new)
    again = [row for key, row in open_.items() if key in seen]
    for row in again:
        row.facts, row.last_seen_at = seen[row.code, row.subject].facts, now
    Finding.objects.bulk_update(again, ["facts", "last_seen_at"])
    gone = [row.id for key, row in open_.items() if key not in seen]
    cleared = Finding.objects.filter(id__in=gone).update(cleared_at=now)
    outcome = Outcome(found=len(seen), new=len(new), cleared=cleared)
    facts = {"found": outcome.found, "new": outcome.new, "cleared": outcome.cleared}
    record.record("rows-checked", actor=actor, now=now, facts=facts)
    return outcome


def _alone() -> None:
    """Rival: another look, by the command while the job runs; the second waits and finds what the first kept."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Finding._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")  # noqa: SLF001 - a documented name


def _new(code: str, one: Found, *, now: datetime) -> Finding:
    return Finding(
        code=code,
        subject=one.subject,
        territory_id=one.territory_code,
        application_id=one.application_id,
        facts=one.facts,
        first_seen_at=now,
        last_seen_at=now,
    )


@transaction.atomic(durable=True)
def note_system(*, system: str, reason: str, rest_seconds: float, real_now: datetime) -> None:
    """Keep how a state system answered; `reason` is empty for an answer. What is older than the row changes nothing."""
    if reason:
        rests = real_now + timedelta(seconds=rest_seconds) if rest_seconds else None
        kept = {"failed_at": real_now, "reason": reason, "rests_until": rests, "noted_at": real_now}
    else:
        kept = {"answered_at": real_now, "reason": "", "rests_until": None, "noted_at": real_now}
    # Rival: another process that noted a later answer meanwhile.
    if not SystemStanding.objects.filter(system=system, noted_at__lte=real_now).update(**kept):
        SystemStanding.objects.bulk_create([SystemStanding(system=system, **kept)], ignore_conflicts=True)
