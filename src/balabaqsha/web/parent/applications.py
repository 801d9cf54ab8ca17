"""«Менің өтініштерім»: the cards, the list of 001, the archive, one application, withdrawing and leaving."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import (
    access,
    application_in_sight,
    application_to_see,
    family_desk,
    own_application,
)
from balabaqsha.admissions import queries as admissions
from balabaqsha.applications import queries
from balabaqsha.applications.links import queries as links
from balabaqsha.applications.models import Application, BenefitClaim, Draft
from balabaqsha.applications.states import MAY_CHANGE_BENEFIT, Kind, State
from balabaqsha.journeys import applying, leaving
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.people import queries as people
from balabaqsha.transparency import card as facts
from balabaqsha.web.kit import card as words
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import pages, plain, texts
from balabaqsha.web.parent import cards, frame, linear, made, special, telling
from balabaqsha.web.parent.forms import LeavingForm

_COLUMNS = ("no", "submitted", "child", "settlement", "kindergarten", "status")
_PAGE = 20


@access(family_desk)
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """The first page of the cabinet: every live application as a card, drafts, the chooser by kind of queue."""
    kind = _kind(request)
    live = [one for one in frame.in_sight(request) if one.state != State.ARCHIVED and kind in {"", one.kind}]
    context = {
        "cards": _cards(request, live),
        "drafts": [] if kind else [_draft(one) for one in _drafts(request)],
        "kinds": _kinds(kind),
        "tabs": tabs("cards", request.actor),
        "announcements": _announcements(request, live),
    }
    return frame.page(request, "applications", texts.say("parent.applications"), **context)


def _announcements(request: HttpRequest, live: list[Application]) -> list[plain.Shown]:
    """What the departments of the territories in which the family waits tell."""
    codes = list(dict.fromkeys(one.territory_id for one in live))
    return plain.announcements(codes, on=localdate(request.now)) if codes else []


@access(family_desk)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """«Өтініштер тізімі» with the six columns of 001."""
    kind = _kind(request)
    live = [one for one in frame.in_sight(request) if one.state != State.ARCHIVED and kind in {"", one.kind}]
    return _list(request, live, "applications.title", "list", kind)


@access(family_desk)
@require_GET
def archive(request: HttpRequest) -> HttpResponse:
    """«Өтініштер мұрағаты», in the same columns."""
    kind = _kind(request)
    ended = [one for one in frame.in_sight(request) if one.state == State.ARCHIVED and kind in {"", one.kind}]
    return _list(request, ended, "applications.archive", "archive", kind)


def _cards(request: HttpRequest, found: list[Application]) -> list[cards.Card]:
    to_act_on = frame.to_act_on(request, found)
    return [_card_for(request, one, may_act=one.id in to_act_on) for one in found]


def _card_for(request: HttpRequest, found: Application, *, may_act: bool) -> cards.Card:
    """The card with what the reader may do: nothing, where it stands in the other parent's name or their own time is over."""
    linked_from = "" if frame.is_applicant(request, found) else frame.applicant(request, found)
    return cards.card(found, actor=request.actor, now=request.now, linked_from=linked_from, may_act=may_act)


@access(application_in_sight)
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """One application whole: card, why the place changed, history, the rule behind the term."""
    found = frame.application(request, number)
    term = cards.running_term(found)
    # Papers and the whole card hold more of the parent than a trusted person needs.
    whole = own_application.admits(request.actor)
    own = whole and frame.is_applicant(request, found)
    (card,) = _cards(request, [found])
    context = {
        "card": card,
        "others": _others(found) if own else [],
        "moves": telling.moves(found),
        "events": telling.history(found, named=frame.is_applicant(request, found)),
        "claims": _claims(found) if whole else [],
        "may_change_benefit": own and card.may_act and found.state in MAY_CHANGE_BENEFIT,
        "is_waiting": own and card.may_act and found.state in MAY_CHANGE_BENEFIT,
        "wishes": _wishes(found),
        "special": special.facts(found) if whole else [],
        "number": found.number,
        "documents": made.rows(found) if own else made.rows_in_sight(found) if whole else [],
        **(_card(request, found) if whole else {}),
        "category": found.category,
        "tier": found.tier if linear.is_linear(found) else "",
        "term_source": cards.term_source(term) if term else "",
        "term_assumed": bool(term and term.assumed),
    }
    trail = frame.trail_to(found)[0]
    return frame.page(request, "application", texts.say("application.title", number=number), trail, **context)


def _card(request: HttpRequest, found: Application) -> dict[str, Any]:
    """The fields of 003, figure 6; of the other parent's contacts nothing is shown."""
    known = facts.card(found)
    if not frame.is_applicant(request, found):
        name = [{"label": texts.say("card.full-name"), "value": frame.applicant(request, found)}]
        shown = {"applicant": name, "child": words.of_child(known)}
        return {"facts_card": [_part(key, part) for key, part in shown.items()], "lacking": []}
    parts = {
        "applicant": words.of_applicant(known),
        "child": words.of_child(known),
        "filed": words.of_application(known, found, texts.say(f"state.{found.state}")),
    }
    return {"facts_card": [_part(key, part) for key, part in parts.items()], "lacking": words.lacking(known)}


def _others(found: Application) -> list[dict[str, Any]]:
    """Who sees the application beside its applicant."""
    return [{"name": frame.masked(one), "linked_at": one.linked_at} for one in links.linked_to(found.id)]


def _part(key: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"id": key, "title": texts.say(f"card.{key}"), "facts": rows}


@access(application_to_see)
@require_GET
def sent(request: HttpRequest, number: str) -> HttpResponse:
    """«Өтініш нөмірін сақтаңыз»: the number and the place, once the application has been sent."""
    found = frame.application(request, number)
    context = {
        "application": found,
        "card": _cards(request, [found])[0],
        "claim": queries.latest_claim(found.id),
        "receipt": made.receipt(found) if request.actor.counter else "",
        "queue": texts.say("nav.linear-queue" if linear.is_linear(found) else "nav.voucher-queue"),
    }
    return frame.page(request, "sent", texts.say("sent.title"), frame.trail_to(found)[0], **context)


@access(own_application)
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Close the application at the family's wish; what it costs is said first."""
    found = frame.application(request, number)
    if request.method == "POST":
        try:
            applying.withdraw(application_id=found.id, actor=request.actor, now=request.now)
        except Refusal as refusal:
            return frame.refused(request, found, refusal)
        messages.success(request, texts.say("withdraw.done", number=number))
        return redirect("application.page", number=number)
    consequence = "withdraw.loses-held" if found.due_at else "withdraw.loses-place"
    dialog = {
        "id": "withdraw",
        "title": texts.say("withdraw.question", number=number),
        "text": texts.say("withdraw.text"),
        "no_title": texts.say("withdraw.if"),
        "no_text": texts.say(consequence),
        "action": request.path,
        "no": texts.say("application.withdraw"),
        "back_url": reverse("application.page", args=[number]),
    }
    return frame.page(request, "consequence", texts.say("application.withdraw"), *frame.trail_to(found), dialog=dialog)


@access(own_application)
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """An enrolled child leaves its kindergarten; the reason is of the closed list."""
    found = frame.application(request, number)
    enrolment = admissions.enrolment(found.id)
    form = LeavingForm(frame.posted(request))
    if enrolment is None and request.method == "POST":
        # A second click, or another tab: the child has left.
        return frame.refused(request, found, NotInThisState(move="leave", state=found.state))
    if enrolment is None:
        return redirect("application.page", number=number)
    if request.method == "POST" and form.is_valid():
        try:
            leaving.leave(
                application_id=found.id, reason=form.cleaned_data["reason"], actor=request.actor, now=request.now
            )
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            messages.success(request, texts.say("leave.done"))
            return redirect("application.page", number=number)
    context = {
        "form": form,
        "kindergarten": frame.name(enrolment.group.kindergarten),
        "child": frame.child_name(found),
        "back_url": reverse("application.page", args=[number]),
    }
    return frame.page(request, "leave", texts.say("leave.title"), *frame.trail_to(found), **context)


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in Kind.values else ""


def _kinds(chosen: str) -> list[dict[str, Any]]:
    return [{"value": "", "text": texts.say("applications.any-kind"), "chosen": not chosen}] + [
        {"value": kind, "text": texts.say(f"queue-kind.{kind}"), "chosen": kind == chosen} for kind in Kind.values
    ]


def tabs(current: str, actor: Actor) -> list[dict[str, Any]]:
    """The ways to look at the family's applications that the actor has."""
    names = {
        "cards": "parent.applications",
        "list": "applications.title",
        "archive": "applications.archive",
        "journal": "journal.title",
    }
    return [
        {"text": texts.say(f"applications.tab-{tab}"), "url": reverse(page), "current": tab == current, "count": None}
        for tab, page in names.items()
        if frame.is_open(reverse(page), actor)
    ]


def _drafts(request: HttpRequest) -> list[Draft]:
    """The person's own; a trusted person, who does not apply, sees none."""
    return queries.open_drafts(request.actor.person_id) if request.actor.role is Role.PARENT else []


def _draft(draft: Draft) -> dict[str, Any]:
    child_id = draft.answers.get("child")
    name = people.person_card(child_id).full_name if child_id else texts.say("draft.no-child")
    return {"token": draft.token, "child": name, "step": draft.step, "updated_at": draft.updated_at}


def _list(request: HttpRequest, found: list[Application], title: str, tab: str, kind: str) -> HttpResponse:
    page = pages.page_of(request)
    shown = found[(page - 1) * _PAGE : page * _PAGE]
    chosen: dict[int, str] = {}
    for admission in admissions.admissions_of([one.id for one in shown]):
        chosen.setdefault(admission.application_id, frame.name(admission.group.kindergarten))
    context = {
        "columns": [{"label": texts.say(f"applications.col-{column}")} for column in _COLUMNS],
        "rows": [_row(one, chosen.get(one.id, "–")) for one in shown],
        "kinds": _kinds(kind),
        "tabs": tabs(tab, request.actor),
        "pager": pages.pager(request, page=page, total=len(found), size=_PAGE),
        "caption": texts.say(title),
    }
    return frame.page(
        request,
        "applications_list",
        texts.say(title),
        (texts.say("parent.applications"), reverse("parent.applications")),
        **context,
    )


def _row(found: Application, kindergarten: str) -> dict[str, Any]:
    look = cards.states.LOOKS[found.state]
    status = f"reason.{found.reason}" if found.reason else f"state.{found.state}"
    return {
        "url": reverse("application.page", args=[found.number]),
        "cells": [
            f"№ {found.number}",
            texts.say("moment.only", due=found.original_at),
            frame.child_name(found),
            frame.settlement(found),
            kindergarten,
            {"badge": texts.say(status), "tone": look.tone, "icon": look.icon},
        ],
    }


def _claims(found: Application) -> list[BenefitClaim]:
    """The benefits that count or are being checked; the last one that ended, where it is the latest."""
    latest, live = queries.latest_claim(found.id), list(queries.live_claims(found.id))
    return live if latest is None or latest in live else [*live, latest]


def _wishes(found: Application) -> list[str]:
    rows = found.wishes.select_related("kindergarten").order_by("rank")
    return [frame.name(wish.kindergarten) for wish in rows]
