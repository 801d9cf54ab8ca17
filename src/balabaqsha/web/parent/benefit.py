"""A benefit changed after the application was sent: claim another with its proof, or give one up."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, own_application
from balabaqsha.applications import queries
from balabaqsha.applications.models import Application, BenefitClaim, ClaimState
from balabaqsha.applications.states import MAY_CHANGE_BENEFIT, State
from balabaqsha.applications.statuses import queries as statuses
from balabaqsha.journeys import applying
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.lists import BenefitStatus
from balabaqsha.line import queries as lines
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts
from balabaqsha.web.parent import frame, papers
from balabaqsha.web.parent.wizard_forms import ClaimForm

# What the address of giving up names: the benefit that counts, or the claim under check.
_WHICH = {"counts": ClaimState.CONFIRMED, "checked": ClaimState.UNDECIDED}


@access(own_application)
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """What counts and what is under check; the form for another benefit, its consequences before it."""
    found = frame.application(request, number)
    if found.state not in MAY_CHANGE_BENEFIT:
        return frame.refused(request, found, NotInThisState(move="claim_benefit", state=found.state))
    live = {one.state: one for one in queries.live_claims(found.id)}
    counts = live.get(ClaimState.CONFIRMED)
    form = ClaimForm(frame.posted(request), frame.sent_files(request), counts=_for_good(counts))
    if request.method == "POST" and form.is_valid():
        try:
            counts_now = _claim(request, found, form.cleaned_data)
        except Refusal as refusal:
            if isinstance(refusal, NotInThisState):
                return frame.refused(request, found, refusal)
            kit.blame(form, refusal, "paper")
        else:
            messages.success(request, texts.say("status.confirmed" if counts_now else "benefit-change.claimed"))
            return redirect("application.page", number=number)
    context = {
        "form": form,
        "counts": counts,
        "checked": live.get(ClaimState.UNDECIDED),
        "proofs": papers.of_statuses(),
        "asked": statuses.about(found.child_id, found.applicant_id),
        "number": number,
        "back_url": reverse("application.page", args=[number]),
    }
    return frame.page(request, "benefit", texts.say("benefit-change.title"), *frame.trail_to(found), **context)


def _for_good(counts: BenefitClaim | None) -> str:
    """The benefit that counts and has no end: to claim it again would change nothing."""
    return counts.benefit if counts is not None and counts.valid_until is None else ""


def _claim(request: HttpRequest, found: Application, typed: dict[str, Any]) -> bool:
    """Claim; returns whether the benefit counts at once, because the register has confirmed it."""
    status, consent = BenefitStatus(typed["benefit"]), typed["ask_register"]
    proof = papers.proof(request, child_id=found.child_id, status=status, consent=consent)
    applying.claim_benefit(
        application_id=found.id,
        benefit=status.value,
        proof_ids=(proof,) if proof else (),
        actor=request.actor,
        now=request.now,
    )
    return consent and applying.confirm_by_register(application_id=found.id, now=request.now)


@access(own_application)
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, number: str, which: str) -> HttpResponse:
    """Give up the benefit that counts, or the claim under check; what it costs is said first."""
    found = frame.application(request, number)
    state = _WHICH.get(which)
    if state is None:
        raise Http404
    claimed = queries.live_claims(found.id).filter(state=state).first()
    if claimed is None:
        messages.info(request, texts.say("benefit-change.ended-already"))
        return redirect("application.page", number=number)
    if request.method == "POST":
        try:
            applying.drop_benefit(application_id=found.id, claim_id=claimed.id, actor=request.actor, now=request.now)
        except Refusal as refusal:
            return frame.refused(request, found, refusal)
        messages.success(request, texts.say("benefit-change.dropped"))
        return redirect("application.page", number=number)
    dialog = {
        "id": "drop",
        "title": texts.say("benefit-change.drop-question", benefit=texts.say(f"benefit.{claimed.benefit}")),
        "no_title": texts.say("benefit-change.drop-if"),
        "no_text": _cost(found, which),
        "action": request.path,
        "no": texts.say("benefit-change.drop"),
        "back_url": reverse("application.benefit", args=[number]),
    }
    return frame.page(request, "consequence", texts.say("benefit-change.drop"), *frame.trail_to(found), dialog=dialog)


def _cost(found: Application, which: str) -> str:
    """What giving up costs, in words: with the place now and the place after, where the application waits."""
    if which == "checked":
        return texts.say("benefit-change.drop-checked")
    place = lines.place_in_line(found) if found.state == State.WAITING else None
    if place is None or found.regime == Regime.LINEAR:
        # In a linear line the slots decide whom the place falls behind: only the journal can say it afterwards.
        return texts.say("benefit-change.drop-counts")
    category = lines.counting(found.territory_id, found.kind).category(BenefitStatus.NONE, found.born_on)
    then: dict[str, Any] = {"place": place.number, "then": lines.number_in(found, category=category)}
    return texts.say("benefit-change.drop-place", **then)
