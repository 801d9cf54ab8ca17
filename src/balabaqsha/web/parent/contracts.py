"""«Шарттар»: the list, one contract in the order of 001, filling it in, its papers, the signature."""

from datetime import date
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balabaqsha.accounts.access import access, own_application, parent_desk
from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Admission, Contract
from balabaqsha.admissions.states import OPEN, ContractState, Stage
from balabaqsha.applications.models import Application
from balabaqsha.documents import queries as documents
from balabaqsha.documents.queries import UploadAnswer
from balabaqsha.journeys import contracts, filling, signing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law.lists import MEDICAL_FORMS, DocumentKind
from balabaqsha.people import queries as people
from balabaqsha.signatures.mobile.wire import PDF
from balabaqsha.signatures.models import SignaturePurpose
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import phone, refusals, texts
from balabaqsha.web.parent import cards, frame, papers
from balabaqsha.web.parent.forms import PaperForm, PartyForm

# The program of the national authority listens on the signer's own machine.
LAYER = "wss://127.0.0.1:13579"
_TONES = {ContractState.SIGNED: "ok", ContractState.WITH_PARENT: "sun", ContractState.RETURNED: "warn"}


@access(parent_desk)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Every contract of the family, the latest first, with its state and its papers."""
    own = {one.id: one for one in frame.applications(request)}
    found = admissions.contracts_of(own)
    rows = [_row(contract, own[contract.admission.application_id]) for contract in found]
    return frame.page(request, "contracts", texts.say("contracts.title"), rows=rows)


def _row(contract: Contract, application: Application) -> dict[str, Any]:
    group = contract.admission.group
    document = documents.made_by_id(contract.document_id) if contract.document_id else None
    live = contract.ended_at is None and contract.admission.stage in OPEN
    return {
        "id": f"c{contract.id}",
        "kindergarten": frame.name(group.kindergarten),
        "group": group.name,
        "child": frame.child_name(application),
        "number": application.number,
        "sent_at": contract.sent_at,
        "state": texts.say(f"contract-state.{contract.state}"),
        "tone": _TONES.get(ContractState(contract.state), "off" if contract.ended_at else ""),
        "note": _returned(contract),
        "url": reverse("contract.page", args=[application.number]) if live else "",
        "downloads": _downloads(document, contract) if document else [],
        "paper_number": document.number if document else "",
    }


def _returned(contract: Contract) -> str:
    if not contract.returned_because:
        return ""
    reason = texts.say(f"return.{contract.returned_because}")
    return f"{reason}: {contract.returned_note}" if contract.returned_note else reason


def _downloads(document: documents.MadeAnswer, contract: Contract) -> list[cards.Action]:
    found = [
        cards.Action(
            texts.say("contract.pdf"),
            reverse("parent.made", args=[document.token]) + "?save",
            "secondary",
            "download",
            "s",
        )
    ]
    sides = {"parent": contract.parent_signature_id, "kindergarten": contract.kindergarten_signature_id}
    for side, signed in sides.items():
        if signed is not None:
            url = reverse("parent.signature", args=[document.token, side])
            found.append(cards.Action(texts.say(f"contract.cms-{side}"), url, "quiet", "download", "s"))
    return found


@access(own_application)
@require_GET
@csp_update({"connect-src": ["'self'", LAYER]})
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The contract in progress in the order of 001: what it is, the papers, the term, the document, the signature."""
    found, admission, contract = _live(request, number)
    return _page(request, found, admission, contract)


def _live(request: HttpRequest, number: str) -> tuple[Application, Admission, Contract]:
    """The application with its admission and contract in progress; 404 where there is none."""
    found = frame.application(request, number)
    admission = next((one for one in admissions.admissions_of([found.id]) if one.stage in OPEN), None)
    contract = admissions.live_contract(admission.id) if admission else None
    if admission is None or contract is None:
        raise Http404
    return found, admission, contract


def _page(
    request: HttpRequest, found: Application, admission: Admission, contract: Contract, status: str = ""
) -> HttpResponse:
    document = documents.made_by_id(contract.document_id) if contract.document_id else None
    attached = documents.uploads_by_id(list(contract.paper_ids.values()))
    with_family = admission.stage == Stage.CONTRACT_WITH_PARENT
    rows = _papers(request, found, contract, attached, editable=with_family)
    missing = _missing(found.regime, contract, attached)
    context = {
        "number": found.number,
        "child": frame.child_name(found),
        "kindergarten": frame.name(admission.group.kindergarten),
        "group": admission.group.name,
        "state": texts.say(f"contract-state.{contract.state}"),
        "tone": _TONES.get(ContractState(contract.state), ""),
        "returned": _returned(contract),
        "with_family": with_family,
        "deadline": cards.term_strip(found, now=request.now),
        "due": found.due_at,
        "documents": rows,
        "reusable": with_family and bool(_reusable(request, found, contract)),
        "tasks": _tasks(found, contract, missing, with_family=with_family),
        "document": document,
        "terms": _terms(contract),
        "party": contract.terms.get("parent"),
        "downloads": _downloads(document, contract) if document else [],
        "ready": with_family and document is not None and not missing,
        "status": status,
        "action": reverse("contract.sign", args=[found.number]),
        "content_url": reverse("parent.made", args=[document.token]) if document else "",
        "iin": people.iin_of(request.actor.person_id),
    }
    trail = (texts.say("contracts.title"), reverse("parent.contracts"))
    return frame.page(request, "contract", texts.say("contract.title"), trail, **context)


def _missing(regime: str, contract: Contract, attached: dict[int, UploadAnswer]) -> int:
    asked = [paper for paper in filling.required_papers(regime) if paper.required]
    return sum(contract.paper_ids.get(paper.kind.value) not in attached for paper in asked)


def _papers(
    request: HttpRequest,
    found: Application,
    contract: Contract,
    attached: dict[int, UploadAnswer],
    *,
    editable: bool,
) -> list[dict[str, Any]]:
    rows = []
    for paper in filling.required_papers(found.regime):
        url = reverse("contract.paper", args=[found.number, paper.kind.value]) if editable else ""
        upload = attached.get(contract.paper_ids.get(paper.kind.value, 0))
        rows.append(papers.row(request, paper, upload, url=url))
    return rows


def _tasks(found: Application, contract: Contract, missing: int, *, with_family: bool) -> list[dict[str, Any]]:
    """«Не істеу керек»: what is done and what is left, in order."""
    filled, signed = contract.document_id is not None, contract.parent_signature_id is not None
    number = found.number
    left = texts.say_count("count.paper-left", missing)
    return [
        _task("contract.fill", reverse("contract.fill", args=[number]) if with_family else "", done=filled),
        _task("contract.attach", "#papers", done=not missing, left=left),
        _task("contract.sign", "#sign" if filled and not missing and with_family else "", done=signed),
        _task("contract.kindergarten-signs", "", done=contract.kindergarten_signature_id is not None),
    ]


def _task(key: str, url: str, *, done: bool, left: str = "") -> dict[str, Any]:
    status = texts.say("contract.done") if done else left or texts.say("contract.not-begun")
    tone = "ok" if done else "warn" if left else "off"
    return {"text": texts.say(key), "url": url, "status": status, "tone": tone, "icon": "check" if done else "clock"}


def _terms(contract: Contract) -> list[dict[str, Any]]:
    """What the kindergarten has filled in and nobody can alter."""
    terms = contract.terms
    if "group" not in terms:
        return []
    fee = texts.say("term.parent-fee")
    return [
        {"label": texts.say("contract.starts"), "date": date.fromisoformat(terms["start_on"])},
        {"label": texts.say("contract.ends"), "date": date.fromisoformat(terms["ends_on"])},
        {"label": texts.say("application.language"), "value": texts.say(f"language.{terms['group']['language']}")},
        {"label": texts.say("choose.stay"), "value": texts.say("choose.hours", hours=terms["stay_hours"])},
        {"label": fee[:1].upper() + fee[1:], "money": terms["parent_fee"]},
    ]


@access(own_application)
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, number: str) -> HttpResponse:
    """The representative's data, as the portal knows them and as they may be corrected; then the document is made."""
    found, admission, contract = _live(request, number)
    if admission.stage != Stage.CONTRACT_WITH_PARENT:
        return redirect("contract.page", number=number)
    person = people.person_card(request.actor.person_id)
    kept = contract.terms.get("parent", {}) if contract.terms.get("parent", {}).get("person") == person.id else {}
    start = {
        "address": kept.get("address") or person.address(texts.language()),
        "phone": (kept.get("phone") or people.main_phone(person.id)).removeprefix("+7"),
    }
    form = PartyForm(frame.posted(request), initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, found, form.cleaned_data)
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            messages.success(request, texts.say("contract.filled"))
            return redirect(reverse("contract.page", args=[number]) + "#papers")
    context = {
        "form": form,
        "person": person,
        "child": people.card(found.child),
        "kindergarten": frame.name(admission.group.kindergarten),
        "terms": _terms(contract),
        "back_url": reverse("contract.page", args=[number]),
        "deadline": cards.term_strip(found, now=request.now),
    }
    trail = (texts.say("contract.title"), reverse("contract.page", args=[number]))
    return frame.page(request, "contract_fill", texts.say("contract.fill"), trail, **context)


def _keep(request: HttpRequest, found: Application, typed: dict[str, str]) -> None:
    filled = filling.typeset(
        application_id=found.id,
        person_id=request.actor.person_id,
        address=" ".join(typed["address"].split()),
        phone=typed["phone"],
        base_url=settings.BASE_URL,
        demonstration=settings.MODE == "demonstration",
        now=request.now,
    )
    filling.fill_contract(application_id=found.id, filled=filled, actor=request.actor, now=request.now)


@access(own_application)
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """One paper of the contract: a new file, or one attached before for this child."""
    found, admission, contract = _live(request, number)
    kind = papers.kind(code, filling.required_papers(found.regime))
    if admission.stage != Stage.CONTRACT_WITH_PARENT:
        return redirect("contract.page", number=number)
    earlier = papers.of_child(request.actor.person_id, found.child_id).get(kind)
    form = PaperForm(frame.posted(request), frame.sent_files(request))
    if request.method == "POST":
        chosen = _chosen(request, form, found, kind, earlier)
        if chosen is not None and _attached(request, form, found, kind, chosen):
            messages.success(request, texts.say("upload.kept"))
            return redirect(reverse("contract.page", args=[number]) + "#papers")
    usable = earlier is not None and earlier.id != contract.paper_ids.get(kind.value)
    context = {
        "form": form,
        "kind": kind.value,
        "may_fetch": kind in MEDICAL_FORMS,
        "earlier": earlier if usable and not earlier.is_out_of_date(localdate(request.now)) else None,
        "back_url": reverse("contract.page", args=[number]) + "#papers",
    }
    trail = (texts.say("contract.title"), reverse("contract.page", args=[number]))
    return frame.page(request, "paper", texts.say(f"paper.{kind}"), trail, **context)


def _chosen(
    request: HttpRequest, form: PaperForm, found: Application, kind: DocumentKind, earlier: UploadAnswer | None
) -> int | None:
    if "earlier" in request.POST and earlier is not None:
        # A refusal needs a form that has been looked through.
        form.is_valid()
        return earlier.id
    upload = papers.take(request, form, child_id=found.child_id, kind=kind)
    return upload.id if upload else None


def _attached(request: HttpRequest, form: PaperForm, found: Application, kind: DocumentKind, upload_id: int) -> bool:
    try:
        filling.attach_paper(
            application_id=found.id, kind=kind, upload_id=upload_id, actor=request.actor, now=request.now
        )
    except Refusal as refusal:
        kit.blame(form, refusal)
        return False
    return True


@access(own_application)
@require_POST
def reuse(request: HttpRequest, number: str) -> HttpResponse:
    """Put every paper attached in advance beside the contract at once."""
    found, _, contract = _live(request, number)
    ready = _reusable(request, found, contract)
    try:
        for upload in ready:
            filling.attach_paper(
                application_id=found.id, kind=upload.kind, upload_id=upload.id, actor=request.actor, now=request.now
            )
    except Refusal as refusal:
        messages.error(request, refusals.explain(request, refusal))
    else:
        messages.success(request, texts.say("upload.reused", n=len(ready)))
    return redirect(reverse("contract.page", args=[number]) + "#papers")


def _reusable(request: HttpRequest, found: Application, contract: Contract) -> list[UploadAnswer]:
    """Papers of the child, attached before and still good, that the contract asks for and does not have."""
    earlier = papers.of_child(request.actor.person_id, found.child_id)
    wanted = [
        asked.kind for asked in filling.required_papers(found.regime) if asked.kind.value not in contract.paper_ids
    ]
    today = localdate(request.now)
    return [earlier[kind] for kind in wanted if kind in earlier and not earlier[kind].is_out_of_date(today)]


@access(own_application)
@require_http_methods(["GET", "POST"])
@csp_update({"connect-src": ["'self'", LAYER]})
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """Take the family's signature; what stands against it is said beside the panel."""
    if request.method != "POST":
        return redirect("contract.page", number=number)
    found, admission, contract = _live(request, number)
    try:
        if phone.is_asked(request):
            return phone.begin(request, _wanted(request, contract))
        cms = phone.posted(request)
        act = signing.by_family(cms=cms, application=found, actor=request.actor, now=request.now)
        contracts.sign_by_parent(application_id=found.id, sign=act, actor=request.actor, now=request.now)
    except Refusal as refusal:
        found = frame.application(request, number)
        if found.state == "ARCHIVED":
            return frame.refused(request, found, refusal)
        found, admission, contract = _live(request, number)
        return _page(request, found, admission, contract, refusals.explain(request, refusal))
    messages.success(request, texts.say("contract.signed"))
    return redirect("application.page", number=number)


def _wanted(request: HttpRequest, contract: Contract) -> phone.Wanted:
    """What the telephone is to sign: the document as it stands. Raises NotFilledIn."""
    content, titles = signing.document_of(contract)
    return phone.Wanted(
        purpose=SignaturePurpose.SIGN,
        content=content,
        titles=titles,
        media_type=PDF,
        person_id=request.actor.person_id,
        back=request.get_full_path(),
    )
