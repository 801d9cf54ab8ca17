"""Kindergartens and groups from a file: every row gets its answer, nothing is entered before it is confirmed, nothing is lost."""

import io
from datetime import date

import pytest
import xlsxwriter
from django.urls import reverse

from balabaqsha.documents import store
from balabaqsha.journeys import entering
from balabaqsha.kindergartens.models import Group, Kindergarten, Place
from balabaqsha.legacy.models import GardenList, GardenRow, ListState
from balabaqsha.record.models import JournalEntry
from tests.workplaces import world
from tests.workplaces.test_gardens import bin_of, text
from tests.workplaces.world import CITY, NOW

HEAD = (
    "БСН",
    "Қазақша атауы",
    "Орысша атауы",
    "Меншік нысаны",
    "Елді мекен",
    "Лицензия",
    "Лицензияның күні",
    "Топ",
    "Туған жылы",
    "Оқыту тілі",
    "Орын саны",
)


def row(serial=1, group="Балапан", **more):
    said = {
        "bin": bin_of(serial),
        "kk": f"Бақша {serial}",
        "ru": f"Сад {serial}",
        "ownership": "мемлекеттік",
        "settlement": CITY,
        "licence": "",
        "licence_on": "",
        "group": group,
        "year": 2022,
        "language": "қазақша",
        "capacity": 20,
    }
    return list((said | more).values())


# A kindergarten whose groups are not known yet.
ALONE = {"group": "", "year": "", "language": "", "capacity": ""}


def book(*rows, head=HEAD, prepare=None, constant=False):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": constant}) as made:
        sheet = made.add_worksheet()
        day = made.add_format({"num_format": "dd.mm.yyyy"})
        for line, cells in enumerate((head, *rows)):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                elif isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(line, column, cell, None, "#N/A" if "bad" in cell else "20")
                else:
                    sheet.write(line, column, cell)
        if prepare:
            prepare(sheet)
    content.seek(0)
    content.name = "gardens.xlsx"
    return content


def begin(town, content):
    sha256 = store.put(content.read())
    file = store.path(sha256)
    found = entering.begin(
        file=file, sha256=sha256, file_name="gardens.xlsx", territory_code=CITY, actor=town.officer, now=NOW
    )
    return entering.read(list_id=found.id, file=file, now=NOW)


def write(town, found):
    entering.confirm(list_id=found.id, actor=town.officer, now=NOW)
    return entering.write(list_id=found.id, actor=town.officer, now=NOW)


def faults(found):
    return {row.row: [fault[0] for fault in row.faults] for row in found.rows.filter(sound=False)}


class TestReading:
    def test_writes_nothing_before_it_is_confirmed(self, town):
        found = begin(town, book(row(), row(group="Гүл"), row(2, **ALONE)))

        assert (found.state, found.read, found.faulty, found.gardens) == (ListState.READ, 3, 0, 2)
        assert Kindergarten.objects.count() == 1

    @pytest.mark.parametrize(
        ("more", "codes"),
        [
            ({"bin": "120340000001"}, ["wrong-bin"]),
            ({"bin": ""}, ["missing"]),
            ({"ownership": "бөтен"}, ["unknown-word"]),
            ({"settlement": "Жоқ ауыл"}, ["unknown-settlement"]),
            ({"settlement": world.OTHER_CITY}, ["unknown-settlement"]),
            ({"ownership": "жекеменшік"}, ["licence-missing"]),
            ({"licence": "KZ1"}, ["licence-both"]),
            ({"licence": "KZ1", "licence_on": "31.02.2026"}, ["wrong-date", "licence-both"]),
            ({"capacity": 27}, ["over-norm"]),
            ({"capacity": "көп"}, ["wrong-number"]),
            ({"capacity": 12.5}, ["wrong-number"]),
            ({"capacity": "=bad()"}, ["failed-formula"]),
            ({"group": ""}, ["missing"]),
            ({"year": 1999}, ["wrong-number"]),
            ({"language": "клингон"}, ["unknown-language"]),
            ({"kk": "Ұ" * 201}, ["too-long"]),
        ],
    )
    def test_every_fault_has_its_plain_answer(self, town, more, codes):
        found = begin(town, book(row(**more), row(2)))

        assert faults(found) == {2: codes}
        assert found.gardens == 1

    def test_a_formula_counts_by_its_value_and_dates_as_days(self, town):
        private = {"ownership": "частная", "licence": "KZ1", "licence_on": date(2026, 3, 1)}
        found = write(town, begin(town, book(row(capacity="=10+10", **private))))

        made = Kindergarten.objects.get(bin=bin_of(1))
        assert made.licence_on == date(2026, 3, 1)
        assert made.groups.get().capacity == 20
        assert found.state == ListState.FINISHED

    def test_merged_cells_are_said(self, town):
        found = begin(
            town, book(row(), row(group="Гүл"), prepare=lambda sheet: sheet.merge_range(1, 1, 2, 1, "Бақша 1"))
        )

        assert faults(found) == {3: ["merged-cell"]}

    def test_what_rows_say_of_one_kindergarten_agrees(self, town):
        found = begin(town, book(row(), row(group="Гүл", kk="Басқа"), row(), row(3)))

        assert faults(found) == {3: ["differs"], 4: ["same-group"]}
        assert GardenRow.objects.get(row=4).faults == [["same-group", "garden_group", "2"]]

    def test_a_bin_of_the_register_is_left_alone(self, town):
        Kindergarten.objects.filter(id=town.kindergarten.id).update(bin=bin_of(1))
        found = begin(town, book(row(), row(2)))

        assert faults(found) == {2: ["bin-known"]}

    def test_a_hundred_thousand_rows_are_read_in_pieces(self, town, monkeypatch):
        pieces = []
        stage = entering._steps.stage
        monkeypatch.setattr(entering._steps, "stage", lambda rows: pieces.append(len(rows)) or stage(rows))
        # Some numbers have no check digit and are never issued.
        issued = [serial for serial in range(5000) if bin_of(serial).isdecimal()][:4000]
        rows = (row(issued[one % 4000], group="")[:5] for one in range(100_000))
        found = begin(town, book(*rows, head=HEAD[:5], constant=True))

        # What is compared between rows is not lost between pieces.
        assert (found.read, found.faulty, found.gardens) == (100_000, 96_000, 4000)
        assert max(pieces) == entering.PIECE
        assert GardenRow.objects.get(row=100_001).faults == [["same-garden", "garden_bin", "4001"]]


class TestEntering:
    def test_enters_kindergartens_with_groups_and_publishes_nothing(self, town):
        found = write(town, begin(town, book(row(), row(group="Гүл", language="русский"), row(2, **ALONE))))

        first, second = (Kindergarten.objects.get(bin=bin_of(serial)) for serial in (1, 2))
        assert sorted(first.groups.values_list("name", "language")) == [("Балапан", "kk"), ("Гүл", "ru")]
        assert second.groups.count() == 0
        assert Place.objects.filter(group__kindergarten=first).count() == 40
        assert not Place.objects.filter(group__kindergarten=first, published=True).exists()
        assert (found.written, found.state) == (2, ListState.FINISHED)
        assert JournalEntry.objects.filter(act="kindergarten-opened", facts__list=found.id).count() == 2

    def test_goes_on_where_it_was_broken_off_and_twice_is_once(self, town, monkeypatch):
        monkeypatch.setattr(entering, "BATCH", 1)
        found = begin(town, book(row(), row(2), row(3)))
        entering.confirm(list_id=found.id, actor=town.officer, now=NOW)
        keys = {"list_id": found.id, "actor": town.officer, "now": NOW}
        assert entering._write_some(**keys) is False

        entering.write(**keys)
        found = entering.write(**keys)

        assert (found.written, Kindergarten.objects.count(), Group.objects.count()) == (3, 4, 5)

    def test_a_bin_entered_meanwhile_is_left_out_and_said(self, town):
        found = begin(town, book(row(), row(2)))
        Kindergarten.objects.filter(id=town.kindergarten.id).update(bin=bin_of(1))

        found = write(town, found)

        assert (found.written, found.faulty) == (1, 1)
        assert faults(found) == {2: ["bin-known"]}


class TestThePages:
    def upload(self, client, content, **more):
        sent = {"territory": CITY, "list": content} | more
        return client.post(reverse("officer.garden-lists"), sent, follow=True)

    def test_lead_from_the_file_to_the_register(self, town):
        client = town.as_officer()
        text(client.get(reverse("officer.garden-lists")))
        text(self.upload(client, book(row(), row(2, capacity=60))))
        found = GardenList.objects.get()
        address = reverse("officer.garden-list", args=[found.token])
        assert "Файл тексеріліп жатыр" in text(client.get(address))
        assert client.get(reverse("officer.garden-list-progress", args=[found.token])).status_code == 200
        entering.read(list_id=found.id, file=store.path(found.sha256), now=NOW)

        page = text(client.get(address))
        assert "нормадан көп, ең көбі: 26" in page
        told = client.get(reverse("officer.garden-list-faults", args=[found.token])).content.decode()
        assert bin_of(2) in told
        text(client.post(reverse("officer.garden-list-confirm", args=[found.token]), follow=True))
        entering.write(list_id=found.id, actor=town.officer, now=NOW)

        assert "Енгізілген МДҰ" in text(client.get(address))
        assert Kindergarten.objects.filter(bin=bin_of(1)).exists()
        assert not Kindergarten.objects.filter(bin=bin_of(2)).exists()
        # Finished: it is neither dropped nor entered again.
        text(client.post(reverse("officer.garden-list-drop", args=[found.token]), follow=True))
        found.refresh_from_db()
        assert found.state == ListState.FINISHED

    def test_ask_for_columns_that_no_heading_tells(self, town):
        client = town.as_officer()
        head = ("Код", *HEAD[1:])
        page = text(self.upload(client, book(row(), head=head)))
        assert "Қай бағанда не жазылған" in page
        found = GardenList.objects.get()
        address = reverse("officer.garden-list-columns", args=[found.token])
        assert 'data-state="error"' in text(client.post(address, {}))

        text(client.post(address, {"garden_bin": "Код"}, follow=True))
        found = entering.read(list_id=found.id, file=store.path(found.sha256), now=NOW)

        assert (found.faulty, found.gardens) == (0, 1)

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\x00\x01\x02"])
    def test_say_what_is_no_table(self, town, content):
        file = io.BytesIO(content)
        file.name = "gardens.xlsx"
        page = text(self.upload(town.as_officer(), file))

        assert 'data-state="error"' in page
        assert not GardenList.objects.exists()

    def test_let_a_list_go(self, town):
        client = town.as_officer()
        self.upload(client, book(row()))
        found = GardenList.objects.get()
        text(client.post(reverse("officer.garden-list-drop", args=[found.token]), follow=True))

        assert client.get(reverse("officer.garden-list", args=[found.token])).status_code == 404
        assert not GardenRow.objects.exists()

    def test_are_of_the_officers_own_territories(self, town):
        client = town.as_officer()
        self.upload(client, book(row()), territory=world.OTHER_CITY)
        assert not GardenList.objects.exists()
        self.upload(client, book(row()))
        found = GardenList.objects.get()
        GardenList.objects.update(territory=world.OTHER_CITY)

        for name in ("", "-progress", "-faults"):
            assert client.get(reverse(f"officer.garden-list{name}", args=[found.token])).status_code == 404
        for name in ("-confirm", "-drop", "-columns"):
            assert client.post(reverse(f"officer.garden-list{name}", args=[found.token])).status_code == 404
