"""Benefit claims that wait for a decision, the soonest due first; one claim with its proof."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balabaqsha.accounts import queries as accounts
from balabaqsha.accounts.access import access, department_claim
from balabaqsha.applications.models import Application, BenefitClaim
from balabaqsha.applications.statuses import actions as registered
from balabaqsha.applications.statuses import queries as statuses
from balabaqsha.documents import queries as documents
from balabaqsha.journeys import applying, reading
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import lists
from balabaqsha.law import queries as law
from balabaqsha.law.rules import WorkingCalendar
from balabaqsha.line import queries as lines
from balabaqsha.people.queries import card
from balabaqsha.web.department import pages, work
from balabaqsha.web.department.forms import ClaimsForm, DecisionForm
from balabaqsha.web.kit import due, refusals, texts, worklists
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit.deadlines import deadline
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
_SORTS = {
    "due": ("check_due_at", "id"),
    "-due": ("-check_due_at", "-id"),
    "number": ("application__number", "id"),
    "-number": ("-application__number", "-id"),
    "benefit": ("benefit", "check_due_at", "id"),
    "-benefit": ("-benefit", "check_due_at", "id"),
}


@access(department_claim)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The claims of the territory; names stay masked until a case is opened."""
    form = ClaimsForm(request.GET)
    typed = form.cleaned_data if form.is_valid() else {}
    found = pages.claims(request)
    overdue = found.filter(check_due_at__lt=request.now).count()
    if typed.get("benefit"):
        found = found.filter(benefit=typed["benefit"])
    if typed.get("number"):
        found = found.filter(application__number__startswith=typed["number"].strip())
    total = found.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    sort = request.GET.get("sort", "due")
    rows = found.select_related("application__child").order_by(*_SORTS.get(sort, _SORTS["due"]))
    start = (shown.page - 1) * SIZE
    calendar = law.calendar()
    context = {
        "form": form,
        "total": total,
        "overdue": overdue,
        "pager": shown,
        "columns": columns(),
        "rows": [row(one, request, calendar) for one in rows[start : start + SIZE]],
        "chosen": sum(1 for name in ("benefit", "number") if typed.get(name)),
        "sorts": [_sort(request, sort, name) for name in ("due", "number", "benefit")],
    }
    return pages.page(request, "checks", "officer.checks", **context)


def _sort(request: HttpRequest, asked: str, name: str) -> dict[str, Any]:
    query = request.GET.copy()
    query["sort"] = f"-{name}" if asked == name else name
    query.pop("page", None)
    current = asked.lstrip("-") == name
    return {"text": texts.say(f"checks.sort-{name}"), "url": f"?{query.urlencode()}", "current": current, "count": None}


def columns() -> list[str]:
    """The labels beside `row`."""
    return [texts.say(key) for key in ("department.number", "kg.child", "department.benefit", "checks.claimed-at")]


def row(claim: BenefitClaim, request: HttpRequest, calendar: WorkingCalendar) -> dict[str, Any]:
    """One claim in a work list."""
    application = claim.application
    standing = due.standing(claim.check_due_at, now=request.now, calendar=calendar)
    url = reverse("officer.check", args=[application.number])
    return {
        "id": application.number,
        "name": application.number,
        "url": url,
        "cells": [
            worklists.masked(application.child),
            _benefit(claim),
            texts.say("department.moment", due=claim.claimed_at),
        ],
        "left": standing.left,
        "tone": standing.tone,
        "action": {
            "text": texts.say("action.check"),
            "url": url,
            "size": "s",
            "kind": "secondary",
            "of": application.number,
        },
    }


def _benefit(claim: BenefitClaim) -> str:
    """The claimed status; of one that a first officer has confirmed, that it waits for the second."""
    name = texts.say(f"benefit.{claim.benefit}")
    return f"{name}. {texts.say('checks.second-wanted')}" if claim.first_confirmed_at else name


@access(department_claim)
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One claim: who claims what, with which proof; confirm it or reject it with words for the family."""
    application = pages.case(request, number)
    claim = pages.claims(request).filter(application=application).first()
    if claim is None:
        messages.info(request, texts.say("checks.decided-already"))
        return redirect("officer.case", number=number)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decided = _decide(request, application, form.cleaned_data)
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            key = "checks.confirmed" if form.cleaned_data["verdict"] == "confirm" else "checks.rejected"
            key = key if decided else "checks.second-waits"
            messages.success(request, texts.say(key, number=application.number))
            following = work.next_url(request, "claim", but=_confirmed_first(request))
            return redirect(following or "officer.checks")
    reading.open_case(application=application, page="check", actor=request.actor, now=request.now)
    return _page(request, application, claim, form)


def _confirmed_first(request: HttpRequest) -> list[str]:
    """Numbers of cases whose claim the reader has confirmed first: they wait for somebody else."""
    rows = pages.claims(request).filter(first_confirmed_by_account_id=request.actor.account_id)
    return list(rows.values_list("application__number", flat=True))


def _decide(request: HttpRequest, application: Application, typed: dict[str, Any]) -> bool:
    """Whether the claim is decided now; a right out of turn waits for a second officer after the first."""
    return applying.check_documents(
        application_id=application.id,
        confirm=typed["verdict"] == "confirm",
        because=typed["because"].strip(),
        actor=request.actor,
        now=request.now,
    )


@access(department_claim)
@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask the register of social statuses by duty; its yes confirms the claim at once."""
    application = pages.case(request, number)
    claim = pages.claims(request).filter(application=application).first()
    if claim is None:
        messages.info(request, texts.say("checks.decided-already"))
        return redirect("officer.case", number=number)
    try:
        said = registered.ask(
            benefit=lists.BenefitStatus(claim.benefit),
            child_id=application.child_id,
            representative_id=application.applicant_id,
            by_duty=True,
            actor=request.actor,
            now=request.now,
        )
        confirmed = applying.confirm_by_register(application_id=application.id, now=request.now)
    except Refusal as refusal:
        messages.warning(request, refusals.explain(request, refusal))
        return redirect("officer.check", number=number)
    if confirmed:
        messages.success(request, texts.say("checks.confirmed", number=number))
        return redirect("officer.checks")
    messages.info(request, texts.say("status.said", said=texts.say(f"status-standing.{said.standing}")))
    return redirect("officer.check", number=number)


def _page(request: HttpRequest, application: Application, claim: BenefitClaim, form: DecisionForm) -> HttpResponse:
    strip = deadline(
        id="due",
        title=texts.say("checks.due"),
        started=claim.claimed_at,
        due=claim.check_due_at,
        now=request.now,
        calendar=law.calendar(),
        live=False,
    )
    status = lists.BenefitStatus(claim.benefit)
    expected = status.proof
    context = {
        "application": application,
        "claim": claim,
        "child": card(application.child),
        "applicant": card(application.applicant),
        "place": lines.place_in_line(application),
        "tier": status.tier.value,
        "papers": papers(request, application, claim.upload_ids),
        "expected": expected.value if expected else "",
        "certificate": status.needs_certificate,
        "first": _first(request, claim),
        "two": status in lists.OUT_OF_TURN,
        "form": form,
        "deadline": strip,
        "asked": statuses.answers(application.child_id, application.applicant_id, claim.benefit),
        "may_ask": status in lists.IN_REGISTER,
        "heading": texts.say("checks.case", number=application.number),
    }
    return pages.page(request, "check", "officer.check", trail=("officer.checks",), **context)


def _first(request: HttpRequest, claim: BenefitClaim) -> str:
    """Who has confirmed a right out of turn first, in a sentence; nothing while nobody has."""
    account_id = claim.first_confirmed_by_account_id
    if account_id is None:
        return ""
    own = account_id == request.actor.account_id
    name = accounts.names_of({account_id})[account_id]
    return texts.say("checks.first-was-you" if own else "checks.first-was", name=name, due=claim.first_confirmed_at)


def papers(request: HttpRequest, application: Application, upload_ids: list[int]) -> list[dict[str, Any]]:
    """The proofs of a claim, each with its address; pictures are shown on the page itself."""
    today = localdate(request.now)
    return [
        {
            "name": texts.say(f"paper.{upload.kind.value}"),
            "note": texts.say("checks.paper-note", name=upload.name, due=upload.uploaded_at),
            "url": reverse("officer.case-paper", args=[application.number, upload.token]),
            "tone": "bad" if upload.is_out_of_date(today) else "ok",
            "status": texts.say("kg.out-of-date") if upload.is_out_of_date(today) else "",
            "picture": upload.file.media_type.startswith("image/"),
        }
        for upload in documents.uploads_by_id(upload_ids).values()
    ]
