"""The population register, the phone base, the births register and that of social statuses behind one gateway, written from its side."""

import uuid
from collections.abc import Callable
from datetime import datetime

from lxml import etree

from balabaqsha.gateways import safexml, wssecurity
from balabaqsha.gateways.channel import Nonsense
from balabaqsha.gateways.syncchannel import DONE, SOAP, TYPES, WSU, XSI
from balabaqsha.gateways.wssecurity import Security
from balabaqsha.kernel.iin import Iin, Sex
from balabaqsha.sandbox.http import Request, Response
from balabaqsha.sandbox.modes import Systems
from balabaqsha.sandbox.population import Named, Person, Population

GBD = "http://data.gbd.chdb.scb.kz/"
SERVICES = {
    "GBDFL_UniversalServiceSync": "population",
    "BMG_PhoneOwner": "phones",
    "ZAGS_BirthRecords": "births",
    "MT_SocialStatus": "social",
}
_XML = "text/xml; charset=utf-8"


class Gateway:
    """Answers SendMessage."""

    def __init__(
        self, *, population: Population, systems: Systems, clock: Callable[[], datetime], security: Security
    ) -> None:
        self._population = population
        self._security = security
        self._systems = systems
        self._clock = clock
        self._answerers = {
            "population": self._person,
            "phones": self._phone,
            "births": self._births,
            "social": self._social,
        }

    def answer(self, request: Request) -> Response:
        """The answer to one envelope; a SOAP fault for what is none."""
        try:
            envelope = safexml.parse(request.body)
            wssecurity.check(envelope, self._security.trusted())
            message = safexml.must(envelope, "Body", "SendMessage", "request")
            information = safexml.must(message, "requestInfo")
            message_id = safexml.must_text(information, "messageId")
            service = SERVICES.get(safexml.must_text(information, "serviceId"))
            safexml.must_text(information, "messageDate")
            sender = safexml.must(information, "sender")
            safexml.must_text(sender, "senderId")
            safexml.must_text(sender, "password")
            if service is None:
                return self._envelope(message_id, "SCSE003", "Unknown service", None)
            data = safexml.must(message, "requestData", "data")
        except Nonsense as problem:
            return _fault(str(problem))
        return self._systems.behave(service, lambda: self._serve(service, message_id, data))

    def _serve(self, service: str, message_id: str, data: etree._Element) -> Response:
        try:
            return self._envelope(
                message_id, DONE, "Message has been processed successfully", self._answerers[service](data)
            )
        except Nonsense as problem:
            return self._envelope(message_id, "SCSE002", str(problem), None)

    def _envelope(self, message_id: str, code: str, words: str, content: etree._Element | None) -> Response:
        envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP, "ns2": TYPES, "xsi": XSI})
        etree.SubElement(envelope, f"{{{SOAP}}}Header")
        body = etree.SubElement(envelope, f"{{{SOAP}}}Body", {f"{{{WSU}}}Id": f"id-{uuid.uuid4()}"})
        response = etree.SubElement(etree.SubElement(body, f"{{{TYPES}}}SendMessageResponse"), "response")
        information = etree.SubElement(response, "responseInfo")
        _put(information, "messageId", message_id)
        _put(information, "responseDate", self._clock().isoformat(timespec="milliseconds"))
        status = etree.SubElement(information, "status")
        _put(status, "code", code)
        _put(status, "message", words)
        _put(information, "sessionId", f"{{{uuid.uuid4()}}}")
        if content is not None:
            etree.SubElement(etree.SubElement(response, "responseData"), "data").append(content)
        wssecurity.sign(envelope, self._security.identity())
        return Response(200, _XML, etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))

    def _person(self, data: etree._Element) -> etree._Element:
        question = safexml.must(data, "getPerson")
        iin = safexml.must_text(question, "iin")
        safexml.must_flag(question, "consentConfirmed")
        answer = etree.Element(f"{{{GBD}}}getPersonResponse", nsmap={"gbd": GBD})
        result = etree.SubElement(answer, "messageResult")
        _item(result, None, Named("00000", "Хабарлама сәтті өңделді", "Сообщение успешно обработано"))
        persons = etree.SubElement(answer, "persons")
        person = self._population.person(iin)
        if person is not None:
            _describe(etree.SubElement(persons, "person"), person)
        return answer

    def _phone(self, data: etree._Element) -> etree._Element:
        question = safexml.must(data, "phoneOwner")
        iin, phone = safexml.must_text(question, "iin"), safexml.must_text(question, "phone")
        owner = self._population.owner(phone)
        known = "BELONGS" if owner and owner.iin == iin else "OTHER"
        answer = etree.Element("{urn:balabaqsha:phones:1}phoneOwnerResponse")
        _put(answer, "iin", iin)
        _put(answer, "phone", phone)
        _put(answer, "standing", known if owner else "UNKNOWN")
        return answer

    def _births(self, data: etree._Element) -> etree._Element:
        question = safexml.must(data, "birthRecords")
        parent, child = safexml.must_text(question, "parentIin"), safexml.text(question, "childIin")
        answer = etree.Element("{urn:balabaqsha:births:1}birthRecordsResponse")
        _put(answer, "parentIin", parent)
        person = self._population.person(parent)
        for birth in person.births if person else ():
            if child in {"", birth.child}:
                record = etree.SubElement(answer, "record")
                _put(record, "childIin", birth.child)
                _put(record, "role", birth.role)
                _put(record, "number", birth.number)
                _put(record, "registeredOn", birth.registered_on.isoformat())
        return answer

    def _social(self, data: etree._Element) -> etree._Element:
        question = safexml.must(data, "socialStatus")
        asked = {name: safexml.must_text(question, name) for name in ("childIin", "representativeIin", "status")}
        safexml.must_flag(question, "consentConfirmed")
        answer = etree.Element("{urn:balabaqsha:social:1}socialStatusResponse")
        for name, value in asked.items():
            _put(answer, name, value)
        person = self._population.person(asked["childIin"])
        if person is None or person.statuses is None:
            _put(answer, "standing", "UNKNOWN")
            return answer
        found = next((one for one in person.statuses if one.code == asked["status"]), None)
        _put(answer, "standing", "HAS" if found else "HAS_NOT")
        if found:
            _put(answer, "number", found.number)
            if found.last_day:
                _put(answer, "validUntil", found.last_day.isoformat())
        return answer


def _describe(element: etree._Element, person: Person) -> None:
    iin = Iin.parse(person.iin)
    male = iin.sex is Sex.MALE
    _put(element, "iin", person.iin)
    _put(element, "surname", person.surname)
    _put(element, "name", person.given_name)
    if person.patronymic:
        _put(element, "patronymic", person.patronymic)
    _put(element, "birthDate", iin.born_on.isoformat())
    _item(element, "gender", Named("1", "Ер", "Мужской") if male else Named("2", "Әйел", "Женский"))
    _item(element, "nationality", person.nationality)
    _item(element, "citizenship", person.citizenship)
    _item(
        element,
        "lifeStatus",
        Named("0", "Қалыпты", "Нормальный") if person.alive else Named("1", "Қайтыс болған", "Умерший"),
    )
    if person.address:
        home = etree.SubElement(element, "regAddress")
        _item(home, "region", person.address.region)
        _item(home, "district", person.address.district)
        for name in ("city", "street", "building", "flat"):
            if getattr(person.address, name):
                _put(home, name, getattr(person.address, name))


def _item(parent: etree._Element, name: str | None, item: Named | None) -> None:
    element = parent if name is None else etree.SubElement(parent, name)
    if item is None:
        element.set(f"{{{XSI}}}nil", "true")
        return
    _put(element, "code", item.code)
    _put(element, "nameRu", item.ru)
    _put(element, "nameKz", item.kk)


def _put(parent: etree._Element, name: str, value: str) -> None:
    etree.SubElement(parent, name).text = value


def _fault(words: str) -> Response:
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soap": SOAP})
    fault = etree.SubElement(etree.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{SOAP}}}Fault")
    _put(fault, "faultcode", "soap:Client")
    _put(fault, "faultstring", words)
    return Response(500, _XML, etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))
