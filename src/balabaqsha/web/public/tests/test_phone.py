"""eGov Mobile: the telephone's two calls, and every way in which they can go wrong, each in plain words."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import segno
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from balabaqsha.accounts import clock
from balabaqsha.accounts.tests.doors import account_of, world
from balabaqsha.people.tests.family import STRANGER
from balabaqsha.record.models import JournalEntry
from balabaqsha.sandbox.authority.profile import Usage
from balabaqsha.sandbox.phone import Phone, Refused, address_in
from balabaqsha.signatures import verifier
from balabaqsha.signatures.mobile import actions as errands
from balabaqsha.signatures.mobile import queries, rules, wire
from balabaqsha.signatures.models import MobileErrand
from balabaqsha.web.public.tests.test_keys import expired, foreign, is_in, key, says
from tests.families import phone as phones
from tests.workplaces.world import NOW, trust

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def portal(settings, monkeypatch):
    trust(settings)
    monkeypatch.setattr(clock, "real_now", lambda: NOW)
    with world():
        yield


@pytest.fixture
def phone() -> Phone:
    return phones.phone()


def later(monkeypatch, **length) -> None:
    monkeypatch.setattr(clock, "real_now", lambda: NOW + timedelta(**length))


def asked(client) -> str:
    """The address of the page with the QR code."""
    answer = client.post(reverse("signin.eds"), {"how": "phone"})
    assert answer.status_code == 302
    return answer.url


def code(client, page: str) -> str:
    """What the QR code of the page says, as the link beside it does."""
    return phones.link_on(client.get(page))


def sends(client, page: str):
    """The form of the page after the telephone has signed."""
    return client.post(reverse("signin.eds"), {"errand": urlsplit(page).path.split("/")[2]})


class TestSigningIn:
    def test_shows_the_owner_and_lets_in(self, client, phone):
        account_of()
        page = asked(client)

        reply = phone.sign(code(client, page), key(), signed_at=NOW)

        assert reply.status == 200
        assert says(client.get(page), "data-phone-send")
        assert sends(client, page).url == reverse("signin.eds-owner")
        assert not is_in(client)
        client.post(reverse("signin.eds-enter"))
        assert is_in(client)
        assert JournalEntry.objects.get(act="signed-in").facts["way"] == "EDS"

    def test_needs_no_script(self, client, phone):
        """The page is looked at again, and each time says how far the telephone is."""
        page = asked(client)
        link = code(client, page)
        assert says(client.get(page), "Телефоннан жауап күтілуде")

        told = phone.open(link)
        assert says(client.get(page), "Код телефонда ашылды")
        assert says(client.get(page), f'href="{page}"')

        phone.bring(told, phone.fetch(told), key(), signed_at=NOW)
        assert says(client.get(page), "Қолтаңба телефоннан келді")

    def test_tells_the_script_how_it_stands(self, client, phone):
        page = asked(client)
        assert client.get(f"{page}state").json() == {"standing": "WAITING"}

        phone.sign(code(client, page), key(), signed_at=NOW)

        assert client.get(f"{page}state").json() == {"standing": "SIGNED"}

    def test_signs_a_text_for_this_portal_only(self, client, phone, settings):
        told = phone.open(code(client, asked(client)))
        said = json.loads(phones.content(phone.fetch(told)))

        assert (said["act"], said["aud"]) == ("login", settings.BASE_URL)
        assert said["exp"] - said["iat"] == 7 * 60

    def test_what_is_too_long_uses_nothing_up(self, client, phone):
        page = asked(client)
        told = phone.open(code(client, page))
        headers = {"Authorization": f"Bearer {told['document']['auth_token']}", "Content-Type": "application/json"}

        reply = phone.ask("PUT", told["document"]["uri"], headers, b"x" * 3_000_000)

        assert reply.status == 403
        assert reply.fields["message"]
        assert phone.bring(told, phone.fetch(told), key(), signed_at=NOW).status == 200

    def test_of_another_session_is_none(self, client, phone):
        account_of()
        page = asked(client)
        phone.sign(code(client, page), key(), signed_at=NOW)
        thief = Client()

        assert thief.get(page).status_code == 404
        assert thief.get(f"{page}state").status_code == 404
        assert says(sends(thief, page), "қолданылып қойған")
        assert not is_in(thief)

    def test_lets_in_once(self, client, phone):
        account_of()
        page = asked(client)
        phone.sign(code(client, page), key(), signed_at=NOW)
        kept = client.cookies.copy()
        assert sends(client, page).status_code == 302
        replayed = Client()
        replayed.cookies = kept

        assert says(sends(replayed, page), "қолданылып қойған")

    def test_is_not_offered_without_an_agreement(self, client, settings):
        settings.EGOV_MOBILE_BIN = ""

        assert not says(client.get(reverse("signin.eds")), "eGov Mobile")
        assert client.post(reverse("signin.eds"), {"how": "phone"}).status_code == 200
        assert MobileErrand.objects.count() == 0

    def test_is_asked_for_so_often_only(self, client):
        statuses = {client.post(reverse("signin.eds"), {"how": "phone"}).status_code for _ in range(121)}

        assert statuses == {302, 200}


class TestTheTelephone:
    def test_is_told_who_asks_and_until_when(self, client, phone, settings):
        told = phone.open(code(client, asked(client)))

        assert told["description"] == "Balabaqsha порталына кіру"
        assert told["expiry_date"] == "2026-11-18T10:07:00.000+05:00"
        assert told["organisation"]["bin"] == settings.EGOV_MOBILE_BIN
        assert told["document"]["auth_type"] == "Token"
        assert told["document"]["uri"].startswith(settings.BASE_URL)

    def test_gets_no_document_without_the_token(self, client, phone):
        told = phone.open(code(client, asked(client)))
        told["document"]["auth_token"] = "0" * 32

        with pytest.raises(Refused):
            phone.fetch(told)

    def test_needs_the_secret_of_the_code(self, client, phone):
        link = address_in(code(client, asked(client)))

        with pytest.raises(Refused) as refused:
            phone.open(f"{link[:-32]}{'0' * 32}")

        assert refused.value.reply.status == 404

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            (b"", "оқылмады"),
            (b"[" * 50_000, "оқылмады"),
            (b'{"documentsToSign": []}', "оқылмады"),
            (b'{"documentsToSign": [{"id": 2, "document": {"file": {"data": ""}}}]}', "оқылмады"),
            (b'{"documentsToSign": [{"id": 1, "document": {"file": {"data": 7}}}]}', "оқылмады"),
            (b'{"documentsToSign": [{"id": 1, "document": {"file": {"data": "AAAA"}}}]}', "оқылмады"),
        ],
    )
    def test_that_brings_nonsense_uses_the_code_up(self, client, phone, body, said):
        page = asked(client)
        told = phone.open(code(client, page))
        headers = {"Authorization": f"Bearer {told['document']['auth_token']}"}

        reply = phone.ask("PUT", told["document"]["uri"], headers, body)

        assert reply.status == 403
        assert said in reply.fields["message"]
        assert says(client.get(page), said)
        assert phone.ask("PUT", told["document"]["uri"], headers, body).fields["message"].startswith("Бұл QR-код")

    def test_that_signs_something_else_is_refused(self, client, phone):
        page = asked(client)
        told = phone.open(code(client, page))
        documents = phone.fetch(told)
        documents["documentsToSign"][0]["document"]["file"]["data"] = "AAAA"

        assert phone.bring(told, documents, key(), signed_at=NOW).status == 403
        assert says(client.get(page), "басқа мәтінге қойылған")

    @pytest.mark.parametrize(
        ("with_key", "said"),
        [
            (lambda: key(Usage.SIGN), "Бұл – қол қою кілті"),
            (foreign, "сенімді куәландырушы орталық бермеген"),
            (expired, "мерзімі өткен"),
        ],
        ids=["wrong purpose", "foreign", "expired"],
    )
    def test_with_another_key_is_told_why_as_is_the_page(self, client, phone, with_key, said):
        page = asked(client)

        reply = phone.sign(code(client, page), with_key(), signed_at=NOW)

        assert reply.status == 403
        assert said in reply.fields["message"]
        assert says(client.get(page), said)
        assert says(sends(client, page), "қолданылып қойған")

    def test_of_somebody_else_lets_nobody_in(self, client, phone):
        account_of()
        page = asked(client)
        phone.sign(code(client, page), key(iin=STRANGER.text), signed_at=NOW)

        sends(client, page)

        assert client.post(reverse("signin.eds-enter")).url == reverse("header.sign-up")

    def test_answers_once(self, client, phone):
        link = code(client, asked(client))
        told = phone.open(link)
        documents = phone.fetch(told)
        assert phone.bring(told, documents, key(), signed_at=NOW).status == 200

        again = phone.bring(told, documents, key(), signed_at=NOW)

        assert again.status == 403
        assert "қолданылып қойған" in again.fields["message"]
        with pytest.raises(Refused, match="қолданылып қойған"):
            phone.open(link)

    def test_is_late_after_seven_minutes(self, client, phone, monkeypatch):
        page = asked(client)
        link = code(client, page)
        told = phone.open(link)
        documents = phone.fetch(told)
        later(monkeypatch, minutes=7)

        reply = phone.bring(told, documents, key(), signed_at=NOW)

        assert (reply.status, "мерзімі өтті" in reply.fields["message"]) == (403, True)
        assert says(client.get(page), "QR-кодтың мерзімі өтті")
        with pytest.raises(Refused, match="мерзімі өтті"):
            phone.open(link)

    def test_hears_that_the_page_cancelled(self, client, phone):
        page = asked(client)
        told = phone.open(code(client, page))
        documents = phone.fetch(told)

        assert client.post(page).url == reverse("signin.eds")

        reply = phone.bring(told, documents, key(), signed_at=NOW)
        assert "тоқтатылған" in reply.fields["message"]
        assert says(client.get(page), "тоқтатылған")

    def test_hears_that_a_newer_code_was_asked_for(self, client, phone):
        first = code(client, asked(client))
        asked(client)

        with pytest.raises(Refused, match="тоқтатылған"):
            phone.open(first)
        assert bytes(MobileErrand.objects.order_by("id")[0].content) == b""


class TestASignature:
    def test_waits_ten_minutes_for_the_page(self, client, phone, monkeypatch):
        page = asked(client)
        phone.sign(code(client, page), key(), signed_at=NOW)
        later(monkeypatch, minutes=10)

        assert says(sends(client, page), "мерзімі өтті")

    def test_that_has_not_come_is_no_signature(self, client):
        page = asked(client)

        assert says(sends(client, page), "әлі келген жоқ")

    @pytest.mark.parametrize("token", ["", "x", "1c2d3e4f-0000-4000-8000-000000000000"])
    def test_of_no_errand_is_refused(self, client, token):
        assert says(client.post(reverse("signin.eds"), {"errand": token}), "қолданылып қойған")

    def test_is_deleted_the_day_after(self, client):
        asked(client)

        assert errands.clear(real_now=NOW + timedelta(days=2)) == 1

    def test_serves_the_page_that_asked_for_it_only(self, client, phone):
        page = asked(client)
        phone.sign(code(client, page), key(), signed_at=NOW)
        made = MobileErrand.objects.get()

        with pytest.raises(rules.PhoneSpent):
            errands.take(token=str(made.token), owner=bytes(made.owner), back="/elsewhere/", real_now=NOW)

    def test_counts_once_of_two_at_the_same_time(self, client, phone):
        page = asked(client)
        phone.sign(code(client, page), key(), signed_at=NOW)
        made = MobileErrand.objects.get()
        given = {"token": str(made.token), "owner": bytes(made.owner), "back": made.back, "real_now": NOW}

        errands.take(**given)

        with pytest.raises(rules.PhoneSpent):
            errands.take(**given)


def test_the_picture_and_the_link_lead_to_one_address_by_the_scheme_of_the_application(client):
    page = client.get(asked(client))
    token = MobileErrand.objects.get().token
    address = address_in(phones.link_on(page))

    assert address.endswith(f"/mgov/{token}/{queries.code_secret(token)}")
    drawn = segno.make(f"mobileSign:{address}", error="m", micro=False)
    assert says(page, drawn.svg_inline(scale=5, border=4, light="white"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["documentsToSign", "id", "document", "file", "data", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_whatever_a_telephone_brings_is_a_signature_or_refused(body):
    try:
        found = wire.read_signature(body)
    except verifier.SignatureUnreadable:
        return
    assert isinstance(found, bytes)
