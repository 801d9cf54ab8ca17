"""A contract and a choice signed by telephone: no script, the one signing panel, and only the one who may sign."""

import re

import pytest
from django.urls import reverse

from balabaqsha.people.models import Person
from balabaqsha.people.tests.family import STRANGER
from balabaqsha.signatures.models import MobileErrand, Signature
from tests.families import phone as phones
from tests.families.home import says
from tests.workplaces import world


def qr_page(answer) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def signs(home, page: str, *, iin: str | None = None):
    """The mother scans the code of the page and signs."""
    link = phones.link_on(home.client.get(page))
    key = world.key(iin or Person.objects.get(id=home.mother.person_id).iin)
    return phones.phone().sign(link, key, signed_at=home.now)


def sent_on(home, page: str):
    """The form that the page of the code shows once the telephone has signed."""
    form = home.client.get(page).content.decode()
    action, errand = re.search(
        r'action="([^"]+)" data-phone-send>.*?name="errand" value="([^"]+)"', form, re.DOTALL
    ).groups()
    return home.client.post(action, {"errand": errand})


class TestTheContract:
    @pytest.fixture
    def filled(self, home):
        home.is_sent()
        home.fills_contract()
        home.attaches_all()
        return home

    def test_is_signed_by_telephone(self, filled):
        assert says(filled.get("contract.page", filled.number), "QR-код алу")
        page = qr_page(filled.post("contract.sign", filled.number, how="phone"))

        assert signs(filled, page).status == 200
        assert filled.state == "CONTRACT_WITH_PARENT"
        assert sent_on(filled, page).status_code == 302

        assert filled.state == "CONTRACT_WITH_KINDERGARTEN"
        kept = Signature.objects.get()
        assert (kept.purpose, kept.person_id) == ("SIGN", filled.mother.person_id)

    def test_comes_to_the_telephone_as_it_is(self, filled):
        page = qr_page(filled.post("contract.sign", filled.number, how="phone"))
        phone = phones.phone()

        documents = phone.fetch(phone.open(phones.link_on(filled.client.get(page))))

        (document,) = documents["documentsToSign"]
        assert documents["signMethod"] == "CMS_SIGN_ONLY"
        assert document["document"]["file"]["mime"] == "@file/pdf"
        assert phones.content(documents) == filled.document()
        assert "шарт" in document["nameKz"]

    def test_is_not_signed_by_somebody_else(self, filled):
        page = qr_page(filled.post("contract.sign", filled.number, how="phone"))

        reply = signs(filled, page, iin=STRANGER.text)

        assert reply.status == 403
        assert "басқа адамның ЖСН-іне" in reply.fields["message"]
        assert says(filled.client.get(page), "басқа адамның ЖСН-іне")
        assert filled.state == "CONTRACT_WITH_PARENT"

    def test_that_was_filled_in_anew_meanwhile_needs_a_new_code(self, filled):
        page = qr_page(filled.post("contract.sign", filled.number, how="phone"))
        signs(filled, page)
        filled.fills_contract(address="Басқа к-сі, 8")
        filled.attaches_all()

        assert says(sent_on(filled, page), "сәйкес келмейді")
        assert filled.state == "CONTRACT_WITH_PARENT"

    def test_is_signed_by_the_head_with_the_key_of_the_organisation(self, filled):
        assert filled.signs().status_code == 302
        head = filled.town.as_head()
        address = reverse("kg.contract-sign", args=[filled.number])
        page = qr_page(head.post(address, {"how": "phone"}))
        link = phones.link_on(head.get(page))
        assert MobileErrand.objects.get().organisation_bin == world.BIN

        reply = phones.phone().sign(link, world.key(world.HEAD.text, world.BIN), signed_at=filled.now)
        assert reply.status == 200
        assert head.post(address, {"errand": page.split("/")[2]}).status_code == 302

        assert filled.state == "ENROLLED"


class TestTheLinearChoice:
    def test_is_signed_by_telephone(self, home):
        home.linear()
        home.applies()
        group = home.town.group
        page = qr_page(home.post("turn.choose", home.number, group.id, how="phone"))

        assert signs(home, page).status == 200
        assert sent_on(home, page).status_code == 302

        assert home.state == "REFERRAL_ISSUED"
        assert Signature.objects.get().document_kind == "choice"
