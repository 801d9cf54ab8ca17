"""A family contests a decision: what, until when, what is kept meanwhile; its words and papers; how the appeal stands."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from balabaqsha.accounts.access import access, own_application
from balabaqsha.applications.appeals import queries
from balabaqsha.applications.models import Appeal, Application
from balabaqsha.applications.states import AppealState, State
from balabaqsha.documents import actions as documents
from balabaqsha.documents import http
from balabaqsha.documents import queries as document_queries
from balabaqsha.documents.queries import UploadAnswer
from balabaqsha.journeys import appealing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law.lists import DocumentKind
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts
from balabaqsha.web.kit.deadlines import deadline
from balabaqsha.web.parent import frame, linear
from balabaqsha.web.parent.forms import AppealForm

MOST_PAPERS = 5


@access(own_application)
@require_http_methods(["GET", "POST"])
def contest(request: HttpRequest, number: str) -> HttpResponse:
    """Contest what ended the application or what it was given; of an appeal that is filed, how it stands."""
    found = frame.application(request, number)
    may = appealing.may_contest(found, now=request.now)
    latest = queries.latest(found.id)
    if may is None and request.method == "GET":
        return redirect("application.page", number=number) if latest is None else _stands(request, found, latest)
    form = AppealForm(frame.posted(request), frame.sent_files(request))
    if request.method == "POST" and (answer := _posted(request, found, form)) is not None:
        return answer
    term = law.rulebook(found.territory_id).term("appeal.decide", on=localdate(request.now))
    context = {
        "form": form,
        "child": frame.child_name(found),
        "contested": may and texts.say(f"event.{may.contested.act}"),
        "happened": may and may.contested.at,
        "until": may and may.until,
        "days": term.value,
        "attached": [one.name for one in _attached(request, found)],
        "back_url": reverse("application.page", args=[number]),
    }
    return frame.page(request, "appeal", texts.say("appeal.title"), *frame.trail_to(found), **context)


def _posted(request: HttpRequest, found: Application, form: AppealForm) -> HttpResponse | None:
    """What follows from what was sent; None where the page is shown again, with what stands against it."""
    valid = form.is_valid()
    # The file is kept even where another field is wrong: nobody looks for it twice.
    if not _keep_file(request, found, form) or not valid or "more" in request.POST:
        if "more" in request.POST:
            form.errors.pop("words", None)
        return None
    uploads = tuple(one.id for one in _attached(request, found))
    filing = appealing.Filing(words=form.cleaned_data["words"].strip(), upload_ids=uploads)
    try:
        appeal = appealing.file(application_id=found.id, filing=filing, actor=request.actor, now=request.now)
    except Refusal as refusal:
        return frame.refused(request, found, refusal)
    messages.success(request, texts.say("appeal.sent", due=appeal.due_at))
    return redirect("application.page", number=found.number)


def _keep_file(request: HttpRequest, found: Application, form: AppealForm) -> bool:
    """Keep the file that came, if any; False when something stands against it, which the form then says."""
    try:
        sent = http.received(request, "paper")
        if sent is None:
            return True
        if len(_attached(request, found)) >= MOST_PAPERS:
            form.add_error("paper", ValidationError("appeal.too-many"))
            return False
        documents.keep_upload(
            owner_person_id=request.actor.person_id,
            kind=DocumentKind.APPEAL_PROOF,
            content=sent.content,
            name=sent.name,
            actor=request.actor,
            now=request.now,
            child_person_id=found.child_id,
        )
    except Refusal as refusal:
        kit.blame(form, refusal, "paper")
        return False
    return True


def _attached(request: HttpRequest, found: Application) -> list[UploadAnswer]:
    """The papers that the person attached for an appeal about this child and that no appeal has used yet."""
    used = queries.papers_of_child(found.child_id)
    uploads = document_queries.uploads_of(owner_person_id=request.actor.person_id, child_person_id=found.child_id)
    return [one for one in uploads if one.kind == DocumentKind.APPEAL_PROOF and one.id not in used]


def _stands(request: HttpRequest, found: Application, appeal: Appeal) -> HttpResponse:
    is_open = appeal.state == AppealState.OPEN
    reason = texts.say(f"appeal-reason.{appeal.because}") if appeal.because else ""
    context = {
        "appeal": appeal,
        "child": frame.child_name(found),
        "state": texts.say(f"appeal-state.{appeal.state}"),
        "tone": {"OPEN": "info", "GRANTED": "ok", "REJECTED": "bad"}.get(appeal.state, "off"),
        "contested": texts.say(f"event.{appeal.contested_act}"),
        "reason": reason,
        "is_open": is_open,
        "end_url": reverse("application.appeal-end", args=[found.number]),
        "kept": texts.say(f"appeal-kept.{appeal.kept}") if is_open else "",
        "papers": [
            {"name": one.name, "url": reverse("parent.file", args=[one.token])}
            for one in document_queries.uploads_by_id(appeal.upload_ids).values()
        ],
        "back_url": reverse("application.page", args=[found.number]),
    }
    if is_open:
        context["deadline"] = deadline(
            id="appeal-due",
            title=texts.say("appeal.decide-by"),
            started=appeal.filed_at,
            due=appeal.due_at,
            now=request.now,
            calendar=law.calendar(),
            live=False,
        )
    return frame.page(request, "appeal_stands", texts.say("appeal.title"), *frame.trail_to(found), **context)


@access(own_application)
@require_POST
def take_back(request: HttpRequest, number: str) -> HttpResponse:
    """End the appeal at the family's wish."""
    found = frame.application(request, number)
    try:
        appealing.take_back(application_id=found.id, actor=request.actor, now=request.now)
    except Refusal as refusal:
        return frame.refused(request, found, refusal)
    messages.success(request, texts.say("appeal.taken-back"))
    return redirect("application.page", number=number)


def concerns(application: Application) -> bool:
    """Whether something may have ended for the family that it could contest, by the state alone."""
    if application.state in {State.ARCHIVED, State.STOP_LISTED}:
        return True
    return linear.is_linear(application) and application.state == State.WAITING


def sentences(application: Application, *, now: datetime) -> list[str]:
    """What the card says of an open appeal. One query where there may be one."""
    appeal = queries.open_appeal(application.id) if concerns(application) else None
    if appeal is None:
        return []
    late = appeal.due_at < now
    return [texts.say("appeal.card-late" if late else "appeal.card-open", due=appeal.due_at)]


def add_buttons(application: Application, add: Any, *, now: datetime) -> None:
    """The way to an appeal: to file it while that may be, to see the last one else."""
    if not concerns(application):
        return
    if appealing.may_contest(application, now=now) is not None:
        add("appeal.open", "application.appeal", kind="secondary", icon="scale")
    elif queries.latest(application.id) is not None:
        add("appeal.see", "application.appeal", kind="quiet", icon="scale")
