"""How state systems answer is noted at once, and the department sees it with what waits."""

from datetime import timedelta

import pytest
from django.urls import reverse

from balabaqsha.accounts import clock
from balabaqsha.checks import actions, systems
from balabaqsha.checks.models import SystemStanding
from balabaqsha.checks.systems import Look
from balabaqsha.config import wiring
from balabaqsha.gateways.port import System
from balabaqsha.record import actions as record
from tests.workplaces import world

pytestmark = pytest.mark.django_db
NOW = world.NOW


def look(system: System, *, later: float = 0) -> Look:
    found = {one.system: one for one in systems.health(real_now=NOW + timedelta(seconds=later))}
    return found[system].look


def note(reason: str = "", *, rest: float = 0.0, later: float = 0.0) -> None:
    moment = NOW + timedelta(seconds=later)
    actions.note_system(system="population", reason=reason, rest_seconds=rest, real_now=moment)


class TestAStanding:
    def test_is_never_before_the_first_question(self):
        assert look(System.POPULATION) is Look.NEVER

    def test_follows_what_came_last(self):
        note()
        assert look(System.POPULATION) is Look.ANSWERS
        note("time-out", later=1)
        assert look(System.POPULATION) is Look.FAILS
        note("time-out", rest=30.0, later=2)
        assert look(System.POPULATION, later=3) is Look.RESTS
        assert look(System.POPULATION, later=33) is Look.FAILS
        note(later=40)
        assert look(System.POPULATION, later=40) is Look.ANSWERS

    def test_is_not_put_back_by_a_process_that_was_slow_to_note(self):
        note(later=5)
        note("time-out", later=1)

        assert look(System.POPULATION) is Look.ANSWERS

    def test_keeps_the_last_answer_while_it_fails(self):
        note()
        note("fault", later=60)

        row = SystemStanding.objects.get()
        assert (row.answered_at, row.failed_at) == (NOW, NOW + timedelta(seconds=60))


class TestNotes:
    def test_are_written_at_a_change_and_now_and_then(self, django_assert_num_queries, monkeypatch):
        notes = wiring.Notes()
        moment = [100.0]
        monkeypatch.setattr(wiring.time, "monotonic", lambda: moment[0])

        notes("sms", reason="", rest_seconds=0.0)
        with django_assert_num_queries(0):
            notes("sms", reason="", rest_seconds=0.0)
        notes("sms", reason="fault", rest_seconds=0.0)
        assert SystemStanding.objects.get().reason == "fault"
        notes("sms", reason="fault", rest_seconds=30.0)
        assert SystemStanding.objects.get().rests_until is not None
        moment[0] += 11
        before = SystemStanding.objects.get().noted_at
        notes("sms", reason="fault", rest_seconds=30.0)
        assert SystemStanding.objects.get().noted_at > before

    def test_cost_nobody_their_answer(self, monkeypatch):
        def broken(**_):
            raise wiring.DatabaseError

        monkeypatch.setattr(actions, "note_system", broken)

        wiring.Notes()("sms", reason="", rest_seconds=0.0)


class TestThePage:
    @pytest.fixture
    def town(self, settings, monkeypatch):
        world.trust(settings)
        monkeypatch.setattr(clock, "real_now", lambda: NOW)
        return world.build()

    def test_shows_what_answers_and_what_waits(self, town, django_assert_max_num_queries):
        note()
        actions.note_system(system="sms", reason="nonsense", rest_seconds=30.0, real_now=NOW)
        record.tell("place-changed", now=NOW - timedelta(hours=1), facts={})

        with django_assert_max_num_queries(40):
            page = town.as_officer().get(reverse("officer.systems")).content.decode()

        assert "жауап пішімге сай емес" in page
        assert "аз уақыт сұралмайды" in page
        assert "Кейбір жүйе жауап бермейді" in page
        assert "Хабарламаға айналмаған оқиғалар" in page

    def test_is_quiet_when_all_answers(self, town):
        note()

        page = town.as_officer().get(reverse("officer.systems")).content.decode()

        assert "бәрі жауап береді" in page

    def test_is_for_officers(self, town):
        assert town.as_head().get(reverse("officer.systems")).status_code == 404
