"""The signature of the envelope, made and checked; what was changed, moved or made by a stranger is refused."""

import base64
import copy
import subprocess
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives import serialization
from lxml import etree

from balabaqsha.gateways import safexml, wssecurity
from balabaqsha.gateways.channel import Answer, Nonsense
from balabaqsha.gateways.population.client import PopulationClient
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.gateways.syncchannel import Sender, SyncChannel, compose, open_answer
from balabaqsha.gateways.tests.sandbox_process import MOTHER
from balabaqsha.gateways.wssecurity import DS, SOAP, WSSE, WSU, Security
from balabaqsha.kernel.iin import Iin
from balabaqsha.sandbox import identities
from balabaqsha.sandbox.identities import Identities

NOW = datetime(2026, 4, 6, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> Identities:
    return identities.ensure(tmp_path_factory.mktemp("gateway"), now=NOW)


@pytest.fixture
def trusted(keys) -> frozenset[bytes]:
    return keys.gateway.trusted()


def signed(keys: Identities, text: str = "940517403106") -> etree._Element:
    question = etree.Element("{urn:x}question", nsmap={"x": "urn:x"})
    etree.SubElement(question, "iin").text = text
    content = compose(
        service_id="s",
        message_id="6b1e1c5e-0000-4000-8000-0000000000aa",
        sender=Sender("а", "пароль & <b>"),
        data=question,
        now=NOW,
        identity=keys.portal.identity(),
    )
    return safexml.parse(content)


def body(envelope: etree._Element) -> etree._Element:
    return safexml.must(envelope, "Body")


def test_a_signed_envelope_passes(keys, trusted):
    wssecurity.check(signed(keys), trusted)


def test_it_passes_with_other_prefixes_around_it(keys, trusted):
    """A gateway takes the envelope apart and writes it anew; the canonical form is the same."""
    text = etree.tostring(signed(keys)).replace(b"soapenv:", b"s:").replace(b"xmlns:soapenv", b"xmlns:s")

    with pytest.raises(Nonsense):
        # A prefix is part of the canonical form: this is no longer what was signed.
        wssecurity.check(safexml.parse(text), trusted)
    again = etree.tostring(signed(keys), xml_declaration=True, encoding="UTF-16")
    wssecurity.check(safexml.parse(again), trusted)


def test_openssl_finds_the_same_signature(keys, tmp_path):
    """A second opinion on the value itself, over the canonical SignedInfo."""
    envelope = signed(keys)
    (information,) = envelope.iter(f"{{{DS}}}SignedInfo")
    (value,) = envelope.iter(f"{{{DS}}}SignatureValue")
    (tmp_path / "info").write_bytes(wssecurity.canonical(information))
    (tmp_path / "value").write_bytes(base64.b64decode(value.text))
    public = keys.portal.identity().certificate.public_key()
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key").write_bytes(public.public_bytes(*form))

    command = ["openssl", "dgst", "-sha256", "-verify", "key", "-signature", "value", "info"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert told.stdout.strip() == "Verified OK"


def without_signature(envelope):
    security = safexml.must(envelope, "Header", "Security")
    security.remove(safexml.must(security, "Signature"))


def without_security(envelope):
    header = safexml.must(envelope, "Header")
    header.remove(safexml.must(header, "Security"))


def changed(envelope):
    next(envelope.iter("iin")).text = "911103304203"


def added(envelope):
    etree.SubElement(body(envelope), "more")


def wrapped(envelope):
    """The signed body is hidden in the header, another one stands in its place: the classic attack."""
    original = body(envelope)
    forged = copy.deepcopy(original)
    next(forged.iter("iin")).text = "911103304203"
    forged.set(f"{{{WSU}}}Id", "another")
    envelope.replace(original, forged)
    etree.SubElement(safexml.must(envelope, "Header"), "hidden").append(original)


def named_twice(envelope):
    twin = etree.SubElement(safexml.must(envelope, "Header"), "twin")
    twin.set("Id", body(envelope).get(f"{{{WSU}}}Id"))


def without_reference(envelope):
    (information,) = envelope.iter(f"{{{DS}}}SignedInfo")
    information.remove(safexml.must(information, "Reference"))


def other_digest(envelope):
    next(envelope.iter(f"{{{DS}}}DigestMethod")).set("Algorithm", "http://www.w3.org/2000/09/xmldsig#sha1")


def other_method(envelope):
    next(envelope.iter(f"{{{DS}}}SignatureMethod")).set("Algorithm", "http://www.w3.org/2000/09/xmldsig#hmac-sha1")


def other_transform(envelope):
    next(envelope.iter(f"{{{DS}}}Transform")).set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")


def spoiled_value(envelope):
    value = next(envelope.iter(f"{{{DS}}}SignatureValue"))
    value.text = f"{'A' if value.text[0] != 'A' else 'B'}{value.text[1:]}"


def no_base64(envelope):
    next(envelope.iter(f"{{{DS}}}SignatureValue")).text = "қолтаңба"


def no_certificate(envelope):
    next(envelope.iter(f"{{{WSSE}}}BinarySecurityToken")).text = "AAAA"


def two_signatures(envelope):
    security = safexml.must(envelope, "Header", "Security")
    security.append(copy.deepcopy(safexml.must(security, "Signature")))


def two_bodies(envelope):
    envelope.append(copy.deepcopy(body(envelope)))


@pytest.mark.parametrize(
    "spoil",
    [
        without_signature,
        without_security,
        changed,
        added,
        wrapped,
        named_twice,
        without_reference,
        other_digest,
        other_method,
        other_transform,
        spoiled_value,
        no_base64,
        no_certificate,
        two_signatures,
        two_bodies,
    ],
)
def test_what_was_done_to_an_envelope_shows(keys, trusted, spoil):
    envelope = signed(keys)
    spoil(envelope)

    with pytest.raises(Nonsense):
        wssecurity.check(envelope, trusted)


def test_a_stranger_is_not_believed(keys, tmp_path):
    stranger = identities.ensure(tmp_path, now=NOW)

    with pytest.raises(Nonsense, match="stranger"):
        wssecurity.check(signed(stranger), keys.gateway.trusted())
    # Nor is the portal itself, where the gateway is to answer.
    with pytest.raises(Nonsense, match="stranger"):
        wssecurity.check(signed(keys), keys.portal.trusted())


def test_an_unsigned_answer_is_no_answer(keys):
    answer = Answer(200, f'<s:Envelope xmlns:s="{SOAP}"><s:Body/></s:Envelope>'.encode())

    with pytest.raises(Nonsense, match="no Header"):
        open_answer(answer, message_id="x", trusted=keys.portal.trusted())


class TestWithTheGateway:
    def ask(self, clients, sandbox, security, now):
        soap = SyncChannel(
            channel=clients["population"]._channel._channel,
            url=sandbox.settings()["soap_url"],
            service_id="GBDFL_UniversalServiceSync",
            sender=Sender("a", "b"),
            security=security,
        )
        return PopulationClient(channel=soap, territory_of=str).person(Iin.parse(MOTHER), consent=True, now=now)

    def test_both_sides_sign_and_check(self, clients, sandbox, now):
        assert self.ask(clients, sandbox, sandbox.security(), now).given_name == "ӘСЕМ"

    def test_it_answers_nobody_who_does_not_sign(self, clients, sandbox, now):
        with pytest.raises(NotAnswering):
            self.ask(clients, sandbox, None, now)

    def test_it_answers_no_stranger(self, clients, sandbox, now, keys):
        with pytest.raises(NotAnswering):
            self.ask(clients, sandbox, Security(keys.portal.key_file, sandbox.security().trusted_file), now)

    def test_a_gateway_that_we_do_not_know_is_not_heard(self, clients, sandbox, now, keys):
        with pytest.raises(NotAnswering) as refused:
            self.ask(clients, sandbox, Security(sandbox.security().key_file, keys.portal.trusted_file), now)

        assert refused.value.facts["reason"] == "nonsense"

    @pytest.mark.parametrize("content", [None, "no key", "-----BEGIN PRIVATE KEY-----"])
    def test_without_a_key_nothing_is_asked(self, clients, sandbox, now, tmp_path, content):
        file = tmp_path / "key.pem"
        if content is not None:
            file.write_text(content)
        asked = sandbox.asked("population")

        with pytest.raises(NotAnswering) as refused:
            self.ask(clients, sandbox, Security(file, sandbox.security().trusted_file), now)

        assert refused.value.facts["reason"] == "no-key"
        assert sandbox.asked("population") == asked
