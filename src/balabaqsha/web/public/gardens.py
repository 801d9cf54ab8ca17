"""The page of one kindergarten, its photos, and its passport to print. A closed one says since when, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, public
from balabaqsha.documents import http
from balabaqsha.documents import queries as documents
from balabaqsha.insight import catalogue
from balabaqsha.insight.catalogue import GroupLine
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.kindergartens.registry import queries
from balabaqsha.locale import written
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import gardens as shared
from balabaqsha.web.kit import menus
from balabaqsha.web.kit.texts import language, say, say_count
from balabaqsha.web.public import catalogue as catalogue_page
from balabaqsha.web.public import place


@access(public)
def garden(request: HttpRequest, code: str) -> HttpResponse:
    """The page of one kindergarten."""
    found = _found(code)
    kind = catalogue.kind_of(found)
    context = {
        "kind": say(f"catalogue.kind-{kind}"),
        "kind_icon": catalogue_page.ICONS[kind],
        "photos": [shared.photo_row(found, one) for one in queries.photos(found)],
        "opens_later": found.opens_on is not None and found.opens_on > localdate(request.now),
        "catalogue_url": menus.address("nav.catalogue"),
    }
    return render(request, "public/kindergarten.html", _shared(request, found) | context)


@access(public)
def passport(request: HttpRequest, code: str) -> HttpResponse:
    """Its facts and groups, to print."""
    found = _found(code)
    context = {
        "title": say("catalogue.passport"),
        "here": say("garden.passport-title"),
        "up_url": reverse("public.kindergarten", args=[found.code]),
    }
    return render(request, "public/kindergarten_passport.html", _shared(request, found) | context)


@access(public)
@require_GET
def photo(request: HttpRequest, code: str, photo_id: int) -> HttpResponse:  # noqa: ARG001 - every view takes it
    """A photo that is shown of it."""
    found = queries.photo(code, photo_id)
    kept = documents.file_by_digest(found.file.sha256) if found else None
    if kept is None:
        raise Http404
    return http.response(opened=kept.open(), media_type=kept.media_type, name="photo", inline=True)


def _found(code: str) -> Kindergarten:
    found = Kindergarten.objects.filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _shared(request: HttpRequest, found: Kindergarten) -> dict[str, Any]:
    groups = catalogue.groups_of([found.id], now=request.now).get(found.id, [])
    names = territories.names({found.territory_id, found.settlement_id or found.territory_id}, language())
    return {
        "wide_data": True,
        "garden": found,
        "name": catalogue_page.name_of(found),
        "closed_reason": say(f"closing.{found.closed_because}") if found.closed_because else "–",
        "free": sum(group.free for group in groups),
        "columns": _passport(found, groups, names),
        "groups": groups,
        "special": any(group.correction for group in groups),
        "as_of": request.now,
    }


def _passport(
    garden: Kindergarten, groups: Sequence[GroupLine], names: Mapping[str, str]
) -> list[list[dict[str, object]]]:
    settlement = names.get(garden.settlement_id or garden.territory_id, "")
    point = catalogue_page.point_of(garden)
    licence = f"{garden.licence_number}, {written.day(garden.licence_on)}" if garden.licence_on else ""
    left = [
        ("garden.bin", garden.bin),
        ("garden.ownership", say(f"ownership.{garden.ownership}")),
        ("garden.licence", licence),
        ("applications.col-settlement", place.written_name(settlement)),
        ("catalogue.address", catalogue_page.address_of(garden)),
        ("catalogue.phone", garden.phone),
        ("catalogue.email", garden.email),
        ("catalogue.coordinates", f"{point.latitude:.5f}, {point.longitude:.5f}" if point else ""),
    ]
    right = [
        ("catalogue.head", garden.head_name),
        ("application.language", catalogue_page.languages_of(groups)),
        ("catalogue.stay", say("catalogue.hours", hours=written.number(garden.stay_hours, language()))),
        ("garden.opens-on", written.day(garden.opens_on) if garden.opens_on else ""),
        ("catalogue.groups", str(len(groups))),
        ("places.capacity", written.number(sum(group.capacity for group in groups), language())),
        ("catalogue.waiting-list", say_count("count.child", sum(group.waiting for group in groups))),
    ]
    return [[{"label": say(key), "value": value} for key, value in column if value] for column in (left, right)]
