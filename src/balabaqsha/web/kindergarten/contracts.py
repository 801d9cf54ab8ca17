"""Contracts: those that the family has signed, one of them with its papers, returning and refusing."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, kindergarten_admission
from balabaqsha.admissions import queries
from balabaqsha.admissions.models import Admission, Contract
from balabaqsha.admissions.states import Stage
from balabaqsha.documents import http as files
from balabaqsha.documents import queries as documents
from balabaqsha.journeys import contracts, filling
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law.lists import admission_papers
from balabaqsha.people.queries import card
from balabaqsha.signatures import queries as signatures
from balabaqsha.web.kindergarten import home, pages
from balabaqsha.web.kindergarten import referrals as referrals_page
from balabaqsha.web.kindergarten.forms import RefuseForm, ReturnForm
from balabaqsha.web.kit import due, texts
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit.deadlines import Deadline, deadline

# What a tab of the list shows, in this order.
TABS = {
    "sign": Stage.CONTRACT_WITH_KINDERGARTEN,
    "family": Stage.CONTRACT_WITH_PARENT,
    "done": Stage.ENROLLED,
}
# Where an admission without a contract is looked at.
_BEFORE_THE_CONTRACT = {Stage.REFERRED: "kg.referral", Stage.CONTRACT_AWAITED: "kg.request"}
# Before the family has signed, its papers are still its own.
SEEN_WITH_PAPERS = frozenset({Stage.CONTRACT_WITH_KINDERGARTEN, Stage.ENROLLED})


@access(kindergarten_admission)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Contracts by where they are; those that wait for the head first, the soonest due on top."""
    chosen = request.GET.get("tab", "sign")
    chosen = chosen if chosen in TABS else "sign"
    own = pages.admissions(request)
    calendar = law.calendar()
    found = queries.by_due(own, stage=TABS[chosen])
    if chosen == "done":
        found = found.filter(contracts__isnull=False).order_by("-enrolled_at", "-id").distinct()[:200]
    rows = [_row(one, due.standing(one.due, now=request.now, calendar=calendar), chosen) for one in found]
    tabs = [
        {
            "text": texts.say(f"kg.tab-{name}"),
            "url": f"?tab={name}",
            "current": name == chosen,
            "count": own.filter(stage=stage).count() if name != "done" else None,
        }
        for name, stage in TABS.items()
    ]
    columns = [texts.say(key) for key in ("kg.child", "places.group", "kg.kind")]
    return pages.page(request, "contracts", "kg.contracts", tabs=tabs, columns=columns, rows=rows, chosen=chosen)


def _row(one: Admission, standing: due.Due, chosen: str) -> dict[str, Any]:
    row = home.row(one, standing=standing)
    url = reverse("kg.contract", args=[one.application.number])
    row |= {"url": url}
    if chosen != "sign":
        row["action"] = {
            "text": texts.say("action.open"),
            "url": url,
            "size": "s",
            "kind": "secondary",
            "of": row["name"],
        }
    return row


@access(kindergarten_admission)
@require_GET
def case(request: HttpRequest, number: str) -> HttpResponse:
    """One contract: whose, on which terms, with which papers, and what may be done now."""
    found = pages.admission(request, number)
    if found.stage in _BEFORE_THE_CONTRACT:
        return redirect(_BEFORE_THE_CONTRACT[Stage(found.stage)], number=number)
    contract = live_contract(found)
    context = {
        "admission": found,
        "contract": contract,
        "child": card(found.application.child),
        "representative": card(found.application.applicant),
        "papers": _papers(request, found, contract),
        "evidence": signatures.evidence(document_kind=filling.EVIDENCE, document_id=contract.id) if contract else [],
        "deadline": _deadline(request, found),
        "can_sign": found.stage == Stage.CONTRACT_WITH_KINDERGARTEN,
        "papers_time": referrals_page.owes_papers_time(found),
        "can_refuse": found.stage in {Stage.CONTRACT_WITH_PARENT, Stage.CONTRACT_WITH_KINDERGARTEN},
        "terms": _terms(contract),
    }
    return _page(request, "contract", "kg.contract", **context)


def live_contract(found: Admission) -> Contract | None:
    """The version of the contract that counts."""
    return queries.live_contract(found.id)


def _terms(contract: Contract | None) -> list[dict[str, str]]:
    """What the kindergarten filled in, as people read it."""
    terms = contract.terms if contract else {}
    if not terms:
        return []
    facts = (
        ("kg.start-on", texts.say("kg.day", date=date.fromisoformat(terms["start_on"]))),
        ("kg.ends-on", texts.say("kg.day", date=date.fromisoformat(terms["ends_on"]))),
        ("kg.stay-hours", texts.say("kg.hours", hours=f"{terms['stay_hours']:g}".replace(".", ","))),
        ("kg.parent-fee", texts.say("kg.tenge", fee=terms["parent_fee"])),
    )
    return [{"label": texts.say(key), "value": value} for key, value in facts]


def _papers(request: HttpRequest, found: Admission, contract: Contract | None) -> list[dict[str, Any]]:
    """The contract itself and every paper of the list, attached or not."""
    if contract is None or found.stage not in SEEN_WITH_PAPERS:
        return []
    number, today = found.application.number, localdate(request.now)
    rows = []
    if contract.document_id is not None:
        url = reverse("kg.contract-document", args=[number])
        rows.append({"name": texts.say("paper.CONTRACT"), "url": url, "tone": "ok", "note": texts.say("kg.pdf")})
    attached = documents.uploads_by_id(list(contract.paper_ids.values()))
    for paper in admission_papers(found.application.regime):
        upload = attached.get(contract.paper_ids.get(paper.kind.value, 0))
        row: dict[str, Any] = {"name": texts.say(f"paper.{paper.kind.value}")}
        if upload is None:
            row |= {"tone": "bad" if paper.required else "off", "status": texts.say("kg.not-attached")}
        else:
            stale = upload.is_out_of_date(today)
            row |= {
                "url": reverse("kg.contract-paper", args=[number, paper.kind.value]),
                "tone": "bad" if stale else "ok",
                "note": texts.say("kg.attached-at", due=upload.uploaded_at),
                "status": texts.say("kg.out-of-date") if stale else "",
            }
        rows.append(row)
    return rows


def _deadline(request: HttpRequest, found: Admission) -> Deadline | None:
    if found.stage != Stage.CONTRACT_WITH_KINDERGARTEN or not (found.escalates_at and found.signed_by_parent_at):
        return None
    return deadline(
        id="due",
        title=texts.say("kg.sign-by"),
        started=found.signed_by_parent_at,
        due=found.escalates_at,
        now=request.now,
        calendar=law.calendar(),
        note=texts.say("kg.sign-by-note"),
        live=False,
    )


@access(kindergarten_admission)
@require_GET
def document(request: HttpRequest, number: str) -> HttpResponse:
    """The exact bytes of the contract."""
    found = pages.admission(request, number)
    contract = live_contract(found)
    if contract is None or contract.document_id is None or found.stage not in SEEN_WITH_PAPERS:
        raise Http404
    made = documents.made_by_id(contract.document_id)
    if made is None:
        raise Http404
    return files.response(
        opened=made.file.open(), media_type=made.file.media_type, name=f"{made.number}.pdf", inline=True
    )


@access(kindergarten_admission)
@require_GET
def paper(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """A paper that the family attached to the contract."""
    found = pages.admission(request, number)
    contract = live_contract(found)
    if contract is None or found.stage not in SEEN_WITH_PAPERS or kind not in contract.paper_ids:
        raise Http404
    upload = documents.uploads_by_id([contract.paper_ids[kind]]).get(contract.paper_ids[kind])
    if upload is None:
        raise Http404
    return files.response(opened=upload.file.open(), media_type=upload.file.media_type, name=upload.name, inline=True)


@access(kindergarten_admission)
@require_http_methods(["GET", "POST"])
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    """Return the papers to the family: with a reason of the closed list and words on what to mend."""
    found = pages.admission(request, number)
    if found.stage != Stage.CONTRACT_WITH_KINDERGARTEN:
        return _too_late(request, number)
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contracts.return_papers(
                application_id=found.application_id, **form.cleaned_data, actor=request.actor, now=request.now
            )
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            messages.success(request, texts.say("kg.returned", name=card(found.application.child).full_name))
            return redirect("kg.contracts")
    return _page(request, "return", "kg.return", form=form, admission=found, child=card(found.application.child))


@access(kindergarten_admission)
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, number: str) -> HttpResponse:
    """Refuse admission on a ground of the law; what follows is said before."""
    found = pages.admission(request, number)
    if found.stage in {Stage.REFERRED, Stage.ENROLLED}:
        return _too_late(request, number)
    form = RefuseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contracts.refuse_contract(
                application_id=found.application_id, **form.cleaned_data, actor=request.actor, now=request.now
            )
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            messages.success(request, texts.say("kg.refused", name=card(found.application.child).full_name))
            return redirect("kg.home")
    return _page(request, "refuse", "kg.refuse", form=form, admission=found, child=card(found.application.child))


def _too_late(request: HttpRequest, number: str) -> HttpResponse:
    """Somebody else was quicker: the case is shown as it stands now."""
    messages.warning(request, texts.say("kg.changed"))
    return redirect("kg.contract", number=number)


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    return pages.page(request, name, title, trail=("kg.contracts",), **context)
