"""A mail server in memory that keeps the port's promises. For tests of those who send."""

from datetime import datetime
from email.message import EmailMessage

from balabaqsha.gateways.email.letter import compose
from balabaqsha.gateways.email.port import Accepted
from balabaqsha.gateways.port import NotAnswering, Reason, System


class InMemoryEmail:
    """Keeps the letters, oldest first; silent while `silent` is set."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.silent = False

    def send(self, to: str, subject: str, text: str, *, reference: str, now: datetime) -> Accepted:
        """See the port."""
        letter = compose(sender="portal@example.kz", to=to, subject=subject, text=text, reference=reference, now=now)
        if self.silent:
            raise NotAnswering(system=System.EMAIL.value, reason=Reason.TIME_OUT.value)
        self.sent.append(letter)
        return Accepted(id=letter["Message-ID"], reference=reference, asked_at=now)
