"""What a browser says of itself, in two words; and the mark by which it is known again."""

import secrets
from dataclasses import dataclass

from balabaqsha.accounts import digests

# The first that fits: most browsers name others too.
_BROWSERS = (
    ("YaBrowser/", "Yandex"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_MARK_LENGTH = 32


@dataclass(frozen=True)
class Device:
    """A browser on a machine: the digest of its mark, its words, its network address."""

    digest: bytes
    label: str
    address: str


def device(*, mark: str, agent: str, address: str) -> Device:
    """The device behind a request; `mark` is what its browser keeps, `agent` what it says of itself."""
    words = [_first(_BROWSERS, agent), _first(_SYSTEMS, agent)]
    label = ", ".join(word for word in words if word)
    return Device(digest=digests.subject("device", mark), label=label, address=address)


def new_mark() -> str:
    """A mark for a browser that has none yet: it says nothing of anybody."""
    return secrets.token_urlsafe(24)


def is_mark(text: str) -> bool:
    """Whether a browser's mark can be one that was given out."""
    return len(text) == _MARK_LENGTH


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for sign, name in known if sign in agent), "")
