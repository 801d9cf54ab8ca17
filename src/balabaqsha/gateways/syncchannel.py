"""The envelope of the state gateway: SOAP 1.1, SyncChannel v10, SendMessage."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from lxml import etree

from balabaqsha.gateways import safexml, wssecurity
from balabaqsha.gateways.channel import Answer, Channel, Nonsense
from balabaqsha.gateways.port import NotAnswering, Reason
from balabaqsha.gateways.wssecurity import Security

T = TypeVar("T")
log = structlog.get_logger(__name__)

SOAP = wssecurity.SOAP
WSU = wssecurity.WSU
TYPES = "http://bip.bee.kz/SyncChannel/v10/Types"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
DONE = "SCSS001"
_OK = 200


@dataclass(frozen=True)
class Sender:
    """Who asks, as the gateway knows us."""

    sender_id: str
    password: str


def compose(
    *,
    service_id: str,
    message_id: str,
    sender: Sender,
    data: etree._Element,
    now: datetime,
    identity: wssecurity.Identity | None = None,
) -> bytes:
    """The whole request as bytes, its body signed if there is an identity."""
    envelope = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"soapenv": SOAP, "typ": TYPES, "wsu": WSU, "xsi": XSI})
    etree.SubElement(envelope, f"{{{SOAP}}}Header")
    body = etree.SubElement(envelope, f"{{{SOAP}}}Body", {f"{{{WSU}}}Id": f"id-{message_id}"})
    request = etree.SubElement(etree.SubElement(body, f"{{{TYPES}}}SendMessage"), "request")
    information = etree.SubElement(request, "requestInfo")
    etree.SubElement(information, "messageId").text = message_id
    etree.SubElement(information, "serviceId").text = service_id
    etree.SubElement(information, "messageDate").text = now.isoformat(timespec="milliseconds")
    asker = etree.SubElement(information, "sender")
    etree.SubElement(asker, "senderId").text = sender.sender_id
    etree.SubElement(asker, "password").text = sender.password
    holder = etree.SubElement(etree.SubElement(request, "requestData"), "data")
    holder.append(data)
    if identity is not None:
        wssecurity.sign(envelope, identity)
    return bytes(etree.tostring(envelope, xml_declaration=True, encoding="UTF-8"))


def open_answer(answer: Answer, *, message_id: str, trusted: Collection[bytes] | None = None) -> etree._Element:
    """The `data` of a successful answer to this message, signed by one of the `trusted` if any are named.

    Raises Nonsense for anything else: a fault, another status than SCSS001, an answer to another message, a signature
    that is missing or somebody else's. An old answer is no danger: what is signed names the message that it answers.
    """
    if answer.status != _OK:
        raise Nonsense(f"HTTP status {answer.status}")
    root = safexml.parse(answer.body)
    if root.tag != f"{{{SOAP}}}Envelope":
        raise Nonsense("no SOAP envelope")
    if trusted is not None:
        wssecurity.check(root, trusted)
    response = safexml.must(root, "Body", "SendMessageResponse", "response")
    information = safexml.must(response, "responseInfo")
    if safexml.must_text(safexml.must(information, "status"), "code") != DONE:
        raise Nonsense("status is not SCSS001")
    if message_id not in {safexml.text(information, "messageId"), safexml.text(information, "correlationId")}:
        raise Nonsense("answer to another message")
    return safexml.must(response, "responseData", "data")


class SyncChannel:
    """One service behind the gateway."""

    def __init__(
        self, *, channel: Channel, url: str, service_id: str, sender: Sender, security: Security | None = None
    ) -> None:
        self._channel = channel
        self._url = url
        self._service_id = service_id
        self._sender = sender
        self._security = security

    def ask(self, data: etree._Element, *, read: Callable[[etree._Element, str], T], now: datetime) -> T:
        """Ask and give what `read` makes of the answered data and the reference of the exchange.

        Only for questions that change nothing: they are repeated. Raises NotAnswering.
        """
        message_id = self._channel.runtime.new_id()
        identity, trusted = self._keys()
        content = compose(
            service_id=self._service_id,
            message_id=message_id,
            sender=self._sender,
            data=data,
            now=now,
            identity=identity,
        )
        return self._channel.ask(
            "POST",
            self._url,
            read=lambda answer: read(open_answer(answer, message_id=message_id, trusted=trusted), message_id),
            repeatable=True,
            content=content,
            headers={"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'},
        )

    def _keys(self) -> tuple[wssecurity.Identity | None, frozenset[bytes] | None]:
        """Our key and whom we believe; a key that cannot be read is looked for again at the next question."""
        if self._security is None:
            return None, None
        try:
            return self._security.identity(), self._security.trusted()
        except wssecurity.NoKey as problem:
            log.warning("gateway.no_key", system=self._channel.system.value, problem=str(problem))
            raise NotAnswering(system=self._channel.system.value, reason=Reason.NO_KEY.value) from None
