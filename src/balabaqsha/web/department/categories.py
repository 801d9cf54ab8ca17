"""The categories of a territory's voucher lines: the table in force, a new one, who would move, the second officer's answer."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, department_officer, department_reader, get_or_404
from balabaqsha.journeys import changing_categories
from balabaqsha.journeys.changing_categories import Moved, Preview
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import actions
from balabaqsha.law import queries as law
from balabaqsha.law.actions import TableChange
from balabaqsha.law.ages import PAIRS
from balabaqsha.law.lists import STATUS_ORDER
from balabaqsha.law.models import CategoryTable
from balabaqsha.law.rules import ASSUMED_CATEGORIES, AgeBand, Categories
from balabaqsha.territories import queries as territories
from balabaqsha.web.department import pages
from balabaqsha.web.department.rulebook import asked_territory, governed
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import menus, proposals, rights, tables, texts
from balabaqsha.web.kit import rulebook as rules
from balabaqsha.web.kit.forms import DayField
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
_MOST_HISTORY = 50
_BESIDE = {"term-in-past": "day", "categories-already-set": "day"}
_COLUMNS = ("number", "line", "category-before", "category", "before", "after")


class TableForm(forms.Form):
    """A category for each status and age, the day, the act."""

    def __init__(self, data: Any, *, now: Categories) -> None:
        super().__init__(data)
        bands = (AgeBand.FROM_5_TO_6, AgeBand.FROM_2_TO_5)
        for place, (status, band) in enumerate((one, band) for one in STATUS_ORDER for band in bands):
            said = f"{texts.say(f'benefit.{status}')}, {texts.say(f'age-band.{band}')}"
            field = forms.IntegerField(label=said, min_value=1, max_value=PAIRS, initial=now.of(status, band))
            field.widget.attrs |= {"inputmode": "numeric", "data-width": "otp"}
            self.fields[f"n{place}"] = field
        self.fields["day"] = DayField(label="rules.day", help_text="rules.day-hint")
        self.fields["source"] = proposals.source_field()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The categories as they were typed."""
        return tuple(self.cleaned_data[f"n{place}"] for place in range(PAIRS))


@access(department_reader)
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest) -> HttpResponse:
    """The table in force, what waits or is coming, and a new one, looked at before it is proposed."""
    known = governed(request)
    territory = asked_territory(request, known)
    told = rights.tables_of(territory, today=localdate(request.now))
    may_change = department_officer.admits(request.actor)
    posted = request.method == "POST" and may_change
    form = TableForm(request.POST if posted else None, now=told["categories"])
    context: dict[str, Any] = {"may_change": may_change, "reached": len(changing_categories.lines_reached(territory))}
    if posted and form.is_valid():
        change = TableChange(territory, form.numbers, form.cleaned_data["day"], form.cleaned_data["source"])
        try:
            if request.POST.get("step") == "propose":
                row = actions.propose_categories(change=change, actor=request.actor, now=request.now)
                return redirect("officer.category-table", row.id)
            categories = actions.check_categories(change=change, now=request.now)
        except Refusal as refusal:
            kit.blame(form, refusal, _BESIDE.get(refusal.detail))
        else:
            found = _preview(territory, categories, first=0, count=SIZE)
            context |= _shown(found, told["categories"], categories)
    history = CategoryTable.objects.filter(territory_id=territory).order_by("-proposed_at")[:_MOST_HISTORY]
    return pages.page(
        request,
        "categories",
        "officer.categories",
        territory=territory,
        territories=known,
        form=form,
        told=told,
        waiting=[_waiting(row) for row in law.open_tables(territory)] if may_change else [],
        events=rules.history((row, texts.say("categories.coming", date=row.in_force_from)) for row in history),
        public_url=menus.address("public.categories", territory),
        **context,
    )


@access(department_officer)
@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, table_id: int) -> HttpResponse:
    """One proposed table: what it changes, who would move, and the second officer's answer."""
    row: CategoryTable = _row(request, table_id)
    form, taken = proposals.AnswerForm(), False
    if request.method == "POST":
        form, taken = proposals.answer(
            request,
            approve=lambda: changing_categories.approve(table_id=row.id, actor=request.actor, now=request.now),
            refuse=lambda because: actions.refuse_categories(
                table_id=row.id, because=because, actor=request.actor, now=request.now
            ),
        )
    if taken:
        return redirect(f"{reverse('officer.categories')}?territory={row.territory_id}")
    row.refresh_from_db()
    after, before = Categories(tuple(row.numbers)), _before(row)
    found = _preview(row.territory_id, after, first=(page_of(request) - 1) * SIZE, count=SIZE)
    context = _shown(found, before, after) | {
        "form": form,
        "proposal": row,
        "state": rules.state_of(row),
        "own": proposals.is_own(request, row),
        "pager": pager(request, page=page_of(request), total=found.total, size=SIZE),
        "file_url": reverse("officer.category-places", args=[row.id]),
        "place": territories.spoken_name(row.territory_id, texts.language()),
    }
    heading = texts.say("categories.coming", date=row.in_force_from)
    return pages.page(
        request, "category_table", "officer.category-table", trail=("officer.categories",), heading=heading, **context
    )


@access(department_officer)
@require_GET
def places(request: HttpRequest, table_id: int) -> HttpResponse:
    """Who would move where, as a table to take away."""
    row = _row(request, table_id)
    try:
        found = _preview(row.territory_id, Categories(tuple(row.numbers)), first=0, count=None)
    except Refusal as refusal:
        messages.error(request, texts.say(f"refusal.{refusal.detail}"))
        return redirect("officer.category-table", row.id)
    return tables.csv_file("categories", [texts.say(f"categories.{key}") for key in _COLUMNS], _cells(found.moved))


def _row(request: HttpRequest, table_id: int) -> CategoryTable:
    found: CategoryTable = get_or_404(department_officer, request.actor, CategoryTable.objects.all(), pk=table_id)
    return found


def _before(row: CategoryTable) -> Categories:
    """What the table replaces: what is in force on the eve of its day."""
    tables_ = [one for one in law.category_tables(row.territory_id) if one.table_id != row.id]
    found = law.table_on(tables_, row.in_force_from)
    return found.categories if found else ASSUMED_CATEGORIES


def _preview(territory: str, categories: Categories, *, first: int, count: int | None) -> Preview:
    return changing_categories.preview(territory_code=territory, categories=categories, first=first, count=count)


def _shown(found: Preview, before: Categories, after: Categories) -> dict[str, Any]:
    stats = ("waiting", "recategorised", "ahead", "behind")
    return {
        "preview": found,
        "stats": [{"label": texts.say(f"categories.{name}"), "value": getattr(found, name)} for name in stats],
        "changes": [
            texts.say("categories.change", name=name, before=str(old), after=str(new))
            for name, old, new in rights.differences(before, after)
        ],
        "moved_columns": [
            {"label": texts.say(f"categories.{key}"), "number": place > 1} for place, key in enumerate(_COLUMNS)
        ],
        "moved_rows": [{"cells": cells} for cells in _cells(found.moved)],
    }


def _cells(moved: Iterable[Moved]) -> Iterator[list[Any]]:
    for one in moved:
        line = texts.say(f"queue.kind-{one.kind.lower()}")
        yield [one.number, line, one.category_before, one.category, one.place_before, one.place]


def _waiting(row: CategoryTable) -> dict[str, str]:
    return {
        "text": texts.say("categories.coming", date=row.in_force_from),
        "note": rules.state_of(row),
        "url": reverse("officer.category-table", args=[row.id]),
    }
