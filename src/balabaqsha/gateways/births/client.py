"""The client of the register of births: our own question inside the gateway's envelope."""

from datetime import datetime

from lxml import etree

from balabaqsha.gateways import safexml
from balabaqsha.gateways.births.port import BirthRecord, Children, Kinship, Parent
from balabaqsha.gateways.channel import Nonsense
from balabaqsha.gateways.syncchannel import SyncChannel
from balabaqsha.kernel.iin import Iin, WrongIin

NAMESPACE = "urn:balabaqsha:births:1"
MOST_RECORDS = 50


class BirthsClient:
    """Asks the register."""

    def __init__(self, *, channel: SyncChannel) -> None:
        self._channel = channel

    def children(self, parent: Iin, *, now: datetime) -> Children:
        """See the port."""
        records, reference = self._ask(parent, None, now)
        return Children(records=records, reference=reference, asked_at=now)

    def kinship(self, parent: Iin, child: Iin, *, now: datetime) -> Kinship:
        """See the port."""
        records, reference = self._ask(parent, child, now)
        return Kinship(record=records[0] if records else None, reference=reference, asked_at=now)

    def _ask(self, parent: Iin, child: Iin | None, now: datetime) -> tuple[tuple[BirthRecord, ...], str]:
        question = etree.Element(f"{{{NAMESPACE}}}birthRecords", nsmap={"b": NAMESPACE})
        etree.SubElement(question, "parentIin").text = parent.text
        if child is not None:
            etree.SubElement(question, "childIin").text = child.text
        return self._channel.ask(
            question, read=lambda data, reference: (_read(data, parent, child), reference), now=now
        )


def _read(data: etree._Element, parent: Iin, child: Iin | None) -> tuple[BirthRecord, ...]:
    answer = safexml.must(data, "birthRecordsResponse")
    if safexml.must_text(answer, "parentIin") != parent.text:
        raise Nonsense("another parent")
    elements = safexml.children(answer, "record")
    if len(elements) > MOST_RECORDS:
        raise Nonsense("too many records")
    records = tuple(sorted((_record(element, parent) for element in elements), key=lambda record: record.child_iin))
    if child is not None and any(record.child_iin != child.text for record in records):
        raise Nonsense("another child")
    return records


def _record(element: etree._Element, parent: Iin) -> BirthRecord:
    try:
        child = Iin.parse(safexml.must_text(element, "childIin"))
        role = Parent(safexml.must_text(element, "role"))
    except (WrongIin, ValueError):
        raise Nonsense("a record that names nobody") from None
    return BirthRecord(
        child_iin=child.text,
        parent_iin=parent.text,
        role=role,
        number=safexml.must_text(element, "number"),
        registered_on=safexml.must_date(element, "registeredOn"),
    )
