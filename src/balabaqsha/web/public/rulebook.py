"""Public: the rules of a territory with their sources, its categories, and who has a right to a place out of turn or first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, public
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import regimes, rights
from balabaqsha.web.kit import rulebook as words
from balabaqsha.web.kit.texts import language


@access(public)
@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """Every term in force in the chosen territory: value, day, source; and what is coming."""
    today, here = localdate(request.now), request.location.code
    book = law.rulebook(here)
    terms = book.all(on=today)
    coming = sorted((one for one in book.overrides if one.in_force_from > today), key=lambda one: one.in_force_from)
    context = {
        "wide_data": True,
        "territory": territories.spoken_name(here, language()),
        "code": here,
        "columns": words.term_columns(),
        "schedules": words.term_rows(one for one in terms if one.code in words.SCHEDULES),
        "rows": words.term_rows(one for one in terms if one.code not in words.SCHEDULES),
        "coming": words.term_rows(coming),
        **regimes.told(here, today=today),
    }
    return render(request, "public/rules.html", context)


@access(public)
@require_GET
def benefits(request: HttpRequest) -> HttpResponse:
    """Who has a right to a place out of turn or first, by which act, and by which paper it is shown."""
    here = request.location.code
    context = {
        "wide_data": True,
        "code": here,
        "territory": territories.spoken_name(here, language()),
        **rights.rights_table(here, today=localdate(request.now)),
    }
    return render(request, "public/benefits.html", context)


@access(public)
@require_GET
def categories(request: HttpRequest, territory: str) -> HttpResponse:
    """The categories of a territory's voucher lines: the table in force, by which act, and what is coming."""
    if territories.place(territory) is None:
        raise Http404
    context = {
        "wide_data": True,
        "territory": territories.spoken_name(territory, language()),
        **rights.tables_of(territory, today=localdate(request.now)),
    }
    return render(request, "public/categories.html", context)
