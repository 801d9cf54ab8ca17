"""What a message to the staff may be. Pure."""

import hashlib
from datetime import date

TEXT_LONGEST = 3000
CONTACT_LONGEST = 120


def digest(*, topic: str, text: str, contact: str, territory_code: str, on: date) -> str:
    """What tells one message from another: the same words sent twice on a day are one message."""
    parts = (topic, " ".join(text.split()), contact.strip(), territory_code, on.isoformat())
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
