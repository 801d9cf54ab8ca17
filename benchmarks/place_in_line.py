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


def main() -> None:
    quick = "--quick" in sys.argv
    waiting = 100_000 if quick else 1_000_000
    with city.scratch():
        city.build(waiting=waiting, places=4, now=NOW)
        spread(10)
        from balabaqsha.applications.models import Application
        from balabaqsha.line import queries as lines

        ours = list(Application.objects.filter(territory_id=city.TERRITORY).values_list("id", flat=True))
        looked, floors = [], []
        chance = random.Random(1)
        for application_id in chance.sample(ours, LOOKS):
            begun = time.perf_counter()
            row = Application.objects.get(id=application_id)
            floors.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            lines.place_in_line(row)
            looked.append(time.perf_counter() - begun)
        value, least = p95(looked), p95(floors)
        details = {"waiting": waiting, "line": len(ours), "median_ms": round(1000 * statistics.median(looked), 2)}
        city.answer("place_in_line", value, "ms", floor=least, ratio=least / value, **details)


main()
