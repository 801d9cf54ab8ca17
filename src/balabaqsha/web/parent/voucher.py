"""A family's answers to a voucher, each on a page that says its consequence first."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, application_to_answer
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import MAY_CHOOSE, State
from balabaqsha.journeys import vouchers
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.web.kit import texts
from balabaqsha.web.parent import cards, frame


@access(application_to_answer)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """«Иә» or «Жоқ»: the message about a voucher leads here."""
    found = frame.application(request, number)
    if request.method == "POST":
        return _take_answer(request, found)
    if found.state != State.VOUCHER_OFFERED:
        # The link of an old message: the page of the application says what has happened since.
        return redirect("application.page", number=number)
    days = int(law.rulebook(found.territory_id).term("voucher.choose_and_sign", on=localdate(request.now)).value)
    dialog = {
        "id": "answer",
        "title": texts.say("voucher.dialog-title"),
        "text": texts.say("voucher.dialog-text"),
        "yes_text": texts.say("voucher.if-yes", days=days),
        "no_text": f"{texts.say('voucher.dialog-warning')} {texts.say('voucher.if-no')}",
        "action": request.path,
        "yes": texts.say("action.yes"),
        "no": texts.say("action.no"),
        "back_url": reverse("application.page", args=[number]),
    }
    return _page(request, found, "voucher.confirm-interest", dialog=dialog)


def _take_answer(request: HttpRequest, found: Application) -> HttpResponse:
    said = request.POST.get("answer")
    if said not in {"yes", "no"}:
        return redirect("voucher.answer", number=found.number)
    act = vouchers.confirm_interest if said == "yes" else vouchers.decline
    try:
        act(application_id=found.id, actor=request.actor, now=request.now)
    except Refusal as refusal:
        return frame.refused(request, found, refusal)
    if said == "no":
        messages.warning(request, texts.say("voucher.declined"))
    else:
        found.refresh_from_db()
        messages.success(request, texts.say("voucher.confirmed", due=_due(found)))
    return redirect("application.page", number=found.number)


@access(application_to_answer)
@require_http_methods(["GET", "POST"])
def restore(request: HttpRequest, number: str) -> HttpResponse:
    """Bring an application back from the stop list, once; the last day is said."""
    found = frame.application(request, number)
    if request.method == "POST":
        try:
            vouchers.restore(application_id=found.id, actor=request.actor, now=request.now)
        except Refusal as refusal:
            return frame.refused(request, found, refusal)
        messages.success(request, texts.say("restore.done"))
        return redirect("application.page", number=number)
    if found.state != State.STOP_LISTED:
        return redirect("application.page", number=number)
    dialog = {
        "id": "restore",
        "title": texts.say("restore.question"),
        "text": texts.say("state.STOP_LISTED.restore", date=localdate(_due(found))),
        "yes_title": texts.say("restore.if"),
        "yes_text": texts.say("restore.text"),
        "no_title": texts.say("restore.if-not"),
        "no_text": texts.say("restore.if-not-text"),
        "action": request.path,
        "yes": texts.say("application.restore"),
        "back_url": reverse("application.page", args=[number]),
    }
    return _page(request, found, "application.restore", dialog=dialog)


@access(application_to_answer)
@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """Add two working days on the last day of the term; before that day the page says which day it is."""
    found = frame.application(request, number)
    if request.method == "POST":
        try:
            due = vouchers.extend(application_id=found.id, actor=request.actor, now=request.now)
        except Refusal as refusal:
            return frame.refused(request, found, refusal)
        messages.success(request, texts.say("extend.done", due=due))
        return redirect("application.page", number=number)
    if found.state not in MAY_CHOOSE or found.extended:
        return redirect("application.page", number=number)
    due = _due(found)
    if request.now < law_rules.start_of_last_day(due):
        return _page(request, found, "voucher.extend", notice=texts.say("extend.not-today", date=localdate(due)))
    term = law.rulebook(found.territory_id).term("voucher.extension", on=localdate(due))
    dialog = {
        "id": "extend",
        "title": texts.say("extend.question"),
        "yes_title": texts.say("extend.if"),
        "yes_text": texts.say("extend.text", due=law_rules.deadline(due, term, law.calendar())),
        "action": request.path,
        "yes": texts.say("voucher.extend"),
        "back_url": reverse("application.page", args=[number]),
    }
    return _page(request, found, "voucher.extend", dialog=dialog)


def _due(found: Application) -> datetime:
    """The end of the term that runs; the pages here exist only where one does."""
    if found.due_at is None:
        raise RuntimeError(f"no term runs in the state {found.state}")
    return found.due_at


def _page(request: HttpRequest, found: Application, title: str, **context: Any) -> HttpResponse:
    strip = cards.term_strip(found, now=request.now)
    back = reverse("application.page", args=[found.number])
    about = {"child": frame.child_name(found), "deadline": strip, "back_url": back}
    return frame.page(request, "consequence", texts.say(title), *frame.trail_to(found), **(about | context))
