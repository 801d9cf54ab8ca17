"""The client of the Base of Mobile Citizens: our own question inside the gateway's envelope."""

from datetime import datetime

from lxml import etree

from balabaqsha.gateways import safexml
from balabaqsha.gateways.channel import Nonsense
from balabaqsha.gateways.phones.port import PhoneRecord, Standing
from balabaqsha.gateways.syncchannel import SyncChannel
from balabaqsha.kernel.iin import Iin

NAMESPACE = "urn:balabaqsha:phones:1"


class PhonesClient:
    """Asks the base."""

    def __init__(self, *, channel: SyncChannel) -> None:
        self._channel = channel

    def owner(self, iin: Iin, phone: str, *, now: datetime) -> PhoneRecord:
        """See the port."""
        question = etree.Element(f"{{{NAMESPACE}}}phoneOwner", nsmap={"p": NAMESPACE})
        etree.SubElement(question, "iin").text = iin.text
        etree.SubElement(question, "phone").text = phone

        def read(data: etree._Element, reference: str) -> PhoneRecord:
            answer = safexml.must(data, "phoneOwnerResponse")
            if (safexml.text(answer, "iin"), safexml.text(answer, "phone")) != (iin.text, phone):
                raise Nonsense("answer to another question")
            standing = safexml.must_text(answer, "standing")
            if standing not in set(Standing):
                raise Nonsense("unknown standing")
            return PhoneRecord(standing=Standing(standing), reference=reference, asked_at=now)

        return self._channel.ask(question, read=read, now=now)
