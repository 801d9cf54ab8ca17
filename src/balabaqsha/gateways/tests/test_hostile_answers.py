"""Whatever bytes a system sends: a record in order, or NotAnswering."""

import re
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from balabaqsha.gateways import safexml
from balabaqsha.gateways.addresses.client import AddressesClient
from balabaqsha.gateways.arkotek.client import ArkotekClient
from balabaqsha.gateways.arkotek.port import Conclusions
from balabaqsha.gateways.births.client import BirthsClient
from balabaqsha.gateways.births.port import Children
from balabaqsha.gateways.breaker import Breaker
from balabaqsha.gateways.channel import Channel, Nonsense
from balabaqsha.gateways.medical.client import MedicalClient
from balabaqsha.gateways.medical.port import FormAnswer
from balabaqsha.gateways.phones.client import PhonesClient
from balabaqsha.gateways.phones.port import PhoneRecord
from balabaqsha.gateways.population.client import PopulationClient
from balabaqsha.gateways.population.port import PersonRecord
from balabaqsha.gateways.port import NotAnswering, System
from balabaqsha.gateways.runtime import Runtime
from balabaqsha.gateways.sms.client import SmsClient
from balabaqsha.gateways.sms.port import Accepted
from balabaqsha.gateways.social.client import SocialClient
from balabaqsha.gateways.social.port import StatusRecord
from balabaqsha.gateways.syncchannel import Sender, SyncChannel
from balabaqsha.gateways.tests.sandbox_process import MOTHER, MOTHER_PHONE, SON
from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import BenefitStatus, DocumentKind

ID = "6b1e1c5e-0000-4000-8000-0000000000aa"
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def channel_that_answers(body):
    runtime = Runtime(
        monotonic=lambda: 0.0, sleep=lambda _: None, chance=lambda: 0.5, new_id=lambda: ID, before_asking=lambda: None
    )
    return Channel(
        system=System.POPULATION,
        runtime=runtime,
        breaker=Breaker(monotonic=lambda: 0.0, failures_to_open=1_000_000),
        transport=httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(body))),
    )


def outcome(body, now, which):
    """What the client makes of the bytes: its answer or the refusal."""
    channel = channel_that_answers(body)
    soap = SyncChannel(channel=channel, url="http://g.example/", service_id="s", sender=Sender("a", "b"))
    iin = Iin.parse(MOTHER)
    errands = {
        "population": lambda: PopulationClient(channel=soap, territory_of=lambda code: code).person(
            iin, consent=True, now=now
        ),
        "phones": lambda: PhonesClient(channel=soap).owner(iin, MOTHER_PHONE, now=now),
        "births": lambda: BirthsClient(channel=soap).children(iin, now=now),
        "social": lambda: SocialClient(channel=soap).status(
            BenefitStatus.LARGE_FAMILY, child=Iin.parse(SON), representative=iin, consent=True, now=now
        ),
        "sms": lambda: SmsClient(channel=channel, url="http://g.example", token="t", sender="s").send(
            MOTHER_PHONE, "1", reference="r", now=now
        ),
        "addresses": lambda: AddressesClient(channel=channel, url="http://g.example", token="t").search(
            "Естай 1", within="551000000", most=8, now=now
        ),
        "medical": lambda: MedicalClient(channel=channel, url="http://g.example", token="t").form(
            DocumentKind.FORM_027, Iin.parse(SON), now=now
        ),
        "arkotek": lambda: ArkotekClient(channel=channel, url="http://g.example", token="t").conclusions(
            Iin.parse(SON), now=now
        ),
    }
    try:
        return errands[which]()
    except NotAnswering as refused:
        return refused


@pytest.fixture(scope="session")
def recorded(sandbox):
    """Real answers of the sandbox to the questions above."""
    found = {}

    def keep(request):
        with httpx.Client(trust_env=False) as client:
            answer = client.request(request.method, request.url, headers=request.headers, content=request.content)
        found[keep.which] = answer.content
        return httpx.Response(answer.status_code, stream=httpx.ByteStream(answer.content))

    channel = channel_that_answers(b"")
    channel._http = httpx.Client(transport=httpx.MockTransport(keep))
    url = sandbox.settings()["soap_url"]
    now = datetime(2026, 4, 6, tzinfo=UTC)
    iin = Iin.parse(MOTHER)

    def soap(service):
        return SyncChannel(
            channel=channel, url=url, service_id=service, sender=Sender("a", "b"), security=sandbox.security()
        )

    keep.which = "addresses"
    AddressesClient(channel=channel, url=sandbox.settings()["addresses_url"], token="t").search(
        "Естай 1", within="551000000", most=8, now=now
    )
    keep.which = "arkotek"
    address = sandbox.settings()["arkotek_url"]
    ArkotekClient(channel=channel, url=address, token="t").conclusions(Iin.parse(SON), now=now)
    keep.which = "medical"
    address = sandbox.settings()["medical_url"]
    MedicalClient(channel=channel, url=address, token="t").form(DocumentKind.FORM_027, Iin.parse(SON), now=now)
    keep.which = "population"
    PopulationClient(channel=soap("GBDFL_UniversalServiceSync"), territory_of=str).person(iin, consent=True, now=now)
    keep.which = "social"
    SocialClient(channel=soap("MT_SocialStatus")).status(
        BenefitStatus.LARGE_FAMILY, child=Iin.parse(SON), representative=iin, consent=True, now=now
    )
    keep.which = "phones"
    PhonesClient(channel=soap("BMG_PhoneOwner")).owner(iin, MOTHER_PHONE, now=now)
    keep.which = "births"
    BirthsClient(channel=soap("ZAGS_BirthRecords")).children(iin, now=now)
    return found


ANSWERS = {
    "population": PersonRecord,
    "phones": PhoneRecord,
    "births": Children,
    "social": StatusRecord,
    "sms": Accepted,
    "addresses": tuple,
    "arkotek": Conclusions,
    "medical": FormAnswer,
}


class TestAnswer:
    @pytest.mark.parametrize("which", ANSWERS)
    @MANY
    @given(body=st.binary(max_size=300))
    @example(body=b"")
    @example(body=b"\xff\xfe<\x00a\x00/\x00>\x00")
    @example(body="<?xml version='1.0' encoding='windows-1251'?><а/>".encode())
    @example(body=b"<a>" * 5000)
    @example(body=b"[" * 200_000)
    @example(body=b'{"id": ["x"]}')
    def test_of_any_bytes_is_refused(self, which, body, now):
        assert isinstance(outcome(body, now, which), NotAnswering)

    @pytest.mark.parametrize("which", ["population", "phones", "births", "social", "addresses", "arkotek", "medical"])
    @MANY
    @given(data=st.data())
    def test_with_a_damaged_byte_is_read_or_refused(self, which, recorded, now, data):
        body = bytearray(recorded[which])
        at = data.draw(st.integers(0, len(body) - 1))
        body[at] = data.draw(st.integers(0, 255))

        assert isinstance(outcome(bytes(body), now, which), ANSWERS[which] | NotAnswering)

    @pytest.mark.parametrize("which", ["population", "phones", "births", "social", "addresses", "arkotek", "medical"])
    def test_as_recorded_is_read(self, which, recorded, now):
        assert isinstance(outcome(recorded[which], now, which), ANSWERS[which])

    @pytest.mark.parametrize(
        ("pattern", "instead"),
        [
            (rb'"addresses"', b'"other"'),
            (rb'"kato": "551010000"', b'"kato": "55101"'),
            (rb'"latitude": [0-9.]+', b'"latitude": 76.9'),
            (rb'"longitude": [0-9.]+', b'"longitude": NaN'),
            (rb'"longitude": [0-9.]+', b'"longitude": true'),
            (rb'"kk": "[^"]+"', b'"kk": ""'),
        ],
    )
    def test_of_the_address_register_that_says_something_else_is_refused(self, recorded, now, pattern, instead):
        changed = re.sub(pattern, instead, recorded["addresses"], count=1)

        assert changed != recorded["addresses"]
        assert isinstance(outcome(changed, now, "addresses"), NotAnswering)

    @pytest.mark.parametrize(
        ("pattern", "instead"),
        [
            (rb"<iin>\d+</iin>", b"<iin>990909400012</iin>"),
            (rb"SCSS001", b"SCSE002"),
            (rb"<code>00000</code>", b"<code>00404</code>"),
            (rb"1994-05-17", b"1994-02-30"),
            (rb"<gender><code>2", b"<gender><code>7"),
            (rb"<lifeStatus><code>0", b"<lifeStatus><code>9"),
            (rb"(<person>.*</person>)", rb"\1\1"),
            (rb"<name>[^<]+</name>", b"<name>" + b"x" * 600 + b"</name>"),
            (rb"<surname>[^<]+</surname>", b"<surname><b>x</b></surname>"),
            (rb"\A", b'<!DOCTYPE soap [<!ENTITY a "b">]>'),
        ],
    )
    def test_that_says_something_else_is_refused(self, recorded, now, pattern, instead):
        body = re.sub(rb"<\?xml[^>]*\?>\s*", b"", recorded["population"])
        changed = re.sub(pattern, instead, body, count=1)

        assert changed != body
        assert isinstance(outcome(changed, now, "population"), NotAnswering)


class TestParse:
    def test_opens_no_file(self, tmp_path):
        secret = tmp_path / "secret"
        secret.write_text("secret")

        with pytest.raises(Nonsense, match="document type"):
            safexml.parse(f'<!DOCTYPE a [<!ENTITY e SYSTEM "{secret.as_uri()}">]><a>&e;</a>'.encode())

    def test_refuses_a_bomb_at_once(self):
        entities = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 50}">' for n in range(8))

        with pytest.raises(Nonsense):
            safexml.parse(f'<!DOCTYPE a [<!ENTITY e0 "x">{entities}]><a>&e8;</a>'.encode())

    def test_takes_a_name_of_80_letters(self):
        root = safexml.parse(f"<a><name>{'Ә' * 80}</name></a>".encode())

        assert safexml.must_text(root, "name") == "Ә" * 80
