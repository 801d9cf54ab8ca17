"""Lists of earlier systems: uploaded, checked by the worker, confirmed by the officer, carried over, compared."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balabaqsha.accounts.access import access, department_officer, get_or_404
from balabaqsha.documents import store
from balabaqsha.documents.http import Received
from balabaqsha.journeys import importing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.legacy import columns as fields
from balabaqsha.legacy import queries, words
from balabaqsha.legacy.columns import Field
from balabaqsha.legacy.models import LegacyList, ListState
from balabaqsha.territories import queries as territories
from balabaqsha.web.department import pages, tasks, uploads
from balabaqsha.web.department.forms import ColumnsForm, ListForm
from balabaqsha.web.kit import refusals, tables, texts
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50


@access(department_officer)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Every list of the officer's territories, and the form that takes a new one."""
    choices = pages.own_territories(request)
    form = ListForm(request.POST or None, request.FILES or None, territories=choices)
    if request.method == "POST":
        found = uploads.taken(request, form, lambda sent: _begin(request, form, sent))
        if found is not None:
            tasks.order_reading(list_id=found.id)
            return redirect("officer.list", token=found.token)
    rows = department_officer.scope(request.actor, LegacyList.objects.exclude(state=ListState.DROPPED))
    shown = [{"list": one, "territory": _name(one)} for one in rows.order_by("-id")[:SIZE]]
    return pages.page(request, "lists", "officer.lists", form=form, territories=choices, rows=shown)


def _begin(request: HttpRequest, form: ListForm, sent: Received) -> LegacyList:
    return importing.begin(
        file=store.path(store.put(sent.content)),
        file_name=sent.name,
        territory_code=form.cleaned_data["territory"],
        chosen={},
        actor=request.actor,
        now=request.now,
    )


@access(department_officer)
@require_GET
def page(request: HttpRequest, token: str) -> HttpResponse:
    """A list as it stands: its columns to be told, being read, its faults, being carried over, its comparison."""
    return _page(request, _list(request, token))


def _page(request: HttpRequest, found: LegacyList, form: ColumnsForm | None = None) -> HttpResponse:
    lacking = fields.missing(importing.places_of_fields(found)) if found.state == ListState.UPLOADED else []
    shown = pager(request, page=page_of(request), total=found.faulty, size=SIZE)
    first = (shown.page - 1) * SIZE
    language = texts.language()
    context: dict[str, Any] = {
        "list": found,
        "heading": found.file_name,
        "territory_name": _name(found),
        "lacking": lacking,
        "form": form or (ColumnsForm(headings=found.headings, fields=lacking) if lacking else None),
        "working": uploads.is_working(found) and not lacking,
        "unreadable": texts.say(f"legacy.unreadable.{found.unreadable}") if found.unreadable else "",
        "stats": _stats(found),
        "kinds": [
            {"text": words.kind(language, code, field), "count": count}
            for code, field, count in queries.fault_counts(found)
        ],
        "rows": [
            {"row": row.row, "number": row.number, "faults": [words.fault(language, one) for one in row.faults]}
            for row in queries.faulty(found, first=first, limit=SIZE)
        ],
        "pager": shown,
    }
    return pages.page(request, "list", "officer.list", trail=("officer.lists",), **context)


@access(department_officer)
@require_GET
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """The part of the page that asks again; once the worker is done the whole page is loaded anew."""
    return uploads.progress(request, _list(request, token), "department/_list_progress.html")


@access(department_officer)
@require_POST
def columns(request: HttpRequest, token: str) -> HttpResponse:
    """Take which column is which, and let the list be read."""
    found = _list(request, token)
    lacking = fields.missing(importing.places_of_fields(found))
    form = ColumnsForm(request.POST, headings=found.headings, fields=lacking)
    if not form.is_valid():
        return _page(request, found, form)
    chosen = {Field(name): heading for name, heading in (found.columns | form.cleaned_data).items()}
    try:
        again = importing.begin(
            file=store.path(found.sha256),
            file_name=found.file_name,
            territory_code=found.territory_id,
            chosen=chosen,
            actor=request.actor,
            now=request.now,
        )
    except Refusal as refusal:
        return _refused(request, found, refusal)
    tasks.order_reading(list_id=again.id)
    return redirect("officer.list", token=again.token)


@access(department_officer)
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Let the sound rows be carried over."""
    found = _list(request, token)
    try:
        importing.confirm(list_id=found.id, actor=request.actor, now=request.now)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    tasks.order_writing(list_id=found.id, actor=request.actor)
    return redirect("officer.list", token=found.token)


@access(department_officer)
@require_POST
def drop(request: HttpRequest, token: str) -> HttpResponse:
    """Let go of a list that was not confirmed."""
    found = _list(request, token)
    try:
        importing.drop(list_id=found.id, actor=request.actor, now=request.now)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    messages.success(request, texts.say("lists.dropped"))
    return redirect("officer.lists")


@access(department_officer)
@require_GET
def faults(request: HttpRequest, token: str) -> HttpResponse:
    """Every row that was left out, with all its faults, as a table to take away."""
    found, language = _list(request, token), texts.language()
    return tables.csv_file("faults", words.report_head(language), words.report(language, found))


@access(department_officer)
@require_GET
def comparison(request: HttpRequest, token: str) -> HttpResponse:
    """Places before and after, by application, with every cause of a difference, as a table to take away."""
    found, language = _list(request, token), texts.language()
    return tables.csv_file("places", words.comparison_head(language), words.comparison(language, found))


def _list(request: HttpRequest, token: str) -> LegacyList:
    rows = LegacyList.objects.exclude(state=ListState.DROPPED)
    found: LegacyList = get_or_404(department_officer, request.actor, rows, token=token)
    return found


def _name(found: LegacyList) -> str:
    return territories.spoken_name(found.territory_id, texts.language())


def _stats(found: LegacyList) -> list[dict[str, Any]]:
    stats = [("lists.read", found.read), ("lists.sound", found.read - found.faulty), ("lists.faulty", found.faulty)]
    if found.confirmed_at is not None:
        stats.append(("lists.written", found.written))
    return [{"label": texts.say(key), "value": value, "note": ""} for key, value in stats]


def _refused(request: HttpRequest, found: LegacyList, refusal: Refusal) -> HttpResponse:
    messages.error(request, refusals.explain(request, refusal))
    return redirect(reverse("officer.list", args=[found.token]))
