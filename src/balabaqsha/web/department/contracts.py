"""Contracts that a kindergarten has kept past its term: whom to call, about which child, since when."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_admission
from balabaqsha.admissions.models import Admission
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.locale import written
from balabaqsha.web.department import pages
from balabaqsha.web.kit import texts, worklists
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50


@access(department_admission)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The longest kept first; names of children stay masked until a case is opened."""
    found = pages.kept_contracts(request)
    total = found.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    calendar = law.calendar()
    rows = [row(one, request, calendar) for one in found[start : start + SIZE]]
    context = {"total": total, "pager": shown, "columns": columns(), "rows": rows}
    return pages.page(request, "contracts", "officer.contracts", **context)


def columns() -> list[str]:
    """The labels beside `row`."""
    keys = ("department.number", "kg.child", "overdue.kindergarten", "overdue.phone", "overdue.signed-at")
    return [texts.say(key) for key in keys]


def row(admission: Admission, request: HttpRequest, calendar: WorkingCalendar) -> dict[str, Any]:
    """One kept contract in a work list."""
    number, kindergarten = admission.application.number, admission.group.kindergarten
    name = pages.kindergarten_name(kindergarten)
    late = calendar.working_days_between(localdate(admission.escalates_at), localdate(request.now))
    url = reverse("officer.case", args=[number])
    phone = kindergarten.phone
    return {
        "id": number,
        "name": number,
        "url": url,
        "cells": [
            worklists.masked(admission.application.child),
            f"{name}, {kindergarten.head_name}" if kindergarten.head_name else name,
            {"url": f"tel:{phone}", "text": written.phone(phone)} if phone else "–",
            written.moment(admission.signed_by_parent_at) if admission.signed_by_parent_at else "–",
        ],
        "left": texts.say_count("count.working-day-late", late) if late else texts.say("worklist.overdue"),
        "tone": "bad",
        "action": {"text": texts.say("overdue.open"), "url": url, "size": "s", "kind": "secondary", "of": number},
    }
