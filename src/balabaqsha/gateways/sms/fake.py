"""A sender in memory that keeps the port's promises. For tests of those who send."""

from dataclasses import dataclass
from datetime import datetime

from balabaqsha.gateways.port import NotAnswering, Reason, System
from balabaqsha.gateways.sms.port import Accepted, Delivery, NumberRefused, State


@dataclass(frozen=True)
class Sent:
    """One message as the telephone got it."""

    phone: str
    text: str
    reference: str


class InMemorySms:
    """Keeps what was sent, oldest first; silent while `silent` is set."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.silent = False
        # Telephones to which nothing comes, and those of which nothing is heard.
        self.failing: set[str] = set()
        self.unconfirmed: set[str] = set()

    def send(self, phone: str, text: str, *, reference: str, now: datetime) -> Accepted:
        """See the port."""
        self._answering()
        if not (phone.startswith("+7") and phone[1:].isdigit() and len(phone) == len("+77000000000")):
            raise NumberRefused
        if all(message.reference != reference for message in self.sent):
            self.sent.append(Sent(phone=phone, text=text, reference=reference))
        return Accepted(id=f"fake-{reference}", reference=reference, asked_at=now)

    def delivery(self, message_id: str, *, now: datetime) -> Delivery | None:
        """See the port."""
        self._answering()
        reference = message_id.removeprefix("fake-")
        sent = next((message for message in self.sent if message.reference == reference), None)
        if sent is None:
            return None
        return Delivery(id=message_id, state=self._state(sent.phone), reference=reference, asked_at=now)

    def _state(self, phone: str) -> State:
        if phone in self.failing:
            return State.FAILED
        return State.ACCEPTED if phone in self.unconfirmed else State.DELIVERED

    def _answering(self) -> None:
        if self.silent:
            raise NotAnswering(system=System.SMS.value, reason=Reason.TIME_OUT.value)
