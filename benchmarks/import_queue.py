"""A legacy list of a city: read, every row checked, confirmed and carried over in batches, the places compared."""

import csv
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import city

NOW = datetime.fromisoformat("2026-11-28T09:00:00+05:00")
HEADINGS = (
    "Номер",
    "ФИО ребенка",
    "ИИН ребенка",
    "Номер очереди",
    "ФИО заявителя",
    "ИИН заявителя",
    "Дата создания",
    "Статус",
    "Тип льготы",
    "Дата рождения",
)
# One row in so many has a fault.
FAULTY = 100
BENEFITS = ("Без льготы",) * 9 + ("Дети из многодетных семей",)
FIRST_MOMENT = datetime(2024, 1, 1, 9)  # noqa: DTZ001 - as lists write it, in no zone


def write(path: Path, rows: int) -> None:
    """The list as an earlier system would have put it out; children of four years, parents of thirty."""
    from balabaqsha.kernel import iin as iins

    def iin(born_on: date, serial: int) -> str:
        while (made := iins.make(born_on=born_on, sex=iins.Sex.FEMALE, serial=serial % 10_000)) is None:
            serial += 5_000
        return made.text

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        for number in range(1, rows + 1):
            child, parent = (
                date(2021, 1, 1) + timedelta(days=number % 1000),
                date(1975, 1, 1) + timedelta(days=number % 9000),
            )
            moment = FIRST_MOMENT + timedelta(seconds=number * 20)
            shown = "31.02.2024" if number % FAULTY == 0 else f"{moment:%d.%m.%Y %H:%M:%S}"
            writer.writerow(
                (
                    f"УО.{number:07d}.1",
                    "ҮЛГІБАЙ АЙАРУ НҰРЛАНҚЫЗЫ",
                    iin(child, number // 1000),
                    number,
                    "ҮЛГІБАЙ ЖАНАР ӘДІЛҚЫЗЫ",
                    iin(parent, number // 9000),
                    shown,
                    "В очереди",
                    BENEFITS[number % len(BENEFITS)],
                    f"{child:%d.%m.%Y}",
                )
            )


def floor(rows: int) -> float:
    """The same rows of the same tables, indexes and all, by nothing but COPY: rows a second."""
    from django.db import connection, transaction

    tables = ("people_person", "applications_application", "record_journalentry", "legacy_carriedover")
    copies = {}
    with connection.cursor() as cursor:
        for table in tables:
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                copies[table] = [bytes(piece) for piece in copy]
        columns = "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        cursor.execute(
            f"{columns} WHERE attrelid = 'applications_application'::regclass AND attnum > 0 AND attgenerated = ''"
        )
        plain = cursor.fetchone()[0]
        with cursor.copy(f"COPY applications_application ({plain}) TO STDOUT") as copy:
            copies["applications_application"] = [bytes(piece) for piece in copy]
        cursor.execute("SELECT current_setting('session_replication_role')")
    with city.clock() as taken, transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TEMP TABLE floor_{table} (LIKE {table} INCLUDING ALL) ON COMMIT DROP")
            names = f" ({plain})" if table == "applications_application" else ""
            with cursor.copy(f"COPY floor_{table}{names} FROM STDIN") as copy:
                for piece in copies[table]:
                    copy.write(piece)
    return rows / taken[0]


def main() -> None:
    rows = 100_000 if "--quick" in sys.argv else 1_000_000
    with TemporaryDirectory() as folder, city.scratch():
        from balabaqsha.journeys import importing
        from balabaqsha.kernel.actor import SYSTEM

        file = Path(folder) / "list.csv"
        write(file, rows)
        city.say(f"a list of {rows} rows, {file.stat().st_size >> 20} MB")
        begun = time.perf_counter()

        def tell(found: object) -> None:
            city.say(f"{time.perf_counter() - begun:6.1f} s: read {found.read}, carried over {found.written}")

        found = importing.begin(
            file=file, file_name="list.csv", territory_code=city.TERRITORY, chosen={}, actor=SYSTEM, now=NOW
        )
        with city.clock() as reading:
            importing.read(list_id=found.id, file=file, now=NOW, progress=tell)
        tell(found)
        importing.confirm(list_id=found.id, actor=SYSTEM, now=NOW)
        with city.clock() as writing:
            found = importing.write(list_id=found.id, actor=SYSTEM, now=NOW, progress=tell)
        taken = time.perf_counter() - begun
        assert found.written + found.faulty == rows
        assert found.faulty == rows // FAULTY
        speed, least = rows / taken, floor(found.written)
        city.answer(
            "import_queue",
            speed,
            "rows/s",
            floor=least,
            ratio=speed / least,
            rows=rows,
            seconds=round(taken, 1),
            reading=round(reading[0], 1),
            writing=round(writing[0], 1),
            faulty=found.faulty,
        )


main()
