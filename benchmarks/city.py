"""A city made in bulk for benchmarks: families in line and places for them, in a scratch database of its own."""

import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

TERRITORY = "551010000"
BIRTH_YEARS = range(2019, 2023)


@contextmanager
def scratch(*, hasty: bool = False, environment: Callable[[Path], Mapping[str, str]] | None = None) -> Iterator[None]:
    """Django set up on a fresh database in a cluster of its own; `hasty` forgets fsync, where only reads are measured.

    `environment` says how the portal is set up, where not for a demonstration; it is told the data folder.
    """
    from balabaqsha.config import cluster, env, shelter

    # Whoever is told to end cleans up like whoever comes to the end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="balabaqsha-bench-", dir="/var/tmp") as folder:
        data = Path(folder)
        data.chmod(0o711)
        own = cluster.Cluster(data, hasty=hasty)
        try:
            own.start()
            env.choose(
                DJANGO_SETTINGS_MODULE="balabaqsha.config.settings",
                BALABAQSHA_DATA=folder,
                BALABAQSHA_LOG_LEVEL="WARNING",
                DATABASE_URL=own.url("postgres"),
                **(environment(data) if environment else {}),
            )
            import django

            django.setup()
            from balabaqsha.config import databases

            with databases.scratch_database() as name:
                env.choose(DATABASE_URL=own.url(name))
                say(f"database {name} of a cluster in {folder}")
                yield
        finally:
            own.stop()
            shutil.rmtree(shelter.of(own.kept), ignore_errors=True)


def build(
    *,
    waiting: int,
    places: int,
    now: datetime,
    over_days: int = 4 * 365,
    regime: str = "voucher",
    years: range = BIRTH_YEARS,
    published: bool = True,
) -> None:
    """A territory with so many families in line, of some birth years, and so many places among them.

    They applied evenly over the days before now.
    """
    from django.db import connection

    from balabaqsha.commands.rehearsal import stage, story

    of_a_year = max(1, places // len(years))
    groups = tuple(
        story.StoryGroup(f"G{year}", year, "kk", of_a_year, None, of_a_year if published else 0) for year in years
    )
    kindergarten = story.StoryKindergarten("K", "state", None, groups)
    stage.build(story.Story(TERRITORY, regime, {}, frozenset(), frozenset(), (kindergarten,), ()), now=now)
    with connection.cursor() as cursor:
        cursor.execute(_PERSONS, [years.start, len(years), waiting])
        cursor.execute(_APPLICATIONS, [TERRITORY, regime.upper(), now, over_days / waiting])
        cursor.execute("ANALYZE")
    say(f"{waiting} families wait for {places} places")


def born(number: int) -> date:
    """The birth date that the made-up child of this number has."""
    return date(2019 + number % 4, number % 12 + 1, number % 28 + 1)


def say(text: str) -> None:
    """Progress goes to the standard error output."""
    print(text, file=sys.stderr, flush=True)


def answer(name: str, value: float, unit: str, *, floor: float, ratio: float, **details: object) -> None:
    """The one line that a benchmark leaves on the standard output."""
    line = {"name": name, "value": round(value, 1), "unit": unit, "floor": round(floor, 1), "ratio": round(ratio, 4)}
    print(json.dumps(line | {"details": details}), flush=True)


@contextmanager
def clock() -> Iterator[list[float]]:
    """How many seconds a block took, put into the list when it ends."""
    taken: list[float] = []
    begun = time.perf_counter()
    yield taken
    taken.append(time.perf_counter() - begun)


# The numbers are made up: their check digits are not those of anybody.
_PERSONS = """
INSERT INTO people_person (iin, surname, given_name, patronymic, born_on, sex, nationality, address,
    address_territory_code, email, photo_sha256, register_reference)
SELECT lpad((100000000000 + n)::text, 12, '0'), 'benchmark', 'benchmark', '',
    make_date(%s + n %% %s, n %% 12 + 1, n %% 28 + 1), 'FEMALE', '', '', '', '', '', ''
FROM generate_series(1, %s) AS n
"""
_APPLICATIONS = """
INSERT INTO applications_application (number, kind, state, child_id, applicant_id, territory_id, languages, original_at,
    born_on, birth_year, ages_out_at, benefit, category, due_term, extended, regime, misses, in_private_place,
    reached_state_at)
SELECT 'B' || id, 'GENERAL', 'WAITING', id, id, %s, '{}', moment, born_on, extract(year FROM born_on),
    make_timestamptz(extract(year FROM born_on)::int + 6, 9, 1, 0, 0, 0, 'Asia/Almaty'),
    CASE WHEN id %% 10 = 0 THEN 'LARGE_FAMILY' ELSE 'NONE' END, CASE WHEN id %% 10 = 0 THEN 14 ELSE 20 END, '', false, %s, 0, false, moment
FROM people_person, LATERAL (SELECT %s::timestamptz - id * %s * interval '1 day' AS moment) AS m
WHERE surname = 'benchmark'
"""
