"""The bulletin of free places: every group that has one now, by kindergarten, on a page and as a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from balabaqsha.accounts.access import access, public
from balabaqsha.insight import catalogue
from balabaqsha.insight.catalogue import GroupLine
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import pages, tables, years
from balabaqsha.web.kit.texts import say
from balabaqsha.web.public.catalogue import address_of, name_of, sort_key

SIZE = 50


@dataclass(frozen=True)
class FreeLine:
    """A group with free places, and its kindergarten."""

    code: str
    garden: str
    address: str
    group: GroupLine


@access(public)
def free_places(request: HttpRequest) -> HttpResponse:
    """Groups of the chosen territory that have free places now."""
    lines = _lines(request)
    pager = pages.pager(request, page=pages.page_of(request), total=len(lines), size=SIZE)
    context = {
        "wide_data": True,
        "as_of": request.now,
        "lines": lines[(pager.page - 1) * SIZE : pager.page * SIZE],
        "free": sum(line.group.free for line in lines),
        "pager": pager,
    }
    return render(request, "public/free_places.html", context)


@access(public)
def free_places_file(request: HttpRequest) -> HttpResponse:
    """The same as CSV."""
    head = [
        say("queue.kindergarten"),
        say("catalogue.address"),
        say("places.group"),
        say("queue.birth-year"),
        say("school-year.label"),
        say("application.language"),
        say("catalogue.correction"),
        say("places.capacity"),
        say("places.free"),
    ]
    name = f"balabaqsha-free-places-{request.location.code}-{localdate(request.now).isoformat()}"
    return tables.csv_file(name, head, _cells(_lines(request), on=localdate(request.now)))


def _cells(lines: Iterable[FreeLine], *, on: date) -> Iterable[list[object]]:
    for line in lines:
        group = line.group
        correction = say(f"correction.{group.correction}") if group.correction else ""
        spoken = say(f"language.{group.language}")
        year = years.said(years.of_group(group.school_year, on=on))
        said = [group.name, group.birth_year, year, spoken, correction, group.capacity, group.free]
        yield [line.garden, line.address, *said]


def _lines(request: HttpRequest) -> list[FreeLine]:
    codes = list(territories.subtree(request.location.code).values_list("code", flat=True))
    gardens = sorted(catalogue.open_gardens(codes), key=sort_key)
    groups = catalogue.groups_of([garden.id for garden in gardens], now=request.now)
    return [line for garden in gardens for line in _of(garden, groups.get(garden.id, []))]


def _of(garden: Kindergarten, groups: Iterable[GroupLine]) -> Iterable[FreeLine]:
    for group in groups:
        if group.free:
            yield FreeLine(garden.code, name_of(garden), address_of(garden), group)
