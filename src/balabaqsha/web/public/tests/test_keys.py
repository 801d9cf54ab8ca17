"""Signing in by EDS: the owner is shown first, and no answer serves twice or elsewhere."""

import base64
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from balabaqsha.accounts import actions, clock
from balabaqsha.accounts.eds import actions as challenges
from balabaqsha.accounts.models import Account, Challenge, RoleGrant
from balabaqsha.accounts.tests.doors import account_of, world
from balabaqsha.gateways import registry
from balabaqsha.gateways.email.fake import InMemoryEmail
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import MOTHER, STRANGER
from balabaqsha.record.models import JournalEntry
from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.sandbox.authority import signing
from balabaqsha.sandbox.authority.profile import Holder, Usage
from balabaqsha.signatures import actions as signatures
from tests.signatures import making
from tests.workplaces.world import NOW, authority, trust

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def portal(settings, monkeypatch):
    trust(settings)
    monkeypatch.setattr(clock, "real_now", lambda: NOW)
    with world():
        yield


def key(usage=Usage.AUTH, iin=MOTHER.text, *, issuer=None, **more) -> authorities.Key:
    holder = Holder(iin=iin, surname="Үлгібаева", given_name="Жанар", patronymic="Мысалқызы", **more)
    return (issuer or authority()).issue(holder, usage)


def asked(client) -> bytes:
    """The text to sign, as the panel gets it."""
    return client.get(reverse("signin.eds-challenge")).content


def answer(client, content, with_key, **typed):
    cms = signing.sign(content, with_key, signed_at=NOW)
    return client.post(reverse("signin.eds"), {"cms": base64.b64encode(cms).decode()} | typed)


def says(response, text):
    return text in response.content.decode()


def is_in(client):
    return client.get(reverse("parent.profile")).status_code == 200


def foreign() -> authorities.Key:
    """A key of sign-in by an authority that nobody pinned."""
    town = making.town()
    issued = key()
    certificate = town.issuing.issue(
        issued.holder, Usage.AUTH, public_key=issued.private.public_key(), valid=(NOW - making.YEAR, NOW + making.YEAR)
    )
    return authorities.Key(holder=issued.holder, usage=Usage.AUTH, private=issued.private, certificate=certificate)


def expired() -> authorities.Key:
    issued = key()
    certificate = authority().issuing.issue(
        issued.holder,
        Usage.AUTH,
        public_key=issued.private.public_key(),
        valid=(NOW - making.YEAR, NOW - timedelta(days=1)),
    )
    return authorities.Key(holder=issued.holder, usage=Usage.AUTH, private=issued.private, certificate=certificate)


def revoked() -> authorities.Key:
    issued = key()
    authority().revoke(issued.certificate, now=NOW - timedelta(minutes=30))
    for content in authority().revocation_lists(now=NOW - timedelta(minutes=10)).values():
        signatures.store_revocation_list(content=content, actor=SYSTEM, now=NOW)
    return issued


class TestTheKeyOfAParent:
    def test_shows_its_owner_and_lets_in(self, client):
        account_of()

        assert answer(client, asked(client), key()).url == reverse("signin.eds-owner")
        page = client.get(reverse("signin.eds-owner"))
        assert says(page, "Үлгібаева Жанар Мысалқызы")
        assert MOTHER.text not in page.content.decode()
        assert not is_in(client)
        assert client.post(reverse("signin.eds-enter")).status_code == 302
        assert is_in(client)
        facts = JournalEntry.objects.get(act="signed-in").facts
        assert facts["way"] == "EDS"
        assert len(facts["certificate"]) == 64
        assert Account.objects.get().eds_at is not None

    def test_leads_to_registration_where_there_is_no_account(self, client):
        answer(client, asked(client), key())
        assert says(client.get(reverse("signin.eds-owner")), "кабинет жоқ")

        assert client.post(reverse("signin.eds-enter")).url == reverse("header.sign-up")
        assert says(client.get(reverse("header.sign-up")), f'value="{MOTHER.text}"')
        assert Account.objects.count() == 0

    def test_begins_a_session_under_a_new_key(self, client):
        account_of()
        content = asked(client)
        planted = Client()
        planted.cookies = client.cookies.copy()

        answer(client, content, key())

        assert planted.post(reverse("signin.eds-enter")).url == reverse("signin.eds")
        client.post(reverse("signin.eds-enter"))
        assert is_in(client)
        assert not is_in(planted)

    def test_is_forgotten_after_five_minutes(self, client, monkeypatch):
        account_of()
        answer(client, asked(client), key())
        monkeypatch.setattr(clock, "real_now", lambda: NOW + timedelta(minutes=5))

        assert client.get(reverse("signin.eds-owner")).url == reverse("signin.eds")
        assert client.post(reverse("signin.eds-enter")).url == reverse("signin.eds")


class TestAKeyOfSomebodyWithoutARole:
    def test_is_answered_in_words(self, client):
        account_of()
        answer(client, asked(client), key())
        actions.end_role(grant_id=RoleGrant.objects.get().id, reason="t", actor=SYSTEM, now=NOW)

        page = client.post(reverse("signin.eds-enter"), follow=True)

        assert says(page, "Логин немесе құпия сөз дұрыс емес")
        assert not is_in(client)


class TestTheKeyFile:
    @pytest.mark.parametrize("allowed", [True, False])
    def test_is_offered_where_the_settings_allow_it(self, client, settings, allowed):
        settings.KEY_FILES = allowed

        page = client.get(reverse("signin.eds"))

        assert says(page, 'value="layer"')
        assert says(page, 'value="file"') is allowed
        assert says(page, "data-sign-password") is allowed


class TestAChallenge:
    def test_says_for_what_and_for_whom_it_is(self, client, settings):
        said = json.loads(asked(client))

        assert (said["act"], said["aud"]) == ("login", settings.BASE_URL)
        assert said["exp"] - said["iat"] == 120
        assert json.loads(asked(client))["nonce"] != said["nonce"]

    def test_is_answered_once(self, client):
        account_of()
        content = asked(client)
        kept = client.session["entering.challenge"]
        answer(client, content, key())
        session = client.session
        session["entering.challenge"] = kept
        session.save()

        page = answer(client, content, key())

        assert says(page, "Біржолғы мәтіннің мерзімі өтті")

    def test_is_used_up_by_a_wrong_answer(self, client):
        content = asked(client)
        assert says(answer(client, b"another text", key()), "басқа мәтінге қойылған")

        assert says(answer(client, content, key()), "Біржолғы мәтіннің мерзімі өтті")

    def test_of_another_session_is_none(self, client):
        account_of()
        content = asked(client)
        thief = Client()
        asked(thief)
        session = thief.session
        session["entering.challenge"] = client.session["entering.challenge"]
        session.save()

        assert says(answer(thief, content, key()), "Біржолғы мәтіннің мерзімі өтті")

    def test_is_late_after_two_minutes(self, client, monkeypatch):
        content = asked(client)
        monkeypatch.setattr(clock, "real_now", lambda: NOW + challenges.LIFE)

        assert says(answer(client, content, key()), "Біржолғы мәтіннің мерзімі өтті")

    def test_that_nobody_asked_for_is_none(self, client):
        assert says(answer(client, b"{}", key()), "Біржолғы мәтіннің мерзімі өтті")

    def test_is_answered_once_of_two_at_the_same_time(self):
        made = challenges.make_challenge(session_key="s", audience="a", real_now=NOW)
        burnt = challenges.burn_challenge(challenge_id=made.id, session_key="s", real_now=NOW)

        assert burnt == bytes(made.content)
        with pytest.raises(challenges.ChallengeSpent):
            challenges.burn_challenge(challenge_id=made.id, session_key="s", real_now=NOW)

    def test_is_deleted_the_day_after(self):
        challenges.make_challenge(session_key="s", audience="a", real_now=NOW)

        assert challenges.clear_challenges(real_now=NOW + timedelta(days=2)) == 1
        assert Challenge.objects.count() == 0

    def test_is_asked_for_so_often_only(self, client):
        statuses = {client.get(reverse("signin.eds-challenge")).status_code for _ in range(121)}

        assert statuses == {200, 429}


class TestOtherKeys:
    @pytest.mark.parametrize(
        ("with_key", "said"),
        [
            (lambda: key(Usage.SIGN), "Бұл – қол қою кілті"),
            (foreign, "сенімді куәландырушы орталық бермеген"),
            (expired, "мерзімі өткен"),
            (revoked, "кері қайтарып алынған"),
        ],
        ids=["signing", "foreign", "expired", "revoked"],
    )
    def test_are_refused_in_words_of_their_own(self, client, with_key, said):
        account_of()

        page = answer(client, asked(client), with_key())

        assert says(page, said)
        assert client.get(reverse("signin.eds-owner")).url == reverse("signin.eds")

    @pytest.mark.parametrize("cms", ["", "қате", "AAAA", base64.b64encode(b"\x30\x80" * 500).decode()])
    def test_and_nonsense_are_refused(self, client, cms):
        asked(client)

        assert says(client.post(reverse("signin.eds"), {"cms": cms}), "Кілттің жауабы оқылмады")

    def test_that_are_valid_let_nobody_else_in(self, client):
        account_of()

        answer(client, asked(client), key(iin=STRANGER.text))

        assert client.post(reverse("signin.eds-enter")).url == reverse("header.sign-up")


class TestTheFirstEntranceWithAKey:
    def enters(self, target=""):
        client = Client()
        page = client.get(reverse("signin.eds"), {"next": target}).content.decode()
        assert 'data-purpose="auth"' in page
        answer(client, asked(client), key())
        return client, client.post(reverse("signin.eds-enter"))

    def test_asks_for_an_address_once(self):
        account_of()

        client, first = self.enters()
        assert first.url == reverse("profile.email")
        assert says(client.get(first.url), "Кейінірек")
        _, second = self.enters()

        assert second.url == reverse("parent.applications")

    def test_asks_nobody_who_has_one(self):
        account = Account.objects.get(pk=account_of())
        Person.objects.filter(pk=account.person_id).update(email="mother@example.kz")

        assert self.enters()[1].url == reverse("parent.applications")

    def test_takes_the_address_with_the_code_that_went_there(self):
        account_of()
        client, _ = self.enters()
        post = InMemoryEmail()
        with registry.replaced(email=post):
            client.post(reverse("profile.email"), {"email": "Mother@Example.kz", "next": "/cabinet/children/"})
        code = post.sent[0].get_content()[:6]
        wrong = f"{(int(code) + 1) % 1_000_000:06}"
        assert says(client.post(reverse("profile.email-code"), {"code": wrong}), "Код дұрыс емес")

        assert client.post(reverse("profile.email-code"), {"code": code}).url == "/cabinet/children/"

        person = Person.objects.get(iin=MOTHER.text)
        assert (person.email, person.email_confirmed_at) == ("mother@example.kz", NOW)
        typed = {"email": "other@example.kz", "language": "kk"}
        client.post(reverse("parent.profile"), typed)
        person.refresh_from_db()
        assert (person.email, person.email_confirmed_at) == ("other@example.kz", None)
