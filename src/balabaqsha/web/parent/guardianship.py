"""Somebody whom the register of births does not name claims a child by a decision of the guardianship authority."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts import actions as accounts
from balabaqsha.accounts import digests, rules
from balabaqsha.accounts.access import access, parent_desk
from balabaqsha.documents import actions as documents
from balabaqsha.documents import http as files
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law.lists import DocumentKind
from balabaqsha.people import queries as people
from balabaqsha.people.guardians import actions, queries
from balabaqsha.people.models import GuardianClaim
from balabaqsha.people.states import GuardianState
from balabaqsha.territories import queries as territories
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts
from balabaqsha.web.parent import frame
from balabaqsha.web.parent.forms import GuardianForm

_OF_THE_PAPER = frozenset({"file-too-big", "file-wrong-type", "file-unreadable"})


@access(parent_desk)
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """The child's IIN and the decision; which department checks it, and until when, is said before."""
    form = GuardianForm(frame.posted(request), frame.sent_files(request), initial={"iin": request.GET.get("iin", "")})
    territory = _territory(request)
    if request.method == "POST" and form.is_valid():
        try:
            _claim(request, form.cleaned_data["iin"], territory)
        except Refusal as refusal:
            kit.blame(form, refusal, "paper" if refusal.detail in _OF_THE_PAPER else "iin")
        except ValidationError as error:
            form.add_error("paper", error)
        else:
            messages.success(request, texts.say("guardian.sent"))
            return redirect("parent.children")
    above = (texts.say("parent.children"), reverse("parent.children"))
    where = territories.spoken_name(territory, texts.language())
    return frame.page(request, "guardian", texts.say("guardian.title"), above, form=form, where=where)


def shown(person_id: int) -> list[dict[str, Any]]:
    """The person's claims as the list of children prints them: those under check and those that were refused."""
    return [_shown(one) for one in queries.claims_of(person_id)]


def _shown(one: GuardianClaim) -> dict[str, Any]:
    waits = one.state == GuardianState.UNDECIDED
    said = texts.say("guardian.until", due=one.check_due_at) if waits else one.rejected_because
    return {
        "iin": one.child_iin,
        "state": texts.say(f"guardian-state.{one.state}"),
        "tone": "warn" if waits else "bad",
        "said": said,
        "claimed_at": one.claimed_at,
    }


def _territory(request: HttpRequest) -> str:
    """The department of the guardian's own address, else of the region that is looked at."""
    home = people.person_card(request.actor.person_id).territory_code
    return home if home and territories.place(home) is not None else str(request.location.code)


def _claim(request: HttpRequest, iin: str, territory: str) -> None:
    # Each is an officer's work, and the answers would tell which IINs somebody has here.
    tries = [(rules.CHILD_CHECKS, digests.subject("account", str(request.actor.account_id)))]
    accounts.count_tries(tries=tries, real_now=request.real_now)
    sent = files.received(request, "paper")
    if sent is None:
        raise ValidationError("field-required")
    upload = documents.keep_upload(
        owner_person_id=request.actor.person_id,
        kind=DocumentKind.GUARDIANSHIP_DECISION,
        content=sent.content,
        name=sent.name,
        actor=request.actor,
        now=request.now,
    )
    claiming = actions.Claiming(child_iin=iin, upload_id=upload.id, territory_code=territory)
    actions.claim(claiming=claiming, actor=request.actor, now=request.now)
