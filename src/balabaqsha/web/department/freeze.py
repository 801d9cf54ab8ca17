"""The yearly freeze of linear lines: what it holds back, and how groups move up a year in it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.journeys import moving_up
from balabaqsha.journeys.publishing import ChangedMeanwhile
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.line.models import Line
from balabaqsha.territories import queries as territories
from balabaqsha.transparency import moving_up as protocols
from balabaqsha.web.department import pages
from balabaqsha.web.kit import menus, refusals, texts


@access(department_officer)
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest) -> HttpResponse:
    """What moving up would do, and, once it is done, its protocol; the button is there in the freeze only."""
    known = _linear(request)
    asked = request.POST.get("territory") or request.GET.get("territory") or next(iter(known), "")
    if asked and asked not in known:
        raise Http404
    if request.method == "POST" and asked:
        return _perform(request, asked)
    return pages.page(request, "freeze", "officer.freeze", **_context(request, known, asked))


def _perform(request: HttpRequest, territory: str) -> HttpResponse:
    seen = request.POST.get("seen", "")
    try:
        if not seen.isdecimal():
            raise ChangedMeanwhile
        plan = moving_up.perform(territory_code=territory, seen=int(seen), actor=request.actor, now=request.now)
    except Refusal as refusal:
        messages.error(request, refusals.explain(request, refusal))
    else:
        messages.success(request, texts.say("freeze.done", n=plan.to_school))
    return redirect(f"{reverse('officer.freeze')}?territory={territory}")


def _context(request: HttpRequest, known: list[str], territory: str) -> dict[str, Any]:
    named = [(code, territories.spoken_name(code, texts.language())) for code in known]
    context: dict[str, Any] = {"territory": territory, "territories": named}
    if not territory:
        return context
    year = localdate(request.now).year
    ends_at = law.freeze_ends_at(territory, request.now)
    plan = moving_up.preview(territory_code=territory, now=request.now)
    return context | {
        "year": year,
        "ends_on": ends_at and localdate(ends_at),
        "plan": plan,
        "stays": [step for step in plan.steps if not step.to_school],
        "protocol": protocols.protocol(territory, year),
        "public_url": menus.address("public.moving-up", territory, year),
        "kept": _kept(territory),
    }


def _linear(request: HttpRequest) -> list[str]:
    """The officer's territories that have linear lines."""
    rows = department_officer.scope(request.actor, Line.objects.filter(birth_year__isnull=False))
    return list(rows.order_by("territory_id").values_list("territory_id", flat=True).distinct())


def _kept(territory: str) -> int:
    """In how many lines free places wait for the end of the freeze."""
    return Line.objects.filter(territory_id=territory, thaws_at__isnull=False).count()
