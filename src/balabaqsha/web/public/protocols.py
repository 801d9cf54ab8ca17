"""The public protocol of distribution runs: who was served in which order and why others were passed over, nameless."""

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from balabaqsha.accounts.access import access, public
from balabaqsha.kernel.time import localdate
from balabaqsha.territories import queries as territories
from balabaqsha.transparency import moving_up as moved
from balabaqsha.transparency import published, runs
from balabaqsha.transparency.runs import Protocol
from balabaqsha.web.kit import menus, pages, regimes
from balabaqsha.web.kit.texts import language
from balabaqsha.web.public import place

SIZE = 50
_MOST_RUNS = 200


@access(public)
def protocols(request: HttpRequest) -> HttpResponse:
    """The performed runs, newest first."""
    found = runs.performed(limit=_MOST_RUNS)
    names = territories.names({run.territory_code for run in found}, language())
    rows = [(run, place.written_name(names.get(run.territory_code, run.territory_code))) for run in found]
    here = request.location.code
    own = territories.regime_periods(here).exists()
    context = {"wide_data": True, "runs": rows, "regime_url": menus.address("public.regime", here) if own else ""}
    return render(request, "public/protocols.html", context)


@access(public)
def run(request: HttpRequest, number: int) -> HttpResponse:
    """One performed run."""
    protocol = runs.protocol(number)
    if protocol is None:
        raise Http404
    reason = request.GET.get("reason", "")
    served = "reason" not in request.GET
    passed = protocol.passed_by_reason.get(reason, 0) if reason else protocol.passed
    total = protocol.given if served else passed
    pager = pages.pager(request, page=pages.page_of(request), total=total, size=SIZE)
    start = (pager.page - 1) * SIZE
    rows = (
        runs.served(number, start=start, size=SIZE)
        if served
        else runs.passed_over(number, reason=reason, start=start, size=SIZE)
    )
    context = {
        "wide_data": True,
        "run": protocol,
        "territory": place.written_name(territories.name(protocol.territory_code, language())),
        "supply": _supply(protocol),
        "reasons": [(code, count, code == reason) for code, count in protocol.passed_by_reason.items()],
        "served": served,
        "reason": reason,
        "rows": list(enumerate(rows, start + 1)),
        "pager": pager,
        "protocols_url": menus.address("nav.protocol"),
    }
    return render(request, "public/run.html", context)


@access(public)
def moving_up(request: HttpRequest, territory: str, year: int) -> HttpResponse:
    """What became of the groups of a territory when they moved up a year."""
    found = moved.protocol(territory, year)
    if found is None:
        raise Http404
    context = {
        "wide_data": True,
        "protocol": found,
        "territory": territories.spoken_name(territory, language()),
        "protocols_url": menus.address("nav.protocol"),
    }
    return render(request, "public/moving_up.html", context)


@access(public)
def regime(request: HttpRequest, territory: str) -> HttpResponse:
    """The regimes of a territory by date, and how those who waited were carried over."""
    found = regimes.told(territory, today=localdate(request.now))
    if not found["periods"]:
        raise Http404
    context = {
        "wide_data": True,
        **found,
        "territory": territories.spoken_name(territory, language()),
        "protocols_url": menus.address("nav.protocol"),
    }
    return render(request, "public/regime.html", context)


@access(public)
def run_file(request: HttpRequest, number: int) -> HttpResponse:  # noqa: ARG001 - Django gives it
    """The frozen input and the result as JSON: by it anybody can verify the run."""
    content = published.public_file(number)
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="balabaqsha-run-{number}.json"'
    return response


def _supply(protocol: Protocol) -> list[tuple[int, bool, int]]:
    """Places by birth year; those of special groups together, so that no correction is told of anybody."""
    places: Counter[tuple[int, bool]] = Counter()
    for row in protocol.supply:
        places[row.birth_year, row.correction is not None] += max(0, row.places)
    return [(year, special, count) for (year, special), count in sorted(places.items()) if count]
