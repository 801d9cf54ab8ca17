"""What a message to the staff may be. Pure."""

import hashlib
from datetime import date

TEXT_LONGEST = 3000
CONTACT_LONGEST = 120
# By which way an answer goes: nothing where the writer left no contact.
SMS, EMAIL, NONE = "SMS", "EMAIL", ""


def digest(
    *, topic: str, text: str, contact: str, person_id: int | None, territory_code: str, kindergarten_code: str, on: date
) -> str:
    """What tells one message from another: the same words sent twice on a day by the same person are one message."""
    parts: tuple[str, ...] = (
        topic,
        " ".join(text.split()),
        contact,
        str(person_id or ""),
        territory_code,
        on.isoformat(),
    )
    if kindergarten_code:
        parts = (*parts, kindergarten_code)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def channel_of(contact: str) -> str:
    """The way to this contact: an address has its sign, everything else is a mobile number."""
    if not contact:
        return NONE
    return EMAIL if "@" in contact else SMS
