"""One-time codes by time, RFC 6238 over RFC 4226: HMAC-SHA-1, six digits, thirty seconds, as every application does it."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

PERIOD, DIGITS = 30, 6
SECRET_BYTES = 20
# A telephone's clock may be one period off either way (RFC 6238, 5.2).
_DRIFT = (0, -1, 1)


def step_at(moment: datetime) -> int:
    """The number of the period of the moment."""
    return int(moment.timestamp()) // PERIOD


def code(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """The code of one period."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}}"


def matching_step(secret: bytes, typed: str, *, moment: datetime, after: int) -> int | None:
    """The period whose code was typed, later than the last one taken; None where none fits."""
    fitting = None
    for drift in _DRIFT:
        step = step_at(moment) + drift
        # All three are compared, so that time does not tell which one fits.
        if hmac.compare_digest(code(secret, step).encode(), typed.encode()) and step > after:
            fitting = step
    return fitting


def as_text(secret: bytes) -> str:
    """The secret as it is typed into an application, in groups of four."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address(secret: bytes, *, issuer: str, name: str) -> str:
    """The otpauth address behind the QR code."""
    label = quote(f"{issuer}:{name}", safe=":")
    query = urlencode({"secret": base64.b32encode(secret).decode().rstrip("="), "issuer": issuer})
    return f"otpauth://totp/{label}?{query}"
