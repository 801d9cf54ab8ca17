"""«Сенім берілген балалар»: children entrusted to the person, and the trusts that the person has given."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts import actions as accounts
from balabaqsha.accounts import digests, rules
from balabaqsha.accounts.access import access, given_trust, offered_trust, own_child, signed_in_parent
from balabaqsha.accounts.trust import actions, queries
from balabaqsha.accounts.trust.queries import TrustCard
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import queries as people
from balabaqsha.people.states import TrustState
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import refusals, texts
from balabaqsha.web.parent import frame, menu
from balabaqsha.web.parent.forms import TrustForm

_BESIDE = {"wrong-iin": "iin", "already-sent": "iin", "wrong-date": "last_day"}
TONES = {
    TrustState.GIVEN: "warn",
    TrustState.ACCEPTED: "ok",
    TrustState.DECLINED: "bad",
    TrustState.REVOKED: "off",
    TrustState.GIVEN_UP: "off",
    TrustState.LAPSED: "off",
}


@access(signed_in_parent)
@require_GET
def entrusted(request: HttpRequest) -> HttpResponse:
    """Children entrusted by others, apart from one's own: to be answered, or to be acted for."""
    rows = [_shown(card) for card in _given_to(request)]
    return frame.page(
        request,
        "entrusted",
        texts.say("children.tab-entrusted"),
        (texts.say("parent.children"), reverse("parent.children")),
        rows=rows,
        tabs=menu.family_tabs("entrusted"),
    )


@access(offered_trust)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, token: UUID) -> HttpResponse:
    """Take a trust on or decline it; lay down one that was taken on."""
    card = next((one for one in _given_to(request) if one.token == token), None)
    if card is None:
        raise Http404
    acts = {"yes": actions.accept, "no": actions.decline, "lay-down": actions.give_up}
    said = request.POST.get("answer", "")
    if request.method == "POST" and said in acts:
        try:
            acts[said](token=token, actor=request.actor, now=request.now)
        except Refusal as refusal:
            messages.error(request, refusals.explain(request, refusal))
        else:
            messages.success(request, texts.say(f"trust.said-{said}"))
        return redirect("children.entrusted")
    dialog = _ask_to_take(card) if card.state == TrustState.GIVEN else _ask_to_lay_down(card)
    dialog |= {"id": "trust", "action": request.path, "back_url": reverse("children.entrusted")}
    above = (texts.say("children.tab-entrusted"), reverse("children.entrusted"))
    return frame.page(request, "consequence", texts.say("trust.title"), above, dialog=dialog, child=card.child)


@access(signed_in_parent)
@require_GET
def given(request: HttpRequest) -> HttpResponse:
    """Whom the parent trusts with which child, what for and until when; those that ended below."""
    rows = [_shown(card) for card in queries.given_by(request.actor.person_id, now=request.now)]
    children = people.children_of(request.actor.person_id, now=request.now)
    above = (texts.say("parent.children"), reverse("parent.children"))
    return frame.page(request, "trusts", texts.say("trust.given"), above, rows=rows, children=children)


@access(own_child)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest, token: UUID) -> HttpResponse:
    """Trust somebody with one child; what they may do, and what they may not, is said before."""
    child = people.child_by_token(request.actor.person_id, token, now=request.now)
    if child is None:
        raise Http404
    form = TrustForm(frame.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _give(request, child.person.id, form)
        except Refusal as refusal:
            kit.blame(form, refusal, _BESIDE.get(refusal.code))
        else:
            messages.success(request, texts.say("trust.done"))
            return redirect("trust.given")
    trail = (
        (texts.say("parent.children"), reverse("parent.children")),
        (child.person.full_name, reverse("children.card", args=[token])),
    )
    return frame.page(request, "entrust", texts.say("trust.give"), *trail, form=form, child=child.person.full_name)


@access(given_trust)
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, token: UUID) -> HttpResponse:
    """Take a trust back, at once."""
    known = queries.given_by(request.actor.person_id, now=request.now)
    card = next((one for one in known if one.token == token), None)
    if card is None:
        raise Http404
    if request.method == "POST":
        try:
            actions.revoke(token=token, actor=request.actor, now=request.now)
        except Refusal as refusal:
            messages.error(request, refusals.explain(request, refusal))
        else:
            messages.success(request, texts.say("trust.revoked"))
        return redirect("trust.given")
    if not card.is_live:
        return redirect("trust.given")
    dialog = {
        "id": "revoke",
        "title": texts.say("trust.revoke-question"),
        "text": f"{card.trusted}, {texts.say('trust.until', date=card.last_day)}",
        "no_title": texts.say("trust.revoke-if"),
        "no_text": texts.say("trust.revoke-text"),
        "no": texts.say("trust.revoke"),
        "action": request.path,
        "back_url": reverse("trust.given"),
    }
    above = (texts.say("trust.given"), reverse("trust.given"))
    return frame.page(request, "consequence", texts.say("trust.revoke"), above, dialog=dialog, child=card.child)


def _give(request: HttpRequest, child_id: int, form: TrustForm) -> None:
    typed = form.cleaned_data
    # Each is told to somebody else too: nobody is to be bothered with them.
    tries = [(rules.TRUSTS_GIVEN, digests.subject("account", str(request.actor.account_id)))]
    accounts.count_tries(tries=tries, real_now=request.real_now)
    giving = actions.Giving(child_id, typed["iin"], typed["surname"], form.powers, typed["last_day"])
    actions.give(giving=giving, actor=request.actor, now=request.now)


def _given_to(request: HttpRequest) -> list[TrustCard]:
    return queries.given_to(request.actor.person_id, account_id=request.actor.account_id or 0, now=request.now)


def _ask_to_take(card: TrustCard) -> dict[str, Any]:
    return {
        "title": texts.say("trust.take-question"),
        "text": f"{card.giver}. {texts.say('trust.until', date=card.last_day)}",
        "yes_title": texts.say("trust.take-if"),
        "yes_text": " ".join([*_powers(card), texts.say("trust.take-text")]),
        "no_title": texts.say("trust.decline-if"),
        "no_text": texts.say("trust.decline-text"),
        "yes": texts.say("trust.take"),
        "no": texts.say("trust.decline"),
    }


def _ask_to_lay_down(card: TrustCard) -> dict[str, Any]:
    return {
        "title": texts.say("trust.lay-down-question"),
        "text": f"{card.giver}. {texts.say('trust.until', date=card.last_day)}",
        "no_title": texts.say("trust.lay-down-if"),
        "no_text": texts.say("trust.lay-down-text"),
        "no": texts.say("trust.lay-down"),
        "no_value": "lay-down",
    }


def _powers(card: TrustCard) -> list[str]:
    return [f"{texts.say(f'power.{power}')}." for power in card.powers]


def _shown(card: TrustCard) -> dict[str, Any]:
    """A trust as the lists print it."""
    return {
        "card": card,
        "state": texts.say(f"trust-state.{card.state}"),
        "tone": TONES[card.state],
        "powers": [texts.say(f"power.{power}") for power in card.powers],
    }
