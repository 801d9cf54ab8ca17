"""What each system answered, written down: the clients read it without the sandbox, which is ours and might err with them.

Of the systems without a public format the answers are as `docs/state-systems.md` shows them; of the others as their
public code and descriptions do.
"""

import json
import pkgutil
import socket
import threading
from datetime import date

import httpx
from asn1crypto import ocsp

from balabaqsha import gateways
from balabaqsha.gateways.addresses.client import AddressesClient
from balabaqsha.gateways.arkotek.client import ArkotekClient
from balabaqsha.gateways.births.client import BirthsClient
from balabaqsha.gateways.births.port import Parent
from balabaqsha.gateways.channel import Channel
from balabaqsha.gateways.email.client import EmailClient, Server
from balabaqsha.gateways.medical.client import MedicalClient
from balabaqsha.gateways.node.client import NodeClient
from balabaqsha.gateways.phones.client import PhonesClient
from balabaqsha.gateways.phones.port import Standing
from balabaqsha.gateways.population.client import PopulationClient
from balabaqsha.gateways.port import System
from balabaqsha.gateways.revocation.client import RevocationClient
from balabaqsha.gateways.runtime import Runtime
from balabaqsha.gateways.sms.client import SmsClient
from balabaqsha.gateways.sms.port import State
from balabaqsha.gateways.social import port as social
from balabaqsha.gateways.social.client import SocialClient
from balabaqsha.gateways.status.client import StatusClient
from balabaqsha.gateways.syncchannel import Sender, SyncChannel
from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import BenefitStatus, CorrectionType, DocumentKind

ID = "6b1e1c5e-0000-4000-8000-0000000000aa"
MOTHER, CHILD, PHONE = Iin.parse("940517403106"), Iin.parse("210830505129"), "+77010000101"
# SyncChannel v10, as gateways of the state write it: prefixes of their own, the item with code, nameRu, nameKz.
ENVELOPE = """<?xml version='1.0' encoding='UTF-8'?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<ns2:SendMessageResponse xmlns:ns2="http://bip.bee.kz/SyncChannel/v10/Types"><response>
<responseInfo><messageId>7f0e3f2a-1111-4222-8333-944455556666</messageId><correlationId>{id}</correlationId>
<responseDate>2026-04-06T14:30:01.512+05:00</responseDate>
<status><code>SCSS001</code><message>Message has been processed successfully</message></status>
<sessionId>{{a36a7d3f-3a3c-44bc-9d1e-2f1c0f9b7a10}}</sessionId></responseInfo>
<responseData><data xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{data}</data></responseData>
</response></ns2:SendMessageResponse></soap:Body></soap:Envelope>"""
PERSON = """<gbd:getPersonResponse xmlns:gbd="http://data.gbd.chdb.scb.kz/">
<messageResult><code>00000</code><nameRu>Сообщение успешно обработано</nameRu><nameKz>Хабарлама сәтті өңделді</nameKz></messageResult>
<persons><person><iin>940517403106</iin><surname>СЕРІКОВА</surname><name>ӘСЕМ</name>
<birthDate>1994-05-17</birthDate><gender><code>2</code><nameRu>Женский</nameRu><nameKz>Әйел</nameKz></gender>
<nationality><code>005</code><nameRu>казах</nameRu><nameKz>қазақ</nameKz></nationality><citizenship xsi:nil="true"/>
<lifeStatus><code>0</code><nameRu>Нормальный</nameRu><nameKz>Қалыпты</nameKz></lifeStatus>
<regAddress><region><code>550000000</code><nameRu>Павлодарская область</nameRu><nameKz>Павлодар облысы</nameKz></region>
<district><code>551010000</code><nameRu>город Павлодар</nameRu><nameKz>Павлодар қаласы</nameKz></district>
<street>Естай көшесі</street><building>101</building></regAddress></person></persons></gbd:getPersonResponse>"""
OWNER = """<phoneOwnerResponse xmlns="urn:balabaqsha:phones:1"><iin>940517403106</iin><phone>+77010000101</phone>
<standing>BELONGS</standing></phoneOwnerResponse>"""
BIRTHS = """<birthRecordsResponse xmlns="urn:balabaqsha:births:1"><parentIin>940517403106</parentIin>
<record><childIin>210830505129</childIin><role>MOTHER</role><number>10-551-21-0005120</number>
<registeredOn>2021-09-06+05:00</registeredOn></record></birthRecordsResponse>"""
STATUS = """<socialStatusResponse xmlns="urn:balabaqsha:social:1"><childIin>210830505129</childIin>
<representativeIin>940517403106</representativeIin><status>CHILD_DISABILITY</status><standing>HAS</standing>
<number>MT-2025-0001007</number><validUntil>2027-05-31</validUntil></socialStatusResponse>"""
ADDRESS = {
    "code": "551010000-1-101",
    "kato": "551010000",
    "kk": "Павлодар қаласы, Естай, 101",
    "ru": "город Павлодар, Естая, 101",
    "latitude": 52.2542,
    "longitude": 76.991585,
}
CONCLUSION = {
    "number": "PMPK-2026-000101",
    "iin": CHILD.text,
    "correction": "SPEECH_SEVERE",
    "issuedOn": "2026-02-10",
    "validUntil": "2027-02-09",
    "issuedBy": {"kk": "№ 2 ПМПК, Павлодар қаласы", "ru": "ПМПК № 2, город Павлодар"},
    "advice": {"kk": "Түзету тобы ұсынылады", "ru": "Рекомендована коррекционная группа"},
}
NODE = {
    "status": 200,
    "message": "OK",
    "valid": True,
    "signers": [
        {
            "certificates": [
                {
                    "valid": True,
                    "serialNumber": "3f2a",
                    "keyUsage": "SIGN",
                    "subject": {"iin": MOTHER.text, "commonName": "СЕРІКОВА ӘСЕМ"},
                    "revocations": [{"by": "OCSP", "revoked": False}, {"by": "CRL", "revoked": False}],
                }
            ],
            "tsp": {"hash": "ABCD", "tspHashAlgorithm": "SHA256"},
        }
    ],
}


def channel(system: System, body: bytes, status: int = 200) -> Channel:
    """To whatever is asked this is answered."""
    runtime = Runtime(
        monotonic=lambda: 0.0, sleep=lambda _: None, chance=lambda: 0.5, new_id=lambda: ID, before_asking=lambda: None
    )
    answer = httpx.MockTransport(lambda _: httpx.Response(status, stream=httpx.ByteStream(body)))
    return Channel(system=system, runtime=runtime, transport=answer)


def soap(system: System, data: str) -> SyncChannel:
    body = ENVELOPE.format(id=ID, data=data).encode()
    return SyncChannel(channel=channel(system, body), url="http://g.example/", service_id="s", sender=Sender("a", "b"))


def as_json(system: System, said: object, status: int = 200) -> Channel:
    return channel(system, json.dumps(said, ensure_ascii=False).encode(), status)


class TestRecordedAnswers:
    def test_population(self, now):
        client = PopulationClient(channel=soap(System.POPULATION, PERSON), territory_of=str)

        person = client.person(MOTHER, consent=True, now=now)

        assert (person.surname, person.patronymic, person.born_on) == ("СЕРІКОВА", "", date(1994, 5, 17))
        assert (person.alive, person.citizenship, person.address.territory_code) == (True, None, "551010000")

    def test_phones(self, now):
        assert (
            PhonesClient(channel=soap(System.PHONES, OWNER)).owner(MOTHER, PHONE, now=now).standing == Standing.BELONGS
        )

    def test_births(self, now):
        (record,) = BirthsClient(channel=soap(System.BIRTHS, BIRTHS)).children(MOTHER, now=now).records

        assert (record.child_iin, record.role, record.registered_on) == (CHILD.text, Parent.MOTHER, date(2021, 9, 6))

    def test_social(self, now):
        client = SocialClient(channel=soap(System.SOCIAL, STATUS))

        record = client.status(
            BenefitStatus.CHILD_DISABILITY, child=CHILD, representative=MOTHER, consent=True, now=now
        )

        assert (record.standing, record.last_day) == (social.Standing.HAS, date(2027, 5, 31))

    def test_sms(self, now):
        def client(said, status=200):
            return SmsClient(channel=as_json(System.SMS, said, status), url="http://s.example", token="t", sender="s")

        assert client({"id": "m-1"}, 202).send(PHONE, "1", reference="r", now=now).id == "m-1"
        told = client({"id": "m-1", "reference": "r", "state": "DELIVERED"}).delivery("m-1", now=now)
        assert told.state == State.DELIVERED

    def test_addresses(self, now):
        client = AddressesClient(
            channel=as_json(System.ADDRESSES, {"addresses": [ADDRESS]}), url="http://a.example", token="t"
        )

        (found,) = client.search("Естай 101", within="551000000", most=8, now=now)

        assert (found.territory_code, found.latitude) == ("551010000", 52.2542)

    def test_arkotek(self, now):
        said = {"messageId": ID, "conclusions": [CONCLUSION]}
        client = ArkotekClient(channel=as_json(System.ARKOTEK, said), url="http://k.example", token="t")

        (record,) = client.conclusions(CHILD, now=now).records

        assert (record.correction, record.last_day) == (CorrectionType.SPEECH_SEVERE, date(2027, 2, 9))

    def test_medical(self, now):
        found = {
            "number": "027-2",
            "iin": CHILD.text,
            "form": "FORM_027",
            "issuedOn": "2026-03-20",
            "validUntil": None,
            "issuedBy": {"kk": "№ 4 емхана", "ru": "Поликлиника № 4"},
            "content": "/9hwYXBlcg==",
        }
        said = {"messageId": ID, "found": found}
        client = MedicalClient(channel=as_json(System.MEDICAL, said), url="http://m.example", token="t")

        form = client.form(DocumentKind.FORM_027, CHILD, now=now).form

        assert (form.issued_on, form.last_day, form.content) == (date(2026, 3, 20), None, b"\xff\xd8paper")

    def test_node(self):
        report = NodeClient(channel=as_json(System.NODE, NODE), url="http://n.example").verify(b"cms", b"content")

        (signer,) = report.signers
        assert (report.valid, signer.iin, signer.serial, signer.usage) == (True, MOTHER.text, 0x3F2A, "SIGN")

    def test_status(self):
        recorded = ocsp.OCSPResponse({"response_status": "try_later"}).dump()

        assert StatusClient(channel=channel(System.STATUS, recorded), url="http://o.example").ask(b"0") == recorded

    def test_revocation(self):
        listed = bytes.fromhex("30820000")
        client = RevocationClient(channel=channel(System.REVOCATION, listed), allowed=["http://crl.example/"])

        assert client.fetch("http://crl.example/issuing.crl") == listed

    def test_email(self, now):
        said = (b"220 mail ESMTP", b"250 hello", b"250 2.1.0 Ok", b"250 2.1.5 Ok", b"354 go on", b"250 2.0.0 queued")
        with socket.create_server(("127.0.0.1", 0)) as listener:
            threading.Thread(target=_serve, args=(listener, said), daemon=True).start()
            server = Server(host="127.0.0.1", port=listener.getsockname()[1], sender="portal@example.kz")

            accepted = EmailClient(server=server, runtime=channel(System.EMAIL, b"").runtime).send(
                "parent@example.kz", "Ваучер", "Мәтін", reference="letter-11", now=now
            )

        assert "letter-11@" in accepted.id


def _serve(listener: socket.socket, said: tuple[bytes, ...]) -> None:
    connection, _ = listener.accept()
    with connection, connection.makefile("rwb", buffering=0) as stream:
        for line in said[:-1]:
            stream.write(line + b"\r\n")
            stream.readline()
        while stream.readline().strip() != b".":
            pass
        stream.write(said[-1] + b"\r\n")
        stream.readline()
        stream.write(b"221 bye\r\n")


def test_every_port_has_a_recorded_answer():
    ports = {one.name for one in pkgutil.iter_modules(gateways.__path__) if one.ispkg and one.name != "tests"}
    tested = {name.removeprefix("test_") for name in vars(TestRecordedAnswers) if name.startswith("test_")}

    assert tested == ports
