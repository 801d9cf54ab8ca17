"""Programs enter by the same actions as pages: each way in, and what is refused."""

import base64
import json

import pytest
from django.test import Client
from django.urls import reverse

from balabaqsha.accounts import actions, clock, tasks
from balabaqsha.accounts.models import RoleGrant
from balabaqsha.accounts.tests.doors import PASSWORD, account_of, world
from balabaqsha.kernel.actor import SYSTEM, Role
from balabaqsha.people import _steps as people
from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import MOTHER, PHONE, STRANGER
from balabaqsha.sandbox.authority import signing
from balabaqsha.sandbox.authority.profile import Holder, Usage
from balabaqsha.territories.models import Territory
from tests.workplaces.world import CITY, NOW, authority, trust

pytestmark = pytest.mark.django_db

BIN = "990740000000"


@pytest.fixture(autouse=True)
def here(settings, monkeypatch):
    trust(settings)
    settings.EGOV_MOBILE_BIN = BIN
    monkeypatch.setattr(clock, "real_now", lambda: NOW)
    with world() as found:
        account_of(MOTHER)
        people.confirm_phone(person_id=Person.objects.get(iin=MOTHER.text).id, number=PHONE, now=NOW)
        yield found


def send(client, name, *arguments, method="post", **said):
    typed = {key: value for key, value in said.items() if key not in {"headers", "content_type"}}
    content_type = said.get("content_type", "application/json")
    return getattr(client, method)(
        reverse(name, args=arguments), json.dumps(typed), content_type=content_type, headers=said.get("headers")
    )


def whose(client):
    return client.get(reverse("api.session")).json()


def cms(content, *, iin=MOTHER.text, usage=Usage.AUTH):
    key = authority().issue(Holder(iin=iin, surname="Үлгібаева", given_name="Жанар", patronymic="Мысалқызы"), usage)
    return base64.b64encode(signing.sign(content, key, signed_at=NOW)).decode()


def challenge(client):
    return base64.b64decode(send(client, "api.eds-challenge").json()["content"])


class TestPassword:
    def test_lets_in_and_out(self, client):
        assert whose(client) == {"signedIn": False}

        answer = send(client, "api.password", who=MOTHER.text, password=PASSWORD)

        assert (answer.status_code, answer.json()) == (200, {"step": "done"})
        assert whose(client)["role"] == "PARENT"
        assert client.get(reverse("parent.profile")).status_code == 200
        assert client.delete(reverse("api.session")).status_code == 204
        assert whose(client) == {"signedIn": False}

    def test_tells_nobody_who_has_an_account(self):
        known = send(Client(), "api.password", who=MOTHER.text, password="wrong")
        unknown = send(Client(), "api.password", who=STRANGER.text, password="wrong")

        assert known.status_code == unknown.status_code == 401
        assert known.content == unknown.content

    def test_closes_the_door_after_five_wrong_ones_and_says_for_how_long(self, client):
        for _ in range(5):
            send(client, "api.password", who=MOTHER.text, password="wrong")

        answer = send(client, "api.password", who=MOTHER.text, password=PASSWORD)

        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.json()["error"]["code"] == "too-many-attempts"

    def test_says_beside_the_field_what_is_wrong_in_the_language_asked_for(self, client):
        answer = send(client, "api.password", who="123", password="", headers={"Accept-Language": "en"})

        assert answer.status_code == 422
        assert set(answer.json()["error"]["fields"]) == {"who", "password"}
        assert answer.json()["error"]["fields"]["password"] == "Fill in this field."

    def test_asks_staff_for_their_second_factor(self, client):
        person_id = Person.objects.get(iin=MOTHER.text).id
        account_id = RoleGrant.objects.get(account__person_id=person_id).account_id
        territory = Territory.objects.get(code=CITY).code
        actions.grant_role(
            account_id=account_id, role=Role.OFFICER, territory_code=territory, reason="test", actor=SYSTEM, now=NOW
        )

        answer = send(client, "api.password", who=MOTHER.text, password=PASSWORD)

        assert answer.json() == {"step": "set-second", "url": reverse("signin.second-set")}
        assert whose(client) == {"signedIn": False}
        assert send(client, "api.second", code="123456").status_code == 409


class TestCode:
    def test_comes_by_sms_and_lets_in(self, client, here, monkeypatch):
        ordered = []
        monkeypatch.setattr(tasks, "order", lambda **said: ordered.append(said["code_id"]))

        answer = send(client, "api.code", who=MOTHER.text)
        assert (answer.status_code, ordered != []) == (202, True)
        tasks.sending.send(code_id=ordered[0], language="kk", now=NOW, real_now=NOW)

        assert send(client, "api.code-answer", code="000000").status_code == 403
        assert send(client, "api.code-answer", code=here.last_code()).json() == {"step": "done"}
        assert whose(client)["signedIn"] is True

    def test_is_ordered_alike_for_whoever_has_no_account(self, monkeypatch):
        monkeypatch.setattr(tasks, "order", lambda **_: None)

        known, unknown = (send(Client(), "api.code", who=iin.text) for iin in (MOTHER, STRANGER))

        assert (known.status_code, known.content) == (unknown.status_code, unknown.content)

    def test_is_not_ordered_twice_at_once(self, client, monkeypatch):
        monkeypatch.setattr(tasks, "order", lambda **_: None)
        send(client, "api.code", who=MOTHER.text)

        answer = send(client, "api.code", who=MOTHER.text)

        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0

    def test_counts_in_the_session_that_ordered_it_only(self, client):
        assert send(client, "api.code-answer", code="123456").status_code == 409


class TestKey:
    def test_signs_the_text_of_the_session_and_lets_its_owner_in(self, client):
        answer = send(client, "api.eds-answer", cms=cms(challenge(client)))

        assert answer.json()["known"] is True
        assert answer.json()["iin"] == f"{MOTHER.text[:4]}******{MOTHER.text[-2:]}"
        assert whose(client) == {"signedIn": False}
        assert send(client, "api.eds-enter").json() == {"step": "done"}
        assert whose(client)["signedIn"] is True

    def test_is_asked_for_a_new_text_after_each_answer(self, client):
        content = challenge(client)
        send(client, "api.eds-answer", cms="bm90aGluZw==")

        assert send(client, "api.eds-answer", cms=cms(content)).status_code == 409

    def test_of_another_session_is_refused(self, client):
        content = challenge(Client())

        assert send(client, "api.eds-answer", cms=cms(content)).status_code == 409
        assert send(client, "api.eds-enter").status_code == 409

    def test_of_signing_is_refused(self, client):
        answer = send(client, "api.eds-answer", cms=cms(challenge(client), usage=Usage.SIGN))

        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "signature-refused")

    def test_leads_whoever_has_no_account_to_registration(self, client):
        send(client, "api.eds-answer", cms=cms(challenge(client), iin=STRANGER.text))

        assert send(client, "api.eds-enter").json() == {"step": "sign-up", "url": reverse("header.sign-up")}


class TestPhone:
    def brings(self, address):
        """What the application does with the address of the QR code."""
        phone = Client()
        first = phone.get(address).json()["document"]
        path = first["uri"].split("/", 3)[3]
        shown = {"Authorization": f"Bearer {first['auth_token']}"}
        form = phone.get(f"/{path}", headers=shown).json()
        file = form["documentsToSign"][0]["document"]["file"]
        file["data"] = cms(base64.b64decode(file["data"]))
        return phone.put(f"/{path}", json.dumps(form), content_type="application/json", headers=shown)

    def test_brings_a_signature_that_the_session_takes_once(self, client):
        begun = send(client, "api.phone")
        token = begun.json()["token"]
        assert begun.status_code == 201
        assert client.get(reverse("api.phone-state", args=[token])).json() == {"standing": "WAITING"}
        assert send(client, "api.phone", method="put", token=token).status_code == 409

        address = begun.json()["code"].removeprefix("mobileSign:").split("/", 3)[3]
        assert self.brings(f"/{address}").status_code == 200

        assert client.get(reverse("api.phone-state", args=[token])).json() == {"standing": "SIGNED"}
        assert send(client, "api.phone", method="put", token=token).json()["known"] is True
        assert send(client, "api.eds-enter").json() == {"step": "done"}

    def test_is_nobody_elses(self, client):
        token = send(Client(), "api.phone").json()["token"]

        assert client.get(reverse("api.phone-state", args=[token])).status_code == 404
        assert send(client, "api.phone", method="put", token=token).status_code in {404, 409}
        assert client.get(reverse("api.phone-state", args=["x"])).status_code == 404

    def test_is_not_offered_without_an_agreement(self, client, settings):
        settings.EGOV_MOBILE_BIN = ""

        assert send(client, "api.phone").json()["error"]["code"] == "not-offered"


class TestDoor:
    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [
            (b"who=x", "application/x-www-form-urlencoded", 415),
            (b'{"who": "x"', "application/json", 400),
            (b"[" * 100_000, "application/json", 400),
            (b'{"who": "\\ud800", "password": "x"}', "application/json", 400),
            (b"\xff\xfe", "application/json", 400),
            (b"[]", "application/json", 422),
            (b'{"who": 12, "password": "x"}', "application/json", 422),
            (b'{"who": "x", "password": "x", "role": "MINISTRY"}', "application/json", 422),
            (b'{"who": "a\\u0000b@c", "password": "x"}', "application/json", 422),
            (b'{"who": "' + b"x" * 300_000 + b'"}', "application/json", 413),
        ],
    )
    def test_answers_what_it_cannot_read_in_words(self, client, body, content_type, status):
        answer = client.post(reverse("api.password"), body, content_type=content_type)

        assert answer.status_code == status
        assert answer.json()["error"]["message"]

    def test_is_closed_to_the_pages_of_other_sites(self):
        client = Client(enforce_csrf_checks=True)
        said = {"who": MOTHER.text, "password": PASSWORD}

        foreign = send(client, "api.password", headers={"Origin": "https://evil.example"}, **said)
        own = send(client, "api.password", headers={"Origin": "http://testserver"}, **said)

        assert (foreign.status_code, own.status_code) == (403, 200)

    def test_knows_no_other_methods(self, client):
        assert client.get(reverse("api.password")).status_code == 405
        assert client.put(reverse("api.session")).status_code == 405

    def test_says_what_it_promises(self, client):
        answer = client.get(reverse("api.document"))

        assert answer.json()["openapi"].startswith("3.1")
        assert answer.headers["Cache-Control"]
