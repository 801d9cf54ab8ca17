"""The register of applications of 003: nine columns, sorted by each, with a search; a number opens the case."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, department_reader
from balabaqsha.applications.models import Application
from balabaqsha.legacy.models import CarriedOver
from balabaqsha.line import linear
from balabaqsha.line import queries as lines
from balabaqsha.line.models import Line
from balabaqsha.locale import written
from balabaqsha.web.department import pages
from balabaqsha.web.department.forms import JournalForm, NumberForm, PersonForm
from balabaqsha.web.kit import journal, texts, worklists
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
_COLUMNS = {
    "number": ("number",),
    "child": ("child__surname", "child__given_name", "id"),
    "iin": ("child__iin", "id"),
    "applicant": ("applicant__surname", "applicant__given_name", "id"),
    "created": ("original_at", "id"),
    "status": ("state", "reason", "id"),
    "benefit": ("benefit", "id"),
    "born": ("born_on", "id"),
}
_FILTERS = ("state", "benefit", "birth_year")


@access(department_reader)
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest) -> HttpResponse:
    """The register of one territory; names and IINs stay masked until a case is opened.

    An IIN is posted, so that it stands in no address.
    """
    number = NumberForm(request.GET if "number" in request.GET else None)
    person = PersonForm(request.POST if request.method == "POST" else None)
    if number.is_bound and number.is_valid():
        found = _by_number(request, number.cleaned_data["number"])
        if found is not None:
            return redirect("officer.case", number=found)
        number.add_error("number", "journal.not-found")
    territory = _territory(request)
    rows = pages.cases(request).filter(territory=territory)
    form = JournalForm(request.GET, years=sorted({year for _, year in _known(territory)}, reverse=True))
    typed: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    rows = rows.filter(**{name: typed[name] for name in _FILTERS if typed.get(name)})
    if person.is_bound and person.is_valid():
        rows = _of_person(pages.cases(request), person.cleaned_data["iin"])
    return _page(request, rows, territory=territory, forms=(number, person, form), chosen=typed)


def _page(
    request: HttpRequest, rows: QuerySet[Application], *, territory: str, forms: tuple[Any, ...], chosen: dict[str, Any]
) -> HttpResponse:
    order = journal.order(request)
    total = rows.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    found = _slice(rows, order, territory=territory, start=start)
    places = _places(found)
    number, person, form = forms
    context = {
        "number": number,
        "person": person,
        "form": form,
        "chosen": sum(1 for value in chosen.values() if value),
        "territory": territory,
        "territories": pages.named(_territories(request)),
        "total": total,
        "pager": shown,
        "columns": journal.heads(request, order),
        "rows": [_row(one, places.get(one.id)) for one in found],
        "caption": texts.say("journal.title"),
    }
    return pages.page(request, "journal", "officer.journal", **context)


def _by_number(request: HttpRequest, asked: str) -> str | None:
    """The number of the case: the portal's own, or that of an earlier system which was carried over."""
    cases = pages.cases(request)
    if cases.filter(number=asked).exists():
        return asked
    carried = CarriedOver.objects.filter(number=asked, application__in=cases)
    return carried.values_list("application__number", flat=True).first()


def _of_person(cases: QuerySet[Application], iin: str) -> QuerySet[Application]:
    return cases.filter(child__iin=iin) | cases.filter(applicant__iin=iin)


def _territories(request: HttpRequest) -> list[str]:
    """Territories of the officer in which anybody can stand in line."""
    made = department_reader.scope(request.actor, Line.objects.all()).values_list("territory_id", flat=True)
    return sorted({*made, *pages.linear_territories(request)})


def _territory(request: HttpRequest) -> str:
    known = _territories(request)
    asked = request.GET.get("territory") or (known[0] if known else "")
    if asked and asked not in known:
        raise Http404
    return asked


def _known(territory: str) -> list[tuple[str, int]]:
    """Kinds and birth years of those who wait there."""
    return [(str(kind), int(year)) for kind, year in lines.waiting_by(territory, "kind", "birth_year")]


def _slice(rows: QuerySet[Application], order: journal.Order, *, territory: str, start: int) -> list[Application]:
    related = rows.select_related("child", "applicant")
    if order.column != "place":
        columns = [f"-{name}" if order.reverse else name for name in _COLUMNS[order.column]]
        return list(related.order_by(*columns)[start : start + SIZE])
    places = lines.all_places(territory)
    ids = list(rows.order_by("id").values_list("id", flat=True))
    # Whoever stands in no line comes last, whichever way round.
    nowhere = -1 if order.reverse else len(places) + 1
    ids.sort(key=lambda one: places.get(one, nowhere), reverse=order.reverse)
    wanted = ids[start : start + SIZE]
    found = related.in_bulk(wanted)
    return [found[one] for one in wanted]


def _places(found: list[Application]) -> dict[int, int]:
    """The place of each that waits: a query or two for each line on the page."""
    by_line: dict[Any, list[int]] = {}
    for one in found:
        key = linear.key_of(one) or (one.territory_id, one.kind)
        by_line.setdefault(key, []).append(one.id)
    places: dict[int, int] = {}
    for key, ids in by_line.items():
        places |= linear.places_of(key, ids) if isinstance(key, linear.LineKey) else lines.places_of(*key, ids)
    return places


def _row(one: Application, place: int | None) -> dict[str, Any]:
    status = f"reason.{one.reason}.officer" if one.reason else f"state.{one.state}.officer"
    return {
        "url": pages.case_url(one),
        "cells": [
            one.number,
            worklists.masked(one.child),
            written.iin_masked(one.child.iin),
            place,
            worklists.masked(one.applicant),
            written.moment_full(one.original_at),
            texts.say(status),
            texts.say(f"benefit.{one.benefit}"),
            written.day(one.born_on),
        ],
    }
