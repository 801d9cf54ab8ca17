"""Turns and referrals of linear territories: those that run, the soonest due first, and those that lapsed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_case
from balabaqsha.applications.models import Application
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.law import queries as law
from balabaqsha.locale import written
from balabaqsha.notifications import queries as notifications
from balabaqsha.notifications.queries import Informed
from balabaqsha.referrals.models import Referral, Turn
from balabaqsha.referrals.states import ReferralState, Review, TurnState
from balabaqsha.web.department import pages
from balabaqsha.web.department.forms import TurnsForm
from balabaqsha.web.kit import due, texts, worklists
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50


@dataclass(frozen=True)
class _List:
    """One of the four lists: its rows in their order, the labels of its columns, the cells beside a number."""

    rows: Callable[[HttpRequest], QuerySet[Any]]
    columns: tuple[str, ...]
    cells: Callable[[Any, dict[int, Informed]], list[str]]
    runs: bool
    # Key of the message that informs the family, where the list says whether it has come.
    told: str


@access(department_case)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """One of the lists with its filters; each row opens the case, names stay masked until then."""
    asked = request.GET.get("list", "")
    name = asked if asked in _LISTS else "turns"
    chosen = _LISTS[name]
    form = TurnsForm(request.GET, years=years(request))
    typed: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    found = _filtered(chosen.rows(request), typed, request)
    total = found.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    rows = list(found.select_related("application__child")[start : start + SIZE])
    told = notifications.informed(chosen.told, [one.application_id for one in rows]) if chosen.told else {}
    context = {
        "form": form,
        "list": name,
        "runs": chosen.runs,
        "total": total,
        "pager": shown,
        "chosen": sum(1 for value in typed.values() if value),
        "caption": texts.say(f"turns.tab-{name}"),
        "lead": texts.say(f"turns.lead-{name}"),
        "columns": _columns(chosen),
        "rows": [_row(one, chosen, told, request) for one in rows],
        "tabs": [_tab(one, name) for one in _LISTS],
    }
    return pages.page(request, "turns", "officer.turns", **context)


def years(request: HttpRequest) -> list[int]:
    """Birth years of the officer's linear lines, the youngest first. One query."""
    rows = pages.linear_lines(request).order_by("-birth_year")
    return list(rows.values_list("birth_year", flat=True).distinct())


def ends_today(rows: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
    """Of these turns or referrals, those whose term ends on this national day."""
    today = localdate(request.now)
    return rows.filter(due_at__gte=start_of(today), due_at__lt=start_of(today + timedelta(days=1)))


def running_turns(request: HttpRequest) -> QuerySet[Turn]:
    """Turns that families have now, the soonest due first."""
    return pages.turns(request).filter(state=TurnState.OFFERED).order_by("due_at", "id")


def running_referrals(request: HttpRequest) -> QuerySet[Referral]:
    """Referrals that wait for the family's visit, the soonest due first."""
    return pages.referrals(request).filter(state=ReferralState.ISSUED).order_by("due_at", "id")


def _lapsed_turns(request: HttpRequest) -> QuerySet[Turn]:
    return pages.turns(request).filter(state=TurnState.LAPSED).order_by("-ended_at", "-id")


def _lapsed_referrals(request: HttpRequest) -> QuerySet[Referral]:
    rows = pages.referrals(request).filter(state=ReferralState.LAPSED).order_by("-ended_at", "-id")
    return rows.select_related("group__kindergarten")


def _filtered(found: QuerySet[Any], typed: dict[str, Any], request: HttpRequest) -> QuerySet[Any]:
    if typed.get("number"):
        found = found.filter(application__number__startswith="".join(typed["number"].split()))
    if typed.get("birth_year"):
        found = found.filter(application__birth_year=typed["birth_year"])
    return ends_today(found, request) if typed.get("due") == "today" else found


def _columns(chosen: _List) -> list[Any]:
    labels = [texts.say(key) for key in ("department.number", "kg.child", *chosen.columns)]
    # A list of work has a column of terms of its own; the others are plain tables.
    return labels if chosen.runs else [{"label": label} for label in labels]


def _row(one: Any, chosen: _List, told: dict[int, Informed], request: HttpRequest) -> dict[str, Any]:
    application: Application = one.application
    url = pages.case_url(application)
    cells = [worklists.masked(application.child), *chosen.cells(one, told)]
    if not chosen.runs:
        return {"url": url, "cells": [application.number, *cells]}
    standing = due.standing(one.due_at, now=request.now, calendar=law.calendar())
    return worklists.work(application.number, url, cells, standing)


def _turn(turn: Turn, told: dict[int, Informed]) -> list[str]:
    informed = _informed(told.get(turn.application_id), since=turn.offered_at)
    return [str(turn.application.birth_year), written.moment(turn.offered_at), informed]


def _lapsed_turn(turn: Turn, _: dict[int, Informed]) -> list[str]:
    ended = written.moment(turn.ended_at) if turn.ended_at else ""
    now_is = texts.say(f"state.{turn.application.state}.officer")
    return [str(turn.application.birth_year), ended, texts.say("turns.opened"), now_is]


def _referral(referral: Referral, told: dict[int, Informed]) -> list[str]:
    informed = _informed(told.get(referral.application_id), since=referral.issued_at)
    term = texts.say("turns.as-issued")
    if referral.extended_at is not None:
        key = f"extension-review.{referral.review or 'NONE'}"
        term = f"{texts.say('turns.extended', n=referral.extended_days)}, {texts.say(key)}"
    return [pages.group_name(referral.group), written.moment(referral.issued_at), term, informed]


def _lapsed_referral(referral: Referral, _: dict[int, Informed]) -> list[str]:
    ended = written.moment(referral.ended_at) if referral.ended_at else ""
    # A referral that ended by the withdrawal of its extension, unregistered, counts no miss (rules, section 6.5).
    by_review = referral.review == Review.WITHDRAWN and referral.registered_at is None
    why = "turns.ended-by-review" if by_review else "turns.not-signed" if referral.registered_at else "turns.not-come"
    misses = texts.say("turns.misses", n=referral.application.misses)
    now_is = texts.say(f"state.{referral.application.state}.officer")
    return [pages.group_name(referral.group), ended, texts.say(why), misses, now_is]


def _informed(last: Informed | None, *, since: datetime) -> str:
    """A message about an earlier turn or referral says nothing of this one."""
    return texts.say(f"informed.{last.sms if last and last.at >= since else 'NOT_YET'}")


def _tab(name: str, current: str) -> dict[str, Any]:
    url = "?" if name == "turns" else f"?list={name}"
    return {"text": texts.say(f"turns.tab-{name}"), "url": url, "current": name == current, "count": None}


_LISTS = {
    "turns": _List(running_turns, ("kg.birth-year", "turns.given-at", "turns.informed"), _turn, True, "turn-came"),
    "lapsed-turns": _List(
        _lapsed_turns,
        ("kg.birth-year", "turns.lapsed-at", "turns.what-opened", "department.state"),
        _lapsed_turn,
        False,
        "",
    ),
    "referrals": _List(
        lambda request: running_referrals(request).select_related("group__kindergarten"),
        ("fact.group", "turns.issued-at", "turns.term", "turns.informed"),
        _referral,
        True,
        "referral-issued",
    ),
    "lapsed-referrals": _List(
        _lapsed_referrals,
        ("fact.group", "turns.lapsed-at", "turns.why", "turns.col-misses", "department.state"),
        _lapsed_referral,
        False,
        "",
    ),
}
