"""The import of the classifier: both kinds of columns, changes, bad files."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.record.models import JournalEntry
from balabaqsha.territories import importer, queries
from balabaqsha.territories.importer import ImportReport, Unreadable
from balabaqsha.territories.models import Territory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, tzinfo=UTC)
MATERIAL = Path(__file__).parents[5] / "shared" / "testdata" / "kato" / "kato.csv"
OFFICIAL = "te;ab;cd;ef;hij;k;name_kaz;name_rus;nn\n"
OPEN = "kato,kato_version,level,type_code,name_ru,name_kk\n"
ABAI = "100000000;10;00;00;000;0;Абай облысы;область Абай;0\n"
SEMEY = "101000000;10;10;00;000;1;Семей Қ.Ә.;Семей Г.А.;1\n"
SEMEY_CITY = "101010000;10;10;10;000;1;Семей қ.;г.Семей;1\n"


@pytest.fixture
def run(tmp_path):
    def import_text(text: str | bytes) -> ImportReport:
        path = tmp_path / "kato.csv"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return importer.run(path, actor=SYSTEM, now=NOW)

    return import_text


def errors_of(run, text: str | bytes) -> list[str]:
    with pytest.raises(Unreadable) as refusal:
        run(text)
    return [str(error) for error in refusal.value.errors]


class TestImport:
    def test_reads_the_official_columns(self, run):
        report = run(OFFICIAL + ABAI + SEMEY + SEMEY_CITY)

        assert report.added == ("101000000", "101010000")
        row = Territory.objects.get(code="101010000")
        assert (row.level, row.kind, row.name_kk, row.name_ru) == ("SUB_DISTRICT", 1, "Семей қ.", "г.Семей")
        assert row.path == "100000000/101000000/101010000"
        assert row.parent_id == "101000000"

    def test_reads_the_columns_of_the_open_data_set(self, run):
        report = run(
            OPEN
            + "100000000,NK RK 11-2025,oblast,0,область Абай,Абай облысы\n"
            + "101000000,NK RK 11-2025,district,1,Семей Г.А.,Семей Қ.Ә.\n"
        )

        assert (report.read, report.added, report.renamed) == (2, ("101000000",), ())

    @pytest.mark.parametrize(
        "text",
        [
            "\ufeff" + OFFICIAL + ABAI + SEMEY,
            (OFFICIAL + ABAI + SEMEY).replace(";", ","),
            (OFFICIAL + ABAI + SEMEY).replace(";", "\t"),
            (OFFICIAL + ABAI + SEMEY).replace("\n", "\r\n"),
            (OFFICIAL + ABAI + SEMEY).upper().replace("ОБЛЫСЫ", "облысы"),
            OFFICIAL + ABAI + "\n;;;;;;;;\n" + SEMEY,
            # A spreadsheet drops the zeros of the parts.
            OFFICIAL + ABAI + "101000000;10;10;0;0;1;Семей Қ.Ә.;Семей Г.А.;1\n",
        ],
    )
    def test_takes_the_ways_people_save_a_table(self, run, text):
        assert run(text).added == ("101000000",)

    def test_changes_nothing_the_second_time(self, run):
        run(OFFICIAL + ABAI + SEMEY + SEMEY_CITY)

        report = run(OFFICIAL + ABAI + SEMEY + SEMEY_CITY)

        assert not report.changed
        assert report.lines() == ["read 3, added 0, renamed 0, moved 0, missing 0, returned 0"]

    def test_reports_a_new_name_and_keeps_the_english_one(self, run):
        report = run(OFFICIAL + ABAI.replace("Абай облысы", "Шыңғыс облысы"))

        assert [(row.code, row.before_kk, row.after_kk) for row in report.renamed] == [
            ("100000000", "Абай облысы", "Шыңғыс облысы")
        ]
        assert queries.name("100000000", "en") == "Abai Region"

    def test_moves_a_territory_under_one_that_came_between(self, run):
        run(OFFICIAL + ABAI + SEMEY_CITY)

        report = run(OFFICIAL + ABAI + SEMEY + SEMEY_CITY)

        assert [(row.code, row.before, row.after) for row in report.moved] == [("101010000", "100000000", "101000000")]
        assert queries.is_within("101010000", "101000000")

    def test_keeps_what_is_missing_and_shows_it_no_more(self, run):
        run(OFFICIAL + ABAI + SEMEY)

        report = run(OFFICIAL + ABAI)

        assert report.missing == ("101000000",)
        assert queries.children("100000000") == []
        assert queries.name("101000000", "ru") == "Семей Г.А."

    def test_reports_missing_once_and_takes_it_back_when_it_returns(self, run):
        run(OFFICIAL + ABAI + SEMEY)
        run(OFFICIAL + ABAI)

        assert run(OFFICIAL + ABAI).missing == ()
        assert run(OFFICIAL + ABAI + SEMEY).returned == ("101000000",)
        assert [place.code for place in queries.children("100000000")] == ["101000000"]

    def test_says_nothing_of_regions_that_the_file_lacks(self, run):
        report = run(OFFICIAL + ABAI)

        assert report.missing == ()
        assert queries.subtree("550000000").filter(in_classifier=True).count() == 674

    def test_uses_the_other_name_where_one_is_empty(self, run):
        run(OFFICIAL + ABAI + "101000000;10;10;00;000;1;;Семей Г.А.;1\n")

        assert queries.name("101000000", "kk") == "Семей Г.А."

    def test_is_journalled_with_the_digest_of_the_file(self, run):
        run(OFFICIAL + ABAI + SEMEY)

        facts = JournalEntry.objects.get(act="territories-imported").facts
        assert len(facts.pop("edition")) == 64
        assert facts == {"read": 2, "added": 1, "renamed": 0, "moved": 0, "missing": 0, "returned": 0}

    @pytest.mark.parametrize("rows", [1, 40])
    def test_costs_the_same_however_many_rows(self, run, rows, django_assert_num_queries):
        villages = "".join(f"10101{n:04};10;10;1{n // 1000};{n:03};2;А{n};Б{n};1\n" for n in range(1, rows + 1))

        # Lock and read, insert, journal, and the transaction's beginning and end; nothing is missing or altered.
        with django_assert_num_queries(5):
            run(OFFICIAL + ABAI + SEMEY + villages)


class TestBadFile:
    @pytest.mark.parametrize(
        ("row", "error"),
        [
            ("10100000;10;10;00;000;1;Семей;Семей;1", "row 3: the code must be nine digits, not '10100000'"),
            (";10;10;00;000;1;Семей;Семей;1", "row 3: the code must be nine digits, not ''"),
            ("10100000a;10;10;00;000;1;Семей;Семей;1", "row 3: the code must be nine digits, not '10100000a'"),
            ("101000000;10;11;00;000;1;Семей;Семей;1", "row 3: the code 101000000 and its part CD '11' differ"),
            ("101000000;10;10;00;000;1;;;1", "row 3: code 101000000 has no name"),
            ("101000000", "row 3: code 101000000 has no name"),
            ("101000000;10;10;00;000;x;Семей;Семей;1", "row 3: the sign of the kind must be one digit, not 'x'"),
            ("100000000;10;00;00;000;0;Абай;Абай;0", "row 3: code 100000000 stands in row 2 already"),
            ("981000000;98;10;00;000;0;Ай;Ай;0", "row 3: code 981000000 has no region above it"),
        ],
    )
    def test_names_the_row_and_what_is_wrong(self, run, row, error):
        assert errors_of(run, OFFICIAL + ABAI + row + "\n") == [error]

    def test_names_every_bad_row_at_once_and_writes_nothing(self, run):
        before = Territory.objects.count()

        errors = errors_of(run, OFFICIAL + ABAI + SEMEY + "x;;;;;;А;Б;\n" + "y;;;;;;А;Б;\n")

        assert [error[:6] for error in errors] == ["row 4:", "row 5:"]
        assert Territory.objects.count() == before
        assert not JournalEntry.objects.exists()

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("", "row 1: the header lacks the columns te/kato, name_kaz/name_kk, name_rus/name_ru"),
            ("a;b;c\n1;2;3\n", "row 1: the header lacks the columns te/kato, name_kaz/name_kk, name_rus/name_ru"),
            ("te;name_kaz\n", "row 1: the header lacks the columns name_rus/name_ru"),
            (OFFICIAL, "the file has no rows below its header"),
            (
                OFFICIAL.encode() + "100000000;10;00;00;000;0;Абай;Абай;0\n".encode("cp1251"),
                "row 2: the text is not UTF-8; save the table as CSV UTF-8",
            ),
            (b"PK\x03\x04\0\0\0\0", "this is no text file; save the table as CSV UTF-8"),
        ],
    )
    def test_says_what_is_wrong_with_the_whole(self, run, text, error):
        assert errors_of(run, text) == [error]

    def test_says_that_a_cell_is_too_long(self, run):
        assert errors_of(run, OFFICIAL + ABAI + "x" * 200_000 + "\n") == [
            "row 3: field larger than field limit (131072)"
        ]

    def test_says_that_there_is_no_file(self, tmp_path):
        with pytest.raises(Unreadable, match=r"cannot read .*nowhere\.csv: No such file"):
            importer.run(tmp_path / "nowhere.csv", actor=SYSTEM, now=NOW)

    def test_says_that_it_is_a_folder(self, tmp_path):
        with pytest.raises(Unreadable, match=r"cannot read .*: Is a directory"):
            importer.run(tmp_path, actor=SYSTEM, now=NOW)


@pytest.mark.skipif(not MATERIAL.exists(), reason="the national table is not on this machine")
class TestTheNationalTable:
    def test_is_taken_whole_and_agrees_with_the_seed(self):
        report = importer.run(MATERIAL, actor=SYSTEM, now=NOW)

        assert report.read == Territory.objects.count() == 15594
        assert (report.renamed, report.moved, report.missing) == ((), (), ())
        assert queries.subtree("550000000").count() == 674
        assert not importer.run(MATERIAL, actor=SYSTEM, now=NOW).changed
