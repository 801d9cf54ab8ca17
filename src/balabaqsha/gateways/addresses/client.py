"""The client of the address register: JSON over HTTP."""

import math
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from balabaqsha.gateways import jsonfields
from balabaqsha.gateways.addresses.port import Address
from balabaqsha.gateways.channel import Answer, Channel, Limits, Nonsense

# A page waits for it: little patience, so that the list without distances comes soon.
LIMITS = Limits(connect_seconds=1.0, answer_seconds=1.5, patience_seconds=2.5, attempts=2, answer_bytes=200_000)
_OK = 200
_KATO_LENGTH = 9
# The borders of the country in whole degrees: a point outside is a swapped or broken one.
_NORTH, _EAST = (40, 56), (46, 88)


class AddressesClient:
    """Asks GET <url>?kato=…&q=…&limit=…; the token goes in the Authorization header."""

    def __init__(self, *, channel: Channel, url: str, token: str) -> None:
        self._channel = channel
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}

    def search(self, text: str, *, within: str, most: int, now: datetime) -> tuple[Address, ...]:  # noqa: ARG002 - the port's shape: a real register wants the moment of the question
        """See the port."""
        query = urlencode({"kato": within, "q": text, "limit": most})
        return self._channel.ask(
            "GET",
            f"{self._url}?{query}",
            read=lambda answer: _read(answer, most),
            repeatable=True,
            headers=self._headers,
        )


def _read(answer: Answer, most: int) -> tuple[Address, ...]:
    if answer.status != _OK:
        raise Nonsense(f"HTTP status {answer.status}")
    found = jsonfields.parse(answer.body).get("addresses")
    if not isinstance(found, list) or len(found) > most or not all(isinstance(one, dict) for one in found):
        raise Nonsense("no list of addresses")
    return tuple(_address(one) for one in found)


def _address(fields: dict[str, Any]) -> Address:
    kato = jsonfields.must_text(fields, "kato")
    if not (len(kato) == _KATO_LENGTH and kato.isascii() and kato.isdigit()):
        raise Nonsense("kato is no code")
    return Address(
        code=jsonfields.must_text(fields, "code"),
        territory_code=kato,
        text_kk=jsonfields.must_text(fields, "kk"),
        text_ru=jsonfields.must_text(fields, "ru"),
        latitude=_degrees(fields, "latitude", *_NORTH),
        longitude=_degrees(fields, "longitude", *_EAST),
    )


def _degrees(fields: dict[str, Any], name: str, least: int, most: int) -> float:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Nonsense(f"{name} is no number")
    if not least <= value <= most:
        raise Nonsense(f"{name} lies outside the country")
    return float(value)
