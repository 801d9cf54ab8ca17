"""The opinion of a colleague on a case: asked by whoever decides, answered by whoever is asked."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts import queries as accounts
from balabaqsha.accounts.access import access, asked_check, special_check
from balabaqsha.applications.states import State
from balabaqsha.journeys import special
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.doctor import cases, facts, pages
from balabaqsha.web.doctor.forms import AskForm, OpinionForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import refusals, texts


@access(special_check)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask a colleague of the same office, wherever they work."""
    check = pages.check(request, number, special_check)
    if check.decided_at is not None or check.application.state != State.DOCUMENTS_CHECK:
        messages.info(request, refusals.sentence("special-decided", {}))
        return redirect("doctor.cases")
    colleagues = accounts.colleagues(role=request.actor.role, but=request.actor.account_id, now=request.now)
    form = AskForm(request.POST if request.method == "POST" else None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        try:
            special.ask(
                application_id=check.application_id,
                colleague_id=form.cleaned_data["colleague"],
                question=form.cleaned_data["question"].strip(),
                decides=partial(accounts.decides, now=request.now),
                actor=request.actor,
                now=request.now,
            )
        except special.DecidedAlready as decided:
            messages.info(request, refusals.explain(request, decided))
            return redirect("doctor.cases")
        except Refusal as refusal:
            kit.blame(form, refusal, "colleague")
        else:
            messages.success(request, texts.say("doctor.asked"))
            return redirect("doctor.case", number=number)
    context = {
        "form": form,
        "colleagues": colleagues,
        "heading": texts.say("doctor.ask-heading", number=number),
        "back_url": reverse("doctor.case", args=[number]),
    }
    return pages.page(request, "ask", "doctor.ask", trail=("doctor.cases",), **context)


@access(asked_check)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """Look at the case that a colleague asks about, and answer."""
    check = pages.check(request, number, asked_check)
    asked = check.opinions.filter(asked_of_account_id=request.actor.account_id, answered_at=None).first()
    if asked is None:
        raise Http404
    form = OpinionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            special.answer(
                application_id=check.application_id,
                confirms=form.cleaned_data["advice"] == "confirm",
                words=form.cleaned_data["words"].strip(),
                actor=request.actor,
                now=request.now,
            )
        except (special.DecidedAlready, special.NotAsked) as over:
            messages.info(request, refusals.explain(request, over))
            return redirect("doctor.opinions")
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            messages.success(request, texts.say("doctor.answered"))
            return redirect("doctor.opinions")
    cases.opened(request, check, "special-opinion")
    context = {"form": form, "question": asked, "asker": facts.asker(asked.asked_by_account_id)}
    return pages.page(
        request, "answer", "doctor.answer", trail=("doctor.opinions",), **context | cases.shown(request, check)
    )
