"""Special cases in lists: those that wait, those a colleague asks about, those that were decided."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, asked_check, special_check
from balabaqsha.applications.models import DocumentsCheck
from balabaqsha.law import queries as law
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.web.doctor import pages
from balabaqsha.web.doctor.forms import CasesForm
from balabaqsha.web.kit import due, texts, worklists
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
_COLUMNS = ("department.number", "kg.child", "application.correction", "doctor.filed-at")


@access(special_check)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Cases that wait for a decision, the soonest due first; names stay masked until a case is opened."""
    form = CasesForm(request.GET)
    typed = form.cleaned_data if form.is_valid() else {}
    found = pages.waiting(request)
    overdue = found.filter(due_at__lt=request.now).count()
    if typed.get("correction"):
        found = found.filter(application__correction=typed["correction"])
    if typed.get("number"):
        found = found.filter(application__number__startswith=typed["number"].strip())
    total = found.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    calendar = law.calendar()
    context = {
        "form": form,
        "total": total,
        "overdue": overdue,
        "pager": shown,
        "columns": [texts.say(key) for key in _COLUMNS],
        "rows": [_row(one, "doctor.case", request, calendar) for one in found[start : start + SIZE]],
        "chosen": sum(1 for name in ("correction", "number") if typed.get(name)),
    }
    return pages.page(request, "cases", "doctor.cases", **context)


def _row(check: DocumentsCheck, page: str, request: HttpRequest, calendar: WorkingCalendar) -> dict[str, Any]:
    application = check.application
    cells = [
        worklists.masked(application.child),
        _type(check),
        texts.say("department.moment", due=application.original_at),
    ]
    standing = due.standing(check.due_at, now=request.now, calendar=calendar)
    return worklists.work(application.number, reverse(page, args=[application.number]), cells, standing)


def _type(check: DocumentsCheck) -> str:
    key = f"correction.{check.application.correction}"
    return texts.say(key) if texts.knows(key) else str(check.application.correction)


@access(asked_check)
@require_GET
def asked(request: HttpRequest) -> HttpResponse:
    """Cases about which a colleague asks the reader, the soonest due first."""
    calendar = law.calendar()
    found = pages.checks(request, asked_check).order_by("due_at", "id")
    rows = [_row(one, "doctor.answer", request, calendar) for one in found]
    return pages.page(
        request, "asked", "doctor.opinions", rows=rows, columns=[texts.say(key) for key in _COLUMNS], total=len(rows)
    )


@access(special_check)
@require_GET
def decided(request: HttpRequest) -> HttpResponse:
    """What the reader has decided, the latest first; papers are not opened again."""
    found = pages.checks(request).filter(decided_by_account_id=request.actor.account_id).order_by("-decided_at", "-id")
    shown = pager(request, page=page_of(request), total=found.count(), size=SIZE)
    start = (shown.page - 1) * SIZE
    context = {
        "columns": [
            {"label": texts.say(key)}
            for key in (
                "department.number",
                "kg.child",
                "application.correction",
                "doctor.decided-at",
                "doctor.outcome",
            )
        ],
        "rows": [{"cells": _decided(one)} for one in found[start : start + SIZE]],
        "pager": shown,
    }
    return pages.page(request, "decided", "doctor.decided", **context)


def _decided(check: DocumentsCheck) -> list[str]:
    outcome = texts.say("doctor.confirmed-word" if check.confirmed else "doctor.rejected-word")
    if check.rejected_because:
        outcome = f"{outcome}: {texts.say(f'case-rejection.{check.rejected_because}')}"
    return [
        check.application.number,
        worklists.masked(check.application.child),
        _type(check),
        texts.say("department.moment", due=check.decided_at),
        outcome,
    ]
