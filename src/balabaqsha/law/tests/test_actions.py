"""Changes of the calendar and of territorial terms."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.law import actions, queries
from balabaqsha.law.actions import DayNames, TermChange
from balabaqsha.law.models import CalendarDay, TerritorialTerm
from balabaqsha.record.models import JournalEntry
from balabaqsha.territories.actions import UnknownTerritory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 4, 1, 5, tzinfo=UTC)
PROPOSER = Actor(role=Role.OFFICER, account_id=11)
APPROVER = Actor(role=Role.OFFICER, account_id=12)
NAMES = DayNames(kk="Ауысқан демалыс", ru="Перенесённый выходной", en="Moved day off")
CHANGE = TermChange(
    code="turn.choose", territory_code="553600000", value=4, in_force_from=date(2026, 5, 1), source="Order 12, p. 3"
)


def change(**fields: object) -> TermChange:
    return TermChange(**{**vars(CHANGE), **fields})


def set_day(day: date, **fields: object) -> CalendarDay:
    return actions.set_calendar_day(
        **{"day": day, "working": False, "names": NAMES, "source": "Decree 5", "actor": PROPOSER, "now": NOW, **fields}
    )


class TestSetCalendarDay:
    def test_makes_a_day_off_and_writes_the_journal(self):
        set_day(date(2026, 5, 8))

        assert not queries.calendar().is_working(date(2026, 5, 8))
        entry = JournalEntry.objects.get(act="calendar-day-set")
        assert entry.facts == {"day": "2026-05-08", "working": False, "before": None, "source": "Decree 5"}
        assert entry.actor["account"] == 11

    def test_makes_a_saturday_work(self):
        set_day(date(2026, 5, 16), working=True)

        assert queries.calendar().is_working(date(2026, 5, 16))

    def test_changes_a_seeded_day_and_keeps_what_it_was(self):
        set_day(date(2026, 5, 27), working=True)

        assert queries.calendar().is_working(date(2026, 5, 27))
        assert JournalEntry.objects.get(act="calendar-day-set").facts["before"] is False

    @pytest.mark.parametrize(
        "fields",
        [{"names": DayNames(kk=" ", ru="р", en="e")}, {"names": DayNames(kk="к", ru="р", en="")}, {"source": ""}],
    )
    def test_refuses_a_day_without_names_or_source(self, fields):
        with pytest.raises(actions.NamesMissing):
            set_day(date(2026, 5, 8), **fields)

        assert queries.calendar().is_working(date(2026, 5, 8))


class TestClearCalendarDay:
    def test_lets_the_weekday_decide_again(self):
        assert actions.clear_calendar_day(day=date(2026, 5, 27), actor=PROPOSER, now=NOW)

        assert queries.calendar().is_working(date(2026, 5, 27))
        assert JournalEntry.objects.filter(act="calendar-day-cleared").count() == 1

    def test_says_that_there_was_nothing(self):
        assert not actions.clear_calendar_day(day=date(2026, 5, 8), actor=PROPOSER, now=NOW)

        assert not JournalEntry.objects.exists()


class TestProposeAndApproveTerm:
    def value_on(self, day: date) -> object:
        return queries.rulebook("553600000").term("turn.choose", on=day).value

    def test_puts_a_term_in_force_from_its_day_once_two_people_agree(self):
        row = actions.propose_term(change=CHANGE, actor=PROPOSER, now=NOW)
        assert self.value_on(date(2026, 5, 1)) == 3

        actions.approve_term(term_id=row.id, actor=APPROVER, now=NOW)

        assert (self.value_on(date(2026, 4, 30)), self.value_on(date(2026, 5, 1))) == (3, 4)
        assert list(JournalEntry.objects.order_by("id").values_list("act", "territory_code")) == [
            ("term-proposed", "553600000"),
            ("term-approved", "553600000"),
        ]

    def test_refuses_one_person_alone(self):
        row = actions.propose_term(change=CHANGE, actor=PROPOSER, now=NOW)

        with pytest.raises(actions.OwnProposal):
            actions.approve_term(term_id=row.id, actor=PROPOSER, now=NOW)

    def test_refuses_a_second_approval(self):
        row = actions.propose_term(change=CHANGE, actor=PROPOSER, now=NOW)
        actions.approve_term(term_id=row.id, actor=APPROVER, now=NOW)

        with pytest.raises(actions.AlreadyApproved):
            actions.approve_term(term_id=row.id, actor=Actor(role=Role.OFFICER, account_id=13), now=NOW)

    def test_refuses_an_approval_after_the_day(self):
        row = actions.propose_term(change=CHANGE, actor=PROPOSER, now=NOW)

        with pytest.raises(actions.TermInThePast):
            actions.approve_term(term_id=row.id, actor=APPROVER, now=datetime(2026, 4, 30, 19, tzinfo=UTC))

    def test_refuses_a_term_from_today(self):
        with pytest.raises(actions.TermInThePast):
            actions.propose_term(change=change(in_force_from=date(2026, 4, 1)), actor=PROPOSER, now=NOW)

    def test_refuses_the_same_term_from_the_same_day(self):
        actions.propose_term(change=CHANGE, actor=PROPOSER, now=NOW)

        with pytest.raises(actions.TermAlreadySet):
            actions.propose_term(change=change(value=5), actor=APPROVER, now=NOW)

    @pytest.mark.parametrize("fields", [{"value": -1}, {"value": "many"}, {"code": "password.length"}, {"code": "no"}])
    def test_refuses_a_value_that_the_term_cannot_have(self, fields):
        with pytest.raises(actions.WrongTermValue):
            actions.propose_term(change=change(**fields), actor=PROPOSER, now=NOW)

    def test_refuses_a_territory_that_is_not_there(self):
        with pytest.raises(UnknownTerritory):
            actions.propose_term(change=change(territory_code="999999999"), actor=PROPOSER, now=NOW)


class TestInstallTerm:
    def test_may_begin_in_the_past(self):
        actions.install_term(
            change=change(in_force_from=date(2020, 1, 1)), proposed_by=1, approved_by=2, actor=PROPOSER, now=NOW
        )

        assert queries.rulebook("553600000").term("turn.choose", on=date(2024, 1, 1)).value == 4


class TestTheTable:
    def test_cannot_hold_a_term_that_one_person_proposed_and_approved(self):
        with pytest.raises(IntegrityError, match="territorial_term_by_two_people"), transaction.atomic():
            TerritorialTerm.objects.create(
                code="turn.choose",
                territory_id="553600000",
                value="4",
                unit="WORKING_DAYS",
                in_force_from=date(2026, 5, 1),
                source="act",
                proposed_by=1,
                proposed_at=NOW,
                approved_by=1,
                approved_at=NOW,
            )
