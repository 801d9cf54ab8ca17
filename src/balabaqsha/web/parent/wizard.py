"""The application, one question a page: a draft kept at every step, resumed on any device, sent once."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from balabaqsha.accounts.access import access, parent_desk, seen_application
from balabaqsha.applications import actions, queries
from balabaqsha.applications.actions import DraftSent, NoSuchDraft
from balabaqsha.applications.models import Application, Draft
from balabaqsha.applications.states import Kind
from balabaqsha.journeys import applying, filling, special
from balabaqsha.journeys.applying import AlreadyApplied, Filing
from balabaqsha.journeys.papers import AT_SENDING
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.law.lists import MEDICAL_FORMS, BenefitStatus, DocumentKind
from balabaqsha.people import queries as people
from balabaqsha.people.rules import Lack
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import refusals, texts
from balabaqsha.web.parent import frame, made, papers, wizard_special, wizard_steps
from balabaqsha.web.parent.forms import PaperForm
from balabaqsha.web.parent.wizard_forms import CheckForm
from balabaqsha.web.parent.wizard_steps import CHECK, Step

_MENDED_AT = {
    Lack.APPLICANT_DATA: "parent.profile",
    Lack.APPLICANT_PHONE: "profile.phone",
    Lack.APPLICANT_ADDRESS: "parent.profile",
    Lack.APPLICANT_EMAIL: "parent.profile",
    Lack.CHILD_KINSHIP: "children.add",
    Lack.CHILD_DATA: "parent.children",
}


@access(parent_desk)
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Whether everything is there to apply: what lacks is named with a link, a draft begun before is offered."""
    lacks = people.lacking(request.actor.person_id, now=request.now)
    ready = not any(lack.blocks for lack in lacks)
    if request.method == "POST" and ready:
        draft = actions.start_draft(actor=request.actor, step="child", answers={}, now=request.now)
        return redirect("apply.step", token=draft.token, name="child")
    context = {
        "tasks": [_lack_row(lack, request) for lack in lacks],
        "ready": ready,
        "phone": people.main_phone(request.actor.person_id),
        "children": wizard_steps.children(request),
        "drafts": queries.open_drafts(request.actor.person_id),
        "refused": request.method == "POST",
    }
    trail = (texts.say("parent.applications"), reverse("parent.applications"))
    return frame.page(request, "apply_begin", texts.say("apply.title"), trail, **context)


def _lack_row(lack: Lack, request: HttpRequest) -> dict[str, Any]:
    status = texts.say("apply.needed" if lack.blocks else "apply.advised")
    return {
        "text": texts.say(f"lack.{lack}"),
        "url": reverse(_MENDED_AT[lack]) if frame.is_open(reverse(_MENDED_AT[lack]), request.actor) else "",
        "status": status,
        "tone": "bad" if lack.blocks else "off",
        "icon": "circle-alert" if lack.blocks else "info",
    }


@access(parent_desk)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, token: UUID, name: str) -> HttpResponse:
    """One question of a draft."""
    draft = _draft(request, token)
    if draft.sent_application is not None:
        return _sent(request, draft.sent_application.number)
    asked = next((one for one in wizard_steps.steps(draft.answers) if one.name == name), None)
    first = wizard_steps.first_open(draft.answers)
    if asked is None or _lies_beyond(draft, name, first):
        return redirect("apply.step" if first != CHECK else "apply.check", **_where(token, first))
    form = asked.form(request, draft)
    if request.method == "POST" and not wizard_steps.asks_nearest(request):
        answered = _answer(request, draft, asked, form)
        if answered is not None:
            return answered
    return _page(request, draft, asked, form)


def _draft(request: HttpRequest, token: UUID) -> Draft:
    draft = queries.draft(request.actor.person_id, token)
    if draft is None:
        raise Http404
    child = draft.answers.get("child")
    if child is not None and draft.sent_application is None and not _represents(request, child):
        # The kinship has ended since: the child is asked anew.
        draft.answers["child"] = None
    return draft


def _represents(request: HttpRequest, child_id: int) -> bool:
    return people.represents(request.actor.person_id, child_id, now=request.now)


def _where(token: UUID, name: str) -> dict[str, Any]:
    return {"token": token} if name == CHECK else {"token": token, "name": name}


def _lies_beyond(draft: Draft, name: str, first: str) -> bool:
    """Whether a question before this one has no answer yet."""
    order = [one.name for one in wizard_steps.steps(draft.answers)]
    return first in order and order.index(name) > order.index(first)


def _answer(request: HttpRequest, draft: Draft, asked: Step, form: forms.Form) -> HttpResponse | None:
    """Keep the answer and go on; None when something stands against it, which the form then says."""
    if not form.is_valid():
        return None
    try:
        answers = asked.take(request, draft, form)
        following = wizard_steps.first_open(draft.answers | answers)
        actions.keep_answers(token=draft.token, answers=answers, step=following, actor=request.actor, now=request.now)
    except DraftSent as earlier:
        return _sent(request, earlier.facts["number"])
    except NoSuchDraft:
        return redirect("applications.add")
    except Refusal as refusal:
        kit.blame(form, refusal, asked.beside(form, refusal) if asked.beside else asked.field)
        return None
    return redirect("apply.step" if following != CHECK else "apply.check", **_where(draft.token, following))


def _page(request: HttpRequest, draft: Draft, asked: Step, form: forms.Form) -> HttpResponse:
    order = [one.name for one in wizard_steps.steps(draft.answers)]
    here = order.index(asked.name)
    before = reverse("apply.step", args=[draft.token, order[here - 1]]) if here else reverse("applications.add")
    context = {
        "form": form,
        "step": here + 1,
        "steps": len(order) + 1,
        "name": asked.name,
        "heading": texts.say(f"apply.q-{asked.name}"),
        "back_url": before,
        "draft": draft,
        "standing": _standing(request, form),
    }
    return render(request, "parent/apply.html", context | _extra(request, draft, asked.name))


def _extra(request: HttpRequest, draft: Draft, name: str) -> dict[str, Any]:
    """What one question shows beside its form."""
    if name == "child":
        here = reverse("apply.step", args=[draft.token, "child"])
        return {
            "add_url": f"{reverse('children.add')}?next={here}",
            "hints": {one.person.id: _about(one) for one in wizard_steps.children(request)},
            "children": wizard_steps.children(request),
        }
    if name == "kind":
        return {"hints": {kind: f"queue-kind.{kind}.hint" for kind in Kind.values}}
    if name == "benefit":
        return {"proofs": papers.of_statuses(), "attached": _attached_proof(request, draft)}
    if name == "papers":
        return {"documents": _paper_rows(request, draft)}
    if name == "terms":
        own = wizard_special.terms(draft, request) if wizard_steps.is_special(draft.answers) else []
        return {"terms": own + wizard_steps.terms(draft.answers["region"], on=localdate(request.now))}
    if name == "correction":
        return {"hints": wizard_special.hints(request)}
    if name == "conclusion":
        return _conclusion(request, draft)
    return {}


def _conclusion(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What stands beside the question for the conclusion: whether Arkotek answered, and with what."""
    asked = wizard_special.is_asked(request, draft)
    kept = papers.of_child(request.actor.person_id, draft.answers["child"]).get(DocumentKind.PMPK_CONCLUSION)
    return {
        "asked": asked,
        "silent": draft.answers.get("arkotek") == wizard_special.SILENT,
        "told": wizard_special.told(request, draft),
        "hints": wizard_special.conclusion_hints(request, draft) if asked else {},
        "attached": {"name": kept.name, "size": kept.file.size} if kept else None,
    }


def _about(child: Any) -> str:
    return texts.say("apply.child-born", date=child.person.born_on)


def _attached_proof(request: HttpRequest, draft: Draft) -> Any:
    status = BenefitStatus(draft.answers.get("benefit") or BenefitStatus.NONE)
    if status.proof is None:
        return None
    kept = papers.of_child(request.actor.person_id, draft.answers["child"]).get(status.proof)
    return {"name": kept.name, "size": kept.file.size} if kept else None


def _paper_rows(request: HttpRequest, draft: Draft) -> list[dict[str, Any]]:
    attached = papers.of_child(request.actor.person_id, draft.answers["child"])
    return [
        papers.row(
            request, asked, attached.get(asked.kind), url=reverse("apply.paper", args=[draft.token, asked.kind.value])
        )
        | ({"tone": "off", "note": texts.say("upload.later")} if asked.kind not in attached else {})
        for asked in filling.required_papers(_regime(request, draft))
    ]


def _regime(request: HttpRequest, draft: Draft) -> Regime:
    """The regime of the region that was chosen; before it is, a voucher line is supposed, which asks for more papers."""
    code = draft.answers.get("region")
    return (territories.regime_on(code, localdate(request.now)) if code else None) or Regime.VOUCHER


@access(parent_desk)
@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, token: UUID, code: str) -> HttpResponse:
    """One admission paper attached in advance; the contract will find it."""
    draft = _draft(request, token)
    if draft.sent_application is not None:
        return _sent(request, draft.sent_application.number)
    if draft.answers.get("child") is None:
        return redirect("apply.step", token=token, name="child")
    kind = papers.kind(code, filling.required_papers(_regime(request, draft)))
    back = reverse("apply.step", args=[token, "papers"])
    form = PaperForm(frame.posted(request), frame.sent_files(request))
    if request.method == "POST" and papers.take(request, form, child_id=draft.answers["child"], kind=kind) is not None:
        messages.success(request, texts.say("upload.kept"))
        return redirect(back)
    trail = (texts.say("apply.title"), back)
    title = texts.say(f"paper.{kind}")
    context = {"form": form, "kind": kind.value, "may_fetch": kind in MEDICAL_FORMS, "back_url": back}
    return frame.page(request, "paper", title[:1].upper() + title[1:], trail, **context)


@access(parent_desk)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, token: UUID) -> HttpResponse:
    """Every answer once more, and the button that sends."""
    draft = _draft(request, token)
    if draft.sent_application is not None:
        return _sent(request, draft.sent_application.number)
    first = wizard_steps.first_open(draft.answers)
    if first != CHECK:
        return redirect("apply.step", token=token, name=first)
    form = CheckForm(frame.posted(request))
    if request.method == "POST":
        sent = _send(request, draft, form)
        if sent is not None:
            return sent
    order = wizard_steps.steps(draft.answers)
    context = {
        "form": form,
        "step": len(order) + 1,
        "steps": len(order) + 1,
        "back_url": reverse("apply.step", args=[token, order[-1].name]),
        "answers": _answers(request, draft),
        "lacks": [_lack_row(lack, request) for lack in _blocking(request, draft)],
        "draft": draft,
        "standing": _standing(request, form),
    }
    return render(request, "parent/apply_check.html", context)


def _standing(request: HttpRequest, form: forms.Form) -> dict[str, str]:
    """The way to the application that the child has already, where one stood in the way: its page, or linking it."""
    errors = [error for found in form.errors.as_data().values() for error in found]
    number = next((error.params["number"] for error in errors if error.code == AlreadyApplied.code), None)
    if number is None or request.actor.counter:
        return {}
    if seen_application.scope(request.actor, Application.objects.filter(number=number)).exists():
        return {"text": texts.say("link.open"), "url": reverse("application.page", args=[number])}
    return {"text": texts.say("application.link"), "url": f"{reverse('application.link')}?number={number}"}


def _blocking(request: HttpRequest, draft: Draft) -> list[Lack]:
    return [
        lack for lack in people.lacking(request.actor.person_id, draft.answers["child"], now=request.now) if lack.blocks
    ]


def _send(request: HttpRequest, draft: Draft, form: forms.Form) -> HttpResponse | None:
    """Send the draft: its application, this one or the one that an earlier click made; None when it is refused."""
    form.is_valid()
    if _blocking(request, draft):
        form.add_error(None, ValidationError("data-lacking"))
        return None
    try:
        send = special.apply if wizard_steps.is_special(draft.answers) else applying.apply
        sent = send(filing=_filing(request, draft), draft_id=draft.id, actor=request.actor, now=request.now)
    except DraftSent as sent:
        return _sent(request, sent.facts["number"])
    except NoSuchDraft:
        return redirect("applications.add")
    except Refusal as refusal:
        kit.blame(form, refusal)
        return None
    if draft.answers.get("ask_register"):
        applying.confirm_by_register(application_id=sent.id, now=request.now)
    made.bring(request, sent, AT_SENDING)
    return redirect("application.sent", number=sent.number)


def _filing(request: HttpRequest, draft: Draft) -> Filing:
    answers = draft.answers
    return Filing(
        child_id=answers["child"],
        applicant_id=request.actor.person_id,
        born_on=people.person_card(answers["child"]).born_on,
        kind=Kind(answers["kind"]),
        territory_code=answers["region"],
        settlement_code=answers.get("settlement") or None,
        languages=tuple(answers["languages"]),
        wished_from=date.fromisoformat(answers["start"]) if answers["start"] else None,
        benefit=answers["benefit"],
        proof_ids=(answers["proof"],) if answers.get("proof") else (),
        wishes=tuple(answers["wishes"]),
        correction=answers["correction"] if wizard_steps.is_special(answers) else None,
        conclusion_id=(answers["conclusion"] or None) if wizard_steps.is_special(answers) else None,
    )


def _sent(request: HttpRequest, number: str) -> HttpResponse:
    """The application that this draft has become: a second click, the back button, another tab."""
    messages.warning(request, refusals.sentence("already-sent", {}))
    return redirect("application.sent", number=number)


def _answers(request: HttpRequest, draft: Draft) -> list[dict[str, Any]]:
    answers = draft.answers
    said = {
        "child": people.person_card(answers["child"]).full_name,
        "kind": texts.say(f"queue-kind.{answers['kind']}"),
        "correction": texts.say(f"correction.{answers['correction']}") if wizard_steps.is_special(answers) else "",
        "conclusion": wizard_special.said(answers) if wizard_steps.is_special(answers) else "",
        "region": territories.spoken_name(answers["region"], texts.language()),
        "settlement": _settlement(answers),
        "languages": frame.languages(answers["languages"]),
        "benefit": texts.say(f"benefit.{answers['benefit']}"),
        "papers": texts.say_count("count.document", _paper_count(request, draft)),
        "wishes": _wishes(answers["wishes"]),
        "start": texts.say("day.only", date=date.fromisoformat(answers["start"]))
        if answers["start"]
        else texts.say("apply.at-once"),
        "terms": texts.say("apply.agreed"),
    }
    return [
        {
            "label": texts.say(f"apply.a-{one.name}"),
            "value": said[one.name],
            "change_url": reverse("apply.step", args=[draft.token, one.name]),
        }
        for one in wizard_steps.steps(answers)
    ]


def _settlement(answers: dict[str, Any]) -> str:
    code = answers.get("settlement")
    return territories.spoken_name(code, texts.language()) if code else texts.say("apply.settlement-any")


def _paper_count(request: HttpRequest, draft: Draft) -> int:
    attached = papers.of_child(draft.applicant_id, draft.answers["child"])
    return sum(asked.kind in attached for asked in filling.required_papers(_regime(request, draft)))


def _wishes(ids: list[int]) -> str:
    rows = Kindergarten.objects.in_bulk(ids)
    return "; ".join(frame.name(rows[one]) for one in ids if one in rows) or texts.say("apply.no-wish")


@access(parent_desk)
@require_POST
def drop(request: HttpRequest, token: UUID) -> HttpResponse:
    """Throw a draft away."""
    try:
        actions.drop_draft(token=token, actor=request.actor, now=request.now)
    except DraftSent as sent:
        return _sent(request, sent.facts["number"])
    except NoSuchDraft:
        raise Http404 from None
    messages.success(request, texts.say("draft.dropped"))
    return redirect("parent.applications")
