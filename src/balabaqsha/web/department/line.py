"""People in line, in their order; names stay masked until a case is opened."""

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_reader
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Kind, State
from balabaqsha.journeys import sweep
from balabaqsha.law import lists
from balabaqsha.line import queries as lines
from balabaqsha.territories import queries as territories
from balabaqsha.web.department import pages
from balabaqsha.web.department.forms import LineForm
from balabaqsha.web.kit import texts, worklists
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
_SORTS = {
    "place": lines.ORDER,
    "moment": (F("original_at").asc(), F("id").asc()),
    "-moment": (F("original_at").desc(), F("id").desc()),
    "year": (F("birth_year").asc(), *lines.ORDER),
    "-year": (F("birth_year").desc(), *lines.ORDER),
}
_FILTERS = ("category", "birth_year", "language", "tier", "settlement", "number")


@access(department_reader)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """A line of the territory with its filters."""
    territory = pages.territory(request)
    pages.caught_up(lambda: sweep.catch_up_territory(territory, now=request.now))
    waiting = lines.waiting_by(territory, "kind", "birth_year")
    form = _form(request, territory, {year for _, year in waiting})
    typed: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    kind = typed.get("kind") or Kind.GENERAL
    found = _filtered(lines.in_order(territory, kind), typed)
    chosen = sum(1 for name in _FILTERS if typed.get(name))
    whole = sum(number for (its, _), number in waiting.items() if its == kind)
    total = found.count() if chosen else whole
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    sort = request.GET.get("sort", "place")
    start = (shown.page - 1) * SIZE
    rows = list(found.select_related("child").order_by(*_SORTS.get(sort, _SORTS["place"]))[start : start + SIZE])
    places = lines.places_of(territory, kind, [row.id for row in rows])
    context = {
        "form": form,
        "territory": territory,
        "territories": pages.voucher_lines(request),
        "total": total,
        "waiting": whole,
        "pager": shown,
        "rows": [_row(row, places) for row in rows],
        "chosen": chosen,
        "sorts": {name: _sort(request, sort, name) for name in ("place", "moment", "year")},
    }
    return pages.page(request, "line", "officer.queue", **context)


def _form(request: HttpRequest, territory: str, years: set[int]) -> LineForm:
    named = Application.objects.filter(settlement=OuterRef("code"), territory_id=territory, state=State.WAITING)
    codes = set(territories.subtree(territory).filter(Exists(named)).values_list("code", flat=True))
    settlements = sorted(territories.names(codes, texts.language()).items(), key=lambda one: one[1])
    return LineForm(request.GET, years=sorted(years, reverse=True), settlements=settlements)


def _filtered(found: QuerySet[Application], typed: dict[str, Any]) -> QuerySet[Application]:
    plain = {"category": "category", "birth_year": "birth_year", "settlement": "settlement_id"}
    found = found.filter(**{column: typed[name] for name, column in plain.items() if typed.get(name)})
    if typed.get("language"):
        found = found.filter(languages__contains=[typed["language"]])
    if typed.get("tier"):
        found = found.filter(benefit__in=[one for one in lists.BenefitStatus if one.tier == typed["tier"]])
    if typed.get("number"):
        found = found.filter(number__startswith="".join(typed["number"].split()))
    return found


def _row(row: Application, places: dict[int, int]) -> dict[str, Any]:
    return {
        "application": row,
        "place": places.get(row.id),
        "name": worklists.masked(row.child),
        "tier": lists.BenefitStatus(row.benefit).tier.value,
        "languages": ", ".join(texts.say(f"language.{code}") for code in row.languages),
    }


def _sort(request: HttpRequest, asked: str, name: str) -> dict[str, str]:
    query = request.GET.copy()
    # The order of the line itself has no other way round.
    query["sort"] = f"-{name}" if asked == name and name != "place" else name
    query.pop("page", None)
    return {"url": f"?{query.urlencode()}", "order": {name: "ascending", f"-{name}": "descending"}.get(asked, "")}
