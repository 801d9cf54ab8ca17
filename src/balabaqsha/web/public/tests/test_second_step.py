"""The second step of staff as a browser sees it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from balabaqsha.accounts import actions, clock
from balabaqsha.accounts.factors import actions as factors
from balabaqsha.accounts.factors import totp
from balabaqsha.accounts.models import DemonstrationPerson, RecoveryCode, SecondFactor
from balabaqsha.accounts.tests.doors import PASSWORD, REAL, account_of, prove, world
from balabaqsha.kernel.actor import SYSTEM, Role
from balabaqsha.people.tests.family import MOTHER, NOW
from balabaqsha.record.models import JournalEntry, OutboxFact

pytestmark = pytest.mark.django_db

SECRET = b"12345678901234567890"


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.setattr(clock, "real_now", lambda: REAL)
    with world() as found:
        yield found


@pytest.fixture
def officer() -> int:
    account_id = account_of()
    makes_officer(account_id)
    return account_id


@pytest.fixture
def with_factor(officer) -> list[str]:
    """An officer whose application is set; returns the recovery codes."""
    earlier = REAL - timedelta(hours=1)
    typed = totp.code(SECRET, totp.step_at(earlier))
    return factors.set_factor(account_id=officer, secret=SECRET, typed=typed, now=NOW, real_now=earlier)


def makes_officer(account_id):
    return actions.grant_role(
        account_id=account_id, role=Role.OFFICER, territory_code="551010000", reason="t", actor=SYSTEM, now=NOW
    )


def post(client, page, **typed):
    return client.post(reverse(page), typed)


def sign_in(client, **more):
    return post(client, "header.sign-in", who=MOTHER.text, password=PASSWORD, **more)


def code(drift=0):
    return totp.code(SECRET, totp.step_at(REAL) + drift)


def is_in(client):
    return client.get(reverse("officer.home")).status_code == 200


def says(response, text):
    return text in response.content.decode()


class TestTheFirstTime:
    def test_an_application_is_set_and_recovery_codes_are_shown_once(self, client, officer):
        assert sign_in(client).url == reverse("signin.second-set")
        assert not is_in(client)
        page = client.get(reverse("signin.second-set")).content.decode()
        assert "<svg" in page
        secret = shown(page)

        done = post(client, "signin.second-set", code=totp.code(secret, totp.step_at(REAL)))

        assert says(done, "Қалпына келтіру кодтары")
        assert is_in(client)
        assert RecoveryCode.objects.count() == factors.RECOVERY_CODES
        assert OutboxFact.objects.get().fact == "second-factor-set"
        kept = bytes(SecondFactor.objects.get().secret)
        assert secret not in kept
        facts = JournalEntry.objects.get(act="signed-in").facts
        assert (facts["way"], facts["second"]) == ("PASSWORD", "TOTP")

    def test_a_wrong_code_sets_nothing_and_keeps_the_picture(self, client, officer):
        sign_in(client)
        before = shown(client.get(reverse("signin.second-set")).content.decode())

        page = post(client, "signin.second-set", code="000000")

        assert says(page, "Код дұрыс емес немесе бұған дейін қолданылған")
        assert shown(page.content.decode()) == before
        assert not SecondFactor.objects.exists()

    def test_nobody_sets_a_second_one_by_the_password_alone(self, client, with_factor):
        assert sign_in(client).url == reverse("signin.second")

        assert client.get(reverse("signin.second-set")).url == reverse("signin.second")
        assert SecondFactor.objects.count() == 1


def shown(page: str) -> bytes:
    """The secret that the page offers to be typed."""
    import base64
    import re

    text = re.search(r'<b class="num">([A-Z2-7 ]+)</b>', page)[1].replace(" ", "")
    return base64.b32decode(text)


class TestACode:
    def test_lets_in(self, client, with_factor):
        sign_in(client, next="/department/runs/")
        assert not is_in(client)

        assert post(client, "signin.second", code=code()).url == "/department/runs/"
        assert is_in(client)

    def test_stands_in_the_log_that_staff_read_too(self, client, with_factor):
        sign_in(client)
        post(client, "signin.second", code=code())

        page = client.get(reverse("messages.log"))

        assert says(page, "Екінші растау қосылды")
        assert says(page, "Рөл берілді")
        assert not says(page, f'href="{reverse("parent.messages")}"')

    def test_serves_once(self, client, with_factor):
        sign_in(client)
        post(client, "signin.second", code=code())
        other = Client()
        sign_in(other)

        assert says(post(other, "signin.second", code=code()), "бұған дейін қолданылған")
        assert not is_in(other)

    def test_is_tried_five_times_from_everywhere(self, with_factor):
        for number in range(5):
            client = Client(REMOTE_ADDR=f"10.3.0.{number}")
            sign_in(client)
            post(client, "signin.second", code="000000")
        client = Client(REMOTE_ADDR="10.3.1.1")
        sign_in(client)

        assert says(post(client, "signin.second", code=code()), "Тым көп әрекет жасалды")

    def test_is_asked_for_in_the_session_of_the_password_only(self, client, with_factor):
        client.get(reverse("header.sign-in"))
        planted = Client()
        planted.cookies = client.cookies.copy()
        sign_in(client)

        assert post(planted, "signin.second", code=code()).url == reverse("header.sign-in")
        assert post(Client(), "signin.second", code=code()).url == reverse("header.sign-in")

    def test_comes_within_ten_minutes_and_before_a_new_password(self, client, with_factor, officer, monkeypatch):
        sign_in(client)
        late = REAL + timedelta(minutes=10)
        monkeypatch.setattr(clock, "real_now", lambda: late)
        assert post(client, "signin.second", code=code(20)).url == reverse("header.sign-in")

        monkeypatch.setattr(clock, "real_now", lambda: REAL)
        sign_in(client)
        proven = prove_recovery()
        actions.recover_password(proof=proven, password="x", now=NOW, real_now=REAL)
        assert post(client, "signin.second", code=code()).url == reverse("header.sign-in")

    @pytest.mark.parametrize("typed", ["", "қ" * 5, "1" * 30, "000 000", "' OR 1=1", "\x00"])
    def test_that_is_nonsense_is_refused(self, client, with_factor, typed):
        sign_in(client)

        assert post(client, "signin.second", code=typed).status_code == 200
        assert not is_in(client)


def prove_recovery():
    with world() as other:
        return prove(other, purpose=actions.Purpose.RECOVERY, real=REAL - timedelta(minutes=5))


class TestARecoveryCode:
    def test_lets_in_once_however_it_is_typed(self, client, with_factor):
        sign_in(client)
        assert post(client, "signin.second", code=with_factor[0].upper().replace("-", " ")).status_code == 302
        assert is_in(client)
        other = Client()
        sign_in(other)

        assert says(post(other, "signin.second", code=with_factor[0]), "бұған дейін қолданылған")
        assert JournalEntry.objects.get(act="recovery-code-used").facts == {"left": 9}

    def test_is_kept_as_a_digest(self, with_factor):
        kept = b"".join(bytes(row) for row in RecoveryCode.objects.values_list("digest", flat=True))

        assert not any(text.replace("-", "").encode() in kept for text in with_factor)

    def test_goes_with_its_application(self, client, with_factor):
        sign_in(client)
        post(client, "signin.second", code=code())
        assert says(post(client, "safety.end-second", present="басқа"), "Қазіргі құпия сөз дұрыс емес")
        assert SecondFactor.objects.filter(ended_at=None).exists()

        post(client, "safety.end-second", present=PASSWORD)

        assert not SecondFactor.objects.filter(ended_at=None).exists()
        other = Client()
        assert sign_in(other).url == reverse("signin.second-set")


class TestWhoNeedsIt:
    def test_no_parent(self, client):
        account_of()
        assert sign_in(client).url == reverse("parent.applications")

    def test_nobody_of_the_demonstration_while_it_is_one(self, client, officer, settings):
        DemonstrationPerson.objects.create(position=1, key="officer", account_id=officer, password="x")
        settings.MODE = "production"
        assert sign_in(client).url == reverse("signin.second-set")

        settings.MODE = "demonstration"
        assert sign_in(Client()).url == reverse("officer.home")

    def test_who_was_given_a_role_meanwhile(self, client):
        account_id = account_of()
        sign_in(client)
        grant = makes_officer(account_id)

        page = client.post(reverse("parent.switch-role"), {"role": grant}, follow=True)

        assert says(page, "екінші растау керек")
        assert not is_in(client)
