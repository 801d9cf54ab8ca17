"""Families that have chosen a place here: the contract is to be sent to each."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, kindergarten_admission
from balabaqsha.admissions import queries
from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import Stage
from balabaqsha.journeys import contract_terms, contracts
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.people.queries import card
from balabaqsha.web.kindergarten import home, pages
from balabaqsha.web.kindergarten import referrals as referrals_page
from balabaqsha.web.kindergarten.forms import ContractForm, last_day
from balabaqsha.web.kit import due, texts
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit.deadlines import deadline


@access(kindergarten_admission)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Choices that wait for a contract, the soonest due first."""
    calendar = law.calendar()
    found = queries.by_due(pages.admissions(request), stage=Stage.CONTRACT_AWAITED)
    rows = [home.row(one, standing=due.standing(one.due, now=request.now, calendar=calendar)) for one in found]
    columns = [texts.say(key) for key in ("kg.child", "places.group", "kg.kind")]
    return pages.page(request, "requests", "kg.requests", columns=columns, rows=rows)


@access(kindergarten_admission)
@require_http_methods(["GET", "POST"])
def send(request: HttpRequest, number: str) -> HttpResponse:
    """Fill the kindergarten's part of the contract and send it to the family."""
    found = pages.admission(request, number)
    if found.stage != Stage.CONTRACT_AWAITED:
        # The page of the contract knows where an admission of another stage stands.
        return redirect("kg.contract", number=number)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid():
        terms = contract_terms.fill(group=found.group, **form.cleaned_data)
        try:
            contracts.send_contract(
                application_id=found.application_id, terms=terms, actor=request.actor, now=request.now
            )
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            messages.success(request, texts.say("kg.sent", name=card(found.application.child).full_name))
            return redirect("kg.requests")
    return _page(request, found, form)


def _form(request: HttpRequest, found: Admission) -> ContractForm:
    today, born_on, opens_for = localdate(request.now), found.application.born_on, found.group.school_year
    opens_on = law_rules.school_year_begins(opens_for) if opens_for is not None else None
    soon = law.calendar().add(request.now, working_days=5).date()
    start = {
        "start_on": max(soon, opens_on or soon),
        "ends_on": last_day(born_on),
        "stay_hours": found.group.kindergarten.stay_hours,
        "parent_fee": found.group.parent_fee,
    }
    return ContractForm(request.POST or None, initial=start, today=today, opens_on=opens_on, born_on=born_on)


def _page(request: HttpRequest, found: Admission, form: ContractForm) -> HttpResponse:
    application = found.application
    strip = None
    if application.due_at is not None:
        strip = deadline(
            id="due",
            title=texts.say("kg.send-by"),
            started=application.due_from or found.opened_at,
            due=application.due_at,
            now=request.now,
            calendar=law.calendar(),
            live=False,
        )
    context: dict[str, Any] = {
        "form": form,
        "admission": found,
        "child": card(application.child),
        "deadline": strip,
        "papers_time": referrals_page.owes_papers_time(found),
        "back_url": reverse("kg.requests"),
    }
    return pages.page(request, "request", "kg.send", trail=("kg.requests",), **context)
