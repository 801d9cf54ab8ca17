"""Referrals to this kindergarten (linear territories): due first, the visit registered, time for papers granted."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balabaqsha.accounts.access import access, kindergarten_admission
from balabaqsha.admissions import queries
from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import Stage
from balabaqsha.journeys import referring
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import queries as law
from balabaqsha.law.lists import DocumentKind, admission_papers
from balabaqsha.law.terms import Unit
from balabaqsha.people.queries import card
from balabaqsha.referrals import queries as referral_queries
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kindergarten import home, pages
from balabaqsha.web.kindergarten.forms import VisitForm
from balabaqsha.web.kit import due, refusals, texts
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit.deadlines import calendar_for, deadline

_MAY_HAVE_TIME = frozenset({Stage.CONTRACT_AWAITED, Stage.CONTRACT_WITH_PARENT})


@access(kindergarten_admission)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Referrals that wait for the family's visit, the soonest due first."""
    calendar = law.calendar()
    found = pages.shown(queries.by_due(pages.admissions(request), stage=Stage.REFERRED))
    rows = [home.row(one, standing=due.standing(one.due, now=request.now, calendar=calendar)) for one in found]
    columns = [texts.say(key) for key in ("kg.child", "places.group", "kg.kind")]
    return pages.page(request, "referrals", "kg.referrals", columns=columns, rows=rows)


@access(kindergarten_admission)
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One referral: whose, until when, and the registration of the visit against the list of papers."""
    found = pages.admission(request, number)
    if found.stage != Stage.REFERRED:
        return redirect("kg.contract", number=number)
    if not pages.shown(Admission.objects.filter(id=found.id)).exists():
        raise Http404
    form = VisitForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        brought = {DocumentKind(kind) for kind in form.cleaned_data["brought"]}
        try:
            referring.register(
                application_id=found.application_id, brought=brought, actor=request.actor, now=request.now
            )
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            return _registered(request, found, brought)
    return _page(request, found, form)


def _registered(request: HttpRequest, found: Admission, brought: set[DocumentKind]) -> HttpResponse:
    """On to the contract; where a paper lacks, the duty to grant time is said first."""
    lacking = [paper for paper in admission_papers(Regime.LINEAR) if paper.required and paper.kind not in brought]
    name = card(found.application.child).full_name
    messages.success(request, texts.say("kg.registered", name=name))
    if lacking:
        messages.warning(request, texts.say("kg.papers-lacking", n=len(lacking)))
    return redirect("kg.request", number=found.application.number)


def _page(request: HttpRequest, found: Admission, form: VisitForm) -> HttpResponse:
    application = found.application
    strip = None
    if application.due_at is not None:
        strip = deadline(
            id="due",
            title=texts.say("kg.register-by"),
            started=application.due_from or found.opened_at,
            due=application.due_at,
            now=request.now,
            calendar=calendar_for(Unit.WORKING_DAYS, law.calendar()),
            live=False,
        )
    context: dict[str, Any] = {
        "form": form,
        "admission": found,
        "child": card(application.child),
        "representative": card(application.applicant),
        "deadline": strip,
        "back_url": reverse("kg.referrals"),
    }
    return pages.page(request, "referral", "kg.referral", trail=("kg.referrals",), **context)


def owes_papers_time(found: Admission) -> bool:
    """Whether the time for papers can still be granted on this admission (004)."""
    if found.application.regime != Regime.LINEAR or found.stage not in _MAY_HAVE_TIME or found.is_transfer:
        return False
    referral = referral_queries.live_referral(found.application_id)
    return referral is not None and referral.papers_time_at is None


@access(kindergarten_admission)
@require_POST
def papers_time(request: HttpRequest, number: str) -> HttpResponse:
    """Grant the family its time for papers that lack."""
    found = pages.admission(request, number)
    try:
        until = referring.grant_papers_time(application_id=found.application_id, actor=request.actor, now=request.now)
    except Refusal as refusal:
        messages.error(request, refusals.explain(request, refusal))
    else:
        messages.success(request, texts.say("kg.papers-time-granted", due=until))
    return redirect("kg.contract", number=number)
