"""Messages that did not arrive: whose term runs while nothing has reached the family, and every message that failed."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.applications.models import Application
from balabaqsha.law import queries as law
from balabaqsha.locale import written
from balabaqsha.notifications import actions, arrival
from balabaqsha.notifications.models import Message
from balabaqsha.web.department import pages
from balabaqsha.web.kit import due, texts, worklists
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50


@access(department_officer)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """First the families that know nothing of a term that runs, the first to end first; then the messages, newest first."""
    unaware = arrival.unaware(pages.cases(request), now=request.now)
    failed = arrival.not_arrived(_messages(request), now=request.now)
    total = failed.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    rows = list(failed.annotate(ways=Count("deliveries"))[start : start + SIZE])
    about = Application.objects.select_related("child").in_bulk([row.application_id for row in rows])
    context = {
        "unaware": [_unaware(one, request) for one in unaware.select_related("child")[:SIZE]],
        "total": total,
        "pager": shown,
        "columns": [{"label": texts.say(f"undelivered.{key}")} for key in ("about", "child", "at", "what", "ways")],
        "rows": [_row(row, about[row.application_id or 0]) for row in rows],
    }
    return pages.page(request, "undelivered", "officer.undelivered", **context)


@access(department_officer)
@require_POST
def told(request: HttpRequest, number: str) -> HttpResponse:
    """The officer has told the family otherwise: its messages leave the list, and the journal says who told them."""
    found = pages.case(request, number)
    settled = actions.note_told(application_id=found.id, actor=request.actor, now=request.now)
    messages.success(request, texts.say("undelivered.noted" if settled else "kg.changed"))
    return redirect("officer.undelivered")


def _messages(request: HttpRequest) -> Any:
    return Message.objects.filter(application_id__in=pages.cases(request).values("id"))


def _unaware(application: Application, request: HttpRequest) -> dict[str, Any]:
    standing = due.standing(application.due_at, now=request.now, calendar=law.calendar())
    return {
        "number": application.number,
        "url": pages.case_url(application),
        "child": worklists.masked(application.child),
        "state": texts.say(f"state.{application.state}"),
        "due_at": application.due_at,
        "left": standing.left,
        "tone": standing.tone,
    }


def _row(message: Message, application: Application) -> dict[str, Any]:
    cells = [
        {"text": application.number, "url": pages.case_url(application)},
        worklists.masked(application.child),
        written.moment(message.at),
        _what(message),
        str(message.ways),  # type: ignore[attr-defined]  # annotated above
    ]
    return {"cells": cells}


def _what(message: Message) -> str:
    """The subject of its letter; a subject with blanks would need the whole message written."""
    key = f"message.{message.key}.subject"
    said = texts.unfilled(key) if texts.knows(key) else ""
    return said if said and "{" not in said else texts.say("message.any-subject")
