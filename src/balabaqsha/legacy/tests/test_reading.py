"""Lists as programs write them: encodings and delimiters of CSV, and what hides behind the cells of a spreadsheet."""

from datetime import UTC, datetime

import pytest

from balabaqsha.legacy import columns, reading, rules
from balabaqsha.legacy.columns import Field
from tests.importing import lists

NOW = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)


def check(path):
    """Every row of the list as the rules read it."""
    table = reading.read(path)
    places = columns.guess(table.headings, {})
    return [(number, rules.check(cells, places, now=NOW)) for number, cells in table.rows]


class TestCsv:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "kz1048"])
    @pytest.mark.parametrize("delimiter", [";", ",", "\t"])
    def test_is_read_in_every_encoding_and_with_every_delimiter(self, tmp_path, encoding, delimiter):
        name = "АЛЫБАЕВ ОМАР САНАТОВИЧ" if encoding == "cp1251" else "ӘЛІҚЫЗЫ ҰЛПАН ҒАНИ"
        rows = [lists.row(1, **{"ФИО ребенка": name, "ФИО заявителя": name})]

        ((number, checked),) = check(lists.csv_file(tmp_path / "a.csv", rows, encoding=encoding, delimiter=delimiter))

        assert number == 2
        assert checked.faults == ()
        assert " ".join(checked.sound.child_name).upper() == name

    def test_may_have_titles_above_its_headings(self, tmp_path):
        path = lists.csv_file(tmp_path / "a.csv", [lists.row(1)])
        path.write_text("Журнал заявлений;;\n;;\n" + path.read_text(encoding="utf-8"), encoding="utf-8")

        ((number, checked),) = check(path)

        assert (number, checked.faults) == (4, ())

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (b"", "empty"),
            (b"\x89PNG\r\n\x00\x00", "not-a-table"),
            (b"PK\x03\x04 nothing", "not-a-table"),
            (b"\n\n", "empty"),
        ],
    )
    def test_that_is_none_is_refused_with_the_reason(self, tmp_path, content, why):
        path = tmp_path / "a.csv"
        path.write_bytes(content)

        with pytest.raises(reading.ListUnreadable) as refused:
            reading.read(path)

        assert refused.value.facts == {"why": why}


class TestSheet:
    def rows(self, **changes):
        plain = lists.row(1) | changes
        return [list(lists.HEADINGS), [plain[heading] for heading in lists.HEADINGS]]

    @pytest.mark.parametrize(
        "written",
        [
            datetime(2024, 3, 5, 15, 37, 26),
            45356.65099537037,
            "45356,65099537037",
            "05.03.2024 15:37:26",
            "2024-03-05T15:37:26",
        ],
    )
    def test_keeps_a_moment_however_it_was_kept(self, tmp_path, written):
        ((_, checked),) = check(lists.xlsx_file(tmp_path / "a.xlsx", self.rows(**{"Дата создания": written})))

        assert checked.sound.registered_at == datetime(2024, 3, 5, 10, 37, 26, tzinfo=UTC)

    def test_gives_an_iin_that_became_a_number_its_noughts_back(self, tmp_path):
        parent = "061211600012"
        # Sixteen at the least: the number's owner was born in December 2006.
        ((_, checked),) = check(lists.xlsx_file(tmp_path / "a.xlsx", self.rows(**{"ИИН заявителя": int(parent)})))

        assert checked.sound.applicant.text == parent

    def test_takes_a_formula_by_its_value_and_names_one_that_failed(self, tmp_path):
        import xlsxwriter

        path = tmp_path / "a.xlsx"
        plain = lists.row(1)
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, lists.HEADINGS)
            sheet.write_row(1, 0, [plain[heading] for heading in lists.HEADINGS])
            sheet.write_formula("D2", "=1+16", value=17)
            sheet.write_formula("I2", "=VLOOKUP(1;2)", value="#N/A")

        ((_, checked),) = check(path)

        assert checked.place == 17
        assert {(fault[0], fault[1]) for fault in checked.faults} == {("failed-formula", "benefit")}

    def test_names_a_cell_that_is_merged_with_the_one_above(self, tmp_path):
        import xlsxwriter

        path = tmp_path / "a.xlsx"
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, lists.HEADINGS)
            for number in (1, 2):
                sheet.write_row(number, 0, [lists.row(number)[heading] for heading in lists.HEADINGS])
            sheet.merge_range("E2:E3", lists.row(1)["ФИО заявителя"])

        (_, first), (number, second) = check(path)

        assert first.faults == ()
        assert number == 3
        assert {(fault[0], fault[1]) for fault in second.faults} == {("merged-cell", "applicant_name")}

    def test_of_more_than_a_hundred_thousand_rows_is_read_to_its_end(self, tmp_path):
        path = lists.xlsx_file(tmp_path / "a.xlsx", [list(lists.HEADINGS), *([["x", "y"]] * 100_500)])

        assert sum(1 for _ in reading.read(path).rows) == 100_500


class TestColumns:
    def test_are_known_by_the_headings_of_both_languages(self):
        kazakh = ["№мірі", "Нөмірі", "Баланың аты-жөні", "Баланың ЖСН", "Құрастыру күні", "Кезек нөмірі"]

        assert columns.guess(kazakh, {}) == {
            Field.NUMBER: 1,
            Field.CHILD_NAME: 2,
            Field.CHILD_IIN: 3,
            Field.REGISTERED: 4,
            Field.PLACE: 5,
        }

    def test_chosen_by_hand_stand_above_those_that_are_guessed(self):
        assert columns.guess(["Номер", "Код"], {Field.NUMBER: "Код"})[Field.NUMBER] == 1
