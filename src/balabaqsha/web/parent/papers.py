"""Attaching a paper of a child: one page, used by the wizard and by the contract; the child keeps it for later."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.urls import reverse

from balabaqsha.applications.models.status import StatusStanding
from balabaqsha.applications.statuses import actions as statuses
from balabaqsha.documents import actions, http
from balabaqsha.documents import queries as documents
from balabaqsha.documents.models import Upload
from balabaqsha.documents.queries import UploadAnswer
from balabaqsha.journeys.filling import DocumentMissing, PaperOutOfDate
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law.lists import IN_REGISTER, AdmissionPaper, BenefitStatus, DocumentKind
from balabaqsha.people.forms import actions as medical
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts
from balabaqsha.web.parent.cards import Action
from balabaqsha.web.parent.forms import PaperForm


def kind(code: str, asked: tuple[AdmissionPaper, ...]) -> DocumentKind:
    """The kind of paper that the address names, if it is one of those asked for; else 404."""
    found = next((paper.kind for paper in asked if paper.kind.value == code), None)
    if found is None:
        raise Http404
    return found


def take(request: HttpRequest, form: PaperForm, *, child_id: int, kind: DocumentKind) -> Upload | None:
    """Keep what the form brought; None when something stands against it, which the form then says beside the field."""
    valid = form.is_valid()
    if "fetch" in request.POST:
        return _fetched(request, form, child_id=child_id, kind=kind)
    try:
        sent = http.received(request, "paper")
        if sent is None:
            form.add_error("paper", ValidationError("field-required"))
        if sent is None or not valid:
            return None
        last = form.cleaned_data["good_until"]
        if last is not None and last < localdate(request.now):
            raise PaperOutOfDate(date=last)
        return actions.keep_upload(
            owner_person_id=request.actor.person_id,
            kind=kind,
            content=sent.content,
            name=sent.name,
            actor=request.actor,
            now=request.now,
            child_person_id=child_id,
            valid_until=last + timedelta(days=1) if last else None,
        )
    except Refusal as refusal:
        kit.blame(form, refusal, "good_until" if refusal.code == "certificate-expired" else "paper")
        return None


def of_child(person_id: int, child_id: int) -> dict[DocumentKind, UploadAnswer]:
    """The newest paper of each kind that the person attached for the child."""
    found: dict[DocumentKind, UploadAnswer] = {}
    for upload in documents.uploads_of(owner_person_id=person_id, child_person_id=child_id):
        found.setdefault(upload.kind, upload)
    return found


def _fetched(request: HttpRequest, form: PaperForm, *, child_id: int, kind: DocumentKind) -> Upload | None:
    """The form of the digital health system, with the consent that was ticked."""
    if request.POST.get("consent") != "on":
        form.add_error(None, ValidationError("consent-required"))
        return None
    try:
        return medical.fetch(child_id=child_id, kind=kind, actor=request.actor, now=request.now)
    except Refusal as refusal:
        kit.blame(form, refusal)
        return None


def row(
    request: HttpRequest, paper: AdmissionPaper, upload: UploadAnswer | None, *, url: str, again: bool = True
) -> dict[str, Any]:
    """One line of ui/documents.html: what is attached, or that it is still to be."""
    name = texts.say(f"paper.{paper.kind}")
    name = name[:1].upper() + name[1:]
    if upload is None:
        tone = "bad" if paper.required else "off"
        note = texts.say("upload.missing" if paper.required else "upload.optional")
        action = Action(texts.say("upload.attach"), url, "secondary", "upload", "s", of=name)
        return {"name": name, "note": note, "tone": tone, "status": "", "url": "", "action": action if url else None}
    stale = upload.is_out_of_date(localdate(request.now))
    note = texts.say("upload.attached", name=upload.name, due=upload.uploaded_at)
    if upload.valid_until is not None:
        last = documents.last_good_day(upload.valid_until)
        note = f"{note}. {texts.say('upload.stale' if stale else 'upload.good-to', date=last)}"
    action = Action(texts.say("upload.replace"), url, "secondary", "", "s", of=name) if url and again else None
    return {
        "name": name,
        "note": note,
        "tone": "bad" if stale else "ok",
        "status": texts.say("upload.done"),
        "url": reverse("parent.file", args=[upload.token]),
        "action": action,
    }


class NotByRegister(Refusal, code="document-missing", detail="status-not-confirmed"):
    """The register does not confirm the status, so the paper is needed; facts: document."""


class RegisterSilent(Refusal, code="document-missing", detail="status-silent"):
    """The register does not answer now, so the paper is needed; facts: document."""


def proof(request: HttpRequest, *, child_id: int, status: BenefitStatus, consent: bool) -> int | None:
    """The proof of a claimed status: the file that came, else the newest of its kind; None where none is needed.

    With the parent's consent the register that knows the status is asked first: its yes needs no paper. Raises
    DocumentMissing, NotByRegister, RegisterSilent and the refusals of files.
    """
    if consent and status in IN_REGISTER:
        said = statuses.ask(
            benefit=status,
            child_id=child_id,
            representative_id=request.actor.person_id,
            by_duty=False,
            actor=request.actor,
            now=request.now,
        )
        if said.standing == StatusStanding.HAS:
            return None
        if status.proof is not None:
            return _paper_instead(request, said.standing, child_id=child_id, kind=status.proof)
    return None if status.proof is None else sent_or_kept(request, child_id=child_id, kind=status.proof)


def _paper_instead(request: HttpRequest, standing: str, *, child_id: int, kind: DocumentKind) -> int:
    try:
        return sent_or_kept(request, child_id=child_id, kind=kind)
    except DocumentMissing as missing:
        silent = standing == StatusStanding.SILENT
        raise (RegisterSilent if silent else NotByRegister)(document=kind.value) from missing


def sent_or_kept(request: HttpRequest, *, child_id: int, kind: DocumentKind) -> int:
    """The paper of this kind: the file that came with the form, else the newest that the child has.

    Raises DocumentMissing and the refusals of files.
    """
    sent = http.received(request, "paper")
    if sent is None:
        kept = of_child(request.actor.person_id, child_id).get(kind)
        if kept is None or kept.is_out_of_date(localdate(request.now)):
            raise DocumentMissing(document=kind.value)
        return kept.id
    upload = actions.keep_upload(
        owner_person_id=request.actor.person_id,
        kind=kind,
        content=sent.content,
        name=sent.name,
        actor=request.actor,
        now=request.now,
        child_person_id=child_id,
    )
    return upload.id


def of_statuses() -> list[dict[str, str]]:
    """Which paper proves which status."""
    return [
        {
            "label": texts.say(f"benefit.{status}"),
            "value": texts.say(f"paper.{status.proof}" if status.proof else "apply.no-proof"),
        }
        for status in BenefitStatus
        if status not in {BenefitStatus.NONE, BenefitStatus.STAFF}
    ]
