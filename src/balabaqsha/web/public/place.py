"""The location that a visitor has chosen: which territory the public pages tell about."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from balabaqsha.accounts.access import access, public
from balabaqsha.kernel.time import localdate
from balabaqsha.territories import queries as territories
from balabaqsha.territories.models import RegimePeriod, Territory
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kit.texts import language

COOKIE = "location"
# The city where the portal opens first.
FIRST = "551000000"
_YEAR = 365 * 24 * 60 * 60
_FRESH_SECONDS = 300
# The classifier writes «г.Павлодар», the language «г. Павлодар».
_SHORT_KIND = re.compile(r"^(г|с|п)\.(?=[А-ЯЁӘҒҚҢӨҰҮҺІ])")


@dataclass(frozen=True)
class Choice:
    """A territory of the chooser, named as people name it: an administration of a city by the city."""

    code: str
    name: str
    current: bool


@dataclass(frozen=True)
class _Known:
    code: str
    names: dict[str, str]
    regime: Regime


class Location:
    """What the header shows and pages count; worked out when it is asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self._asked = request.COOKIES.get(COOKIE, "")
        self._today = localdate(request.now)

    @cached_property
    def code(self) -> str:
        """The KATO code of the chosen territory; the first one where none, or an unknown one, was chosen."""
        codes = [one.code for one in self._known]
        preferred = [code for code in (self._asked, FIRST) if code in codes]
        return next(iter([*preferred, *codes]), FIRST)

    @cached_property
    def regime(self) -> Regime | None:
        """By which regime the chosen territory gives places; None where the law names none."""
        return next((one.regime for one in self._known if one.code == self.code), None)

    @cached_property
    def name(self) -> str:
        named = next((choice.name for choice in self.choices if choice.current), None)
        return territories.name(self.code, language()) if named is None else named

    @cached_property
    def action(self) -> str:
        return reverse("header.location")

    @cached_property
    def choices(self) -> list[Choice]:
        spoken = language()
        return [Choice(one.code, one.names[spoken], one.code == self.code) for one in self._known]

    @cached_property
    def _known(self) -> list[_Known]:
        known: list[_Known] = cache.get_or_set("locations", lambda: _with_regime(self._today), _FRESH_SECONDS)
        return known


def location(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after `accounts.middleware.entry`: sets `request.location`."""

    def handle(request: HttpRequest) -> HttpResponse:
        request.location = Location(request)
        return get_response(request)

    return handle


@access(public)
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the territory that the visitor chose and go back to the page."""
    code = request.POST.get("territory", "")
    if code not in {choice.code for choice in request.location.choices}:
        raise Http404
    response = redirect(_safe(request.POST.get("next", "")))
    response.set_cookie(
        COOKIE, code, max_age=_YEAR, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def written_name(name: str) -> str:
    """The name of a territory as the language writes it."""
    return _SHORT_KIND.sub(r"\1. ", name)


def _safe(target: str) -> str:
    inside = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if inside else reverse("nav.home")


def _with_regime(today: date) -> list[_Known]:
    """Territories that have a regime of their own, in order of code, with the newest one. Two queries."""
    periods = RegimePeriod.objects.filter(in_force_from__lte=today, territory__in_classifier=True)
    newest = {
        period.territory: Regime(period.regime)
        for period in periods.select_related("territory").order_by("in_force_from", "id")
    }
    # 551000000 «Павлодар Қ.Ә.» is known to people by its city, 551010000 «Павлодар қ.».
    below = Territory.objects.filter(parent__in=list(newest), kind=1, code__endswith="10000")
    cities = {row.parent_id: row for row in below}
    rows = sorted(newest, key=lambda row: row.code)
    return [_Known(row.code, _names(cities.get(row.code, row)), newest[row]) for row in rows]


def _names(row: Territory) -> dict[str, str]:
    names = {"kk": row.name_kk, "ru": row.name_ru, "en": row.name_en or row.name_kk}
    return {code: written_name(name) for code, name in names.items()}
