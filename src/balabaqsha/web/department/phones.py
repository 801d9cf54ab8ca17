"""A lost telephone returned against the identity document: one officer proposes, another one approves."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, department_officer, get_or_404
from balabaqsha.accounts.restoring import actions, queries
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.locale import written
from balabaqsha.people.models import PhoneReturn
from balabaqsha.people.queries import card
from balabaqsha.people.states import ReturnState
from balabaqsha.web.department import pages
from balabaqsha.web.department.forms import PhoneReturnForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import refusals, texts, worklists

_BESIDE = {"wrong-phone": "phone", "phone-not-in-base": "phone"}


@access(department_officer)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """What waits for the second officer; names stay masked until it is opened."""
    found = queries.to_decide(_mine(request), now=request.now)
    return pages.page(request, "phones", "officer.phones", rows=[_row(one, request) for one in found[:100]])


@access(department_officer)
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """The identity document is in the officer's hands; what follows is said before."""
    form = PhoneReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _propose(request, form.cleaned_data)
        except Refusal as refusal:
            kit.blame(form, refusal, _BESIDE.get(refusal.code, "iin"))
        else:
            messages.success(request, texts.say("phones.proposed"))
            return redirect("officer.phones")
    return pages.page(request, "phone_propose", "officer.phone-propose", trail=("officer.phones",), form=form)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, token: UUID) -> HttpResponse:
    """The second officer compares and approves, or rejects; whoever proposed it may only take it back."""
    row: PhoneReturn = get_or_404(department_officer, request.actor, _rows(), token=token)
    said = request.POST.get("answer")
    if request.method == "POST" and said in {"yes", "no"}:
        try:
            if said == "yes":
                actions.approve(token=token, actor=request.actor, now=request.now, real_now=request.real_now)
            else:
                actions.reject(token=token, actor=request.actor, now=request.now)
        except Refusal as refusal:
            messages.error(request, refusals.explain(request, refusal))
        else:
            messages.success(request, texts.say("phones.approved" if said == "yes" else "phones.rejected"))
        return redirect("officer.phones")
    if row.state != ReturnState.PROPOSED or row.expires_at <= request.now:
        messages.info(request, texts.say("checks.decided-already"))
        return redirect("officer.phones")
    own = row.proposed_by_account_id == request.actor.account_id
    dialog = {
        "id": "phone",
        "title": texts.say("phones.question"),
        "yes_title": texts.say("phones.approve"),
        "yes_text": "" if own else texts.say("phones.if-approve"),
        "no_title": texts.say("phones.reject"),
        "no_text": texts.say("phones.if-reject"),
        "yes": "" if own else texts.say("phones.approve"),
        "no": texts.say("phones.reject"),
        "action": request.path,
        "back_url": reverse("officer.phones"),
    }
    context = {"row": row, "person": card(row.person), "number": written.phone(row.number), "own": own}
    return pages.page(request, "phone", "officer.phone", trail=("officer.phones",), dialog=dialog, **context)


def _propose(request: HttpRequest, typed: dict[str, Any]) -> None:
    proposal = actions.Proposal(typed["iin"], typed["surname"], typed["document"], typed["phone"])
    reference = actions.ask_base(proposal=proposal, now=request.now)
    actions.propose(proposal=proposal, base_reference=reference, actor=request.actor, now=request.now)


def _rows() -> Any:
    return PhoneReturn.objects.select_related("person")


def _mine(request: HttpRequest) -> Any:
    return department_officer.scope(request.actor, PhoneReturn.objects.all())


def _row(one: PhoneReturn, request: HttpRequest) -> dict[str, Any]:
    own = one.proposed_by_account_id == request.actor.account_id
    return {
        "id": one.id,
        "name": worklists.masked(one.person),
        "proposed_at": one.proposed_at,
        "expires_at": one.expires_at,
        "own": own,
        "url": reverse("officer.phone", args=[one.token]),
    }
