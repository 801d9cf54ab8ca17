"""Free places of linear territories as the department sees them: publishing them and taking them back."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, department_officer, get_or_404
from balabaqsha.admissions import queries as admissions
from balabaqsha.journeys import sweep
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries
from balabaqsha.kindergartens.models import Group
from balabaqsha.kindergartens.queries import GroupRow
from balabaqsha.law import rules as law_rules
from balabaqsha.line import linear
from balabaqsha.referrals import queries as referrals
from balabaqsha.web.department import pages
from balabaqsha.web.department.forms import PlacesForm
from balabaqsha.web.kit import publishing
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50


@access(department_officer)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Open groups of one territory with their places, and what is promised of them in each line."""
    known = pages.linear_territories(request)
    asked = request.GET.get("territory") or (known[0] if known else "")
    if asked and asked not in known:
        raise Http404
    groups = _groups(request).filter(territory=asked)
    years = sorted(set(groups.values_list("birth_year", flat=True)), reverse=True)
    now = law_rules.school_year(localdate(request.now))
    form = PlacesForm(request.GET, years=years, school_years=[now, now + 1])
    typed: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    found = _filtered(groups, typed, now).order_by("kindergarten__name_kk", "kindergarten", "-birth_year", "name", "id")
    total = found.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    ids = list(found.values_list("id", flat=True)[start : start + SIZE])
    waiting = admissions.waiting_by_group(ids)
    rows = {row.group.id: row for row in _rows(ids, request)}
    context = {
        "form": form,
        "territory": asked,
        "territories": pages.named(known),
        "total": total,
        "pager": shown,
        "chosen": sum(1 for value in typed.values() if value),
        "rows": [_row(rows[group_id], waiting[group_id]) for group_id in ids],
        "lines": _promised(request, asked),
    }
    return pages.page(request, "places", "officer.places", **context)


def _groups(request: HttpRequest) -> QuerySet[Group]:
    rows = Group.objects.filter(closed_at__isnull=True, territory__in=pages.linear_territories(request))
    found: QuerySet[Group] = department_officer.scope(request.actor, rows)
    return found


def _filtered(found: QuerySet[Group], typed: dict[str, Any], school_year: int) -> QuerySet[Group]:
    if typed.get("school_year"):
        to_come = Q(school_year__gt=school_year)
        found = found.filter(to_come if typed["school_year"] > school_year else Q(school_year=None) | ~to_come)
    if typed.get("birth_year"):
        found = found.filter(birth_year=typed["birth_year"])
    if typed.get("name"):
        name = typed["name"].strip()
        found = found.filter(Q(kindergarten__name_kk__icontains=name) | Q(kindergarten__name_ru__icontains=name))
    return found


def _rows(ids: list[int], request: HttpRequest) -> list[GroupRow]:
    return queries.group_rows(Group.objects.filter(id__in=ids).select_related("kindergarten"), now=request.now)


def _row(row: GroupRow, waiting: int) -> dict[str, Any]:
    return {"row": row, "waiting": waiting, "name": pages.kindergarten_name(row.group.kindergarten)}


def _promised(request: HttpRequest, territory: str) -> list[dict[str, Any]]:
    """For each line of the territory in which places are published: how many are free, under a turn and open to all."""
    lines = list(pages.linear_lines(request).filter(territory=territory).order_by("-birth_year", "correction", "id"))
    free = linear.free_state_places_of(territory)
    turns = referrals.live_turns_by_line(line.id for line in lines)
    return [
        {"line": line, "free": places, "turns": turns[line.id]}
        for line in lines
        if (places := free[line.birth_year, line.correction]) or turns[line.id] or line.openings
    ]


def _group(request: HttpRequest, group_id: int) -> Group:
    """One of these groups as it stands at this moment, else 404."""
    rows = _groups(request).select_related("kindergarten")
    found: Group = get_or_404(department_officer, request.actor, rows, id=group_id)
    pages.caught_up(lambda: sweep.catch_up(now=request.now, group_ids=[found.id]))
    return found


@access(department_officer)
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, group_id: int) -> HttpResponse:
    """Open places of a group to families."""
    return publishing.publish(request, _group(request, group_id), page=_page, back="officer.places")


@access(department_officer)
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, group_id: int) -> HttpResponse:
    """Take free places of a group back, with a reason of the closed list."""
    return publishing.recall(request, _group(request, group_id), page=_page, back="officer.places")


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    kindergarten = pages.kindergarten_name(context["group"].kindergarten)
    return pages.page(request, name, title, trail=("officer.places",), show_kindergarten=kindergarten, **context)
