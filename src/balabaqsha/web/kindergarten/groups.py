"""Groups and places: the table, publishing and taking back free places, opening a group."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, kindergarten_staff
from balabaqsha.admissions import queries as admissions
from balabaqsha.journeys import publishing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import actions, queries
from balabaqsha.kindergartens.models import Group, Ownership
from balabaqsha.kindergartens.queries import GroupRow
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kindergarten import pages
from balabaqsha.web.kindergarten.forms import GroupForm, PublishForm, RecallForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts

_SORTS: dict[str, Callable[[GroupRow], Any]] = {
    "name": lambda row: row.group.name,
    "year": lambda row: row.group.birth_year,
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
    shown = [{"row": row, "waiting": waiting[row.group.id]} for row in rows]
    sorts = {name: _sort(asked, name) for name in _SORTS}
    return pages.page(request, "groups", "kg.groups", rows=shown, stats=stats, sorts=sorts)


def _sort(asked: str, name: str) -> dict[str, str]:
    order = {name: "ascending", f"-{name}": "descending"}.get(asked, "")
    return {"url": f"?sort=-{name}" if asked == name else f"?sort={name}", "order": order}


@access(kindergarten_staff)
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, group_id: int) -> HttpResponse:
    """Open places to families; the waiting list is served first, and the page says so before."""
    group = pages.group(request, group_id)
    seen = queries.unpublished_in_group(group.id)
    waiting = admissions.waiting_by_group([group.id])[group.id]
    form = PublishForm(request.POST or None, initial={"places": seen or "", "seen": seen})
    if request.method == "POST" and form.is_valid():
        places = form.cleaned_data["places"]
        try:
            publishing.publish(
                group_id=group.id, places=places, seen=form.cleaned_data["seen"], actor=request.actor, now=request.now
            )
        except Refusal as refusal:
            _blame(form, refusal)
        else:
            said = texts.say("kg.published", places=places, group=group.name, offered=min(places, waiting))
            messages.success(request, said)
            return redirect("kg.groups")
    _show_afresh(form, seen)
    opens = _opens(group, now=request.now)
    return _page(request, "publish", "kg.publish", form=form, group=group, seen=seen, waiting=waiting, opens=opens)


def _opens(group: Group, *, now: datetime) -> str:
    """The sentence that says to whom a published place is open when nobody is on the waiting list."""
    if territories.regime_on(group.territory_id, localdate(now)) != Regime.LINEAR:
        return "kg.publish-open"
    return "kg.publish-private" if group.kindergarten.ownership == Ownership.PRIVATE else "kg.publish-turn"


@access(kindergarten_staff)
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, group_id: int) -> HttpResponse:
    """Take free places back from families, with a reason."""
    group = pages.group(request, group_id)
    seen = queries.free_in_group(group.id, now=request.now)
    form = RecallForm(request.POST or None, initial={"seen": seen})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            publishing.recall(
                group_id=group.id,
                places=typed["places"],
                reason=typed["reason"],
                seen=typed["seen"],
                actor=request.actor,
                now=request.now,
            )
        except Refusal as refusal:
            _blame(form, refusal)
        else:
            messages.success(request, texts.say("kg.recalled", places=typed["places"], group=group.name))
            return redirect("kg.groups")
    _show_afresh(form, seen)
    return _page(request, "recall", "kg.recall", form=form, group=group, seen=seen)


@access(kindergarten_staff)
@require_http_methods(["GET", "POST"])
def open_group(request: HttpRequest) -> HttpResponse:
    """Open one more group."""
    form = GroupForm(request.POST or None, today=localdate(request.now))
    if request.method == "POST" and form.is_valid():
        try:
            group = _open(request, form.cleaned_data)
        except IntegrityError:
            form.add_error("name", "kg.name-taken")
        else:
            messages.success(request, texts.say("kg.group-opened", group=group.name))
            return redirect("kg.groups")
    return _page(request, "group_open", "kg.group-open", form=form)


def _open(request: HttpRequest, typed: dict[str, Any]) -> Group:
    new = actions.NewGroup(
        name=typed["name"],
        birth_year=typed["birth_year"],
        language=typed["language"],
        capacity=typed["capacity"],
        correction=typed["correction"] or None,
        published=typed["published"],
        parent_fee=typed["parent_fee"],
    )
    return actions.open_group(kindergarten=pages.kindergarten(request), group=new, actor=request.actor, now=request.now)


def _blame(form: PublishForm, refusal: Refusal) -> None:
    beside = refusal.detail in {"capacity-reached", "no-free-place"}
    if refusal.detail == "no-free-place":
        form.add_error("places", "kg.not-so-many-free")
    else:
        kit.blame(form, refusal, "places" if beside else None)


def _show_afresh(form: PublishForm, seen: int) -> None:
    """What stands in the page now is what the next sending is compared with."""
    if form.is_bound:
        form.data = form.data.copy()
        form.data["seen"] = str(seen)


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    back = reverse("kg.groups")
    return pages.page(request, name, title, trail=("kg.groups",), back_url=back, **context)
