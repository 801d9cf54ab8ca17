"""The way in for a family that is not signed in and has a term that ends within the hour: the number of its application."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts import actions as accounts
from balabaqsha.accounts import digests
from balabaqsha.accounts import rules as limits
from balabaqsha.accounts.access import access, public
from balabaqsha.kernel import number as numbers
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.crowd import page, rules, sparing, tickets
from balabaqsha.web.kit import refusals, texts


@csrf_exempt  # whoever waits has no cookie of forms yet, and the form gives away nothing that is anybody's
@access(public)
@require_http_methods(["GET", "HEAD", "POST"])
def let_in(request: HttpRequest) -> HttpResponse:
    """Let in whoever knows the number of an application one of whose terms ends within the hour."""
    if request.method != "POST":
        return page.ask_number(here=_safe(request.GET.get("next", "")))
    here, typed = _safe(request.POST.get("next", "")), request.POST.get("number", "")
    problem = _problem(request, typed)
    if problem:
        return page.ask_number(here=here, typed=typed, problem=problem)
    response = redirect(here)
    tickets.give(response, rules.entered(tickets.read(request), now=int(request.real_now.timestamp())))
    return response


def _problem(request: HttpRequest, typed: str) -> str:
    """Why this number lets nobody in, in a sentence; empty where it does."""
    number = "".join(typed.split()).removeprefix("№")
    if not numbers.is_valid(number):
        return texts.say("queue.number-check-digit") if number.isdigit() else texts.say("queue.number-shape")
    subject = digests.subject("address", request.address)
    try:
        accounts.count_tries(tries=[(limits.LOOKUPS_OF_ADDRESS, subject)], real_now=request.real_now)
    except Refusal as refusal:
        return refusals.explain(request, refusal)
    return "" if sparing.ends_soon(Q(number=number), now=request.now) else texts.say("crowd.not-soon")


def _safe(target: str) -> str:
    inside = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if inside else reverse("nav.home")
