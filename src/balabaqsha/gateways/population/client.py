"""The client of the population register: getPerson inside the gateway's envelope."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from lxml import etree

from balabaqsha.gateways import safexml
from balabaqsha.gateways.channel import Nonsense
from balabaqsha.gateways.population.port import Address, Item, PersonRecord
from balabaqsha.gateways.syncchannel import XSI, SyncChannel
from balabaqsha.kernel.iin import Iin, Sex

V = TypeVar("V")
NAMESPACE = "http://data.gbd.chdb.scb.kz/"
DONE = "00000"
# The classifiers' codes are assumed: no public list of them was found.
SEXES = {"1": Sex.MALE, "2": Sex.FEMALE}
LIFE = {"0": True, "1": False}


class PopulationClient:
    """Asks the register; `territory_of` turns the register's own district code into a KATO code, or None."""

    def __init__(self, *, channel: SyncChannel, territory_of: Callable[[str], str | None]) -> None:
        self._channel = channel
        self._territory_of = territory_of

    def person(self, iin: Iin, *, consent: bool, now: datetime) -> PersonRecord | None:
        """See the port."""
        question = etree.Element(f"{{{NAMESPACE}}}getPerson", nsmap={"data": NAMESPACE})
        etree.SubElement(question, "iin").text = iin.text
        etree.SubElement(question, "consentConfirmed").text = "true" if consent else "false"

        def read(data: etree._Element, reference: str) -> PersonRecord | None:
            person = _find(data, iin)
            return None if person is None else self._record(person, reference, now)

        return self._channel.ask(question, read=read, now=now)

    def _record(self, person: etree._Element, reference: str, now: datetime) -> PersonRecord:
        return PersonRecord(
            iin=safexml.must_text(person, "iin"),
            surname=safexml.text(person, "surname"),
            given_name=safexml.must_text(person, "name"),
            patronymic=safexml.text(person, "patronymic"),
            born_on=safexml.must_date(person, "birthDate"),
            sex=_coded(person, "gender", SEXES),
            nationality=_item(person, "nationality"),
            citizenship=_item(person, "citizenship"),
            alive=_coded(person, "lifeStatus", LIFE),
            address=self._address(person),
            reference=reference,
            asked_at=now,
        )

    def _address(self, person: etree._Element) -> Address | None:
        element = safexml.child(person, "regAddress")
        if element is None:
            return None
        items = [item for name in ("country", "region", "district") if (item := _item(element, name))]
        district = _item(element, "district")
        rest = [value for name in ("city", "street", "building", "flat") if (value := safexml.text(element, name))]
        return Address(
            territory_code=self._territory_of(district.code) if district else None,
            text_kk=", ".join([*(item.name_kk or item.name_ru for item in items), *rest]),
            text_ru=", ".join([*(item.name_ru or item.name_kk for item in items), *rest]),
        )


def _find(data: etree._Element, iin: Iin) -> etree._Element | None:
    answer = safexml.must(data, "getPersonResponse")
    if safexml.must_text(safexml.must(answer, "messageResult"), "code") != DONE:
        raise Nonsense("messageResult is not 00000")
    person = safexml.child(safexml.must(answer, "persons"), "person")
    if person is not None and safexml.must_text(person, "iin") != iin.text:
        raise Nonsense("another person")
    return person


def _item(parent: etree._Element, name: str) -> Item | None:
    element = safexml.child(parent, name)
    if element is None or element.get(f"{{{XSI}}}nil") == "true":
        return None
    return Item(
        code=safexml.must_text(element, "code"),
        name_kk=safexml.text(element, "nameKz"),
        name_ru=safexml.text(element, "nameRu"),
    )


def _coded(parent: etree._Element, name: str, meanings: Mapping[str, V]) -> V:
    code = safexml.must_text(safexml.must(parent, name), "code")
    if code not in meanings:
        raise Nonsense(f"{name} has an unknown code")
    return meanings[code]
