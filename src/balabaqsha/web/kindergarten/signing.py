"""The head signs: with the organisation's key, over the exact bytes that the family signed."""

from csp.decorators import csp_update
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, kindergarten_admission
from balabaqsha.admissions.models import Admission, Contract
from balabaqsha.admissions.states import Stage
from balabaqsha.documents import queries as documents
from balabaqsha.journeys import contracts, filling
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people.queries import card, iin_of
from balabaqsha.signatures import actions as signatures
from balabaqsha.signatures import verifier
from balabaqsha.signatures.models import Signature
from balabaqsha.web.kindergarten import pages
from balabaqsha.web.kindergarten.contracts import live_contract
from balabaqsha.web.kit import refusals, texts

# The program of the national authority listens on the signer's own machine.
_LAYER = "wss://127.0.0.1:13579"


@access(kindergarten_admission)
@require_http_methods(["GET", "POST"])
@csp_update({"connect-src": ["'self'", _LAYER]})
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """Show the way to sign; take the signature and enrol the child."""
    found = pages.admission(request, number)
    contract = live_contract(found)
    if found.stage != Stage.CONTRACT_WITH_KINDERGARTEN or contract is None or contract.document_id is None:
        messages.warning(request, texts.say("kg.changed"))
        return redirect("kg.contract", number=number)
    status = ""
    if request.method == "POST":
        try:
            _take(request, found)
        except Refusal as refusal:
            status = refusals.explain(request, refusal)
        else:
            messages.success(request, texts.say("kg.enrolled", name=card(found.application.child).full_name))
            return redirect("kg.contracts")
    return _page(request, found, status)


def _take(request: HttpRequest, found: Admission) -> None:
    cms = verifier.read_posted(request.POST.get("cms", ""))

    def keep(contract: Contract) -> Signature:
        made = documents.made_by_id(contract.document_id) if contract.document_id is not None else None
        if made is None:
            raise NotInThisState(move="sign_by_kindergarten", state=found.application.state)
        return signatures.keep_signature(
            content=made.file.read(),
            cms=cms,
            expected_bin=found.group.kindergarten.bin,
            roles=(verifier.HEAD, verifier.CAN_SIGN),
            document_kind=filling.EVIDENCE,
            document_id=contract.id,
            actor=request.actor,
            now=request.now,
            person_id=request.actor.person_id,
            territory_code=found.application.territory_id,
            application_id=found.application_id,
        )

    contracts.sign_by_kindergarten(application_id=found.application_id, sign=keep, actor=request.actor, now=request.now)


def _page(request: HttpRequest, found: Admission, status: str) -> HttpResponse:
    number = found.application.number
    signers = [
        {"name": card(found.application.applicant).full_name, "tone": "ok", "icon": "check"},
        {"name": found.group.kindergarten.head_name or request.person_name, "tone": "", "icon": "hourglass"},
    ]
    context = {
        "admission": found,
        "child": card(found.application.child),
        "action": reverse("kg.contract-sign", args=[number]),
        "content_url": reverse("kg.contract-document", args=[number]),
        "iin": iin_of(request.actor.person_id),
        "signers": signers,
        "status": status,
    }
    return pages.page(request, "sign", "kg.sign", trail=("kg.contracts",), **context)
