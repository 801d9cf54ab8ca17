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
from balabaqsha.journeys import contracts, signing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people.queries import card, iin_of
from balabaqsha.signatures.mobile.wire import PDF
from balabaqsha.signatures.models import SignaturePurpose
from balabaqsha.web.kindergarten import pages
from balabaqsha.web.kindergarten.contracts import live_contract
from balabaqsha.web.kit import phone, refusals, texts

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
            if phone.is_asked(request):
                return phone.begin(request, _wanted(request, found, contract))
            _take(request, found)
        except Refusal as refusal:
            status = refusals.explain(request, refusal)
        else:
            messages.success(request, texts.say("kg.enrolled", name=card(found.application.child).full_name))
            return redirect("kg.contracts")
    return _page(request, found, status)


def _take(request: HttpRequest, found: Admission) -> None:
    act = signing.by_kindergarten(
        cms=phone.posted(request),
        application=found.application,
        organisation_bin=found.group.kindergarten.bin,
        actor=request.actor,
        now=request.now,
    )
    contracts.sign_by_kindergarten(application_id=found.application_id, sign=act, actor=request.actor, now=request.now)


def _wanted(request: HttpRequest, found: Admission, contract: Contract) -> phone.Wanted:
    """What the telephone of the head is to sign, with the organisation's key."""
    content, titles = signing.document_of(contract)
    return phone.Wanted(
        purpose=SignaturePurpose.SIGN,
        content=content,
        titles=titles,
        media_type=PDF,
        organisation_bin=found.group.kindergarten.bin,
        back=request.get_full_path(),
    )


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
