"""Places are published one by one: the next of the line gets a turn for each, with journal and outbox rows."""

import sys
from datetime import datetime, timedelta

import city

NOW = datetime.fromisoformat("2024-09-30T09:00:00+05:00")
YEARS = range(2020, 2021)


def turns_a_second(waiting: int, places: int) -> tuple[float, float]:
    """How many turns a second are given in a line of this length, and how many the barest means would write."""
    from balabaqsha.config import databases

    with databases.scratch_database():
        city.build(waiting=waiting, places=places, now=NOW, regime="linear", years=YEARS, published=False)
        from balabaqsha.journeys import publishing
        from balabaqsha.kernel.actor import SYSTEM
        from balabaqsha.kindergartens.models import Group
        from balabaqsha.referrals.models import Turn

        group_id = Group.objects.get().id
        # The first place makes the line; whatever is read only once is read by then.
        publishing.publish(group_id=group_id, places=1, actor=SYSTEM, now=NOW)
        with city.clock() as taken:
            for number in range(1, places):
                publishing.publish(group_id=group_id, places=1, actor=SYSTEM, now=NOW + timedelta(seconds=number))
        given = Turn.objects.filter(state="OFFERED").count()
        if given != places:
            raise SystemExit(f"{given} turns for {places} places")
        return (places - 1) / taken[0], floor(places - 1)


def floor(turns: int) -> float:
    """The same rows written by the barest means: for each turn one transaction of one statement for each table."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM applications_application WHERE state = 'WAITING' ORDER BY original_at, id LIMIT %s", [turns]
        )
        chosen = cursor.fetchall()
        cursor.execute("SELECT id FROM kindergartens_place ORDER BY id LIMIT %s", [turns])
        places = cursor.fetchall()
    with city.clock() as taken, connection.cursor() as cursor:
        for (application,), (place,) in zip(chosen, places, strict=True):
            with transaction.atomic():
                cursor.execute("UPDATE kindergartens_place SET published = true WHERE id = %s", [place])
                cursor.execute(
                    "UPDATE applications_application SET state = 'TURN_OFFERED', due_at = now(), due_from = now(),"
                    " due_term = 'floor' WHERE id = %s",
                    [application],
                )
                cursor.execute(
                    "INSERT INTO referrals_turn (application_id, line_id, state, slot, offered_at, due_at, due_term)"
                    " SELECT %s, id, 'OFFERED', 0, now(), now(), 'floor' FROM line_line",
                    [application],
                )
                for table, columns, values in (
                    ("record_journalentry", "at, act, actor, application_id, facts", "now(), 'floor', '{}', %s, '{}'"),
                    ("record_journalentry", "at, act, actor, application_id, facts", "now(), 'floor', '{}', %s, '{}'"),
                    ("record_outboxfact", "at, fact, application_id, facts", "now(), 'floor', %s, '{}'"),
                ):
                    cursor.execute(f"INSERT INTO {table} ({columns}) VALUES ({values})", [application])
    return turns / taken[0]


def main() -> None:
    short, long, places = (200, 10_000, 100) if "--quick" in sys.argv else (2_000, 100_000, 1_000)
    with city.scratch():
        speed, least = turns_a_second(short, places)
        city.say(f"{speed:.0f} turns/s with {short} waiting")
        speed_of_long, least_of_long = turns_a_second(long, places)
    details = {
        "waiting": short,
        "turns": places - 1,
        f"at_{long}": round(speed_of_long, 1),
        f"floor_at_{long}": round(least_of_long, 1),
        "kept_of_speed": round(speed_of_long / speed, 3),
    }
    city.answer("turns", speed, "turns/s", floor=least, ratio=speed / least, **details)


main()
