"""Extensions of referrals, looked at afterwards: the family had its days by asking, a false reason ends them."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, department_case
from balabaqsha.applications.models import Application
from balabaqsha.journeys import reading, reviewing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import queries as law
from balabaqsha.law.lists import WithdrawalReason
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.law.terms import Unit
from balabaqsha.locale import written
from balabaqsha.people.queries import card
from balabaqsha.referrals.models import Referral
from balabaqsha.web.department import checks, pages
from balabaqsha.web.department.forms import ReviewForm
from balabaqsha.web.kit import due, texts, worklists
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit.deadlines import calendar_for, deadline
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50


@access(department_case)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Extensions that nobody has looked at, the oldest first; names stay masked until a case is opened."""
    found = pages.extensions(request)
    total = found.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    rows = found.select_related("application__child")[start : start + SIZE]
    calendar = law.calendar()
    keys = ("department.number", "kg.child", "review.reason", "review.days", "review.extended-at")
    context = {
        "total": total,
        "pager": shown,
        "columns": [texts.say(key) for key in keys],
        "rows": [_row(one, request, calendar) for one in rows],
    }
    return pages.page(request, "extensions", "officer.extensions", **context)


def _row(referral: Referral, request: HttpRequest, calendar: WorkingCalendar) -> dict[str, Any]:
    number = referral.application.number
    cells = [
        worklists.masked(referral.application.child),
        texts.say(f"extension.{referral.extension_reason}"),
        str(referral.extended_days),
        written.moment(referral.extended_at) if referral.extended_at else "",
    ]
    standing = due.standing(referral.due_at, now=request.now, calendar=calendar)
    url = reverse("officer.extension", args=[number])
    return worklists.work(number, url, cells, standing, action="action.check")


@access(department_case)
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One extension: why and for how long, with its proof; accept it, or withdraw it with a reason of the closed list."""
    application = pages.case(request, number)
    referral = pages.extensions(request).filter(application=application).select_related("group__kindergarten").first()
    if referral is None:
        return _decided(request, number)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _review(request, application, form.cleaned_data)
        except Refusal as refusal:
            if not pages.extensions(request).filter(id=referral.id).exists():
                # Another officer, the kindergarten or the term itself came first, between the look and the locks.
                return _decided(request, number)
            kit.blame(form, refusal)
        else:
            return redirect("officer.extensions")
    reading.open_case(application=application, page="extension", actor=request.actor, now=request.now)
    return _page(request, application, referral, form)


def _decided(request: HttpRequest, number: str) -> HttpResponse:
    messages.info(request, texts.say("review.decided-already"))
    return redirect("officer.case", number=number)


def _review(request: HttpRequest, application: Application, typed: dict[str, Any]) -> None:
    who = {"application_id": application.id, "actor": request.actor, "now": request.now}
    if typed["verdict"] == "accept":
        reviewing.accept_extension(**who)
        messages.success(request, texts.say("review.accepted", number=application.number))
        return
    ends = reviewing.withdraw_extension(because=WithdrawalReason(typed["because"]), note=typed["note"].strip(), **who)
    messages.success(request, texts.say("review.withdrawn", number=application.number, due=ends))


def _page(request: HttpRequest, application: Application, referral: Referral, form: ReviewForm) -> HttpResponse:
    calendar = law.calendar()
    uploads = [referral.extension_upload_id] if referral.extension_upload_id else []
    strip = deadline(
        id="due",
        title=texts.say("review.due"),
        started=application.due_from or referral.issued_at,
        due=referral.due_at,
        now=request.now,
        calendar=calendar_for(Unit.WORKING_DAYS, calendar),
        live=False,
    )
    context = {
        "application": application,
        "referral": referral,
        "child": card(application.child),
        "applicant": card(application.applicant),
        "group": pages.group_name(referral.group),
        "papers": checks.papers(request, application, uploads),
        "ends": reviewing.ends_at(referral.due_at, calendar=calendar, now=request.now),
        "form": form,
        "deadline": strip,
        "heading": texts.say("review.case", number=application.number),
    }
    return pages.page(request, "extension", "officer.extension", trail=("officer.extensions",), **context)
