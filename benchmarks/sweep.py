"""Very many terms end at one moment: the sweep ends them, is interrupted in the middle and goes on."""

import sys
from datetime import datetime, timedelta

import city

NOW = datetime.fromisoformat("2024-09-30T09:00:00+05:00")


class Killed(Exception):
    """Stands for a kill between two batches."""


def interrupted(before: datetime, after_batches: int) -> int:
    """Sweep until so many batches are done; returns how many applications have lapsed by then."""
    from balabaqsha.applications.models import Application
    from balabaqsha.journeys import sweep

    perform, batches = sweep._perform, []  # noqa: SLF001 - the kill comes between its batches

    def perform_some(*args: object) -> None:
        if len(batches) == after_batches:
            raise Killed
        batches.append(1)
        perform(*args)

    sweep._perform = perform_some  # noqa: SLF001
    try:
        sweep.sweep(before=before)
    except Killed:
        pass
    finally:
        sweep._perform = perform  # noqa: SLF001
    return Application.objects.filter(state="STOP_LISTED").count()


def floor(lapses: int) -> float:
    """The same rows written by the barest means: one statement for each table."""
    from django.db import connection, transaction

    with city.clock() as taken, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE applications_application SET reached_state_at = now() WHERE state = 'STOP_LISTED'")
        cursor.execute("UPDATE vouchers_voucher SET ended_at = now() WHERE state = 'LAPSED'")
        for table, columns, values in (
            ("record_journalentry", "at, act, actor, application_id, facts", "now(), 'floor', '{}', id, '{}'"),
            ("record_outboxfact", "at, fact, application_id, facts", "now(), 'floor', id, '{}'"),
        ):
            cursor.execute(
                f"INSERT INTO {table} ({columns}) SELECT {values} FROM applications_application WHERE state = 'STOP_LISTED'"
            )
    return lapses / taken[0]


def main() -> None:
    quick = "--quick" in sys.argv
    lapses = 5_000 if quick else 50_000
    with city.scratch():
        city.build(waiting=lapses, places=lapses + 4, now=NOW)
        from balabaqsha.applications.models import Application
        from balabaqsha.journeys import distribution, sweep
        from balabaqsha.kernel.actor import SYSTEM

        run = distribution.perform(territory_code=city.TERRITORY, limit=None, actor=SYSTEM, now=NOW)
        city.say(f"{run.given} vouchers given at one moment")
        later = NOW + timedelta(days=3)
        with city.clock() as first:
            before_kill = interrupted(later, 2)
        with city.clock() as second:
            sweep.sweep(before=later)
        lapsed = Application.objects.filter(state="STOP_LISTED").count()
        if lapsed != run.given:
            raise SystemExit(f"{lapsed} of {run.given} lapsed")
        speed, least = lapsed / (first[0] + second[0]), floor(lapsed)
        city.answer(
            "sweep", speed, "lapses/s", floor=least, ratio=speed / least, lapses=lapsed, before_the_kill=before_kill
        )


main()
