"""Lists of kindergartens and groups from a file: uploaded, checked by the worker, confirmed, entered into the register."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balabaqsha.accounts.access import access, department_officer, get_or_404
from balabaqsha.documents import store
from balabaqsha.documents.http import Received
from balabaqsha.journeys import entering
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.legacy import words
from balabaqsha.legacy.gardens import columns
from balabaqsha.legacy.models import GardenList, GardenRow, ListState
from balabaqsha.territories import queries as territories
from balabaqsha.web.department import pages, tasks, uploads
from balabaqsha.web.department.forms import ColumnsForm, ListForm
from balabaqsha.web.kit import refusals, tables, texts
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
_TRAIL = ("officer.kindergartens", "officer.garden-lists")


@access(department_officer)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Every such list of the officer's territories, and the form that takes a new one."""
    choices = pages.own_territories(request)
    form = ListForm(request.POST or None, request.FILES or None, territories=choices)
    if request.method == "POST":
        found = uploads.taken(request, form, lambda sent: _begin(request, form, sent))
        if found is not None:
            _order(found)
            return redirect("officer.garden-list", token=found.token)
    rows = _lists(request).order_by("-id")[:SIZE]
    known = territories.spoken_names({row.territory_id for row in rows}, texts.language())
    shown = [{"list": row, "territory": known.get(row.territory_id, "")} for row in rows]
    return pages.page(
        request,
        "garden_lists",
        "officer.garden-lists",
        trail=("officer.kindergartens",),
        form=form,
        rows=shown,
        fields=[texts.say(f"legacy.field.{field.value}") for field in columns.Field],
    )


def _begin(request: HttpRequest, form: ListForm, sent: Received) -> GardenList:
    sha256 = store.put(sent.content)
    return entering.begin(
        file=store.path(sha256),
        sha256=sha256,
        file_name=sent.name,
        territory_code=form.cleaned_data["territory"],
        actor=request.actor,
        now=request.now,
    )


def _order(found: GardenList) -> None:
    """Let the worker read a list whose columns are known."""
    if not columns.missing(entering.places_of_fields(found)):
        tasks.order_reading_gardens(list_id=found.id)


def _lists(request: HttpRequest) -> QuerySet[GardenList]:
    rows = GardenList.objects.exclude(state=ListState.DROPPED)
    found: QuerySet[GardenList] = department_officer.scope(request.actor, rows)
    return found


def _list(request: HttpRequest, token: str) -> GardenList:
    rows = GardenList.objects.exclude(state=ListState.DROPPED)
    found: GardenList = get_or_404(department_officer, request.actor, rows, token=token)
    return found


@access(department_officer)
@require_GET
def page(request: HttpRequest, token: str) -> HttpResponse:
    """A list as it stands: its columns to be told, being read, its faults, being entered, finished."""
    return _page(request, _list(request, token))


def _page(request: HttpRequest, found: GardenList, form: ColumnsForm | None = None) -> HttpResponse:
    language = texts.language()
    lacking = columns.missing(entering.places_of_fields(found)) if found.state == ListState.UPLOADED else []
    shown = pager(request, page=page_of(request), total=found.faulty, size=SIZE)
    first = (shown.page - 1) * SIZE
    faulty = GardenRow.objects.filter(source=found, sound=False).order_by("row")[first : first + SIZE]
    sound = GardenRow.objects.filter(source=found, sound=True)
    counted = sound.exclude(group={}).aggregate(groups=Count("id"))
    stats = [
        ("lists.read", found.read),
        ("lists.faulty", found.faulty),
        ("garden-lists.gardens", found.gardens),
        ("catalogue.groups", counted["groups"]),
    ]
    if found.confirmed_at is not None:
        stats.append(("garden-lists.written", found.written))
    context = {
        "list": found,
        "heading": found.file_name,
        "territory_name": territories.spoken_name(found.territory_id, language),
        "lacking": lacking,
        "form": form or (ColumnsForm(headings=found.headings, fields=lacking) if lacking else None),
        "working": uploads.is_working(found) and not lacking,
        "unreadable": texts.say(f"legacy.unreadable.{found.unreadable}") if found.unreadable else "",
        "stats": [{"label": texts.say(key), "value": value, "note": ""} for key, value in stats],
        "rows": [_row(language, row) for row in faulty],
        "pager": shown,
    }
    return pages.page(request, "garden_list", "officer.garden-list", trail=_TRAIL, **context)


def _row(language: str, row: GardenRow) -> dict[str, Any]:
    return {"row": row.row, "bin": row.bin or "–", "faults": [words.fault(language, one) for one in row.faults]}


@access(department_officer)
@require_GET
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """The part of the page that asks again; once the worker is done the whole page is loaded anew."""
    return uploads.progress(request, _list(request, token), "department/_garden_list_progress.html")


@access(department_officer)
@require_POST
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """Take which column is which, and let the list be read."""
    found = _list(request, token)
    lacking = columns.missing(entering.places_of_fields(found))
    form = ColumnsForm(request.POST, headings=found.headings, fields=lacking)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        found = entering.choose_columns(list_id=found.id, chosen=form.cleaned_data)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    _order(found)
    return redirect("officer.garden-list", token=found.token)


@access(department_officer)
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Let the sound rows be entered."""
    found = _list(request, token)
    try:
        entering.confirm(list_id=found.id, actor=request.actor, now=request.now)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    tasks.order_writing_gardens(list_id=found.id, actor=request.actor)
    return redirect("officer.garden-list", token=found.token)


@access(department_officer)
@require_POST
def drop(request: HttpRequest, token: str) -> HttpResponse:
    """Let go of a list that was not confirmed."""
    found = _list(request, token)
    try:
        entering.drop(list_id=found.id, actor=request.actor, now=request.now)
    except Refusal as refusal:
        return _refused(request, found, refusal)
    messages.success(request, texts.say("garden-lists.dropped"))
    return redirect("officer.garden-lists")


@access(department_officer)
@require_GET
def faults(request: HttpRequest, token: str) -> HttpResponse:
    """Every row that was left out, with all its faults, as a table to take away."""
    found, language = _list(request, token), texts.language()
    head = [texts.say(key) for key in ("legacy.report.row", "garden.bin", "legacy.report.faults")]
    rows = GardenRow.objects.filter(source=found, sound=False).order_by("row").iterator(chunk_size=2000)
    told = ([row.row, row.bin, "; ".join(words.fault(language, one) for one in row.faults)] for row in rows)
    return tables.csv_file("faults", head, told)


def _refused(request: HttpRequest, found: GardenList, refusal: Refusal) -> HttpResponse:
    messages.error(request, refusals.explain(request, refusal))
    return redirect(reverse("officer.garden-list", args=[found.token]))
