"""Every way in as a browser sees it, and that no way tells who has an account."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from balabaqsha.accounts import actions, clock, names, passwords, rules, tasks
from balabaqsha.accounts.models import Account, Code, Purpose
from balabaqsha.accounts.tests.doors import PASSWORD, STRANGERS_PHONE, account_of, world
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import actions as people
from balabaqsha.people.models import Person, Phone, StatedPhone
from balabaqsha.people.tests.family import MOTHER, NOW, PHONE, STRANGER, answer

pytestmark = pytest.mark.django_db

EMAIL, LOGIN = "zhanar@example.kz", "zhanar.1990"
NAMES = {"IIN": MOTHER.text, "PHONE": "8 (701) 000-00-01", "EMAIL": "Zhanar@Example.kz", "LOGIN": "Zhanar.1990"}
NOBODYS = {"IIN": STRANGER.text, "PHONE": STRANGERS_PHONE, "EMAIL": "nobody@example.kz", "LOGIN": "nobody"}


@pytest.fixture
def here():
    with world() as found:
        yield found


@pytest.fixture
def mother(here) -> Account:
    """An account with every name that there is."""
    account = Account.objects.get(pk=account_of())
    Account.objects.filter(pk=account.pk).update(login=LOGIN)
    Person.objects.filter(pk=account.person_id).update(email=EMAIL, email_confirmed_at=NOW)
    Phone.objects.create(person_id=account.person_id, number=PHONE, is_main=True, confirmed_at=NOW)
    return account


def post(client, page, **typed):
    return client.post(reverse(page), typed)


def sign_in(client, who, password=PASSWORD, **more):
    return post(client, "header.sign-in", who=who, password=password, **more)


def is_in(client) -> bool:
    return client.get(reverse("parent.profile")).status_code == 200


def work() -> None:
    """Let the worker send all that was ordered, also what it has sent before."""
    for job in ProcrastinateJob.objects.filter(task_name="accounts.send_code").order_by("id"):
        tasks.send_code(**job.args)


def says(response, text):
    return text in response.content.decode()


class TestNames:
    @pytest.mark.parametrize("kind", NAMES)
    def test_of_every_kind_let_in(self, client, mother, kind):
        assert sign_in(client, NAMES[kind]).status_code == 302
        assert is_in(client)

    @pytest.mark.parametrize(
        ("typed", "kind"),
        [
            (MOTHER.text, "IIN"),
            (f" {MOTHER.text[:6]} {MOTHER.text[6:]} ", "IIN"),
            ("+7 701 000 00 01", "PHONE"),
            ("87010000001", "PHONE"),
            ("7010000001", "PHONE"),
            ("Zhanar@Example.kz", "EMAIL"),
            ("Zhanar.1990", "LOGIN"),
        ],
    )
    def test_are_read_in_any_writing(self, typed, kind):
        assert names.read(typed).kind == kind

    @pytest.mark.parametrize("typed", ["123", "900101400018", "қ", "'; --", "a", "x" * 40, "@" * 300, "١٢٣٤٥٦٧٨٩٠١٢"])
    def test_that_are_none_are_refused_beside_the_field(self, client, typed):
        with pytest.raises(Refusal):
            names.read(typed)
        page = sign_in(client, typed)
        assert page.status_code == 200
        assert says(page, "aria-invalid")

    def test_that_nobody_proved_let_nobody_in(self, client, mother):
        Person.objects.filter(pk=mother.person_id).update(email_confirmed_at=None)
        Phone.objects.update(ended_at=NOW)

        for kind in ("EMAIL", "PHONE"):
            assert says(sign_in(client, NAMES[kind]), "Логин немесе құпия сөз дұрыс емес")

    def test_that_two_proved_are_of_whoever_did_last(self, client, mother):
        later = Account.objects.get(pk=account_of(STRANGER, password="мүлде басқа сөз 9"))
        now = NOW.replace(hour=9)
        Phone.objects.create(person_id=later.person_id, number=PHONE, is_main=True, confirmed_at=now)
        Person.objects.filter(pk=later.person_id).update(email=EMAIL.upper(), email_confirmed_at=now)

        for kind in ("PHONE", "EMAIL"):
            assert names.account_id_of(names.read(NAMES[kind])) == later.id
            assert says(sign_in(Client(), NAMES[kind]), "Логин немесе құпия сөз дұрыс емес")
        assert sign_in(client, MOTHER.text).status_code == 302

    def test_of_a_closed_account_let_nobody_in(self, client, mother):
        Account.objects.update(closed_at=NOW)

        for typed in NAMES.values():
            assert says(sign_in(Client(), typed), "Логин немесе құпия сөз дұрыс емес")


class Hasher:
    """Counts how often a password is hashed."""

    def __init__(self, right):
        self.right, self.verified = right, 0

    def verify(self, kept, password):
        self.verified += 1
        return self.right.verify(kept, password)

    def __getattr__(self, name):
        return getattr(self.right, name)


class TestNobodyLearnsWhoHasAnAccount:
    def asked(self, page, who, **typed):
        client = Client()
        # What every page shows is counted once and kept.
        client.get(reverse(page))
        with CaptureQueriesContext(connection) as captured:
            answer = post(client, page, who=who, **typed)
        statements = [query["sql"].split(" ")[0] for query in captured.captured_queries]
        words = answer.content.decode().replace(who, "…")
        return answer.status_code, answer.get("Location"), statements, words.partition("<main")[2].partition("csrf")[0]

    @pytest.mark.parametrize("kind", NAMES)
    def test_from_a_password(self, mother, monkeypatch, kind):
        passwords.matches("warm", None)
        hasher = Hasher(passwords._HASHER)
        monkeypatch.setattr(passwords, "_HASHER", hasher)

        known = self.asked("header.sign-in", NAMES[kind], password="басқа сөз 5")
        assert hasher.verified == 1
        unknown = self.asked("header.sign-in", NOBODYS[kind], password="басқа сөз 5")

        assert hasher.verified == 2
        assert known == unknown

    @pytest.mark.parametrize("kind", NAMES)
    def test_from_asking_for_a_code(self, mother, here, kind):
        known = self.asked("signin.code-ask", NAMES[kind])
        unknown = self.asked("signin.code-ask", NOBODYS[kind])

        assert known == unknown
        assert known[:2] == (302, reverse("signin.code"))
        assert here.sms.sent == []
        work()
        assert [sent.phone for sent in here.sms.sent] == [PHONE]

    def test_from_the_page_of_the_code_or_a_wrong_one(self, mother, here):
        pages = []
        for who in (NAMES["IIN"], NOBODYS["IIN"]):
            client = Client()
            post(client, "signin.code-ask", who=who)
            work()
            asked = client.get(reverse("signin.code")).content.decode()
            wrong = f"{(int(here.last_code()) + 1) % 1_000_000:06}"
            answered = post(client, "signin.code", code=wrong).content.decode()
            pages.append([page.partition("<main")[2].partition("csrf")[0] for page in (asked, answered)])

        assert pages[0] == pages[1]
        assert "Код дұрыс емес" in pages[0][1]

    def test_from_a_door_that_was_closed_by_another_name(self, mother):
        """Forty tries by three names, twenty each at most: the fourth name is answered as for a wrong password."""
        for number in range(40):
            who = (NAMES["IIN"], NAMES["PHONE"])[number % 2]
            Client(REMOTE_ADDR=f"10.1.0.{number}").post(
                reverse("header.sign-in"), {"who": who, "password": "басқа сөз 5"}
            )

        page = sign_in(Client(REMOTE_ADDR="10.2.0.1"), NAMES["LOGIN"])

        assert says(page, "Логин немесе құпия сөз дұрыс емес")

    def test_from_a_limit_that_was_reached_by_another_name(self, mother, here, monkeypatch):
        began = clock.real_now()
        for number in range(8):
            moment = began + number * rules.PROOF_LIFE / 20
            monkeypatch.setattr(clock, "real_now", lambda moment=moment: moment)
            post(Client(), "signin.code-ask", who=(NAMES["IIN"], NAMES["PHONE"])[number % 2])

        answer = post(Client(), "signin.code-ask", who=NAMES["LOGIN"])

        assert answer.url == reverse("signin.code")
        assert Code.objects.order_by("-id").first().account is None


class TestCode:
    def test_lets_in_without_a_password(self, client, mother, here):
        post(client, "signin.code-ask", who=NAMES["PHONE"], remember="on", next="/cabinet/children/")
        work()

        answer = post(client, "signin.code", code=here.last_code())

        assert answer.url == "/cabinet/children/"
        assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 30 * 24 * 3600
        assert is_in(client)

    def test_begins_a_session_under_a_new_key(self, client, mother, here):
        post(client, "signin.code-ask", who=MOTHER.text)
        planted = Client()
        planted.cookies = client.cookies.copy()
        work()

        post(client, "signin.code", code=here.last_code())

        assert is_in(client)
        assert not is_in(planted)

    def test_serves_once_and_only_where_it_was_asked_for(self, client, mother, here):
        post(client, "signin.code-ask", who=MOTHER.text)
        work()
        elsewhere, text = Client(), here.last_code()
        post(elsewhere, "signin.code-ask", who=NOBODYS["IIN"])

        assert says(post(elsewhere, "signin.code", code=text), "Код дұрыс емес")
        assert post(Client(), "signin.code", code=text).url == reverse("signin.code-ask")
        code_id = client.session["entering.code"]["code"]
        post(client, "signin.code", code=text)
        again = Client()
        post(again, "signin.code-ask", who="87010000001")
        session = again.session
        session["entering.code"] = session["entering.code"] | {"code": code_id}
        session.save()
        assert says(post(again, "signin.code", code=text), "Кодтың мерзімі өтті")

    def test_is_void_after_five_wrong_ones(self, client, mother, here):
        post(client, "signin.code-ask", who=MOTHER.text)
        work()
        wrong = f"{(int(here.last_code()) + 1) % 1_000_000:06}"
        for _ in range(rules.WRONG_CODES):
            post(client, "signin.code", code=wrong)

        assert says(post(client, "signin.code", code=here.last_code()), "Кодтың мерзімі өтті")

    def test_goes_to_no_telephone_that_changed_its_owner(self, client, mother, here):
        here.phones.owners[PHONE] = STRANGER.text

        post(client, "signin.code-ask", who=MOTHER.text)
        work()

        assert here.sms.sent == []

    def test_is_sent_again_when_the_base_was_silent(self, client, mother, here):
        post(client, "signin.code-ask", who=MOTHER.text)
        here.phones.silent = True
        with pytest.raises(Refusal):
            work()
        here.phones.silent = False

        work()

        assert post(client, "signin.code", code=here.last_code()).status_code == 302

    def test_that_came_twice_counts_in_its_last_writing(self, client, mother, here):
        post(client, "signin.code-ask", who=MOTHER.text)
        work()
        work()
        first, second = (sent.text[:6] for sent in here.sms.sent)

        if first != second:
            assert says(post(client, "signin.code", code=first), "Код дұрыс емес")
        assert post(client, "signin.code", code=second).status_code == 302

    def test_is_not_sent_twice_within_eighty_seconds(self, client, mother, here):
        post(client, "signin.code-ask", who=MOTHER.text)
        assert post(client, "signin.code-ask", who=MOTHER.text).url == reverse("signin.code")
        assert says(client.post(reverse("signin.code-again")), "секундтан кейін сұрай аласыз")
        assert Code.objects.filter(purpose=Purpose.SIGN_IN).count() == 1

    def test_is_asked_for_so_often_only(self, here, mother, monkeypatch):
        began = clock.real_now()
        for number in range(rules.CODES_OF_NAME.most + 1):
            moment = began + number * rules.PROOF_LIFE / 20
            monkeypatch.setattr(clock, "real_now", lambda moment=moment: moment)
            answer = post(Client(), "signin.code-ask", who=MOTHER.text)

        assert says(answer, "Код тым көп сұралды")


class TestTheFirstEntranceOfAFamilyWhoseApplicationIsHere:
    """Its application came from an earlier system, with a telephone: the IIN, a code, then its own password."""

    @pytest.fixture
    def newcomer(self, here) -> Person:
        person_id = people.keep_person(answer=answer(STRANGER), actor=SYSTEM, now=NOW)
        StatedPhone.objects.create(person_id=person_id, number=STRANGERS_PHONE)
        return Person.objects.get(pk=person_id)

    def proves(self, client, here):
        post(client, "signin.code-ask", who=STRANGER.text)
        work()
        return post(client, "signin.code", code=here.last_code())

    def test_leads_over_the_consent_to_an_own_password(self, client, newcomer, here):
        assert self.proves(client, here).url == reverse("signup.first")
        assert here.sms.sent[-1].phone == STRANGERS_PHONE
        assert says(post(client, "signup.first"), "деректер саясатымен танысып")
        assert post(client, "signup.first", policy="on").url == reverse("signup.password")

        done = post(client, "signup.password", password=PASSWORD, repeated=PASSWORD)

        assert done.status_code == 302
        assert is_in(client)
        assert Account.objects.get().person_id == newcomer.id
        assert Phone.objects.get().number == STRANGERS_PHONE
        assert sign_in(Client(), STRANGER.text).status_code == 302

    def test_opens_nothing_before_the_consent(self, client, newcomer, here):
        self.proves(client, here)

        assert client.get(reverse("signup.password")).url == reverse("header.sign-up")
        assert client.get(reverse("signup.code")).url == reverse("signup.first")
        assert post(client, "signup.code", code="000000").url == reverse("signup.first")
        assert Client().get(reverse("signup.first")).url == reverse("header.sign-up")

    def test_waits_for_a_silent_register_without_another_code(self, client, newcomer, here):
        self.proves(client, here)
        here.population.silent = True
        assert says(post(client, "signup.first", policy="on"), "қазір жауап бермейді")
        here.population.silent = False

        assert post(client, "signup.first", policy="on").url == reverse("signup.password")

    def test_sends_nothing_to_a_telephone_of_somebody_else(self, client, newcomer, here):
        here.phones.owners[STRANGERS_PHONE] = MOTHER.text

        post(client, "signin.code-ask", who=STRANGER.text)
        work()

        assert here.sms.sent == []

    def test_is_not_told_from_that_of_nobody(self, newcomer):
        asked = TestNobodyLearnsWhoHasAnAccount().asked

        known, unknown = asked("signin.code-ask", STRANGER.text), asked("signin.code-ask", MOTHER.text)

        assert known == unknown

    def test_registers_nobody_else_with_that_code(self, client, newcomer, here):
        self.proves(client, here)
        code_id = client.session["proving.signup"]["code"]
        other = people.keep_person(answer=answer(MOTHER), actor=SYSTEM, now=NOW)
        proven = actions.Proof(code_id=code_id, phone=STRANGERS_PHONE, person_id=other)
        shared = {"password": "x", "policy_version": "1", "language": "kk", "now": NOW, "real_now": clock.real_now()}

        with pytest.raises(actions.ProofSpent):
            actions.register(proof=proven, **shared)
        changed = actions.Proof(code_id=code_id, phone=PHONE, person_id=newcomer.id)
        with pytest.raises(actions.ProofSpent):
            actions.register(proof=changed, **shared)
