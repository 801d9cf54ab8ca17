"""A list of an earlier system from its file into the lines of a voucher city and of a linear district."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from balabaqsha.applications.facts import line_facts
from balabaqsha.applications.models import Application, BenefitClaim
from balabaqsha.applications.states import State
from balabaqsha.journeys import applying, importing
from balabaqsha.journeys.applying import Filing
from balabaqsha.kernel import time
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.legacy import _steps, queries
from balabaqsha.legacy.columns import Field
from balabaqsha.legacy.models import CarriedOver, LegacyList, LegacyRow
from balabaqsha.line import queries as lines
from balabaqsha.people.models import Person, StatedPhone
from balabaqsha.record.models import JournalEntry
from tests.importing import lists

CITY, DISTRICT = "551010000", "553600000"
NOW = datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
OFFICER = Actor(role=Role.OFFICER, account_id=7, person_id=8, territory_code="550000000")


@pytest.fixture
def imported(fresh_database, tmp_path):
    """Take a list of these rows as far as `confirm` says; returns it."""

    def take(rows, *, territory=CITY, confirm=True, name="list.csv", now=NOW):
        file = lists.csv_file(tmp_path / name, rows)
        found = importing.begin(file=file, file_name=name, territory_code=territory, chosen={}, actor=OFFICER, now=now)
        found = importing.read(list_id=found.id, file=file, now=now)
        if confirm:
            importing.confirm(list_id=found.id, actor=OFFICER, now=now)
            found = importing.write(list_id=found.id, actor=OFFICER, now=now)
        return found

    return take


def faults_of(found):
    return {row.row: {fault[0] for fault in row.faults} for row in queries.faulty(found)}


class TestRead:
    def test_writes_nothing_into_any_line(self, imported):
        found = imported([lists.row(number) for number in range(1, 31)], confirm=False)

        assert (found.state, found.read, found.faulty) == ("READ", 30, 0)
        assert not Application.objects.exists()
        assert not Person.objects.exists()

    def test_names_every_fault_of_every_row(self, imported):
        rows = [lists.row(number, **changes) for number, (changes, _) in enumerate(lists.FAULTY.values(), start=1)]

        found = imported([*rows, lists.row(500)], confirm=False)

        wanted = {number: faults for number, (_, faults) in enumerate(lists.FAULTY.values(), start=2)}
        assert faults_of(found) == wanted
        assert found.faulty == len(lists.FAULTY)

    def test_keeps_the_earliest_of_doubles(self, imported):
        twice = {"ИИН ребенка": lists.row(1)["ИИН ребенка"], "Дата рождения": ""}

        found = imported(
            [lists.row(3, **twice), lists.row(1), lists.row(5, Номер=lists.row(4)["Номер"]), lists.row(4)],
            confirm=False,
        )

        assert faults_of(found) == {2: {"same-child"}, 4: {"same-number"}}
        assert [fault for row in queries.faulty(found) for fault in row.faults] == [
            ["same-child", "child_iin", "3"],
            ["same-number", "number", "5"],
        ]

    def test_never_repeats_who_somebody_is(self, imported):
        found = imported([lists.row(1, **{"ИИН ребенка": "210220550812", "ФИО ребенка": "Айару"})], confirm=False)

        told = str([row.faults for row in queries.faulty(found)])
        assert "210220550812" not in told
        assert "Айару" not in told

    def test_goes_on_after_the_last_row_that_was_read(self, fresh_database, tmp_path, monkeypatch):
        file = lists.csv_file(tmp_path / "list.csv", [lists.row(number) for number in range(1, 31)])
        monkeypatch.setattr(importing, "PIECE", 10)
        given = {"file": file, "file_name": "list.csv", "territory_code": CITY, "chosen": {}, "actor": OFFICER}

        def killed(found):
            if found.read == 20:
                raise KeyboardInterrupt

        found = importing.begin(**given, now=NOW)
        with pytest.raises(KeyboardInterrupt):
            importing.read(list_id=found.id, file=file, now=NOW, progress=killed)
        seen = []
        again = importing.begin(**given, now=NOW)
        importing.read(list_id=again.id, file=file, now=NOW, progress=lambda one: seen.append(one.read))

        assert again.id == found.id
        assert seen == [30]
        assert LegacyRow.objects.filter(source=found).count() == 30

    def test_asks_which_column_is_which_and_takes_the_answer(self, fresh_database, tmp_path):
        file = tmp_path / "list.csv"
        lists.csv_file(file, [lists.row(1)])
        file.write_text(file.read_text(encoding="utf-8").replace("ИИН заявителя", "Код мамы"), encoding="utf-8")
        given = {"file": file, "file_name": "list.csv", "territory_code": CITY, "actor": OFFICER, "now": NOW}

        found = importing.begin(**given, chosen={})
        with pytest.raises(importing.ColumnsMissing) as refused:
            importing.read(list_id=found.id, file=file, now=NOW)
        assert refused.value.facts == {"fields": ["applicant_iin"]}

        found = importing.begin(**given, chosen={Field.APPLICANT_IIN: "Код мамы"})
        assert importing.read(list_id=found.id, file=file, now=NOW).faulty == 0

    def test_refuses_a_territory_without_a_regime(self, fresh_database, tmp_path):
        file = lists.csv_file(tmp_path / "list.csv", [lists.row(1)])

        with pytest.raises(applying.WrongRegime):
            importing.begin(
                file=file,
                file_name="x",
                territory_code="750000000",
                chosen={},
                actor=OFFICER,
                now=datetime(2001, 1, 1, tzinfo=UTC),
            )


class TestWrite:
    @pytest.mark.parametrize("territory", [CITY, DISTRICT])
    def test_keeps_original_moments_and_numbers(self, imported, territory):
        found = imported([lists.row(number) for number in range(1, 41)], territory=territory)

        assert (found.state, found.written) == ("FINISHED", 40)
        for kept in CarriedOver.objects.select_related("application__child"):
            number = int(kept.number.split(".")[2])
            application = kept.application
            assert application.child.iin == lists.row(number)["ИИН ребенка"]
            assert f"{time.local(application.original_at):%d.%m.%Y %H:%M:%S}" == lists.row(number)["Дата создания"]
            assert application.state == State.WAITING
        assert Person.objects.filter(register_asked_at__isnull=False).count() == 0

    def test_keeps_the_numbers_that_other_doors_gave(self, imported):
        of_doors = {"Номер ПЭП": "", "Номер ЦОН": ""}
        rows = [lists.row(1, **of_doors | {"Номер ПЭП": "P-101"}), lists.row(2, **of_doors | {"Номер ЦОН": "002-77"})]
        imported([*rows, lists.row(3, **of_doors | {"Номер ПЭП": "9" * 41})])

        kept = Application.objects.order_by("original_at").values_list("egov_number", "centre_number")
        assert list(kept) == [("P-101", ""), ("", "002-77")]

    def test_journals_each_as_the_portal_journals_an_application(self, imported):
        imported([lists.row(1, **{"Тип льготы": "Многодетная семья"}), lists.row(2)])

        for application in Application.objects.all():
            entry = JournalEntry.objects.get(application_id=application.id)
            facts = line_facts(application, before="")
            kept = application.carried_over
            assert entry.act == "carry_over"
            assert entry.facts == facts | {
                "benefit": application.benefit,
                "list": kept.source_id,
                "row": kept.row,
                "earlier_number": kept.number,
            }

    def test_writes_only_the_sound_rows_and_forgets_who_stood_in_the_list(self, imported):
        found = imported([lists.row(1), lists.row(2, **{"Дата создания": "31.02.2024"}), lists.row(3)])

        assert (found.written, found.faulty) == (2, 1)
        (left,) = LegacyRow.objects.all()
        assert (left.child_iin, left.child_name, left.applicant_iin) == ("", [], "")

    def test_keeps_the_telephone_of_each_applicant_and_no_other_words(self, imported):
        written = ("8 (701) 000-00-11", "+7 7010000012", "", "жоқ", "123", "7010000013")
        rows = [lists.row(n, **{"Телефон заявителя": text}) for n, text in enumerate(written, start=1)]

        found = imported(rows)

        assert (found.written, found.faulty) == (6, 0)
        kept = StatedPhone.objects.order_by("number").values_list("number", flat=True)
        assert list(kept) == ["+77010000011", "+77010000012", "+77010000013"]
        assert not LegacyRow.objects.exclude(applicant_phone="").exists()

    def test_confirms_the_benefit_with_the_list_and_lets_a_certificate_end(self, imported):
        imported([lists.row(1, **{"Тип льготы": "TEACHER"}), lists.row(2, **{"Тип льготы": "LARGE_FAMILY"})])

        claims = {claim.benefit: claim for claim in BenefitClaim.objects.all()}
        assert {claim.state for claim in claims.values()} == {"CONFIRMED"}
        assert claims["TEACHER"].decided_by_account_id == OFFICER.account_id
        assert claims["TEACHER"].valid_until > NOW
        assert claims["LARGE_FAMILY"].valid_until is None

    def test_stands_in_line_by_category_then_moment_then_row(self, imported):
        same = lists.row(1)["Дата создания"]

        imported(
            [
                lists.row(1),
                lists.row(5, **{"Дата создания": same}),
                lists.row(3, **{"Дата создания": same}),
                lists.row(9, **{"Тип льготы": "LARGE_FAMILY"}),
            ]
        )

        order = lines.in_order(CITY, "GENERAL").values_list("carried_over__row", flat=True)
        assert list(order) == [5, 2, 3, 4]

    def test_passes_over_the_too_young_in_a_linear_line(self, imported):
        young = lists.iin(date(2025, 6, 1), 3)
        changes = {"ИИН ребенка": young, "Дата рождения": "01.06.2025", "Дата создания": "02.06.2025"}

        imported([lists.row(1), lists.row(2, **changes)], territory=DISTRICT)

        waits = {one.born_on.year: one.passed_over_until for one in Application.objects.all()}
        assert waits[2022] is None
        assert time.localdate(waits[2025]) == date(2027, 6, 1)

    def test_goes_on_after_a_kill_without_writing_anybody_twice(self, imported, monkeypatch):
        monkeypatch.setattr(importing, "BATCH", 7)
        found = imported([lists.row(number) for number in range(1, 31)], confirm=False)
        importing.confirm(list_id=found.id, actor=OFFICER, now=NOW)

        def killed(one):
            if one.written == 14:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            importing.write(list_id=found.id, actor=OFFICER, now=NOW, progress=killed)
        assert Application.objects.count() == 14
        importing.write(list_id=found.id, actor=OFFICER, now=NOW)
        importing.write(list_id=found.id, actor=OFFICER, now=NOW)

        assert Application.objects.count() == 30
        assert CarriedOver.objects.count() == 30
        order = lines.in_order(CITY, "GENERAL").values_list("carried_over__row", flat=True)
        assert list(order) == sorted(order)

    def test_leaves_out_a_child_that_applied_since_the_list_was_checked(self, imported):
        found = imported([lists.row(1), lists.row(2)], confirm=False)
        self._applies(lists.row(1))

        importing.confirm(list_id=found.id, actor=OFFICER, now=NOW)
        found = importing.write(list_id=found.id, actor=OFFICER, now=NOW)

        assert (found.written, found.faulty) == (1, 1)
        assert [fault[0] for row in queries.faulty(found) for fault in row.faults] == ["applied"]

    def test_the_same_list_again_says_what_was_carried_over(self, imported):
        imported([lists.row(1), lists.row(2)])

        found = imported([lists.row(1), lists.row(2), lists.row(3)], confirm=False, name="again.csv")

        assert faults_of(found) == {2: {"applied"}, 3: {"applied"}}

    def test_is_not_begun_before_it_is_confirmed(self, imported):
        found = imported([lists.row(1)], confirm=False)

        with pytest.raises(_steps.NoSuchStep):
            importing.write(list_id=found.id, actor=OFFICER, now=NOW)

    def test_the_schema_refuses_an_application_of_a_list_that_nobody_confirmed(self, imported):
        from django.db import IntegrityError

        found = imported([lists.row(1)], confirm=False)

        with pytest.raises(IntegrityError, match="unconfirmed"), transaction.atomic():
            LegacyList.objects.filter(id=found.id).update(written=1)

    @staticmethod
    def _applies(row):
        people = {}
        for who in ("ребенка", "заявителя"):
            text = row[f"ИИН {who}"]
            born_on = lists.iins.Iin.parse(text).born_on
            people[who] = Person.objects.create(iin=text, surname="А", given_name="Б", born_on=born_on, sex="FEMALE")
        applying.apply(
            filing=Filing(
                child_id=people["ребенка"].id,
                applicant_id=people["заявителя"].id,
                born_on=people["ребенка"].born_on,
                kind="GENERAL",
                territory_code=CITY,
            ),
            actor=SYSTEM,
            now=NOW,
        )


class TestTheComparison:
    def test_says_why_each_place_differs_and_adds_up(self, imported):
        first = {"Тип льготы": "LARGE_FAMILY"}
        TestWrite._applies(lists.row(600))

        found = imported(
            [
                lists.row(1),
                lists.row(2, **{"ФИО ребенка": "Айару"}),
                lists.row(3),
                lists.row(4, **first),
                lists.row(7),
            ]
        )

        told = {one.earlier_number.split(".")[2].lstrip("0"): one for one in queries.compared(found)}
        assert {key: (one.before, one.after) for key, one in told.items()} == {
            "1": (1, 2),
            "3": (3, 3),
            "4": (4, 1),
            "7": (7, 4),
        }
        for one in told.values():
            assert one.after - one.before == sum(moved for _, moved in one.causes)
        assert dict(told["4"].causes) == {"FELL_BEHIND": -2, "NOT_CARRIED": -1}
        assert dict(told["3"].causes) == {"OVERTAKEN": 1, "NOT_CARRIED": -1}
        assert dict(told["7"].causes) == {"NOT_CARRIED": -1, "UNLISTED": -2}

    def test_of_a_linear_list_knows_the_lines_of_other_years(self, imported):
        found = imported([lists.row(number) for number in (1, 2, 400, 3)], territory=DISTRICT)

        told = {one.before: one for one in queries.compared(found)}
        assert told[400].after == 1
        assert dict(told[400].causes)["OTHER_LINE"] == -3
        assert all(one.after - one.before == sum(moved for _, moved in one.causes) for one in told.values())


class TestTurns:
    def test_are_given_once_the_whole_list_stands_in_line(self, imported, monkeypatch):
        """The batch is one row long, and the place waits from before: it goes to the first of the line, not of the file."""
        from tests.importing import district

        monkeypatch.setattr(importing, "BATCH", 1)
        district.with_a_free_place(DISTRICT, birth_year=2022, now=NOW)

        imported([lists.row(9), lists.row(5), lists.row(7, **{"Тип льготы": "SERVICE"})], territory=DISTRICT)

        states = {
            one.carried_over.number[8:14]: one.state for one in Application.objects.select_related("carried_over")
        }
        assert states == {"000009": "WAITING", "000005": "WAITING", "000007": "TURN_OFFERED"}


def test_the_birth_years_of_the_rows_are_two():
    assert {lists.born(number).year for number in (1, 400)} == {2022, 2023}
    assert date(2022, 1, 2) == lists.born(1)
