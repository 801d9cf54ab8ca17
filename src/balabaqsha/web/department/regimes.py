"""The regime of a territory: since when and by which act, a date for another, and carrying over those who wait."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.journeys import changing_regime
from balabaqsha.journeys.changing_regime import Moved, Plan
from balabaqsha.journeys.publishing import ChangedMeanwhile
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.department import pages
from balabaqsha.web.department.forms import RegimeForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import menus, refusals, regimes, tables, texts
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
# Digits of a count of applications.
_LONGEST_COUNT = 10
_COLUMNS = ("department.number", "kg.birth-year", "regime-change.before", "regime-change.after", "regime-change.cause")


@access(department_officer)
@require_http_methods(["GET", "POST"])
def regime(request: HttpRequest) -> HttpResponse:
    """The regime now and planned; `?show` what carrying over would do, and the button once the day has come."""
    known = pages.own_territories(request)
    territory = _asked(request, known)
    if request.method == "POST" and "seen" in request.POST:
        return _perform(request, territory)
    form = RegimeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and territory:
        try:
            changing_regime.set_date(
                territory_code=territory,
                regime=Regime(form.cleaned_data["regime"]),
                in_force_from=form.cleaned_data["day"],
                source=form.cleaned_data["source"].strip(),
                actor=request.actor,
                now=request.now,
            )
        except Refusal as refusal:
            kit.blame(form, refusal, "day" if refusal.detail == "regime-in-the-past" else None)
        else:
            messages.success(request, texts.say("regime-change.set", date=form.cleaned_data["day"]))
            return redirect(_back(territory))
    context = _context(request, territory) if territory else {}
    return pages.page(request, "regime", "officer.regime", territory=territory, territories=known, form=form, **context)


@access(department_officer)
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Who would move where, as a table to take away."""
    territory = _asked(request, pages.own_territories(request))
    if not territory:
        raise Http404
    try:
        plan = changing_regime.preview(territory_code=territory, now=request.now, regime=_planned(request, territory))
    except Refusal as refusal:
        messages.error(request, refusals.explain(request, refusal))
        return redirect(_back(territory))
    return tables.csv_file("regime", [texts.say(key) for key in _COLUMNS], _cells(plan.moved))


def _asked(request: HttpRequest, known: list[tuple[str, str]]) -> str:
    codes = [code for code, _ in known]
    asked = request.POST.get("territory") or request.GET.get("territory") or next(iter(codes), "")
    if asked and asked not in codes:
        raise Http404
    return asked


def _perform(request: HttpRequest, territory: str) -> HttpResponse:
    seen = request.POST["seen"]
    try:
        if not (seen.isascii() and seen.isdecimal() and len(seen) <= _LONGEST_COUNT):
            raise ChangedMeanwhile
        plan = changing_regime.perform(territory_code=territory, seen=int(seen), actor=request.actor, now=request.now)
    except Refusal as refusal:
        messages.error(request, refusals.explain(request, refusal))
    else:
        messages.success(request, texts.say("regime-change.done", n=len(plan.moved)))
    return redirect(_back(territory))


def _back(territory: str) -> str:
    return f"{reverse('officer.regime')}?territory={territory}"


def _planned(request: HttpRequest, territory: str) -> Regime | None:
    """The regime of the next period that is still to come, None where none is planned."""
    coming = territories.regime_periods(territory).filter(in_force_from__gt=localdate(request.now))
    period = coming.order_by("in_force_from").first()
    return Regime(period.regime) if period else None


def _context(request: HttpRequest, territory: str) -> dict[str, Any]:
    today = localdate(request.now)
    now = territories.regime_on(territory, today)
    planned = _planned(request, territory)
    context = {
        "regime": texts.say(f"regime.{now}" if now else "regime.NONE"),
        "waiting": changing_regime.to_carry(territory, now) if now else 0,
        "planned": bool(planned),
        "public_url": menus.address("public.regime", territory),
        **regimes.told(territory, today=today),
    }
    if "show" not in request.GET or now is None:
        return context
    try:
        plan = changing_regime.preview(territory_code=territory, now=request.now, regime=planned)
    except Refusal as refusal:
        messages.error(request, refusals.explain(request, refusal))
        return context
    return context | _shown(request, plan, territory)


def _shown(request: HttpRequest, plan: Plan, territory: str) -> dict[str, Any]:
    shown = pager(request, page=page_of(request), total=len(plan.moved), size=SIZE)
    first = (shown.page - 1) * SIZE
    stats = [("moved", len(plan.moved)), *plan.counts.items(), ("promised", plan.promised)]
    return {
        "plan": plan,
        "to": texts.say(f"regime.{plan.regime}"),
        "stats": [{"label": texts.say(f"regime-change.{name}"), "value": value, "note": ""} for name, value in stats],
        "columns": [{"label": texts.say(key), "number": place in {2, 3}} for place, key in enumerate(_COLUMNS)],
        "rows": [{"cells": cells} for cells in _cells(plan.moved[first : first + SIZE])],
        "pager": shown,
        "file_url": f"{reverse('officer.regime-places')}?territory={territory}",
    }


def _cells(moved: tuple[Moved, ...]) -> Iterator[list[Any]]:
    for one in moved:
        before, after = (place if place is not None else "–" for place in (one.place_before, one.place))
        yield [one.number, str(one.birth_year), before, after, texts.say(f"carried.{one.cause}")]
