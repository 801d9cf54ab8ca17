"""Lists of an earlier system, made up: sound rows, and a row with each fault. Their IINs are nobody's."""

import csv
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import xlsxwriter

from balabaqsha.kernel import iin as iins
from balabaqsha.kernel.iin import Sex

# As the journal of 003 heads its columns, with the applicant's IIN beside.
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
    "Телефон заявителя",
)
FIRST_DAY = datetime(2024, 3, 1, 9, 0, 0)


def iin(born_on: date, serial: int, sex: Sex = Sex.FEMALE) -> str:
    """The made-up IIN of this serial, or of the next for which there is one."""
    while (made := iins.make(born_on=born_on, sex=sex, serial=serial % 10_000)) is None:
        serial += 3_333
    return made.text


def born(number: int) -> date:
    return date(2022, 1, 1) + timedelta(days=number % 700)


def row(number: int, **changes: object) -> dict[str, object]:
    """A sound row: children of two birth years, a day between each two applications."""
    child, parent = born(number), date(1990, 1, 1) + timedelta(days=number % 3000)
    made: dict[str, object] = {
        "Номер": f"УО.2024.{number:06d}.1",
        "ФИО ребенка": "ҮЛГІБАЙ АЙАРУ НҰРЛАНҚЫЗЫ",
        "ИИН ребенка": iin(child, number // 700),
        "Номер очереди": str(number),
        "ФИО заявителя": "ҮЛГІБАЙ ЖАНАР ӘДІЛҚЫЗЫ",
        "ИИН заявителя": iin(parent, 5000 + number // 3000),
        "Дата создания": f"{FIRST_DAY + timedelta(hours=number):%d.%m.%Y %H:%M:%S}",
        "Статус": "В очереди",
        "Тип льготы": "Без льготы",
        "Дата рождения": f"{child:%d.%m.%Y}",
        "Телефон заявителя": "",
    }
    return made | changes


# What stands in the row, and the faults that the report names.
FAULTY = {
    "no number": ({"Номер": ""}, {"missing"}),
    "short IIN": ({"ИИН ребенка": "22010150001"}, {"iin-length"}),
    "letters in an IIN": ({"ИИН ребенка": "2201015O0012"}, {"iin-digits"}),
    "wrong check digit": ({"ИИН ребенка": "210220550812"}, {"iin-check-digit"}),
    "no such day in an IIN": ({"ИИН заявителя": "901332400012"}, {"iin-date"}),
    "no such day": ({"Дата создания": "31.02.2024"}, {"wrong-date"}),
    "words for a day": ({"Дата создания": "көктемде"}, {"wrong-date"}),
    "a day to come": ({"Дата создания": "01.01.2031"}, {"in-the-future"}),
    "before the birth": ({"Дата создания": "01.06.2021"}, {"before-birth"}),
    "another birth date": ({"Дата рождения": "05.05.2020"}, {"born-differs"}),
    "unknown benefit": ({"Тип льготы": "Дети космонавтов"}, {"unknown-benefit"}),
    "not waiting": ({"Статус": "Зачислен"}, {"not-waiting"}),
    "half a name": ({"ФИО ребенка": "Айару"}, {"half-a-name"}),
    "letters lost": ({"ФИО ребенка": "?ЛГ?БАЙ АЙАРУ"}, {"spoilt-letters"}),
    "wrong encoding": ({"ФИО ребенка": "Ð\u0090Ð¹Ð°Ñ\u0080Ñ\u0083 Ð\u0090"}, {"spoilt-letters"}),
    "place of nobody": ({"Номер очереди": "-3"}, {"wrong-place"}),
    "school age": ({"ИИН ребенка": iin(date(2015, 3, 3), 7), "Дата рождения": ""}, {"too-old"}),
    "young applicant": ({"ИИН заявителя": iin(date(2015, 3, 3), 8)}, {"applicant-too-young"}),
    "a failed formula": ({"Дата создания": "#N/A"}, {"failed-formula"}),
    "several at once": ({"Номер": "", "ФИО заявителя": "", "Тип льготы": "x"}, {"missing", "unknown-benefit"}),
}


def csv_file(path: Path, rows: list[dict[str, object]], *, encoding: str = "utf-8", delimiter: str = ";") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        more = [name for name in rows[0] if name not in HEADINGS] if rows else []
        writer = csv.DictWriter(file, [*HEADINGS, *more], delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def xlsx_file(path: Path, rows: list[list[object]], *, merged: str = "", formats: dict[int, str] | None = None) -> Path:
    """Cells as a spreadsheet keeps them: numbers, moments, formulas (`=...`), a merged range."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "dd.mm.yyyy hh:mm"}) as book:
        sheet = book.add_worksheet("Журнал")
        for place, cells in enumerate(rows):
            sheet.write_row(place, 0, cells)
        if merged:
            sheet.merge_range(merged, "")
    path.write_bytes(content.getvalue())
    return path
