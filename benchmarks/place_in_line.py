"""The place number of one family, in a line of 100,000 and among 1,000,000 who wait in the country."""

import random
import statistics
import sys
import time
from datetime import datetime

import city

NOW = datetime.fromisoformat("2024-09-30T09:00:00+05:00")
LOOKS = 200


def p95(times: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return 1000 * statistics.quantiles(times, n=20)[-1]


def spread(lines: int) -> None:
    """Move all but a tenth of the families into lines of other territories."""
    from django.db import connection

    from balabaqsha.territories.models import Territory

    codes = [f"00{number:07d}" for number in range(lines - 1)]
    Territory.objects.bulk_create(
        Territory(code=code, parent=None, level=5, name_kk=code, name_ru=code, path=code) for code in codes
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE applications_application SET territory_id = '00' || lpad((id %% %s - 1)::text, 7, '0') WHERE id %% %s > 0",
            [lines, lines],
        )
        cursor.execute("VACUUM ANALYZE applications_application")


def measure(ours: list[int]) -> tuple[list[float], list[float]]:
    """How long looks at the places of families of one line take, and as many reads of one row, in turn."""
    from balabaqsha.applications.models import Application
    from balabaqsha.line import queries as lines

    looked, floors = [], []
    for application_id in random.Random(1).sample(ours, LOOKS):
        begun = time.perf_counter()
        row = Application.objects.get(id=application_id)
        floors.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        lines.place_in_line(row)
        looked.append(time.perf_counter() - begun)
    return looked, floors


def all_in_one_month() -> None:
    """The worst that can be: the whole line has applied within days, so that one block is nearly all of it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE applications_application SET original_at = %s::timestamptz - id * interval '1 second'"
            " WHERE territory_id = %s",
            [NOW, city.TERRITORY],
        )
        cursor.execute("VACUUM ANALYZE applications_application")


def main() -> None:
    quick = "--quick" in sys.argv
    waiting = 100_000 if quick else 1_000_000
    with city.scratch():
        city.build(waiting=waiting, places=4, now=NOW)
        spread(10)
        from balabaqsha.applications.models import Application
        from balabaqsha.line import actions, blocks

        ours = list(Application.objects.filter(territory_id=city.TERRITORY).values_list("id", flat=True))
        unfolded, _ = measure(ours)
        while actions.fold_changes():
            pass
        looked, floors = measure(ours)
        if faults := blocks.faults():
            raise SystemExit(f"the blocks count otherwise than the rows: {faults}")
        all_in_one_month()
        while actions.fold_changes():
            pass
        crowded, _ = measure(ours)
        value, least = p95(looked), p95(floors)
        details = {
            "waiting": waiting,
            "line": len(ours),
            "median_ms": round(1000 * statistics.median(looked), 2),
            "p95_before_folding_ms": round(p95(unfolded), 2),
            "p95_all_in_one_month_ms": round(p95(crowded), 2),
        }
        city.answer("place_in_line", value, "ms", floor=least, ratio=least / value, **details)


main()
