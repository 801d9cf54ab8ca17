"""One special case: what the family asks for beside what the conclusion says, the papers, and the decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, asked_check, special_check
from balabaqsha.applications.models import DocumentsCheck
from balabaqsha.applications.states import State
from balabaqsha.documents import http as files
from balabaqsha.documents import queries as documents
from balabaqsha.documents.queries import UploadAnswer
from balabaqsha.journeys import reading, special
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import corrections, lists
from balabaqsha.law import queries as law
from balabaqsha.people.queries import card
from balabaqsha.web.doctor import facts, pages
from balabaqsha.web.doctor.forms import VerdictForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import refusals, texts
from balabaqsha.web.kit.deadlines import deadline


@access(special_check)
@require_http_methods(["GET", "POST"])
def case(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm a case or reject it; the next one is opened then, so that a list is worked through from the keyboard."""
    check = pages.check(request, number, special_check)
    if check.decided_at is not None or check.application.state != State.DOCUMENTS_CHECK:
        messages.info(request, refusals.sentence("special-decided", {}))
        return redirect("doctor.cases")
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, check, form.cleaned_data)
        except special.DecidedAlready as decided:
            messages.info(request, refusals.explain(request, decided))
            return redirect("doctor.cases")
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            return _next(request, check, confirmed=form.cleaned_data["verdict"] == "confirm")
    opened(request, check, "special-case")
    context = {"form": form, "opinions": facts.opinions(check), "may_ask": True} | shown(request, check)
    return pages.page(request, "case", "doctor.case", trail=("doctor.cases",), **context)


def _decide(request: HttpRequest, check: DocumentsCheck, typed: dict[str, Any]) -> None:
    because = lists.CaseRejection(typed["because"]) if typed["because"] else None
    verdict = special.Verdict(typed["verdict"] == "confirm", because=because, note=typed["note"].strip())
    special.decide(application_id=check.application_id, verdict=verdict, actor=request.actor, now=request.now)


def _next(request: HttpRequest, check: DocumentsCheck, *, confirmed: bool) -> HttpResponse:
    key = "doctor.confirmed" if confirmed else "doctor.rejected"
    messages.success(request, texts.say(key, number=check.application.number))
    following = pages.waiting(request).first()
    if following is None:
        return redirect("doctor.cases")
    return redirect("doctor.case", number=following.application.number)


def opened(request: HttpRequest, check: DocumentsCheck, page: str) -> None:
    """Write into the journal, before anything is shown, that the reader opens the case."""
    reading.open_case(application=check.application, page=page, actor=request.actor, now=request.now)


def shown(request: HttpRequest, check: DocumentsCheck) -> dict[str, Any]:
    """What both the decider and a colleague see of a case."""
    application = check.application
    strip = deadline(
        id="due",
        title=texts.say("checks.due"),
        started=application.original_at,
        due=check.due_at,
        now=request.now,
        calendar=law.calendar(),
        live=False,
    )
    return {
        "application": application,
        "child": card(application.child),
        "asked": facts.asked(check),
        "found": facts.of_conclusion(check, today=localdate(request.now)),
        "papers": [_paper(request, check, one) for one in uploads(check)],
        "deadline": strip,
        "heading": texts.say("doctor.case-heading", number=application.number),
    }


def uploads(check: DocumentsCheck) -> list[UploadAnswer]:
    """The papers that the check needs: the attached conclusion, and those kinds that the law lets this decider see."""
    application, kinds = check.application, _kinds(check)
    attached = documents.uploads_of(owner_person_id=application.applicant_id, child_person_id=application.child_id)
    newest: dict[str, UploadAnswer] = {}
    for upload in attached:
        if upload.kind in kinds:
            newest.setdefault(upload.kind.value, upload)
    found = {upload.id: upload for upload in newest.values()}
    if check.conclusion is not None and check.conclusion.upload_id is not None:
        # The very paper that the application was sent with, whatever came later.
        found = documents.uploads_by_id([check.conclusion.upload_id]) | found
    return list(found.values())


def _kinds(check: DocumentsCheck) -> tuple[lists.DocumentKind, ...]:
    application = check.application
    rulebook = law.rulebook(application.territory_id)
    return corrections.check_of(application.correction, rulebook, on=localdate(application.original_at)).papers


def _paper(request: HttpRequest, check: DocumentsCheck, upload: UploadAnswer) -> dict[str, Any]:
    stale = upload.is_out_of_date(localdate(request.now))
    name = texts.say(f"paper.{upload.kind.value}")
    return {
        "name": name[:1].upper() + name[1:],
        "note": texts.say("checks.paper-note", name=upload.name, due=upload.uploaded_at),
        "url": reverse("doctor.paper", args=[check.application.number, upload.token]),
        "tone": "bad" if stale else "ok",
        "status": texts.say("kg.out-of-date") if stale else "",
        "picture": upload.file.media_type.startswith("image/"),
    }


@access(special_check)
@require_GET
def paper(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """A paper of a case that waits; looking at it is journalled."""
    check = pages.check(request, number, special_check, asked_check)
    waits = check.decided_at is None and check.application.state == State.DOCUMENTS_CHECK
    upload = next((one for one in uploads(check) if one.token == token), None)
    if upload is None or not waits:
        raise Http404
    reading.open_case(
        application=check.application, page="paper", upload_id=upload.id, actor=request.actor, now=request.now
    )
    return files.response(opened=upload.file.open(), media_type=upload.file.media_type, name=upload.name, inline=True)
