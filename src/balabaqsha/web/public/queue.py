"""The voucher line for everybody: free places, admissions of the day, who waits, and one application by its number."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django import forms
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from balabaqsha.accounts.access import access, public
from balabaqsha.applications.states import Kind
from balabaqsha.insight import line
from balabaqsha.insight.line import FreeRow, Shares
from balabaqsha.journeys import sweep
from balabaqsha.kernel.time import localdate
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import menus, pages, plain
from balabaqsha.web.kit.forms import ApplicationNumberField
from balabaqsha.web.kit.texts import language, say
from balabaqsha.web.public import place

SIZE = 50
_KINDS = {"general": Kind.GENERAL, "special": Kind.SPECIAL}


class NumberForm(forms.Form):
    """An application number as people copy it: spaces and № are forgiven, a wrong check digit is told."""

    number = ApplicationNumberField(label="term.application-number", help_text="queue.number-hint")


class LineForm(forms.Form):
    """Filters of the line; what is not among the choices is left out."""

    kind = forms.ChoiceField(
        label="application.queue-kind", choices=[(name, f"queue.kind-{name}") for name in _KINDS], required=False
    )
    category = forms.TypedChoiceField(label="term.category", required=False, coerce=int, empty_value=None)
    birth_year = forms.TypedChoiceField(label="term.birth-year", required=False, coerce=int, empty_value=None)

    def __init__(self, data: object, shares: Shares) -> None:
        super().__init__(data)
        anything = [("", "queue.any")]
        self.fields["category"].choices = anything + [(row[0], str(row[0])) for row in shares.by_category]
        self.fields["birth_year"].choices = anything + [(year, str(year)) for year in shares.birth_years]


@dataclass(frozen=True)
class FreeTableRow:
    """Free places of one birth year by language, and in special groups."""

    birth_year: int
    by_language: tuple[int, ...]
    special: int
    total: int


@access(public)
def voucher_queue(request: HttpRequest) -> HttpResponse:
    """The public line of the chosen territory as it stands now, without names."""
    if "number" in request.GET:
        return find(request)
    codes = line.territories_with_lines(territories.subtree(request.location.code))
    code = request.GET.get("line") if request.GET.get("line") in codes else next(iter(codes), None)
    if code is None:
        regime = territories.regime_on(request.location.code, localdate(request.now))
        return render(request, "public/queue_none.html", {"form": NumberForm(), "regime": regime})
    with suppress(OperationalError):
        # A table of categories that has come into force counts, whether or not a job was here first.
        sweep.catch_up_territory(code, now=request.now)
    kind = _KINDS.get(request.GET.get("kind", ""), Kind.GENERAL)
    return render(request, "public/queue.html", _context(request, code, codes, kind))


def find(request: HttpRequest) -> HttpResponse:
    """Go to the application of the typed number, or say what is wrong with the number."""
    form = NumberForm(request.GET)
    if form.is_valid():
        return redirect("public.application", number=form.cleaned_data["number"])
    return render(
        request, "public/application_find.html", {"form": form, "back_url": menus.address("nav.voucher-queue")}
    )


def _context(request: HttpRequest, code: str, codes: Sequence[str], kind: Kind) -> dict[str, object]:
    waiting = {each: line.shares(code, each) for each in Kind}
    shares = waiting[kind]
    form = LineForm(request.GET, shares)
    form.is_valid()
    category, birth_year = form.cleaned_data.get("category"), form.cleaned_data.get("birth_year")
    total = _counted(shares, category, birth_year)
    pager = pages.pager(request, page=pages.page_of(request), total=total, size=SIZE)
    rows = line.line_rows(
        code, kind, category=category, birth_year=birth_year, start=(pager.page - 1) * SIZE, size=SIZE
    )
    free, admitted = line.free_rows(code, now=request.now), line.admitted_today(code, now=request.now)
    names = territories.names(set(codes), language())
    return {
        "wide_data": True,
        "announcements": plain.announcements([code], on=localdate(request.now)),
        "form": None,
        "number_form": NumberForm(),
        "filters": form,
        "chosen": sum(value is not None for value in (category, birth_year)),
        "as_of": request.now,
        "line_code": code,
        "today": localdate(request.now),
        "place": place.written_name(names[code]),
        "lines": [(each, place.written_name(names[each]), each == code) for each in codes] if len(codes) > 1 else [],
        "stats": _stats(waiting, free, sum(row.children for row in admitted)),
        "free_languages": sorted({row.language for row in free}),
        "free_rows": _free_table(free),
        "admitted": admitted,
        "kind": kind.value.lower(),
        "shares": shares,
        "rows": rows,
        "found": total,
        "pager": pager,
    }


def _stats(waiting: dict[Kind, Shares], free: Sequence[FreeRow], admitted: int) -> list[dict[str, object]]:
    return [
        {"label": say("queue.kind-general"), "value": waiting[Kind.GENERAL].waiting},
        {"label": say("queue.kind-special"), "value": waiting[Kind.SPECIAL].waiting},
        {"label": say("home.free-places"), "value": sum(row.free for row in free)},
        {"label": say("queue.admitted-today"), "value": admitted},
    ]


def _free_table(free: Sequence[FreeRow]) -> list[FreeTableRow]:
    languages = sorted({row.language for row in free})
    return [
        FreeTableRow(
            birth_year=year,
            by_language=tuple(
                sum(row.free for row in free if (row.birth_year, row.language, row.special) == (year, code, False))
                for code in languages
            ),
            special=sum(row.free for row in free if row.birth_year == year and row.special),
            total=sum(row.free for row in free if row.birth_year == year),
        )
        for year in sorted({row.birth_year for row in free})
    ]


def _counted(shares: Shares, category: int | None, birth_year: int | None) -> int:
    """How many rows the filters leave."""
    return sum(
        count
        for each, row, _ in shares.by_category
        for year, count in zip(shares.birth_years, row, strict=True)
        if category in {None, each} and birth_year in {None, year}
    )
