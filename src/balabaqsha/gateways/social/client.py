"""The client of the register of social statuses: our own question inside the gateway's envelope."""

from datetime import datetime

from lxml import etree

from balabaqsha.gateways import safexml
from balabaqsha.gateways.channel import Nonsense
from balabaqsha.gateways.social.port import Standing, StatusRecord
from balabaqsha.gateways.syncchannel import SyncChannel
from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import BenefitStatus

NAMESPACE = "urn:balabaqsha:social:1"
LONGEST_NUMBER = 40


class SocialClient:
    """Asks the register."""

    def __init__(self, *, channel: SyncChannel) -> None:
        self._channel = channel

    def status(
        self, status: BenefitStatus, *, child: Iin, representative: Iin, consent: bool, now: datetime
    ) -> StatusRecord:
        """See the port."""
        question = etree.Element(f"{{{NAMESPACE}}}socialStatus", nsmap={"s": NAMESPACE})
        asked = {"childIin": child.text, "representativeIin": representative.text, "status": status.value}
        for name, value in asked.items():
            etree.SubElement(question, name).text = value
        etree.SubElement(question, "consentConfirmed").text = "true" if consent else "false"

        def read(data: etree._Element, reference: str) -> StatusRecord:
            answer = safexml.must(data, "socialStatusResponse")
            if any(safexml.text(answer, name) != value for name, value in asked.items()):
                raise Nonsense("answer to another question")
            standing = safexml.must_text(answer, "standing")
            if standing not in set(Standing):
                raise Nonsense("unknown standing")
            return _record(answer, Standing(standing), reference, now)

        return self._channel.ask(question, read=read, now=now)


def _record(answer: etree._Element, standing: Standing, reference: str, now: datetime) -> StatusRecord:
    has = standing is Standing.HAS
    number = safexml.must_text(answer, "number") if has else ""
    if len(number) > LONGEST_NUMBER:
        raise Nonsense("number too long")
    last_day = safexml.must_date(answer, "validUntil") if has and safexml.text(answer, "validUntil") else None
    return StatusRecord(standing=standing, number=number, last_day=last_day, reference=reference, asked_at=now)
