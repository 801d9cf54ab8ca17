"""The waiting room as visitors meet it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from balabaqsha.accounts import clock
from balabaqsha.accounts import rules as limits
from balabaqsha.accounts.models import RateLimit
from balabaqsha.applications.models import Application
from balabaqsha.kernel.actor import Role
from balabaqsha.web.crowd import actions, room, rules
from balabaqsha.web.crowd.load import Load
from tests.workplaces import world

pytestmark = pytest.mark.django_db
AHEAD = re.compile(r"<dt>Алдыңызда тұрғандар</dt><dd>(\d+)</dd>")


@pytest.fixture(autouse=True)
def in_kazakh() -> Iterator[None]:
    with translation.override("kk"):
        yield


@pytest.fixture(autouse=True)
def numbers(db) -> Iterator[None]:
    """Numbers begin anew: a sequence is not rolled back as the rows of a test are, and then others would wait in vain."""
    _begin_anew()
    yield
    _begin_anew()


def _begin_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('crowd_number', 1)")


@pytest.fixture
def full(settings, monkeypatch) -> None:
    """A portal that has no room for anybody, and sees at once what was drawn and called."""
    settings.CROWD_FULL = 0.0
    monkeypatch.setattr(room, "_FRESH_SECONDS", 0.0)
    monkeypatch.setattr(Load, "take_all", lambda _: 0.0)


@pytest.fixture
def statements_of():
    """The statements of what is called."""

    def capture(call) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            call()
        return [query["sql"] for query in captured]

    return capture


def waits(answer) -> bool:
    return answer.status_code == 503


def ahead(answer) -> int:
    found = AHEAD.search(answer.content.decode())
    assert found, answer.content.decode()
    return int(found[1])


class TestAVisitor:
    def test_is_let_in_without_a_query_while_nobody_waits(self, settings, statements_of):
        settings.CROWD_FULL = 0.75
        client = Client()

        first, second = (statements_of(lambda: client.get("/check/x")), statements_of(lambda: client.get("/feedback/")))
        third = statements_of(lambda: client.get("/feedback/"))

        # What is never held does not even look; a newcomer looks once; whoever is inside never does.
        assert [sum("crowd" in sql for sql in one) for one in (first, second, third)] == [0, 1, 0]
        assert client.cookies["turn"]["httponly"]
        assert client.cookies["turn"]["samesite"] == "Lax"

    @pytest.mark.usefixtures("full")
    def test_is_kept_waiting_where_there_is_no_room(self):
        client = Client()

        answer = client.get("/")

        assert waits(answer)
        assert ahead(answer) == 0
        assert (answer["Refresh"], answer["Retry-After"]) == ("5", "5")
        assert answer["Cache-Control"] == "no-store"
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert "<script" not in answer.content.decode()

    @pytest.mark.usefixtures("full")
    def test_costs_no_query_while_waiting(self, monkeypatch, django_assert_num_queries):
        client = Client()
        client.get("/")
        monkeypatch.setattr(room, "_FRESH_SECONDS", 60.0)

        with django_assert_num_queries(0):
            assert waits(client.get("/"))

    @pytest.mark.usefixtures("full")
    def test_is_let_in_when_called_and_stays_in(self):
        first, second = Client(), Client()
        first.get("/"), second.get("/")

        actions.call(1)

        assert first.get("/").status_code == 200
        assert waits(second.get("/"))
        assert first.get("/catalogue/").status_code == 200

    @pytest.mark.usefixtures("full")
    def test_keeps_its_number_before_a_process_that_has_not_heard_of_it(self, monkeypatch):
        here, there = Client(), Client()
        there.get("/"), here.get("/")
        # Another process looked at the line before this number was drawn, and need not look again for long.
        monkeypatch.setattr(room, "_FRESH_SECONDS", 60.0)
        monkeypatch.setattr(room, "_STALE_SECONDS", 60.0)
        there.cookies["turn"] = here.cookies["turn"].value

        assert ahead(there.get("/")) == 1
        assert actions.line().drawn == 3

    @pytest.mark.usefixtures("full")
    def test_sees_how_many_stand_before_it(self):
        visitors = [Client() for _ in range(4)]
        first = [ahead(visitor.get("/")) for visitor in visitors]

        actions.call(2)

        assert first == [0, 1, 2, 3]
        assert [ahead(visitor.get("/")) for visitor in visitors[2:]] == [0, 1]

    @pytest.mark.usefixtures("full")
    def test_reads_the_page_in_the_language_of_the_address(self):
        answers = {code: Client().get(path).content.decode() for code, path in LANGUAGES.items()}

        assert "Келу реті сақталады" in answers["kk"]
        assert "Порядок прихода соблюдается" in answers["ru"]
        assert "The order of arrival is kept" in answers["en"]
        assert all(f'<html lang="{code}">' in html for code, html in answers.items())
        assert 'href="/ru/catalogue/?free=on"' in answers["kk"]

    @pytest.mark.usefixtures("full")
    def test_is_never_kept_from_checking_a_document(self):
        assert Client().get("/ru/check/").status_code == 200
        assert not waits(Client().get("/health"))

    def test_is_told_its_number_while_the_database_is_away(self, full, monkeypatch):
        client = Client()
        client.get("/")
        monkeypatch.setattr(actions, "line", lambda: connection.cursor().execute("SELECT nothing"))

        with transaction.atomic():
            answer = client.get("/")
            transaction.set_rollback(True)

        assert waits(answer)
        assert ahead(answer) == 0


LANGUAGES = {code: f"{prefix}/catalogue/?free=on" for code, prefix in (("kk", ""), ("ru", "/ru"), ("en", "/en"))}


@pytest.mark.usefixtures("full")
class TestNobodyJumpsTheOrder:
    def test_by_throwing_the_ticket_away(self):
        first, second = Client(), Client()
        first.get("/"), second.get("/")

        first.cookies = SimpleCookie()
        answer = first.get("/")

        assert ahead(answer) == 2

    @pytest.mark.parametrize(
        "edit", [lambda text: "1.1.99999999999.0:" + text.split(":")[1], lambda _: "nonsense", str.upper]
    )
    def test_by_writing_a_ticket(self, edit):
        client = Client()
        client.get("/")

        client.cookies["turn"] = edit(client.cookies["turn"].value)
        answer = client.get("/")

        assert ahead(answer) == 1

    def test_by_coming_when_others_wait_and_there_is_room(self, settings):
        early = Client()
        early.get("/")
        settings.CROWD_FULL = 1_000.0

        assert waits(Client().get("/"))

    def test_by_asking_for_thousands_of_numbers(self, monkeypatch):
        monkeypatch.setattr(room, "NUMBERS_PER_ADDRESS", 3)
        client = Client()
        answers = []
        for _ in range(5):
            client.cookies = SimpleCookie()
            answers.append(client.get("/"))

        assert [ahead(answer) for answer in answers[:3]] == [0, 1, 2]
        assert all("нөмір бере алмадық" in answer.content.decode() for answer in answers[3:])
        assert actions.line().drawn - actions.line().called == 3


@pytest.mark.usefixtures("full")
class TestAForm:
    def test_is_taken_though_its_sender_would_have_to_wait(self):
        assert Client().post("/location/", {"territory": "551000000", "next": "/"}).status_code == 302

    def test_does_not_let_a_stranger_in(self):
        client = Client()
        client.post("/location/", {"territory": "551000000", "next": "/"})

        assert waits(client.get("/"))

    def test_lets_the_family_see_what_became_of_it(self, monkeypatch):
        parent = _signed_in_parent(monkeypatch)
        assert waits(parent.get("/cabinet/applications/"))

        parent.post("/location/", {"territory": "551000000", "next": "/"})

        assert parent.get("/cabinet/applications/").status_code == 200


@pytest.mark.usefixtures("full")
class TestATerm:
    @pytest.mark.parametrize(
        ("left", "expected"),
        [
            (timedelta(0), 200),
            (timedelta(hours=1), 200),
            (timedelta(hours=1, seconds=1), 503),
            (timedelta(days=2), 503),
        ],
    )
    def test_that_ends_within_the_hour_lets_its_family_in(self, monkeypatch, left, expected):
        parent = _signed_in_parent(monkeypatch, with_a_voucher=True)
        Application.objects.update(due_at=world.NOW + left)

        assert parent.get("/cabinet/applications/").status_code == expected

    def test_is_looked_at_again_while_the_family_waits(self, monkeypatch):
        parent = _signed_in_parent(monkeypatch, with_a_voucher=True)
        Application.objects.update(due_at=world.NOW + timedelta(hours=1, minutes=3))
        before = parent.get("/cabinet/applications/")

        monkeypatch.setattr(clock, "real_now", lambda: world.NOW + timedelta(seconds=rules.ASKED_EVERY_SECONDS))
        after = parent.get("/cabinet/applications/")

        assert (before.status_code, after.status_code) == (503, 200)

    def test_of_another_family_lets_nobody_in(self, monkeypatch):
        _signed_in_parent(monkeypatch, with_a_voucher=True)
        Application.objects.update(due_at=world.NOW + timedelta(minutes=5))

        assert waits(Client().get("/cabinet/applications/"))

    def test_does_not_concern_staff_who_never_wait(self, monkeypatch):
        monkeypatch.setattr(clock, "real_now", lambda: world.NOW)
        town = world.build()

        assert town.as_head().get("/kindergarten/").status_code == 200
        assert town.as_officer().get("/department/checks/").status_code == 200


@pytest.mark.usefixtures("full")
class TestTheNumberOfAnApplication:
    @pytest.fixture
    def number(self, monkeypatch) -> str:
        _signed_in_parent(monkeypatch, with_a_voucher=True)
        Application.objects.update(due_at=world.NOW + timedelta(minutes=50))
        return Application.objects.get().number

    def give(self, client: Client, number: str, **more):
        return client.post("/waiting-room/", {"number": number, "next": "/ru/login/?next=/"} | more)

    def test_lets_a_family_in_whose_term_ends_within_the_hour(self, number):
        client = Client()
        client.get("/ru/login/?next=/")

        answer = self.give(client, f" № {number}")

        assert (answer.status_code, answer["Location"]) == (302, "/ru/login/?next=/")
        assert client.get("/ru/login/?next=/").status_code == 200

    def test_lets_nobody_in_whose_term_ends_later(self, number):
        Application.objects.update(due_at=world.NOW + timedelta(hours=2))
        client = Client()
        client.get("/")

        answer = self.give(client, number)

        assert f'value="{number}"' in answer.content.decode()
        assert 'value="/ru/login/?next=/"' in answer.content.decode()
        assert "бір сағат ішінде аяқталатын мерзімі жоқ" in answer.content.decode()
        assert "Refresh" not in answer
        assert ahead(client.get("/")) == 0

    @pytest.mark.parametrize("typed", ["", "abc", "10000000", "' OR 1=1", "9" * 300])
    def test_is_told_where_it_is_none(self, number, typed):
        answer = self.give(Client(), typed)

        assert 'aria-invalid="true"' in answer.content.decode()

    def test_cannot_be_found_by_trying_many(self, number):
        assert self.give(Client(), number).status_code == 302
        RateLimit.objects.update(count=limits.LOOKUPS_OF_ADDRESS.most)

        assert self.give(Client(), number).status_code == 200

    @pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
    def test_leads_nowhere_else(self, number, target):
        assert self.give(Client(), number, next=target)["Location"] == "/"

    def test_is_asked_for_on_a_page_that_is_never_held(self):
        html = Client().get("/waiting-room/", {"next": "/ru/catalogue/?free=on"}).content.decode()

        assert 'value="/ru/catalogue/?free=on"' in html
        assert 'href="/ru/waiting-room/?next=%2Fru%2Fcatalogue%2F%3Ffree%3Don"' in html


class TestTheSharedDoor:
    def test_calls_nobody_who_has_not_come(self):
        assert actions.call(1_000).called == actions.line().drawn

    def test_keeps_fractions_for_the_next_time(self):
        for _ in range(3):
            actions.draw()
        before = actions.line().called

        assert [actions.call(0.4).called - before for _ in range(3)] == pytest.approx([0.4, 0.8, 1.2])

    def test_knows_the_pace_of_late(self):
        for _ in range(100):
            actions.draw()

        assert actions.call(40).per_second == pytest.approx(2.0, rel=0.05)

    def test_never_goes_back(self):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE crowd_door SET called = called - 1")

    def test_is_the_only_one(self):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO crowd_door VALUES (2, 1, 0, now())")


def _signed_in_parent(monkeypatch, *, with_a_voucher: bool = False) -> Client:
    """The browser of a family in line, or with a voucher to confirm."""
    monkeypatch.setattr(clock, "real_now", lambda: world.NOW)
    town = world.build()
    case = town.applies()
    if with_a_voucher:
        town.run()
    account_id = world.accounts.open_account(
        person_id=case.parent.person_id, password="-", language="kk", actor=world.SYSTEM, now=world.NOW
    )
    world.accounts.grant_role(account_id=account_id, role=Role.PARENT, reason="test", actor=world.SYSTEM, now=world.NOW)
    return world.client_of(
        world.Actor(role=Role.PARENT, account_id=account_id, person_id=case.parent.person_id), moment=world.NOW
    )
