"""The catalogue of kindergartens: filters, list and drawn map, and the passport of one."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from balabaqsha.accounts import rules as limits_of
from balabaqsha.accounts.access import access, public
from balabaqsha.insight import catalogue, rules
from balabaqsha.insight.catalogue import Found, GroupLine, Wanted
from balabaqsha.insight.rules import Point
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens.models import Kindergarten, Language
from balabaqsha.locale import written
from balabaqsha.territories import kato
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import nearby, pages, refusals
from balabaqsha.web.kit.forms import AddressField
from balabaqsha.web.kit.nearby import Whence
from balabaqsha.web.kit.texts import language, say, say_count
from balabaqsha.web.public import kept, limits, place

SIZE = 12
_DIGITS = 6
ICONS = {
    "STATE": "school",
    "PRIVATE": "building-2",
    "MINI_CENTRE": "house",
    "SPECIAL": "stethoscope",
    "SANATORIUM": "heart",
}


class CatalogueForm(forms.Form):
    """Filters of the catalogue; what is not among the choices is left out."""

    name = forms.CharField(label="catalogue.name", required=False, max_length=80)
    birth_year = forms.TypedChoiceField(label="term.birth-year", required=False, coerce=int, empty_value=None)
    languages = forms.MultipleChoiceField(
        label="application.language",
        required=False,
        choices=[(code.value, f"language.{code.value}") for code in Language],
        widget=forms.CheckboxSelectMultiple,
    )
    kinds = forms.MultipleChoiceField(
        label="catalogue.kind",
        required=False,
        choices=[(kind, f"catalogue.kind-{kind}") for kind in catalogue.KINDS],
        widget=forms.CheckboxSelectMultiple,
    )
    settlement = forms.ChoiceField(label="term.settlement", required=False)
    address = AddressField(label="nearby.address", help_text="nearby.address-hint")
    origin = forms.ChoiceField(label="catalogue.origin", help_text="catalogue.origin-hint", required=False)
    order = forms.ChoiceField(
        label="catalogue.order",
        required=False,
        choices=[
            ("", "catalogue.order-best"),
            *((order, f"catalogue.order-{order}") for order in ("name", "free", "near")),
        ],
    )
    free = forms.BooleanField(label="catalogue.free-only", required=False)

    def __init__(
        self, data: object, *, years: Sequence[int], places: Mapping[str, str], origins: Mapping[str, str]
    ) -> None:
        super().__init__(data)
        self.fields["birth_year"].choices = [("", "queue.any"), *((year, str(year)) for year in years)]
        self.fields["settlement"].choices = [("", "queue.any"), *places.items()]
        self.fields["origin"].choices = [("", "catalogue.origin-none"), *origins.items()]
        self.fields["address"].widget.attrs["options_url"] = reverse("public.addresses")


@dataclass(frozen=True)
class _Area:
    """What the visitor may choose from: the territory's kindergartens and settlements, with where they lie."""

    codes: Collection[str]
    gardens: Sequence[Kindergarten]
    settlements: Mapping[str, str]

    def origins(self) -> dict[str, str]:
        """Settlements first, then kindergartens, by name."""
        named = {f"settlement:{code}": name for code, name in self.settlements.items()}
        gardens = sorted(self.gardens, key=sort_key)
        return named | {f"kindergarten:{garden.code}": name_of(garden) for garden in gardens if point_of(garden)}

    def point(self, origin: str) -> Point | None:
        """Where an origin lies: a settlement in the middle of its kindergartens."""
        what, _, code = origin.partition(":")
        near = [
            point
            for garden in self.gardens
            if (garden.settlement_id == code if what == "settlement" else garden.code == code)
            and (point := point_of(garden)) is not None
        ]
        return rules.centre(near) if near else None


@access(public)
def gardens(request: HttpRequest) -> HttpResponse:
    """The catalogue of the chosen territory."""
    area = _area(request.location.code)
    form = CatalogueForm(
        request.GET, years=catalogue.birth_years(area.codes), places=area.settlements, origins=area.origins()
    )
    form.is_valid()
    wanted = form.cleaned_data
    fits = _wanted(wanted)
    found, as_of = kept.counted(
        f"catalogue:{request.location.code}:{hash(repr(fits))}",
        lambda now: catalogue.find(area.codes, fits, now=now),
        now=request.now,
    )
    by_id = {garden.id: garden for garden in area.gardens}
    # Whoever closed since it was counted is left out.
    found = [one for one in found if one.id in by_id and (one.free or not wanted.get("free"))]
    whence = _whence(request, wanted.get("address", ""))
    origin = whence.point or area.point(wanted.get("origin", ""))
    found = _ordered(found, wanted.get("order") or ("near" if origin else "name"), origin)
    pager = pages.pager(request, page=pages.page_of(request), total=len(found), size=SIZE)
    shown = found[(pager.page - 1) * SIZE : pager.page * SIZE]
    groups = catalogue.groups_of([one.id for one in shown], now=request.now)
    return render(
        request,
        "public/catalogue.html",
        {
            "wide_data": True,
            "filters": form,
            "chosen": sum(bool(wanted.get(name)) for name in form.fields if name != "order"),
            "found": len(found),
            "free": sum(one.free for one in found),
            "as_of": as_of,
            "gardens": [_card(by_id[one.id], one, groups.get(one.id, []), origin) for one in shown],
            "map": _map(shown, origin),
            "whence": whence,
            "pager": pager,
        },
    )


@access(public)
@require_GET
@never_cache
def addresses(request: HttpRequest) -> HttpResponse:
    """Suggestions for an address while it is typed; kept nowhere, asked only so often by one network address."""
    try:
        limits.count(request, limits_of.SEARCHES_OF_ADDRESS)
    except Refusal:
        return render(request, "ui/combobox_options.html", {"choices": []})
    typed = request.GET.get("address", "")[: nearby.LONGEST]
    asked = request.GET.get("territory", "")
    within = asked if kato.is_code(asked) else request.location.code
    choices = nearby.suggestions(typed, within=within, now=request.now)
    return render(request, "ui/combobox_options.html", {"choices": choices})


def _whence(request: HttpRequest, address: str) -> Whence:
    if not address:
        return Whence()
    try:
        limits.count(request, limits_of.SEARCHES_OF_ADDRESS)
    except Refusal as refusal:
        return Whence(problem=refusals.sentence(refusal.detail, refusal.facts))
    return nearby.locate(request, address, within=request.location.code)


def name_of(garden: Kindergarten | Found) -> str:
    """The name in the language of the page; Kazakh where there is no other."""
    return garden.name_ru if language() == "ru" else garden.name_kk


def sort_key(garden: Kindergarten | Found) -> tuple[list[tuple[int, int]], int]:
    """Kindergartens by name, in the order of the alphabet and of the numbers in it: №2 before №10."""
    return written.sort_key(re.sub(r"\d+", lambda digits: digits[0].zfill(_DIGITS), name_of(garden))), garden.id


def address_of(garden: Kindergarten) -> str:
    """The address in the language of the page."""
    return garden.address_ru if language() == "ru" else garden.address_kk


def _area(code: str) -> _Area:
    codes = list(territories.subtree(code).values_list("code", flat=True))
    rows = list(catalogue.open_gardens(codes).order_by("id"))
    names = territories.names({row.settlement_id for row in rows if row.settlement_id}, language())
    ordered = sorted(names.items(), key=lambda pair: written.sort_key(pair[1]))
    return _Area(codes, rows, {code: place.written_name(name) for code, name in ordered})


def _wanted(wanted: Mapping[str, object]) -> Wanted:
    return Wanted(
        name=wanted.get("name") or "",
        languages=wanted.get("languages") or (),
        birth_year=wanted.get("birth_year"),
        kinds=wanted.get("kinds") or (),
        settlement=wanted.get("settlement") or "",
    )


def _ordered(found: Sequence[Found], order: str, origin: Point | None) -> list[Found]:
    by_name = sorted(found, key=sort_key)
    if order == "free":
        return sorted(by_name, key=lambda one: -one.free)
    if order == "near" and origin:
        far = float("inf")
        return sorted(by_name, key=lambda one: rules.distance_km(origin, point) if (point := point_of(one)) else far)
    return by_name


def point_of(garden: Kindergarten | Found) -> Point | None:
    """Where a kindergarten lies, None where nobody has said."""
    if garden.latitude is None or garden.longitude is None:
        return None
    return Point(garden.latitude, garden.longitude)


def _card(garden: Kindergarten, found: Found, groups: Sequence[GroupLine], origin: Point | None) -> dict[str, object]:
    kind, point = catalogue.kind_of(garden), point_of(garden)
    km = rules.distance_km(origin, point) if origin and point else None
    free = {
        year: sum(g.free for g in groups if g.birth_year == year) for year in sorted({g.birth_year for g in groups})
    }
    return {
        "name": name_of(garden),
        "url": reverse("public.kindergarten", args=[garden.code]),
        "anchor": f"k-{garden.code}",
        "kind": say(f"catalogue.kind-{kind}"),
        "kind_icon": ICONS[kind],
        "free": found.free,
        "by_year": " · ".join(say("catalogue.year-free", year=year, n=n) for year, n in free.items() if n)
        or _waiting(groups),
        "address": nearby.card_lines(km, address_of(garden)),
        "languages": languages_of(groups),
        "hours": say("catalogue.hours", hours=written.number(garden.stay_hours, language())),
    }


def _waiting(groups: Sequence[GroupLine]) -> str:
    waiting = sum(group.waiting for group in groups)
    return f"{say('catalogue.waiting-list')}: {say_count('count.child', waiting)}" if waiting else ""


def languages_of(groups: Sequence[GroupLine]) -> str:
    """The languages of the groups, written one after another with a capital."""
    words = ", ".join(say(f"language.{code}") for code in sorted({group.language for group in groups}))
    return words[:1].upper() + words[1:]


def _map(shown: Sequence[Found], origin: Point | None) -> dict[str, object] | None:
    """The kindergartens of this page of the list, drawn; the list beside it says the same in words."""
    lying = [(one, point) for one in shown if (point := point_of(one)) is not None]
    if not lying:
        return None
    places = rules.on_map([point for _, point in lying] + ([origin] if origin else []))
    pins = [
        {"x": x, "y": y, "url": f"#k-{one.code}", "name": name_of(one), "free": one.free}
        for (one, _), (x, y) in zip(lying, places, strict=False)
    ]
    me = {"x": places[-1][0], "y": places[-1][1]} if origin else None
    return {
        "title": say("catalogue.map"),
        "width": rules.WIDTH,
        "height": rules.HEIGHT,
        "paths": [{"kind": "land", "d": f"M0 0h{rules.WIDTH}v{rules.HEIGHT}H0z"}],
        "labels": [],
        "pins": pins,
        "me": me,
    }
