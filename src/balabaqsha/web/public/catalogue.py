"""The catalogue of kindergartens: filters, list and drawn map, and the passport of one."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from balabaqsha.accounts.access import access, public
from balabaqsha.insight import catalogue, rules
from balabaqsha.insight.catalogue import Found, GroupLine, Wanted
from balabaqsha.insight.rules import Point
from balabaqsha.kindergartens.models import Kindergarten, Language
from balabaqsha.locale import written
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import menus, pages, recent
from balabaqsha.web.kit.texts import language, say, say_count
from balabaqsha.web.public import place

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
    origin = forms.ChoiceField(label="catalogue.origin", help_text="catalogue.origin-hint", required=False)
    order = forms.ChoiceField(
        label="catalogue.order",
        required=False,
        choices=[(order, f"catalogue.order-{order}") for order in ("name", "free", "near")],
    )
    free = forms.BooleanField(label="catalogue.free-only", required=False)

    def __init__(
        self, data: object, *, years: Sequence[int], places: Mapping[str, str], origins: Mapping[str, str]
    ) -> None:
        super().__init__(data)
        self.fields["birth_year"].choices = [("", "queue.any"), *((year, str(year)) for year in years)]
        self.fields["settlement"].choices = [("", "queue.any"), *places.items()]
        self.fields["origin"].choices = [("", "catalogue.origin-none"), *origins.items()]


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
        return named | {f"kindergarten:{garden.code}": name_of(garden) for garden in gardens if _point(garden)}

    def point(self, origin: str) -> Point | None:
        """Where an origin lies: a settlement in the middle of its kindergartens."""
        what, _, code = origin.partition(":")
        near = [
            point
            for garden in self.gardens
            if (garden.settlement_id == code if what == "settlement" else garden.code == code)
            and (point := _point(garden)) is not None
        ]
        return rules.centre(near) if near else None


@access(public)
def gardens(request: HttpRequest) -> HttpResponse:
    """The catalogue of the chosen territory, in a crowd as it stood a second ago."""
    main = recent.shared(lambda: _main(request), "catalogue", request.location.code, request.get_full_path())
    return render(request, "public/catalogue.html", {"main": main, "wide_data": True})


def _main(request: HttpRequest) -> SafeString:
    area = _area(request.location.code)
    form = CatalogueForm(
        request.GET, years=catalogue.birth_years(area.codes), places=area.settlements, origins=area.origins()
    )
    form.is_valid()
    wanted = form.cleaned_data
    found = catalogue.find(area.codes, _wanted(wanted), now=request.now)
    if wanted.get("free"):
        found = [one for one in found if one.free]
    origin = area.point(wanted.get("origin", ""))
    found = _ordered(found, wanted.get("order") or ("near" if origin else "name"), origin)
    pager = pages.pager(request, page=pages.page_of(request), total=len(found), size=SIZE)
    shown = found[(pager.page - 1) * SIZE : pager.page * SIZE]
    groups = catalogue.groups_of([one.id for one in shown], now=request.now)
    by_id = {garden.id: garden for garden in area.gardens}
    return render_to_string(
        "public/_catalogue.html",
        {
            "filters": form,
            "chosen": sum(bool(wanted.get(name)) for name in form.fields if name != "order"),
            "found": len(found),
            "free": sum(one.free for one in found),
            "as_of": request.now,
            "gardens": [_card(by_id[one.id], one, groups.get(one.id, []), origin) for one in shown],
            "map": _map(shown, origin),
            "pager": pager,
        },
        request,
    )


@access(public)
def garden(request: HttpRequest, code: str) -> HttpResponse:
    """The passport of one kindergarten."""
    found = Kindergarten.objects.filter(code=code, closed_at__isnull=True).first()
    if found is None:
        raise Http404
    groups = catalogue.groups_of([found.id], now=request.now).get(found.id, [])
    names = territories.names({found.territory_id, found.settlement_id or found.territory_id}, language())
    return render(
        request,
        "public/kindergarten.html",
        {
            "wide_data": True,
            "garden": found,
            "name": name_of(found),
            "kind": say(f"catalogue.kind-{catalogue.kind_of(found)}"),
            "kind_icon": ICONS[catalogue.kind_of(found)],
            "free": sum(group.free for group in groups),
            "columns": _passport(found, groups, names),
            "groups": groups,
            "special": any(group.correction for group in groups),
            "as_of": request.now,
            "catalogue_url": menus.address("nav.catalogue"),
        },
    )


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
        return sorted(by_name, key=lambda one: rules.distance_km(origin, point) if (point := _point(one)) else far)
    return by_name


def _point(garden: Kindergarten | Found) -> Point | None:
    if garden.latitude is None or garden.longitude is None:
        return None
    return Point(garden.latitude, garden.longitude)


def _card(garden: Kindergarten, found: Found, groups: Sequence[GroupLine], origin: Point | None) -> dict[str, object]:
    kind, point = catalogue.kind_of(garden), _point(garden)
    address = address_of(garden)
    if origin and point:
        km = written.number(round(rules.distance_km(origin, point), 1), language())
        address = f"{say('catalogue.km', km=km)} · {address}"
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
        "address": address,
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


def _passport(
    garden: Kindergarten, groups: Sequence[GroupLine], names: Mapping[str, str]
) -> list[list[dict[str, object]]]:
    settlement = names.get(garden.settlement_id or garden.territory_id, "")
    point = _point(garden)
    left = [
        ("applications.col-settlement", place.written_name(settlement)),
        ("catalogue.address", address_of(garden)),
        ("catalogue.phone", garden.phone),
        ("catalogue.email", garden.email),
        ("catalogue.coordinates", f"{point.latitude:.5f}, {point.longitude:.5f}" if point else ""),
    ]
    right = [
        ("catalogue.head", garden.head_name),
        ("application.language", languages_of(groups)),
        ("catalogue.stay", say("catalogue.hours", hours=written.number(garden.stay_hours, language()))),
        ("catalogue.groups", str(len(groups))),
        ("places.capacity", written.number(sum(group.capacity for group in groups), language())),
        ("catalogue.waiting-list", say_count("count.child", sum(group.waiting for group in groups))),
    ]
    return [[{"label": say(key), "value": value} for key, value in column if value] for column in (left, right)]


def _map(shown: Sequence[Found], origin: Point | None) -> dict[str, object] | None:
    """The kindergartens of this page of the list, drawn; the list beside it says the same in words."""
    lying = [(one, point) for one in shown if (point := _point(one)) is not None]
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
