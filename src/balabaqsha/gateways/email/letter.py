"""A letter, made of what the portal says."""

from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from balabaqsha.gateways.email.port import AddressRefused


def compose(*, sender: str, to: str, subject: str, text: str, reference: str, now: datetime) -> EmailMessage:
    """The letter. Raises AddressRefused where `to` is no single address."""
    try:
        Address(addr_spec=to)
    except (ValueError, MessageError, IndexError):
        raise AddressRefused from None
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = to
    letter["Subject"] = " ".join(subject.split())
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{reference}@{sender.rpartition('@')[2].rstrip('>') or 'localhost'}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    return letter
