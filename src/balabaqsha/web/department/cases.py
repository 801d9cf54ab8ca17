"""One case as officers may see it: what it is now, on which terms, and everything that was decided about it."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.admissions import queries as admissions
from balabaqsha.applications.models import Application, BenefitClaim
from balabaqsha.documents import http as files
from balabaqsha.documents import queries as documents
from balabaqsha.journeys import reading
from balabaqsha.kindergartens.models import Group
from balabaqsha.law import queries as law
from balabaqsha.law.terms import TermNotInForce, UnknownTerm
from balabaqsha.line import queries as lines
from balabaqsha.locale import written
from balabaqsha.people import queries as people
from balabaqsha.transparency import officer
from balabaqsha.web.department import checks, pages
from balabaqsha.web.department.forms import NumberForm
from balabaqsha.web.kit import texts
from balabaqsha.web.kit.deadlines import Deadline, deadline


@access(department_officer)
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Find a case by its number."""
    form = NumberForm(request.GET if "number" in request.GET else None)
    if form.is_bound and form.is_valid():
        number = form.cleaned_data["number"]
        if pages.cases(request).filter(number=number).exists():
            return redirect("officer.case", number=number)
        form.add_error("number", "journal.not-found")
    return pages.page(request, "search", "officer.journal", form=form)


@access(department_officer)
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The whole case; that it was opened is written into the journal first."""
    application = pages.case(request, number)
    reading.open_case(application=application, page="case", actor=request.actor, now=request.now)
    claims = list(BenefitClaim.objects.filter(application=application).order_by("-id"))
    uploads = [upload for claim in claims for upload in claim.upload_ids]
    context = {
        "application": application,
        "child": people.person_card(application.child_id),
        "applicant": people.person_card(application.applicant_id),
        "phone": people.main_phone(application.applicant_id),
        "place": lines.place_in_line(application),
        "claims": claims,
        "waits": pages.claims(request).filter(application=application).exists(),
        "papers": checks.papers(request, application, uploads) + _made(application),
        "held": _held(application),
        "deadline": _deadline(request, application),
        "events": [_telling(one) for one in officer.decisions(application.id)],
        "languages": ", ".join(texts.say(f"language.{code}") for code in application.languages),
        "heading": texts.say("department.case-heading", number=application.number),
    }
    return pages.page(request, "case", "department.case", trail=("officer.journal",), **context)


@access(department_officer)
@require_GET
def paper(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """A proof of a claim or a paper that the portal made for the case; looking at it is journalled."""
    application = pages.case(request, number)
    proofs = {one for claim in BenefitClaim.objects.filter(application=application) for one in claim.upload_ids}
    upload = next((one for one in documents.uploads_by_id(proofs).values() if one.token == token), None)
    made = documents.made_by_token(token)
    if upload is not None:
        file, name, upload_id = upload.file, upload.name, upload.id
    elif made is not None and made.application_id == application.id:
        file, name, upload_id = made.file, f"{made.number}.pdf", None
    else:
        raise Http404
    reading.open_case(application=application, page="paper", upload_id=upload_id, actor=request.actor, now=request.now)
    return files.response(opened=file.open(), media_type=file.media_type, name=name, inline=True)


def _held(application: Application) -> str:
    """The kindergarten and group whose place the child holds, or nothing."""
    admission = admissions.open_admission(application.id) or admissions.enrolment(application.id)
    return _group(Group.objects.select_related("kindergarten").get(id=admission.group_id)) if admission else ""


def _group(group: Group) -> str:
    kindergarten = group.kindergarten
    return f"{kindergarten.name_ru if texts.language() == 'ru' else kindergarten.name_kk}, {group.name}"


def _made(application: Application) -> list[dict[str, Any]]:
    return [
        {
            "name": texts.say(f"paper.{made.kind.value}"),
            "note": texts.say("checks.paper-note", name=made.number, due=made.made_at),
            "url": reverse("officer.case-paper", args=[application.number, made.token]),
            "tone": "ok" if made.in_force else "off",
            "status": "" if made.in_force else texts.say("department.not-in-force"),
        }
        for made in documents.made_of(application_id=application.id)
    ]


def _deadline(request: HttpRequest, application: Application) -> Deadline | None:
    if application.due_at is None or application.due_from is None:
        return None
    return deadline(
        id="due",
        title=_term(application.due_term),
        started=application.due_from,
        due=application.due_at,
        now=request.now,
        calendar=law.calendar(),
        note=_source(application.due_term, application.territory_id),
        live=False,
    )


def _term(identity: str) -> str:
    """The name of the term behind an identity that a decision keeps."""
    key = f"rulebook.{identity.partition('@')[0]}"
    return texts.say(key) if texts.knows(key) else identity


def _source(identity: str, territory_code: str) -> str:
    """Where the term comes from, in words."""
    code, _, rest = identity.partition("@")
    try:
        term = law.rulebook(territory_code).term(code, on=date.fromisoformat(rest.partition("#")[0]))
    except (UnknownTerm, TermNotInForce, ValueError):
        return ""
    key = f"source.{term.source}"
    words = texts.say(key) if texts.knows(key) else term.source
    return texts.say("department.source", source=words)


def _telling(one: officer.Decision) -> dict[str, Any]:
    key = f"event.{one.act}"
    who = texts.say(f"role.{one.role}") if texts.knows(f"role.{one.role}") else one.role
    if one.kindergarten is not None:
        who = f"{who}, {one.kindergarten.name_ru if texts.language() == 'ru' else one.kindergarten.name_kk}"
    facts = [{"label": texts.say(f"fact.{fact.kind}"), "value": _value(fact)} for fact in one.facts]
    return {"at": one.at, "title": texts.say(key if texts.knows(key) else "event.other"), "who": who, "facts": facts}


def _value(fact: officer.Fact) -> str:
    if fact.kind == "state":
        return texts.say(f"state.{fact.value}.officer")
    if fact.kind == "reason":
        return texts.say(f"reason.{fact.value}.officer")
    if fact.kind == "due":
        return written.moment_full(fact.value)
    if fact.kind == "term":
        return _term(fact.value)
    if fact.kind == "group":
        return _group(fact.value)
    if fact.kind == "category":
        return f"{fact.value[0]} → {fact.value[1]}"
    key = {"benefit": f"benefit.{fact.value}", "because": str(fact.value)}.get(fact.kind, "")
    return texts.say(key) if key and texts.knows(key) else str(fact.value)
