"""The groups of a kindergarten as the department sees them: by school year, against their norm; opening, changing, closing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balabaqsha.accounts.access import access, department_officer, department_reader, get_or_404
from balabaqsha.insight import organisations
from balabaqsha.insight.organisations import NormRow
from balabaqsha.journeys import closing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries
from balabaqsha.kindergartens.grouping import actions
from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.law import rules as law_rules
from balabaqsha.web.department import gardens
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import gardens as shared
from balabaqsha.web.kit import texts, years
from balabaqsha.web.kit.garden_forms import GroupChangeForm, place_of


@access(department_reader)
@require_GET
def table(request: HttpRequest, code: str) -> HttpResponse:
    """The open groups, this school year and the next one apart, each with its norm and its places."""
    rows = Kindergarten.objects.select_related("territory", "settlement")
    garden: Kindergarten = get_or_404(department_reader, request.actor, rows, code=code)
    groups = garden.groups.filter(closed_at=None)
    places = {row.group.id: row for row in queries.group_rows(groups, now=request.now)}
    norms = organisations.norms(groups.select_related("kindergarten"), now=request.now)
    on = localdate(request.now)
    this = law_rules.school_year(on)
    names = {row.group.id: row.group.name for row in norms}
    parts = []
    for year in (this, this + 1):
        of_year = [row for row in norms if years.of_group(row.group.school_year, on=on) == year]
        shown = [_row(row, places[row.group.id], names) for row in of_year]
        parts.append({"title": texts.say("garden.groups-of", years=years.said(year)), "rows": shown})
    context = {"parts": parts, "may_edit": request.actor.role == "OFFICER" and garden.closed_at is None}
    return gardens.page(request, "garden_groups", "officer.kindergarten-groups", garden=garden, **context)


def _row(norm: NormRow, places: queries.GroupRow, names: dict[int, str]) -> dict[str, Any]:
    return {"norm": norm, "places": places, "combined": names.get(norm.group.combined_with_id or 0, "")}


@access(department_officer)
@require_http_methods(["GET", "POST"])
def open_group(request: HttpRequest, code: str) -> HttpResponse:
    """Open one more group."""
    garden = gardens.of_officer(request, code)
    if garden.closed_at is not None:
        raise Http404
    back = reverse("officer.kindergarten-groups", args=[garden.code])
    groups = list(garden.groups.filter(closed_at=None))

    def page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
        return gardens.page(request, name, title, garden=garden, **context)

    return shared.open_group(request, garden, groups, page=page, title="officer.kindergarten-group-open", back=back)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, code: str, group_id: int) -> HttpResponse:
    """Change a group: its name, language, fee, and how many places it has."""
    garden, group = _group(request, code, group_id)
    said = {name: getattr(group, name) for name in ("name", "language", "capacity", "parent_fee")}
    form = GroupChangeForm(request.POST or None, initial=said)
    back = reverse("officer.kindergarten-groups", args=[garden.code])
    if request.method == "POST" and form.is_valid():
        try:
            changed = actions.change_group(
                group_id=group.id,
                facts=actions.GroupFacts(**form.cleaned_data),
                actor=request.actor,
                now=request.now,
            )
        except Refusal as refusal:
            kit.blame(form, refusal, place_of(form, refusal))
        else:
            messages.success(request, texts.say("garden.saved" if changed else "garden.unchanged"))
            return redirect(back)
    norm = organisations.norms(Group.objects.filter(id=group.id).select_related("kindergarten"), now=request.now)[0]
    context = {"form": form, "group": group, "norm": norm, "back_url": back}
    return gardens.page(request, "garden_group", "officer.kindergarten-group", garden=garden, **context)


@access(department_officer)
@require_POST
def close(request: HttpRequest, code: str, group_id: int) -> HttpResponse:
    """Close an empty group; who stood in its waiting list is told."""
    garden, group = _group(request, code, group_id)
    back = reverse("officer.kindergarten-groups", args=[garden.code])
    try:
        closing.close_group(group_id=group.id, actor=request.actor, now=request.now)
    except Refusal as refusal:
        return shared.refused(request, refusal, back)
    messages.success(request, texts.say("garden.group-closed", group=group.name))
    return redirect(back)


def _group(request: HttpRequest, code: str, group_id: int) -> tuple[Kindergarten, Group]:
    garden = gardens.of_officer(request, code)
    group = garden.groups.filter(id=group_id, closed_at=None).first()
    if group is None:
        raise Http404
    return garden, group
