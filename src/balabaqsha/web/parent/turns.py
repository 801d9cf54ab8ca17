"""Choosing a place in a linear territory: by one's turn, by free choice or in a private kindergarten; signed."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, own_application
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.journeys import papers, referring, stating
from balabaqsha.journeys.referring import Right
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Group, Ownership
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.locale.texts import LANGUAGES, say_in
from balabaqsha.people import queries as people
from balabaqsha.referrals import queries as referrals
from balabaqsha.referrals.models import SealedWish
from balabaqsha.signatures.models import SignaturePurpose
from balabaqsha.web.kit import phone, refusals, texts, years
from balabaqsha.web.kit.nearby import Whence
from balabaqsha.web.parent import cards, choice, frame, linear, made
from balabaqsha.web.parent.choice import Offer
from balabaqsha.web.parent.contracts import LAYER

_COLUMNS = ("kindergarten", "language", "address", "phone", "free")


@access(own_application)
@require_GET
def places(request: HttpRequest, number: str) -> HttpResponse:
    """What choosing means, then, after «ОК», the free places of state kindergartens by group."""
    found = frame.application(request, number)
    door = linear.door(found, now=request.now)
    if door is None:
        return redirect("application.page", number=number)
    if "ok" not in request.GET:
        return _before(request, found, door)
    return _listed(request, found, private=False, title="referral.choose-place", lead=f"turn.lead-{door.right}")


def _before(request: HttpRequest, found: Application, door: linear.Door) -> HttpResponse:
    """The window that comes before the list (003, figure 7)."""
    context = {
        "said": [texts.say(f"turn.before-{door.right}-{n}", **door.facts) for n in (1, 2, 3)],
        "deadline": cards.term_strip(found, now=request.now),
        "child": frame.child_name(found),
        "back_url": reverse("application.page", args=[found.number]),
    }
    return frame.page(request, "turn_before", texts.say("referral.choose-place"), *frame.trail_to(found), **context)


@access(own_application)
@require_GET
def private(request: HttpRequest, number: str) -> HttpResponse:
    """A private kindergarten by state order: the conditions one by one, what it costs, then its free places."""
    found = frame.application(request, number)
    if not linear.may_take_private(found):
        return redirect("application.page", number=number)
    offers = _offers(request, found, private=True)
    conditions = _conditions(request, found, offers)
    if not all(one["tone"] == "ok" for one in conditions) or "ok" not in request.GET:
        context = {
            "conditions": conditions,
            "open": all(one["tone"] == "ok" for one in conditions),
            "turn_lost": found.state == State.TURN_OFFERED,
            "child": frame.child_name(found),
            "back_url": reverse("application.page", args=[number]),
        }
        title = texts.say("referral.choose-private")
        return frame.page(request, "private_before", title, *frame.trail_to(found), **context)
    return _listed(request, found, private=True, title="referral.choose-private", lead="private.lead")


def _conditions(request: HttpRequest, found: Application, offers: list[Offer]) -> list[dict[str, Any]]:
    """The three conditions of 003, each with whether it holds now."""
    age = int(law.rulebook(found.territory_id).term("private_place.min_age", on=localdate(request.now)).value)
    held = {
        "private.condition-queue": True,
        "private.condition-age": law_rules.has_full_years(found.born_on, age, localdate(request.now)),
        "private.condition-places": bool(offers),
    }
    return [
        {
            "text": texts.say(key, age=age),
            "url": "",
            "status": texts.say("private.holds" if holds else "private.fails"),
            "tone": "ok" if holds else "bad",
            "icon": "check" if holds else "circle-alert",
        }
        for key, holds in held.items()
    ]


def _listed(request: HttpRequest, found: Application, *, private: bool, title: str, lead: str) -> HttpResponse:
    offers = choice.ordered(_offers(request, found, private=private), found, "", Whence())
    today = localdate(request.now)
    rows = [_row(found, offer, group, free, today) for offer in offers for group, free in offer.groups]
    wish = referrals.live_wish(found.id)
    context = {
        "lead": texts.say(lead),
        "columns": [{"label": texts.say(f"turn.col-{one}"), "number": one == "free"} for one in _COLUMNS],
        "rows": rows,
        "caption": texts.say("turn.table"),
        "deadline": cards.term_strip(found, now=request.now),
        "child": frame.child_name(found),
        "wish": _place_name(wish.group_id) if wish else "",
        "back_url": reverse("application.page", args=[found.number]),
    }
    return frame.page(request, "turn_places", texts.say(title), *frame.trail_to(found), **context)


def _offers(request: HttpRequest, found: Application, *, private: bool) -> list[Offer]:
    """Kindergartens of one ownership with a free place for the child, each with the groups that have one."""
    wanted = Ownership.PRIVATE if private else Ownership.STATE
    return [
        Offer(offer.kindergarten, [(group, free) for group, free in offer.groups if free])
        for offer in choice.offers(request, found)
        if offer.kindergarten.ownership == wanted and offer.free
    ]


def _row(found: Application, offer: Offer, group: Group, free: int, today: date) -> dict[str, Any]:
    url = reverse("turn.choose", args=[found.number, group.id])
    row = offer.kindergarten
    unwished = bool(found.languages) and group.language not in found.languages
    language = texts.say(f"language.{group.language}")
    named = filter(None, [frame.name(row), group.name, years.note(group.school_year, on=today)])
    cells = [
        {"text": ", ".join(named), "url": url},
        f"{language} ({texts.say('choice.unwished')})" if unwished else language,
        frame.address(row) or "–",
        {"text": row.phone, "url": f"tel:{row.phone}"} if row.phone else "–",
        str(free),
    ]
    return {"cells": cells}


@dataclass(frozen=True)
class _Asked:
    """The application and the group of the address, and by what right the place may be taken, or why not."""

    found: Application
    group: Group
    right: Right | None
    refusal: Refusal | None


def _asked(request: HttpRequest, number: str, group_id: int) -> _Asked:
    found = frame.application(request, number)
    group = Group.objects.select_related("kindergarten").filter(id=group_id, closed_at__isnull=True).first()
    if group is None or not linear.is_linear(found):
        raise Http404
    try:
        return _Asked(
            found, group, referring.right_to(application_id=found.id, group_id=group_id, now=request.now), None
        )
    except Refusal as refusal:
        return _Asked(found, group, None, refusal)


@access(own_application)
@require_http_methods(["GET", "POST"])
@csp_update({"connect-src": ["'self'", LAYER]})
def choose(request: HttpRequest, number: str, group_id: int) -> HttpResponse:
    """«Қол қою және жіберу»: one group, what follows from choosing it, the signature."""
    asked = _asked(request, number, group_id)
    if asked.refusal is not None:
        return frame.refused(request, asked.found, asked.refusal)
    if request.method != "POST":
        return _choose_page(request, asked)
    try:
        if phone.is_asked(request):
            return phone.begin(request, _wanted(request, asked))
        cms = phone.posted(request)
        sign = stating.by_family(
            cms=cms, application=asked.found, group=asked.group, actor=request.actor, now=request.now
        )
        chosen = referring.choose(
            application_id=asked.found.id, group_id=group_id, sign=sign, actor=request.actor, now=request.now
        )
    except Refusal as refusal:
        again = _asked(request, number, group_id)
        if again.refusal is not None:
            return frame.refused(request, again.found, refusal)
        return _choose_page(request, again, refusals.explain(request, refusal))
    if isinstance(chosen, SealedWish):
        messages.success(request, texts.say("turn.wished"))
    else:
        made.bring(request, asked.found, papers.WITH_A_REFERRAL)
        messages.success(request, texts.say("turn.issued"))
    return redirect("application.page", number=number)


def _wanted(request: HttpRequest, asked: _Asked) -> phone.Wanted:
    """The statement, for the telephone."""
    number = asked.found.number
    return phone.Wanted(
        purpose=SignaturePurpose.SIGN,
        content=stating.statement(asked.found, asked.group),
        titles={language: say_in(language, "phone-sign.choice", number=number) for language in LANGUAGES},
        person_id=request.actor.person_id,
        back=request.get_full_path(),
    )


def _choose_page(request: HttpRequest, asked: _Asked, status: str = "") -> HttpResponse:
    found, group = asked.found, asked.group
    kind, _ = choice.kind_of(group.kindergarten)
    facts = [
        ("apply.child", frame.child_name(found)),
        ("turn.col-kindergarten", frame.name(group.kindergarten)),
        ("places.group", group.name),
        ("school-year.label", years.said(years.of_group(group.school_year, on=localdate(request.now)))),
        ("school-year.from", years.note(group.school_year, on=localdate(request.now))),
        ("application.language", texts.say(f"language.{group.language}")),
        ("choose.kind", kind),
        ("choose.address", frame.address(group.kindergarten)),
        ("choose.phone", group.kindergarten.phone),
    ]
    is_private = asked.right is Right.PRIVATE
    days = int(law.rulebook(found.territory_id).term("referral.validity", on=localdate(request.now)).value)
    context = {
        "facts": [{"label": texts.say(key), "value": value} for key, value in facts if value],
        "unwished": bool(found.languages) and group.language not in found.languages,
        "consequence": texts.say(f"turn.means-{asked.right}", days=days),
        "private": is_private,
        "deadline": cards.term_strip(found, now=request.now),
        "status": status,
        "action": request.path,
        "content_url": reverse("turn.statement", args=[found.number, group.id]),
        "statement": stating.statement(found, group).decode(),
        "iin": people.iin_of(request.actor.person_id),
        "back_url": reverse("turn.private" if is_private else "turn.places", args=[found.number]) + "?ok=1",
    }
    title = texts.say("turn.sign-title")
    return frame.page(request, "turn_choose", title, *frame.trail_to(found), **context)


@access(own_application)
@require_GET
def statement(request: HttpRequest, number: str, group_id: int) -> HttpResponse:
    """The bytes that are signed."""
    asked = _asked(request, number, group_id)
    if asked.refusal is not None:
        raise Http404
    return HttpResponse(stating.statement(asked.found, asked.group), content_type="text/plain; charset=utf-8")


def _place_name(group_id: int) -> str:
    group = Group.objects.select_related("kindergarten").get(id=group_id)
    return f"{frame.name(group.kindergarten)}, {group.name}"


def _where(group_id: int) -> list[dict[str, str]]:
    row = Group.objects.select_related("kindergarten").get(id=group_id).kindergarten
    facts = [
        ("turn.col-kindergarten", _place_name(group_id)),
        ("choose.address", frame.address(row)),
        ("choose.phone", row.phone),
    ]
    return [{"label": texts.say(key), "value": value} for key, value in facts if value]


@access(own_application)
@require_GET
def after(request: HttpRequest, number: str) -> HttpResponse:
    """«Мен жолдама алдым, әрі қарай не істеуім керек?» (004), with the papers and what may not be asked."""
    found = frame.application(request, number)
    referral = referrals.live_referral(found.id)
    if referral is None:
        return redirect("application.page", number=number)
    context = {
        "steps": [texts.say(f"after.step-{n}") for n in (1, 2, 3, 4)],
        "papers": [texts.say(f"paper.{paper.kind}") for paper in linear.papers_to_bring()],
        "may_refuse": [texts.say(f"after.refusable-{n}") for n in (1, 2, 3)],
        "facts": _where(referral.group_id),
        "deadline": cards.term_strip(found, now=request.now),
        "child": frame.child_name(found),
        "back_url": reverse("application.page", args=[number]),
    }
    return frame.page(request, "referral_after", texts.say("after.title"), *frame.trail_to(found), **context)
