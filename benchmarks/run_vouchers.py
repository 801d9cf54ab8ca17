"""One distribution run over a long line, with journal and outbox rows; meanwhile a family claims a place."""

import multiprocessing
import statistics
import sys
import time
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event

import city

NOW = datetime.fromisoformat("2024-09-30T09:00:00+05:00")
# So many choices before the run begins, to compare with.
WARM = 20


def claims_meanwhile(family: int, groups: list[int], done: Event, told: Connection) -> None:
    """Choose one group and the other in turn until the run is over; tells how many seconds each choice took.

    In a process of its own, as a run and a family's page are: they share the database and the processors, no more.
    """
    import django

    django.setup()
    from balabaqsha.journeys import choosing
    from balabaqsha.kernel.actor import SYSTEM

    waits: list[float] = []
    while not done.is_set():
        begun = time.perf_counter()
        moment = NOW + timedelta(minutes=5)
        choosing.choose(application_id=family, group_id=groups[len(waits) % 2], actor=SYSTEM, now=moment)
        waits.append(time.perf_counter() - begun)
        if len(waits) == WARM:
            told.send(waits)
        time.sleep(0.05)
    told.send(waits[WARM:])


def a_family_with_a_voucher(actor: object) -> tuple[int, list[int]]:
    """The first of the line gets a voucher and confirms it; two groups of its birth year to choose from."""
    from balabaqsha.applications.models import Application
    from balabaqsha.journeys import distribution, vouchers
    from balabaqsha.kindergartens import actions
    from balabaqsha.kindergartens.models import Group

    distribution.perform(territory_code=city.TERRITORY, limit=1, actor=actor, now=NOW + timedelta(minutes=1))
    family = Application.objects.get(state="VOUCHER_OFFERED")
    vouchers.confirm_interest(application_id=family.id, actor=actor, now=NOW + timedelta(minutes=2))
    group = Group.objects.get(birth_year=family.birth_year)
    more = actions.NewGroup(name="second", birth_year=family.birth_year, language="kk", capacity=2, published=1)
    second = actions.open_group(kindergarten=group.kindergarten, group=more, actor=actor, now=NOW)
    return family.id, [group.id, second.id]


def floor(vouchers: int) -> float:
    """The same rows written by the barest means: one statement for each table."""
    from django.db import connection, transaction

    with city.clock() as taken, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE chosen ON COMMIT DROP AS SELECT id, territory_id FROM applications_application"
            " WHERE state = 'WAITING' ORDER BY category, original_at, id LIMIT %s",
            [vouchers],
        )
        cursor.execute(
            "UPDATE applications_application SET reached_state_at = now() WHERE id IN (SELECT id FROM chosen)"
        )
        for table, columns, values in (
            (
                "vouchers_voucher",
                "application_id, territory_id, state, offered_at, ended_at",
                "id, territory_id, 'LAPSED', now(), now()",
            ),
            ("record_journalentry", "at, act, actor, application_id, facts", "now(), 'floor', '{}', id, '{}'"),
            ("record_outboxfact", "at, fact, application_id, facts", "now(), 'floor', id, '{}'"),
        ):
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {values} FROM chosen")
    return vouchers / taken[0]


def main() -> None:
    quick = "--quick" in sys.argv
    waiting, places = (10_000, 2_000) if quick else (100_000, 20_000)
    with city.scratch():
        city.build(waiting=waiting, places=places, now=NOW)
        from balabaqsha.journeys import distribution
        from balabaqsha.kernel.actor import SYSTEM

        family, groups = a_family_with_a_voucher(SYSTEM)
        processes = multiprocessing.get_context("spawn")
        done, (here, there) = processes.Event(), processes.Pipe(duplex=False)
        claimer = processes.Process(target=claims_meanwhile, args=(family, groups, done, there))
        claimer.start()
        alone = here.recv()
        with city.clock() as taken:
            run = distribution.perform(
                territory_code=city.TERRITORY, limit=None, actor=SYSTEM, now=NOW + timedelta(minutes=10)
            )
        done.set()
        waits = here.recv()
        claimer.join()
        speed, least = run.given / taken[0], floor(places)
        city.answer(
            "run_vouchers",
            speed,
            "vouchers/s",
            floor=least,
            ratio=speed / least,
            waiting=waiting,
            given=run.given,
            seconds=round(taken[0], 2),
            claims_meanwhile=len(waits),
            longest_claim_ms=round(1000 * max(waits)),
            median_claim_ms=round(1000 * statistics.median(waits)),
            median_claim_alone_ms=round(1000 * statistics.median(alone)),
        )


if __name__ == "__main__":
    main()
