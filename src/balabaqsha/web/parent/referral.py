"""What a family does with a referral: gives it back, extends it, asks for time for its papers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, own_application
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.journeys import referring
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import DocumentKind
from balabaqsha.law.terms import Unit
from balabaqsha.referrals import queries as referrals
from balabaqsha.referrals.models import Referral
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts
from balabaqsha.web.parent import cards, frame, papers
from balabaqsha.web.parent.forms import ExtensionForm


def _issued(request: HttpRequest, number: str) -> tuple[Application, Referral | None]:
    found = frame.application(request, number)
    return found, referrals.live_referral(found.id)


def _page(
    request: HttpRequest, found: Application, title: str, template: str = "consequence", **more: Any
) -> HttpResponse:
    about = {
        "child": frame.child_name(found),
        "deadline": cards.term_strip(found, now=request.now),
        "back_url": reverse("application.page", args=[found.number]),
    }
    return frame.page(request, template, texts.say(title), *frame.trail_to(found), **(about | more))


def _perform(request: HttpRequest, found: Application, act: Callable[[], Any], done: str) -> HttpResponse:
    """Do what the family confirmed, and go back to its application."""
    try:
        act()
    except Refusal as refusal:
        return frame.refused(request, found, refusal)
    messages.success(request, texts.say(done))
    return redirect("application.page", number=found.number)


@access(own_application)
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    """Give the referral back within its hours; what is kept and what is lost is said first."""
    found, referral = _issued(request, number)
    if request.method == "POST":
        return _perform(
            request,
            found,
            lambda: referring.give_back(application_id=found.id, actor=request.actor, now=request.now),
            "give-back.done",
        )
    if referral is None or found.state != State.REFERRAL_ISSUED or request.now > referral.give_back_until:
        return redirect("application.page", number=number)
    dialog = {
        "id": "give-back",
        "title": texts.say("give-back.question"),
        "text": texts.say("give-back.until", due=referral.give_back_until),
        "yes_title": texts.say("give-back.kept"),
        "yes_text": texts.say("give-back.kept-text"),
        "no_title": texts.say("give-back.lost"),
        "no_text": texts.say("give-back.lost-text"),
        "action": request.path,
        "no": texts.say("referral.give-back"),
        "back_url": reverse("application.page", args=[number]),
    }
    return _page(request, found, "referral.give-back", dialog=dialog)


@access(own_application)
@require_http_methods(["GET", "POST"])
def papers_time(request: HttpRequest, number: str) -> HttpResponse:
    """Take the time for incomplete papers, which a family has by asking (004)."""
    found, referral = _issued(request, number)
    if request.method == "POST":
        return _perform(
            request,
            found,
            lambda: referring.grant_papers_time(application_id=found.id, actor=request.actor, now=request.now),
            "papers-time.done",
        )
    if (
        referral is None
        or referral.papers_time_at is not None
        or found.state not in {State.REGISTERED, State.CONTRACT_WITH_PARENT}
    ):
        return redirect("application.page", number=number)
    term = law.rulebook(found.territory_id).term("referral.papers_time", on=localdate(request.now))
    dialog = {
        "id": "papers-time",
        "title": texts.say("papers-time.question"),
        "text": texts.say("papers-time.text"),
        "yes_title": texts.say("papers-time.if"),
        "yes_text": texts.say("papers-time.new", due=law_rules.deadline(found.due_at, term, law.calendar())),
        "action": request.path,
        "yes": texts.say("referral.papers-time"),
        "back_url": reverse("application.page", args=[number]),
    }
    return _page(request, found, "referral.papers-time", dialog=dialog)


@access(own_application)
@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """Extend the referral once, with the days, a reason of the closed list and its proof (003, 004)."""
    found, referral = _issued(request, number)
    if referral is None or found.state != State.REFERRAL_ISSUED or referral.extended_at is not None:
        return redirect("application.page", number=number)
    most = int(law.rulebook(found.territory_id).term("referral.extension_max", on=localdate(request.now)).value)
    form = ExtensionForm(frame.posted(request), frame.sent_files(request), most=most)
    if request.method == "POST":
        due = _extended(request, found, form)
        if due is not None:
            messages.success(request, texts.say("extension.done", due=due))
            return redirect("application.page", number=number)
    earlier = papers.of_child(request.actor.person_id, found.child_id).get(DocumentKind.EXTENSION_PROOF)
    context = {
        "form": form,
        "most": most,
        "last": law_rules.due(found.due_at, most, Unit.CALENDAR_DAYS, law.calendar()),
        "earlier": earlier,
        "back_url": reverse("application.page", args=[number]),
    }
    return _page(request, found, "referral.extend", "referral_extend", **context)


def _extended(request: HttpRequest, found: Application, form: ExtensionForm) -> Any:
    """The new due moment; None when something stands against it, which the form then says."""
    valid = form.is_valid()
    try:
        # The file is kept even where another field is wrong: nobody looks for it twice.
        upload_id = papers.sent_or_kept(request, child_id=found.child_id, kind=DocumentKind.EXTENSION_PROOF)
    except Refusal as refusal:
        kit.blame(form, refusal, "paper")
        return None
    if not valid:
        return None
    try:
        return referring.extend(
            application_id=found.id,
            days=form.cleaned_data["days"],
            reason=form.cleaned_data["reason"],
            words=form.cleaned_data["words"],
            upload_id=upload_id,
            actor=request.actor,
            now=request.now,
        )
    except Refusal as refusal:
        kit.blame(form, refusal, "days" if refusal.code == "limit-reached" else None)
        return None
