"""Decisions of the guardianship authority that wait for an officer, the soonest due first; one with its paper."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, department_officer, get_or_404
from balabaqsha.documents import http as files
from balabaqsha.documents import queries as documents
from balabaqsha.documents.queries import UploadAnswer
from balabaqsha.journeys import reading
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import queries as law
from balabaqsha.people import registers
from balabaqsha.people.guardians import actions, queries
from balabaqsha.people.models import GuardianClaim
from balabaqsha.people.queries import card
from balabaqsha.people.states import GuardianState
from balabaqsha.web.department import pages
from balabaqsha.web.department.forms import GuardianForm
from balabaqsha.web.kit import due, texts, worklists
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit.deadlines import deadline
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
_BESIDE = {"wrong-date": "last_day"}


@access(department_officer)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """The claims of the territory; names stay masked until one is opened."""
    found = queries.to_decide(department_officer.scope(request.actor, GuardianClaim.objects.all()))
    total = found.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    context = {
        "total": total,
        "pager": shown,
        "columns": [texts.say(key) for key in ("guardian.number", "guardian.guardian", "checks.claimed-at")],
        "rows": [_row(one, request) for one in found[start : start + SIZE]],
    }
    return pages.page(request, "guardians", "officer.guardians", **context)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, token: UUID) -> HttpResponse:
    """Who claims which child by which decision; confirm it until a day, or reject it with words for the guardian."""
    claim: GuardianClaim = _claim(request, token)
    if claim.state != GuardianState.UNDECIDED:
        messages.info(request, texts.say("checks.decided-already"))
        return redirect("officer.guardians")
    form = GuardianForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        confirmed = form.cleaned_data["verdict"] == "confirm"
        try:
            _decide(request, claim, form)
        except Refusal as refusal:
            kit.blame(form, refusal, _BESIDE.get(refusal.code))
        else:
            messages.success(request, texts.say("guardian.confirmed" if confirmed else "guardian.rejected"))
            return redirect("officer.guardians")
    reading.open_paper(claim_id=claim.id, territory_code=claim.territory_id, actor=request.actor, now=request.now)
    context = {
        "claim": claim,
        "guardian": card(claim.guardian),
        "papers": [_paper(claim, _decision(claim))],
        "form": form,
        "deadline": deadline(
            id="due",
            title=texts.say("checks.due"),
            started=claim.claimed_at,
            due=claim.check_due_at,
            now=request.now,
            calendar=law.calendar(),
            live=False,
        ),
    }
    return pages.page(request, "guardian", "officer.guardian", trail=("officer.guardians",), **context)


@access(department_officer)
@require_GET
def paper(request: HttpRequest, token: UUID) -> HttpResponse:
    """The decision that a guardian attached; looking at it is journalled."""
    claim: GuardianClaim = _claim(request, token)
    upload = _decision(claim)
    reading.open_paper(claim_id=claim.id, territory_code=claim.territory_id, actor=request.actor, now=request.now)
    return files.response(
        opened=upload.file.open(), media_type=upload.file.media_type, name=upload.name, inline="save" not in request.GET
    )


def _claim(request: HttpRequest, token: UUID) -> Any:
    rows = GuardianClaim.objects.select_related("guardian", "territory")
    return get_or_404(department_officer, request.actor, rows, token=token)


def _decide(request: HttpRequest, claim: GuardianClaim, form: GuardianForm) -> None:
    typed: dict[str, Any] = form.cleaned_data
    shared: dict[str, Any] = {"token": claim.token, "actor": request.actor, "now": request.now}
    if typed["verdict"] == "reject":
        actions.reject(because=typed["because"].strip(), **shared)
        return
    # On the officer's duty, and only once the decision has been seen.
    child = registers.find_person(iin=Iin.parse(claim.child_iin), now=request.now)
    actions.confirm(last_day=typed["last_day"], population_answer=child, **shared)


def _row(one: GuardianClaim, request: HttpRequest) -> dict[str, Any]:
    standing = due.standing(one.check_due_at, now=request.now, calendar=law.calendar())
    url = reverse("officer.guardian", args=[one.token])
    cells = [worklists.masked(one.guardian), texts.say("department.moment", due=one.claimed_at)]
    return worklists.work(f"{one.id}", url, cells, standing, action="action.check")


def _decision(claim: GuardianClaim) -> UploadAnswer:
    upload = documents.uploads_by_id([claim.upload_id]).get(claim.upload_id)
    if upload is None:
        raise Http404
    return upload


def _paper(claim: GuardianClaim, upload: UploadAnswer) -> dict[str, Any]:
    return {
        "name": texts.say(f"paper.{upload.kind.value}"),
        "note": texts.say("checks.paper-note", name=upload.name, due=upload.uploaded_at),
        "url": reverse("officer.guardian-paper", args=[claim.token]),
        "tone": "ok",
        "picture": upload.file.media_type.startswith("image/"),
    }
