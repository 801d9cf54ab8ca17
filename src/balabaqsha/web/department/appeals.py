"""Appeals of the territory, the soonest due first; one appeal beside what it is against, and its decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts import queries as accounts
from balabaqsha.accounts.access import access, department_case, get_or_404
from balabaqsha.applications.appeals import queries
from balabaqsha.applications.models import Appeal, Application
from balabaqsha.applications.states import AppealState
from balabaqsha.journeys import appealing, reading
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import queries as law
from balabaqsha.law.grounds import AppealGround, AppealRejection
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.people.queries import card
from balabaqsha.web.department import checks, pages
from balabaqsha.web.department.appeal_forms import VerdictForm
from balabaqsha.web.kit import due, texts, worklists
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit.deadlines import deadline
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50


def waiting(request: HttpRequest) -> Any:
    """The appeals of the officer's territory that wait for a decision."""
    return queries.to_decide(department_case.scope(request.actor, Appeal.objects.all()))


@access(department_case)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The appeals that wait; names stay masked until one is opened."""
    found = waiting(request)
    shown = pager(request, page=page_of(request), total=found.count(), size=SIZE)
    start, calendar = (shown.page - 1) * SIZE, law.calendar()
    context = {
        "pager": shown,
        "columns": [texts.say(key) for key in ("department.number", "kg.child", "appeals.against", "appeals.filed-at")],
        "rows": [_row(one, request, calendar) for one in found[start : start + SIZE]],
    }
    return pages.page(request, "appeals", "officer.appeals", **context)


def _row(one: Appeal, request: HttpRequest, calendar: WorkingCalendar) -> dict[str, Any]:
    standing = due.standing(one.due_at, now=request.now, calendar=calendar)
    cells = [
        worklists.masked(one.application.child),
        texts.say(f"event.{one.contested_act}"),
        texts.say("department.moment", due=one.filed_at),
    ]
    url = reverse("officer.appeal", args=[one.token])
    return worklists.work(one.application.number, url, cells, standing, action="action.check")


@access(department_case)
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, token: UUID) -> HttpResponse:
    """What the family contests, its words and papers, what is kept meanwhile; grant the appeal or reject it."""
    appeal: Appeal = get_or_404(department_case, request.actor, Appeal.objects.all(), token=token)
    application = pages.case(
        request, Application.objects.values_list("number", flat=True).get(id=appeal.application_id)
    )
    if appeal.state != AppealState.OPEN:
        messages.info(request, texts.say("refusal.appeal-decided"))
        return redirect("officer.case", number=application.number)
    own = request.actor.account_id == appeal.contested_by_account_id
    own = own or request.actor.person_id == application.applicant_id
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, appeal, form.cleaned_data)
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            granted = form.cleaned_data["verdict"] == "grant"
            done = "appeals.granted" if granted else "appeals.rejected"
            messages.success(request, texts.say(done, number=application.number))
            return redirect("officer.appeals")
    reading.open_case(application=application, page="appeal", actor=request.actor, now=request.now)
    context = {
        "appeal": appeal,
        "application": application,
        "child": card(application.child).full_name,
        "contested": texts.say(f"event.{appeal.contested_act}"),
        "decided_by": _decided_by(appeal),
        "kept": texts.say(f"appeal-kept.{appeal.kept}"),
        "papers": checks.papers(request, application, appeal.upload_ids),
        "own": own,
        "form": form,
        "case_url": reverse("officer.case", args=[application.number]) + "?tab=history",
        "deadline": _deadline(request, appeal),
    }
    return pages.page(request, "appeal", "officer.appeal", trail=("officer.appeals",), **context)


def _decided_by(appeal: Appeal) -> str:
    account_id = appeal.contested_by_account_id
    return accounts.names_of({account_id})[account_id] if account_id else texts.say("appeals.by-term")


def _deadline(request: HttpRequest, appeal: Appeal) -> Any:
    return deadline(
        id="due",
        title=texts.say("appeal.decide-by"),
        started=appeal.filed_at,
        due=appeal.due_at,
        now=request.now,
        calendar=law.calendar(),
        live=False,
    )


def _decide(request: HttpRequest, appeal: Appeal, typed: dict[str, Any]) -> None:
    reasons = AppealGround if typed["verdict"] == "grant" else AppealRejection
    verdict = appealing.Verdict(because=reasons(typed["because"]), note=typed["note"].strip())
    appealing.decide(
        application_id=appeal.application_id,
        token=appeal.token,
        verdict=verdict,
        actor=request.actor,
        now=request.now,
    )
