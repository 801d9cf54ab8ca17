"""Where distances are counted from: an address that a family gives, looked up in the address register, kept nowhere."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from balabaqsha.gateways import registry
from balabaqsha.gateways.addresses.port import Address
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.insight import rules
from balabaqsha.insight.rules import Point
from balabaqsha.locale import written
from balabaqsha.web.kit import texts
from balabaqsha.web.kit.forms import Choice

LONGEST = 200
_MOST = 8
# Fewer letters begin too many streets.
_SHORTEST = 2


@dataclass(frozen=True)
class Whence:
    """What ui/whence.html prints: the point with its words, else the addresses that may be meant, else what is wrong."""

    text: str = ""
    point: Point | None = None
    meant: Sequence[dict[str, str]] = ()
    problem: str = ""

    def km_to(self, latitude: float | None, longitude: float | None) -> float | None:
        """The straight way from here in kilometres, None where one of the two places is not known."""
        if self.point is None or latitude is None or longitude is None:
            return None
        return rules.distance_km(self.point, Point(latitude, longitude))


def locate(request: HttpRequest, text: str, *, within: str) -> Whence:
    """The place that the address means in the territory; a register that is silent or knows none says so in words."""
    try:
        found = _search(text, within=within, now=request.now)
    except NotAnswering:
        return Whence(problem=texts.say("nearby.silent"))
    if not found:
        return Whence(problem=texts.say("nearby.unknown", text=text))
    exact = [one for one in found if _says(text, one)]
    if len(found) == 1 or len(exact) == 1:
        one = (exact or found)[0]
        return Whence(text=_words(one), point=Point(one.latitude, one.longitude))
    return Whence(meant=[_link(request, one) for one in exact or found])


def meant(text: str, *, within: str, now: datetime) -> list[Address]:
    """The addresses that the text may mean, one where it says which. Raises NotAnswering."""
    found = _search(text, within=within, now=now)
    return [one for one in found if _says(text, one)] or list(found)


def suggestions(text: str, *, within: str, now: datetime) -> list[Choice]:
    """Addresses for ui/combobox_options.html while the text is typed; none where the register is silent."""
    try:
        return [Choice(value=one.code, label=_words(one)) for one in _search(text, within=within, now=now)]
    except NotAnswering:
        return []


def written_km(km: float | None) -> str:
    """1,2 км; nothing where the way is not known."""
    return "" if km is None else texts.say("catalogue.km", km=written.number(round(km, 1), texts.language()))


def _search(text: str, *, within: str, now: datetime) -> tuple[Address, ...]:
    asked = " ".join(text.split())
    if len(asked) < _SHORTEST:
        return ()
    return registry.addresses().search(asked, within=within, most=_MOST, now=now)


def _says(text: str, one: Address) -> bool:
    """Whether the text names just this address: the whole of it, or nothing that is not in it."""
    typed = _parts(text)
    return any(typed <= own or own <= typed for own in (_parts(one.text_kk), _parts(one.text_ru)))


def _parts(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _words(one: Address) -> str:
    return one.text_ru if texts.language() == "ru" else one.text_kk


def _link(request: HttpRequest, one: Address) -> dict[str, str]:
    query = request.GET.copy()
    query["address"] = _words(one)
    for name in ("page", "home"):
        query.pop(name, None)
    return {"text": _words(one), "url": f"?{query.urlencode()}"}


def card_lines(km: float | None, address: str) -> str:
    """The address of a kindergarten on its card, after the way to it."""
    return " · ".join(part for part in (written_km(km), address) if part)
