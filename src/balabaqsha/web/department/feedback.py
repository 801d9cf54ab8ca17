"""What visitors wrote to the department: the list, one message, the answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, get_or_404, visitors_messages
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.locale import written
from balabaqsha.transparency import actions, feedback
from balabaqsha.transparency.models import Feedback
from balabaqsha.transparency.rules import SMS, channel_of
from balabaqsha.web.department import pages
from balabaqsha.web.department.forms import AnswerForm
from balabaqsha.web.kit import texts
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
_NEW, _SETTLED = "new", "answered"


@access(visitors_messages)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """New messages, the oldest first, or those dealt with; words and contacts stay closed until a message is opened."""
    tab = _SETTLED if request.GET.get("tab") == _SETTLED else _NEW
    known = pages.messages_of_visitors(request)
    lists = {_NEW: feedback.to_settle(known), _SETTLED: feedback.settled(known)}
    total = lists[tab].count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    tabs = [
        {
            "text": texts.say(f"feedback.tab-{name}"),
            "url": f"?tab={name}",
            "current": name == tab,
            "count": found.count() if name == _NEW else None,
        }
        for name, found in lists.items()
    ]
    context = {
        "tabs": tabs,
        "columns": [texts.say(key) for key in ("feedback.number", "feedback.topic", "feedback.sent-at")],
        "rows": [_row(one, request) for one in lists[tab][start : start + SIZE]],
        "pager": shown,
    }
    return pages.page(request, "feedback", "officer.feedback", **context)


def _row(one: Feedback, request: HttpRequest) -> dict[str, Any]:
    url = reverse("officer.feedback-message", args=[one.number])
    waits = law.calendar().working_days_between(localdate(one.sent_at), localdate(request.now))
    if one.settled_at:
        left, tone = texts.say("feedback.answered" if one.answer else "feedback.closed-short"), "ok"
    else:
        left, tone = texts.say_count("count.working-day-waits", waits), "off"
    return {
        "id": one.number,
        "name": one.number,
        "url": url,
        "cells": [texts.say(f"feedback.topic.{one.topic}"), written.moment(one.sent_at)],
        "left": left,
        "tone": tone,
        "action": {"text": texts.say("action.open"), "url": url, "size": "s", "kind": "secondary", "of": one.number},
    }


@access(visitors_messages)
@require_http_methods(["GET", "POST"])
def message(request: HttpRequest, number: str) -> HttpResponse:
    """One message with its contact; answer it in its language, or close it. Opening it is journalled first."""
    rows = Feedback.objects.select_related("territory")
    kept: Feedback = get_or_404(visitors_messages, request.actor, rows, number=number)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data["answer"].strip() if form.cleaned_data["verdict"] == "answer" else ""
        settled = actions.settle_feedback(number=kept.number, answer=answer, actor=request.actor, now=request.now)
        if (settled.settled_at, settled.answer) == (request.now, answer):
            messages.success(request, texts.say("feedback.answered-now" if answer else "feedback.closed-now"))
            return redirect("officer.feedback")
        messages.warning(request, texts.say("feedback.settled-already"))
        return redirect("officer.feedback-message", number=kept.number)
    actions.open_feedback(feedback=kept, actor=request.actor, now=request.now)
    way = "inbox" if kept.person_id else "contact" if kept.contact else "address"
    context = {
        "message": kept,
        "form": form,
        "way": texts.say(f"feedback.way-{way}", contact=_written(kept.contact)),
        "heading": texts.say("feedback.message", number=kept.number),
    }
    return pages.page(request, "feedback_message", "officer.feedback", trail=("officer.feedback",), **context)


def _written(contact: str) -> str:
    return written.phone(contact) if channel_of(contact) == SMS else contact
