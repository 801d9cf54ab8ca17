"""Groups and places: the table, publishing and taking back free places, opening a group."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, kindergarten_staff
from balabaqsha.admissions import queries as admissions
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries
from balabaqsha.kindergartens.queries import GroupRow
from balabaqsha.law import rules as law_rules
from balabaqsha.web.kindergarten import pages
from balabaqsha.web.kit import gardens, publishing, texts, years

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
    garden = pages.kindergarten(request)
    return gardens.open_group(
        request, garden, pages.groups(request), page=_page, title="kg.group-open", back=reverse("kg.groups")
    )


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    return pages.page(request, name, title, trail=("kg.groups",), **{"back_url": reverse("kg.groups")} | context)
