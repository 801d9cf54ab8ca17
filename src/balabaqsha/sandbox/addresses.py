"""The address register, from its side: the streets and houses of the made-up town."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from balabaqsha.sandbox.geography import HOUSES, SETTLEMENTS, Settlement, point_of
from balabaqsha.sandbox.http import Request, Response, as_json
from balabaqsha.sandbox.modes import Systems

MOST = 50
_LONGEST = 300
# Words that name no street: kinds of places, and the places themselves.
_KINDS = "облысы область қаласы қ город г ауылы село с кенті посёлок п көшесі к улица ул даңғылы пр үй дом д пәтер кв"
_PLACES = " ".join(f"{one.name_kk} {one.name_ru}" for one in SETTLEMENTS) + " Павлодарская"
_NO_STREETS = frozenset(re.findall(r"\w+", f"{_KINDS} {_PLACES}".casefold()))
# KATO: two digits of an oblast, two of a district, two of a rural district, three of a settlement.
_LEVELS = (2, 4, 6, 9)


@dataclass(frozen=True)
class _Street:
    settlement: Settlement
    number: int
    names: tuple[str, str]
    words: frozenset[str]
    place: frozenset[str]


def _streets() -> Iterator[_Street]:
    for settlement in SETTLEMENTS:
        place = frozenset(re.findall(r"\w+", settlement.name_kk.casefold())) - frozenset(_KINDS.split())
        for number, names in enumerate(settlement.streets):
            words = frozenset(re.findall(r"\w+", " ".join(names).casefold())) - _NO_STREETS
            yield _Street(settlement, number, names, words, place)


_ALL = tuple(_streets())


class AddressRegister:
    """GET /addresses?kato=…&q=…&limit=…"""

    def __init__(self, *, systems: Systems) -> None:
        self._systems = systems

    def search(self, request: Request) -> Response:
        """Addresses of the territory that the text may mean, the likeliest first."""
        return self._systems.behave("addresses", lambda: _search(request))


def _search(request: Request) -> Response:
    if not re.fullmatch(r"Bearer \S+", request.headers.get("authorization", "")):
        return as_json(401, {"error": "no token"})
    kato, text, limit = (request.query.get(name, "") for name in ("kato", "q", "limit"))
    if not re.fullmatch(r"[0-9]{9}", kato) or not re.fullmatch(r"[0-9]{1,2}", limit) or len(text) > _LONGEST:
        return as_json(400, {"error": "kato: nine digits; limit: a number; q: at most 300 characters"})
    return as_json(200, {"addresses": find(text, kato=kato, limit=min(int(limit), MOST))})


def find(text: str, *, kato: str, limit: int) -> list[dict[str, Any]]:
    """Streets and houses by the words of the text: every word begins a word of the street, a number left is the house."""
    words = set(re.findall(r"\w+", text.casefold()))
    asked = [word for word in re.findall(r"\w+", text.casefold()) if word not in _NO_STREETS]
    within = kato[: next((level for level in _LEVELS if not kato[level:].strip("0")), 9)]
    hits = []
    for street in _ALL:
        fit = _fit(asked, street) if street.settlement.code.startswith(within) else None
        if fit is not None:
            hits.append(((fit[0], not street.place <= words), street, fit[1]))
    # First the streets whose names are written out, of them those of the settlement that the text names.
    hits.sort(key=lambda hit: hit[0])
    found = [_written(street, house) for _, street, asked_house in hits for house in _houses(asked_house)]
    return found[:limit]


def _fit(asked: list[str], street: _Street) -> tuple[int, str] | None:
    """How far the words are from the street's name, and the house that is asked for; None for another street."""
    begun, rest = 0, []
    for word in asked:
        if word in street.words:
            continue
        if word[0].isdigit():
            rest.append(word)
        elif any(own.startswith(word) for own in street.words):
            begun += 1
        else:
            return None
    named = any(not word[0].isdigit() or word in street.words for word in asked)
    return (begun, rest[0] if rest else "") if named else None


def _houses(asked: str) -> list[int]:
    """Houses whose numbers begin so, the exact one first; 0 is the street itself."""
    if not asked:
        return [0]
    return [house for house in range(1, HOUSES + 1) if str(house).startswith(asked)]


def _written(street: _Street, house: int) -> dict[str, Any]:
    settlement, (kk, ru) = street.settlement, street.names
    latitude, longitude = point_of(settlement, street.number, house or HOUSES // 2)
    end = f", {house}" if house else ""
    return {
        "code": f"{settlement.code}-{street.number + 1}-{house}",
        "kato": settlement.code,
        "kk": f"{settlement.name_kk}, {kk}{end}",
        "ru": f"{settlement.name_ru}, {ru}{end}",
        "latitude": latitude,
        "longitude": longitude,
    }
