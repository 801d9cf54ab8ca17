"""One case as officers may see it: what it is now, on which terms, and everything that was decided about it."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_officer, department_reader
from balabaqsha.admissions import queries as admissions
from balabaqsha.applications.appeals import queries as appeals
from balabaqsha.applications.links import queries as links
from balabaqsha.applications.models import Application, BenefitClaim
from balabaqsha.applications.states import MAY_BE_REMOVED
from balabaqsha.documents import http as files
from balabaqsha.documents import queries as documents
from balabaqsha.documents.queries import MadeAnswer
from balabaqsha.journeys import reading
from balabaqsha.kindergartens.models import Group
from balabaqsha.law import queries as law
from balabaqsha.law.terms import TermNotInForce, UnknownTerm
from balabaqsha.locale import written
from balabaqsha.referrals import queries as referrals
from balabaqsha.transparency import card as cards
from balabaqsha.transparency import officer
from balabaqsha.web.department import checks, mending, pages
from balabaqsha.web.kit import acting, texts
from balabaqsha.web.kit import card as words
from balabaqsha.web.kit.deadlines import Deadline, deadline


@access(department_reader)
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The whole case in the tabs of 003; that it was opened is written into the journal first."""
    application = pages.case(request, number)
    reading.open_case(application=application, page="case", actor=request.actor, now=request.now)
    asked = request.GET.get("tab", "")
    tab = asked if asked in _TABS else "info"
    context = {
        "application": application,
        "tab": tab,
        "tabs": [_tab(name, tab) for name in _TABS],
        "waits": pages.claims(request).filter(application=application).exists(),
        "to_review": pages.extensions(request).filter(application=application).exists(),
        "appeal": appeals.open_appeal(application.id),
        "heading": texts.say("department.case-heading", number=application.number),
        **_TABS[tab](request, application),
    }
    return pages.page(request, "case", "department.case", trail=("officer.journal",), **context)


def _info(request: HttpRequest, application: Application) -> dict[str, Any]:
    card = cards.card(application)
    state = texts.say(f"state.{application.state}.officer")
    return {
        "child": card.child,
        "card": [
            {"id": "applicant", "title": texts.say("card.applicant"), "facts": words.of_applicant(card)},
            {"id": "child", "title": texts.say("card.child"), "facts": words.of_child(card)},
            {"id": "filed", "title": texts.say("card.filed"), "facts": words.of_application(card, application, state)},
        ],
        "lacking": words.lacking(card),
        "place": card.place,
        "claims": list(BenefitClaim.objects.filter(application=application).order_by("-id")),
        "held": _held(application),
        "mending": mending.acts(application) if department_officer.admits(request.actor) else [],
        "linked": links.linked_to(application.id),
        "may_be_removed": application.state in MAY_BE_REMOVED,
        "deadline": _deadline(request, application),
        "languages": ", ".join(texts.say(f"language.{code}") for code in application.languages),
    }


def _history(_: HttpRequest, application: Application) -> dict[str, Any]:
    return {"events": [_telling(one) for one in officer.decisions(application.id)]}


def _documents(request: HttpRequest, application: Application) -> dict[str, Any]:
    claims = BenefitClaim.objects.filter(application=application).order_by("-id")
    uploads = [upload for claim in claims for upload in claim.upload_ids]
    uploads += referrals.proofs_of_extensions(application.id) + appeals.papers_of(application.id)
    return {"documents": _made(application), "papers": checks.papers(request, application, uploads)}


_TABS = {"info": _info, "history": _history, "documents": _documents}


def _tab(name: str, current: str) -> dict[str, Any]:
    url = "?" if name == "info" else f"?tab={name}"
    return {"text": texts.say(f"application.tab-{name}"), "url": url, "current": name == current, "count": None}


@access(department_reader)
@require_GET
def paper(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """A proof of a claim or of an extension, or a paper that the portal made for the case; looking at it is journalled."""
    application = pages.case(request, number)
    proofs = {one for claim in BenefitClaim.objects.filter(application=application) for one in claim.upload_ids}
    proofs |= {*referrals.proofs_of_extensions(application.id), *appeals.papers_of(application.id)}
    upload = next((one for one in documents.uploads_by_id(proofs).values() if one.token == token), None)
    made = documents.made_by_token(token)
    if upload is not None:
        file, name, upload_id = upload.file, upload.name, upload.id
    elif made is not None and made.application_id == application.id:
        file, name, upload_id = made.file, f"{made.number}.pdf", None
    else:
        raise Http404
    reading.open_case(application=application, page="paper", upload_id=upload_id, actor=request.actor, now=request.now)
    return files.response(opened=file.open(), media_type=file.media_type, name=name, inline="save" not in request.GET)


def _held(application: Application) -> str:
    """The kindergarten and group whose place the child holds, or nothing."""
    admission = admissions.open_admission(application.id) or admissions.enrolment(application.id)
    return (
        pages.group_name(Group.objects.select_related("kindergarten").get(id=admission.group_id)) if admission else ""
    )


def _made(application: Application) -> list[dict[str, Any]]:
    """«Общие документы» of figure 10: what the portal made, when, and its download."""
    return [_paper(application, made) for made in documents.made_of(application_id=application.id)]


def _paper(application: Application, made: MadeAnswer) -> dict[str, Any]:
    name = texts.say(f"paper.{made.kind.value}")
    url = reverse("officer.case-paper", args=[application.number, made.token])
    note = texts.say("checks.paper-note", name=made.number, due=made.made_at)
    action = {"text": texts.say("papers.download"), "url": f"{url}?save", "kind": "secondary", "icon": "download"}
    return {
        "name": name,
        "note": note if made.in_force else f"{note}. {texts.say('department.not-in-force')}",
        "url": url,
        "tone": "ok" if made.in_force else "off",
        "action": action | {"size": "s", "of": f"{name}, {made.number}"},
    }


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
    return texts.say("department.source", source=texts.source(term.source))


def _telling(one: officer.Decision) -> dict[str, Any]:
    key = f"event.{one.act}"
    who = acting.said(one.actor)
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
        return pages.group_name(fact.value)
    if fact.kind == "category":
        return f"{fact.value[0]} → {fact.value[1]}"
    key = {
        "benefit": f"benefit.{fact.value}",
        "because": str(fact.value),
        "outcome": f"extension-review.{fact.value}",
    }.get(fact.kind, "")
    return texts.say(key) if key and texts.knows(key) else str(fact.value)
