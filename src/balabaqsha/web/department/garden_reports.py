"""Two reports: capacity against the norm, and places that are kept from families; on screen and as XLSX."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_reader
from balabaqsha.insight import organisations
from balabaqsha.insight.organisations import NormRow, Withheld
from balabaqsha.kindergartens.models import Group, Kept
from balabaqsha.law.lists import RecallReason
from balabaqsha.web.department import pages
from balabaqsha.web.kit import sheets, texts
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
_WAITED = (7, 30, 90)


class PlaceForm(forms.Form):
    """Of which territory the rows are."""

    territory = forms.ChoiceField(label="department.territory", required=False)

    def __init__(self, *args: Any, territories: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["territory"].choices = [("", "department.all"), *territories]


class NormForm(PlaceForm):
    """Which groups are shown by what they are against the norm."""

    only = forms.ChoiceField(
        label="norms.only",
        required=False,
        choices=[("", "department.all"), *((one, f"norms.{one}") for one in ("over", "under", "equal"))],
    )


class WithheldForm(PlaceForm):
    """Which places are shown by the reason, and by how long."""

    because = forms.ChoiceField(
        label="withheld.because",
        required=False,
        choices=[
            ("", "department.all"),
            *((one.value, f"recall.{one.value}") for one in RecallReason),
            *((one.value, f"kept.{one.value}") for one in Kept if one is not Kept.CLOSED),
        ],
    )
    longer = forms.TypedChoiceField(
        label="withheld.longer", required=False, coerce=int, empty_value=None, choices=[("", "department.all")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = [(n, texts.say("withheld.days", n=n)) for n in _WAITED]
        self.fields["longer"].choices = [("", "department.all"), *days]


def _areas(request: HttpRequest) -> list[tuple[str, str]]:
    """The officer's territories that have open groups."""
    rows = department_reader.scope(request.actor, Group.objects.filter(closed_at=None))
    codes = rows.order_by("territory_id").values_list("territory_id", flat=True).distinct()
    return pages.named(list(codes))


def _groups(typed: dict[str, Any], areas: list[tuple[str, str]]) -> QuerySet[Group]:
    """The groups of the chosen territory, of all of the officer's where none is chosen."""
    return organisations.open_groups([typed["territory"]] if typed.get("territory") else [code for code, _ in areas])


def _typed(form: forms.Form) -> dict[str, Any]:
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value}


@access(department_reader)
@require_GET
def norms(request: HttpRequest) -> HttpResponse:
    """Each open group with the norm of its type and age, and the totals."""
    form = NormForm(request.GET, territories=_areas(request))
    rows = _norm_rows(request, form)
    shown = pager(request, page=page_of(request), total=len(rows), size=SIZE)
    of_page = rows[(shown.page - 1) * SIZE : shown.page * SIZE]
    over, under = [row for row in rows if row.over > 0], [row for row in rows if row.over < 0]
    stats = [
        ("catalogue.groups", len(rows), ""),
        ("places.capacity", sum(row.group.capacity for row in rows), ""),
        ("norms.over", len(over), texts.say("norms.places", n=sum(row.over for row in over))),
        ("norms.under", len(under), texts.say("norms.places", n=-sum(row.over for row in under))),
    ]
    context = {
        "stats": [{"label": texts.say(key), "value": value, "note": note} for key, value, note in stats],
        "rows": [{"norm": row, "name": pages.kindergarten_name(row.group.kindergarten)} for row in of_page],
    }
    return _page(request, "norms", "officer.norms", form=form, pager=shown, total=len(rows), **context)


def _norm_rows(request: HttpRequest, form: NormForm) -> list[NormRow]:
    typed = _typed(form)
    rows = organisations.norms(_groups(typed, form_areas(form)), now=request.now)
    wanted = {"over": lambda row: row.over > 0, "under": lambda row: row.over < 0, "equal": lambda row: row.over == 0}
    only = wanted.get(typed.get("only", ""))
    return [row for row in rows if only(row)] if only else rows


def form_areas(form: forms.Form) -> list[tuple[str, str]]:
    """The territories among which the form lets choose."""
    return [(code, name) for code, name in form.fields["territory"].choices if code]


@access(department_reader)
@require_GET
def norms_sheet(request: HttpRequest) -> HttpResponse:
    """The same rows, all of them, as a sheet."""
    form = NormForm(request.GET, territories=_areas(request))
    names = dict(form_areas(form))
    head = [texts.say(key) for key in _NORM_HEAD]
    rows = (
        [
            names.get(row.group.territory_id, ""),
            pages.kindergarten_name(row.group.kindergarten),
            row.group.kindergarten.bin,
            row.group.name,
            row.group.birth_year,
            texts.say(f"correction.{row.group.correction}") if row.group.correction else "",
            row.group.capacity,
            row.norm,
            row.over if row.norm is not None else None,
        ]
        for row in _norm_rows(request, form)
    )
    return sheets.xlsx_file("norms", head, rows)


_NORM_HEAD = (
    "department.territory",
    "withheld.kindergarten",
    "garden.bin",
    "places.group",
    "kg.birth-year",
    "kg.correction",
    "places.capacity",
    "norms.norm",
    "norms.difference",
)


@access(department_reader)
@require_GET
def withheld(request: HttpRequest) -> HttpResponse:
    """Places that nobody holds and that are not published: of which group, since when, for what reason."""
    form = WithheldForm(request.GET, territories=_areas(request))
    rows = _withheld_rows(request, form)
    shown = pager(request, page=page_of(request), total=len(rows), size=SIZE)
    of_page = rows[(shown.page - 1) * SIZE : shown.page * SIZE]
    context = {
        "stats": [
            {"label": texts.say("withheld.places"), "value": sum(row.places for row in rows), "note": ""},
            {"label": texts.say("withheld.groups"), "value": len({row.group.id for row in rows}), "note": ""},
        ],
        "rows": [
            {"row": row, "name": pages.kindergarten_name(row.group.kindergarten), "because": reason(row)}
            for row in of_page
        ],
    }
    return _page(request, "withheld", "officer.withheld", form=form, pager=shown, total=len(rows), **context)


def _withheld_rows(request: HttpRequest, form: WithheldForm) -> list[Withheld]:
    typed = _typed(form)
    rows = organisations.withheld(_groups(typed, form_areas(form)), now=request.now)
    if typed.get("because"):
        rows = [row for row in rows if row.because == typed["because"]]
    if typed.get("longer"):
        before = request.now - timedelta(days=typed["longer"])
        rows = [row for row in rows if row.since is None or row.since <= before]
    return rows


def reason(row: Withheld) -> str:
    """Why these places are kept, in words."""
    if not row.because:
        return texts.say("kept.unknown")
    key = f"kept.{row.because}" if row.because in Kept.values else f"recall.{row.because}"
    return texts.say(key) if texts.knows(key) else row.because


@access(department_reader)
@require_GET
def withheld_sheet(request: HttpRequest) -> HttpResponse:
    """The same rows, all of them, as a sheet."""
    form = WithheldForm(request.GET, territories=_areas(request))
    names = dict(form_areas(form))
    head = [texts.say(key) for key in _WITHHELD_HEAD]
    rows = (
        [
            names.get(row.group.territory_id, ""),
            pages.kindergarten_name(row.group.kindergarten),
            row.group.kindergarten.bin,
            row.group.name,
            row.group.birth_year,
            row.places,
            row.since,
            reason(row),
        ]
        for row in _withheld_rows(request, form)
    )
    return sheets.xlsx_file("withheld-places", head, rows)


_WITHHELD_HEAD = (
    "department.territory",
    "withheld.kindergarten",
    "garden.bin",
    "places.group",
    "kg.birth-year",
    "withheld.places",
    "withheld.since",
    "withheld.because",
)


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    query = request.GET.copy()
    query.pop("page", None)
    chosen = sum(1 for value in query.values() if value)
    trail = ("officer.kindergartens",)
    return pages.page(request, name, title, trail=trail, query=query.urlencode(), chosen=chosen, **context)
