"""«Жалпы құжаттар» of 003: the papers that the portal made for an application, and those that it makes on request."""

import logging
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from balabaqsha.accounts.access import access, own_application
from balabaqsha.applications.models import Application
from balabaqsha.documents import queries as documents
from balabaqsha.documents.papers import PaperHasWarnings
from balabaqsha.documents.queries import MadeAnswer
from balabaqsha.journeys import papers
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.lists import DocumentKind
from balabaqsha.web.kit import texts
from balabaqsha.web.parent import frame
from balabaqsha.web.parent.cards import Action

_log = logging.getLogger(__name__)


def press() -> papers.Press:
    """For which portal papers are made here."""
    return papers.Press(base_url=settings.BASE_URL, demonstration=settings.MODE == "demonstration")


def bring(request: HttpRequest, found: Application, kinds: Collection[DocumentKind]) -> None:
    """Make what comes with an act that has just been committed (`papers.AT_SENDING`, `papers.WITH_A_REFERRAL`).

    The act stands whatever becomes of this: the page of the application offers what is not there.
    """
    try:
        papers.give(application_id=found.id, kinds=kinds, press=press(), actor=request.actor, now=request.now)
    except (Refusal, PaperHasWarnings):
        _log.exception("papers of application %s were not made with the act", found.number)


def rows(found: Application) -> list[dict[str, Any]]:
    """One line of ui/documents.html for each kind that was made or may be, in the order of their making."""
    newest: dict[DocumentKind, MadeAnswer] = {}
    for one in documents.made_of(application_id=found.id):
        newest.setdefault(one.kind, one)
    offered = papers.on_offer(found)
    made = [_made(found, one, again=one.kind in offered) for one in sorted(newest.values(), key=lambda one: one.id)]
    return made + [_absent(found, kind) for kind in offered if kind not in newest]


def receipt(found: Application) -> str:
    """The address of the notice of receipt, for a family that takes it along from the counter; empty while there is none."""
    made = documents.made_of(application_id=found.id)
    newest = next((one for one in made if one.kind == DocumentKind.RECEIPT_NOTICE), None)
    return reverse("parent.made", args=[newest.token]) if newest else ""


# What tells of the child's place. The others bear the applicant's address, telephone or papers.
IN_SIGHT = (DocumentKind.REGISTER_EXTRACT, DocumentKind.VOUCHER_NOTICE, DocumentKind.REFERRAL)


def rows_in_sight(found: Application) -> list[dict[str, Any]]:
    """What the other parent, who has linked the application, may download: papers made already, without contacts."""
    newest: dict[DocumentKind, MadeAnswer] = {}
    for one in documents.made_of(application_id=found.id):
        if one.kind in IN_SIGHT:
            newest.setdefault(one.kind, one)
    return [_made(found, one, again=False) for one in sorted(newest.values(), key=lambda one: one.id)]


def _made(found: Application, one: MadeAnswer, *, again: bool) -> dict[str, Any]:
    name, url = texts.say(f"paper.{one.kind}"), reverse("parent.made", args=[one.token])
    renewed = again and one.kind not in papers.MADE_ONCE
    key = "papers.renew" if one.in_force else "papers.make"
    return {
        "name": name,
        "note": texts.say("papers.made" if one.in_force else "papers.ended", number=one.number, due=one.made_at),
        "tone": "ok" if one.in_force else "off",
        "url": url,
        "action": Action(texts.say("papers.download"), f"{url}?save", "secondary", "download", "s", of=name),
        "more": _request(found, one.kind, key) if renewed else None,
    }


def _absent(found: Application, kind: DocumentKind) -> dict[str, Any]:
    name = texts.say(f"paper.{kind}")
    return {
        "name": name,
        "note": texts.say("papers.absent"),
        "tone": "",
        "action": _request(found, kind, "papers.make"),
    }


def _request(found: Application, kind: DocumentKind, key: str) -> Action:
    url = reverse("application.paper", args=[found.number, kind])
    kind_name = texts.say(f"paper.{kind}")
    return Action(
        texts.say(key), url, "quiet" if key == "papers.renew" else "secondary", "", "s", of=kind_name, post=True
    )


@access(own_application)
@require_POST
def give(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """Make a paper at the family's request, and lead back to the list in which it now stands."""
    found = frame.application(request, number)
    if code not in papers.ON_REQUEST:
        raise Http404
    kind = DocumentKind(code)
    try:
        papers.give(application_id=found.id, kinds=[kind], press=press(), actor=request.actor, now=request.now)
    except Refusal as refusal:
        return frame.refused(request, found, refusal)
    messages.success(request, texts.say("papers.given", paper=texts.say(f"paper.{kind}")))
    return redirect(reverse("application.page", args=[number]) + "#documents")
