"""What visitors wrote to the department: the list, one message, the answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, answers_reader, get_or_404, visitors_messages
from balabaqsha.kernel.actor import Role
from balabaqsha.law import queries as law
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.locale import written
from balabaqsha.territories import queries as territories
from balabaqsha.transparency import actions, feedback
from balabaqsha.transparency.models import Feedback
from balabaqsha.transparency.rules import SMS, channel_of
from balabaqsha.web.department import pages
from balabaqsha.web.department.forms import AnswerForm
from balabaqsha.web.kit import answers, due, texts
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
_NEW, _OVERDUE, _SETTLED = "new", "overdue", "answered"


@access(visitors_messages)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, due first, what is overdue, or what is dealt with; words stay closed until it is opened."""
    known = pages.messages_of_visitors(request).select_related("kindergarten", "territory")
    lists = {
        _NEW: feedback.to_settle(known),
        _OVERDUE: feedback.overdue(known, now=request.now),
        _SETTLED: feedback.settled(known),
    }
    tab = request.GET.get("tab") if request.GET.get("tab") in lists else _NEW
    total = lists[tab].count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    tabs = [
        {
            "text": texts.say(f"feedback.tab-{name}"),
            "url": f"?tab={name}",
            "current": name == tab,
            "count": None if name == _SETTLED else found.count(),
        }
        for name, found in lists.items()
    ]
    calendar = law.calendar()
    context = {
        "tabs": tabs,
        "columns": [texts.say(key) for key in _COLUMNS],
        "rows": [_row(one, request, calendar) for one in lists[tab][start : start + SIZE]],
        "pager": shown,
    }
    return pages.page(request, "feedback", "officer.feedback", **context)


_COLUMNS = ("feedback.number", "feedback.topic", "feedback.kindergarten", "feedback.sent-at")


def _row(one: Feedback, request: HttpRequest, calendar: WorkingCalendar) -> dict[str, Any]:
    url = reverse("officer.feedback-message", args=[one.number])
    if one.settled_at:
        left, tone = texts.say("feedback.answered" if one.answer else "feedback.closed-short"), "ok"
    else:
        standing = due.standing(one.due_at, now=request.now, calendar=calendar)
        left, tone = standing.left, standing.tone
    return {
        "id": one.number,
        "name": one.number,
        "url": url,
        "cells": [
            texts.say(f"feedback.topic.{one.topic}"),
            pages.kindergarten_name(one.kindergarten) if one.kindergarten else "–",
            written.moment(one.sent_at),
        ],
        "left": left,
        "tone": tone,
        "action": {"text": texts.say("action.open"), "url": url, "size": "s", "kind": "secondary", "of": one.number},
    }


@access(visitors_messages)
@require_http_methods(["GET", "POST"])
def message(request: HttpRequest, number: str) -> HttpResponse:
    """One message with its contact; answer it in its language, or close it. Opening it is journalled first."""
    rows = Feedback.objects.select_related("territory", "kindergarten")
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
        "overdue": kept.settled_at is None and kept.due_at < request.now,
        "garden": pages.kindergarten_name(kept.kindergarten) if kept.kindergarten else "",
        "way": texts.say(f"feedback.way-{way}", contact=_written(kept.contact)),
        "heading": texts.say("feedback.message", number=kept.number),
    }
    return pages.page(request, "feedback_message", "officer.feedback", trail=("officer.feedback",), **context)


@access(answers_reader)
@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """How messages were answered in the last twelve months: of the territory and below, of the country for the ministry."""
    everywhere = request.actor.role in {Role.SUPPORT, Role.MINISTRY}
    own = territories.subtree(request.actor.territory_code or "")
    codes = None if everywhere else list(own.values_list("code", flat=True))
    found = answers.context(answers.count(codes=codes, now=request.now))
    trail = ("officer.feedback",) if visitors_messages.admits(request.actor) else ()
    return pages.page(request, "answers", "officer.feedback-statistics", trail=trail, **found)


def _written(contact: str) -> str:
    return written.phone(contact) if channel_of(contact) == SMS else contact
