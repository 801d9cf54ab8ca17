"""Groups and places: the table, publishing and taking back free places, opening a group."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, kindergarten_staff
from balabaqsha.admissions import queries as admissions
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import actions, queries
from balabaqsha.kindergartens.models import Group
from balabaqsha.kindergartens.queries import GroupRow
from balabaqsha.law import rules as law_rules
from balabaqsha.web.kindergarten import pages
from balabaqsha.web.kindergarten.forms import GroupForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import publishing, texts, years

_SORTS: dict[str, Callable[[GroupRow], Any]] = {
    "name": lambda row: row.group.name,
    "year": lambda row: row.group.birth_year,
    "school_year": lambda row: row.group.school_year or 0,
    "free": lambda row: row.free,
    "unpublished": lambda row: row.unpublished,
}


@access(kindergarten_staff)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Every open group with its places."""
    rows = queries.group_rows(pages.groups(request), now=request.now)
    asked = request.GET.get("sort", "")
    if asked.lstrip("-") in _SORTS:
        rows.sort(key=_SORTS[asked.lstrip("-")], reverse=asked.startswith("-"))
    waiting = admissions.waiting_by_group([row.group.id for row in rows])
    totals = {name: sum(getattr(row, name) for row in rows) for name in ("enrolled", "held", "free", "unpublished")}
    stats = [{"label": texts.say(f"kg.places-{name}"), "value": value, "note": ""} for name, value in totals.items()]
    names = {row.group.id: row.group.name for row in rows}
    shown = [
        {"row": row, "waiting": waiting[row.group.id], "combined": names.get(row.group.combined_with_id or 0, "")}
        for row in rows
    ]
    stats += _free_by_year(rows, on=localdate(request.now))
    sorts = {name: _sort(asked, name) for name in _SORTS}
    return pages.page(request, "groups", "kg.groups", rows=shown, stats=stats, sorts=sorts)


def _free_by_year(rows: list[GroupRow], *, on: date) -> list[dict[str, Any]]:
    """Free places of this school year and of the next one, and how many of the latter are not published yet."""
    now = law_rules.school_year(on)
    found = []
    for year in (now, now + 1):
        of_year = [row for row in rows if years.of_group(row.group.school_year, on=on) == year]
        label = texts.say("school-year.free", years=years.said(year))
        kept = texts.say("school-year.unpublished", n=sum(row.unpublished for row in of_year))
        found.append({"label": label, "value": sum(row.free for row in of_year), "note": kept})
    return found


def _sort(asked: str, name: str) -> dict[str, str]:
    order = {name: "ascending", f"-{name}": "descending"}.get(asked, "")
    return {"url": f"?sort=-{name}" if asked == name else f"?sort={name}", "order": order}


@access(kindergarten_staff)
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, group_id: int) -> HttpResponse:
    """Open places to families."""
    return publishing.publish(request, pages.group(request, group_id), page=_page, back="kg.groups")


@access(kindergarten_staff)
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, group_id: int) -> HttpResponse:
    """Take free places back from families, with a reason."""
    return publishing.recall(request, pages.group(request, group_id), page=_page, back="kg.groups")


@access(kindergarten_staff)
@require_http_methods(["GET", "POST"])
def open_group(request: HttpRequest) -> HttpResponse:
    """Open one more group."""
    form = GroupForm(request.POST or None, today=localdate(request.now), special=_special(request))
    if request.method == "POST" and form.is_valid():
        try:
            group = _open(request, form.cleaned_data)
        except actions.GroupTooLarge as refusal:
            kit.blame(form, refusal, "capacity")
        except actions.NotCombined as refusal:
            kit.blame(form, refusal, "combined_with")
        except actions.NoNurseryGroup as refusal:
            kit.blame(form, refusal, "birth_year")
        except IntegrityError:
            form.add_error("name", "kg.name-taken")
        else:
            messages.success(request, texts.say("kg.group-opened", group=group.name))
            return redirect("kg.groups")
    return _page(request, "group_open", "kg.group-open", form=form)


def _special(request: HttpRequest) -> list[tuple[int, str]]:
    """Groups with a correction, which another one may be combined with."""
    rows = pages.groups(request).exclude(correction=None).order_by("-birth_year", "name", "id")
    return [(row.id, f"{row.name}, {row.birth_year}, {texts.say(f'correction.{row.correction}')}") for row in rows]


def _open(request: HttpRequest, typed: dict[str, Any]) -> Group:
    new = actions.NewGroup(
        name=typed["name"],
        birth_year=typed["birth_year"],
        language=typed["language"],
        capacity=typed["capacity"],
        correction=typed["correction"] or None,
        published=typed["published"],
        parent_fee=typed["parent_fee"],
        combined_with_id=typed.get("combined_with"),
        school_year=typed["school_year"],
    )
    return actions.open_group(kindergarten=pages.kindergarten(request), group=new, actor=request.actor, now=request.now)


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    return pages.page(request, name, title, trail=("kg.groups",), **{"back_url": reverse("kg.groups")} | context)
