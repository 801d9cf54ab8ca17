"""How an application of a linear territory stands for its family: what is open to it, its buttons, its captions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from balabaqsha.applications.models import Application
from balabaqsha.applications.states import MAY_TAKE_A_REFERRAL, State
from balabaqsha.journeys import referring
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Group, Ownership
from balabaqsha.law import lists
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.line import linear as lines
from balabaqsha.referrals import queries as referrals
from balabaqsha.referrals.models import Referral
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kit import texts

Add = Callable[..., None]


def is_linear(found: Application) -> bool:
    """Whether the application stands in the linear regime."""
    return bool(found.regime == Regime.LINEAR)


@dataclass(frozen=True)
class Door:
    """By what right a family may look at the free places now; `facts` fill the blanks of the words before the list."""

    right: str
    facts: dict[str, Any]


def door(found: Application, *, now: datetime) -> Door | None:
    """The turn, or the free choice that is open to this application; None where neither is."""
    if not is_linear(found):
        return None
    rulebook, today = law.rulebook(found.territory_id), localdate(now)
    if found.state == State.TURN_OFFERED:
        return Door("TURN", {"due": found.due_at, "days": rulebook.term("referral.validity", on=today).value})
    key = lines.key_of(found)
    line = lines.row(key) if key else None
    right = referring.open_by(line) if line else None
    if found.state != State.WAITING or line is None or right is None:
        return None
    age = int(rulebook.term("turn.min_age", on=today).value)
    if law_rules.birthday_moment(found.born_on, age) >= now:
        return None
    days = rulebook.term("referral.validity", on=today).value
    return Door(right.value, {"due": line.round_ends_at or "", "days": days})


def may_take_private(found: Application) -> bool:
    """Whether the state lets a family ask for a private place; the other conditions are said on its page."""
    return is_linear(found) and found.state in MAY_TAKE_A_REFERRAL


def has_private_groups(found: Application, *, now: datetime) -> bool:
    """Whether a private kindergarten has a free state-order place for the child. One query."""
    groups = Group.objects.filter(
        territory_id=found.territory_id,
        birth_year=found.birth_year,
        correction=found.correction,
        kindergarten__ownership=Ownership.PRIVATE,
    )
    return bool(kindergartens.free_places(now).filter(group__in=groups).exists())


def papers_to_bring() -> tuple[lists.AdmissionPaper, ...]:
    """The five papers of 004, complete and sufficient."""
    return lists.admission_papers(Regime.LINEAR)


def add_buttons(found: Application, add: Add, *, now: datetime) -> None:
    """The buttons of a linear application before its contract."""
    if door(found, now=now) is not None:
        add("referral.choose-place", "turn.places", icon="school")
    if may_take_private(found) and has_private_groups(found, now=now):
        add("referral.choose-private", "turn.private", kind="secondary", icon="building-2")
    referral = referrals.live_referral(found.id)
    if referral is None:
        return
    if found.state in {State.REFERRAL_ISSUED, State.REGISTERED}:
        add("after.short", "referral.after", icon="file-check")
    if found.state == State.REFERRAL_ISSUED:
        _add_issued(referral, add, now=now)


def add_papers_time(found: Application, add: Add) -> None:
    """The button by which a registered family takes more time for its papers; it stands after that of the contract."""
    if found.state not in {State.REGISTERED, State.CONTRACT_WITH_PARENT}:
        return
    referral = referrals.live_referral(found.id)
    if referral is not None and referral.papers_time_at is None:
        add("referral.papers-time", "referral.papers-time", kind="secondary", icon="calendar-clock")


def _add_issued(referral: Referral, add: Add, *, now: datetime) -> None:
    if referral.extended_at is None:
        add("referral.extend", "referral.extend", kind="secondary", icon="calendar-clock")
    if now <= referral.give_back_until:
        add("referral.give-back", "referral.give-back", kind="quiet", icon="rotate-ccw")


def sentences(found: Application, *, now: datetime) -> list[str]:
    """What a linear application's card says beside the sentence of its state."""
    if not is_linear(found):
        return []
    said = []
    ends_at = law.freeze_ends_at(found.territory_id, now) if found.state == State.WAITING else None
    if ends_at is not None:
        said.append(texts.say("linear.frozen", date=localdate(ends_at)))
    opened = door(found, now=now)
    if opened is not None and found.state == State.WAITING:
        said.append(texts.say(f"linear.open-{opened.right}", **opened.facts))
    if found.state == State.REFERRAL_ISSUED and referring.awaits_out_of_turn_decision(found.id):
        said.append(texts.say("linear.officer-first"))
    if found.misses:
        most = law.rulebook(found.territory_id).term("referral.misses_to_remove", on=localdate(now)).value
        said.append(texts.say("linear.misses", n=found.misses, most=most))
    return said


def term_title(found: Application) -> str:
    """What the running term is called where it is counted by the validity of the referral, but is one of the contract."""
    signs = is_linear(found) and found.state in {State.REGISTERED, State.CONTRACT_WITH_PARENT}
    return texts.say("queue.term-contract") if signs else ""


def reminders(found: Application) -> list[str]:
    """What stands below the strip of a linear term."""
    referral = referrals.live_referral(found.id)
    if referral is None:
        return []
    said = []
    if found.state == State.REFERRAL_ISSUED:
        said.append(
            texts.say("linear.extended", n=referral.extended_days)
            if referral.extended_at
            else texts.say("linear.may-extend")
        )
        said.append(texts.say("give-back.until", due=referral.give_back_until))
    if referral.papers_time_at is not None:
        said.append(texts.say("linear.papers-time-used"))
    return said


def caption(found: Application) -> str:
    """What stands under the stage of waiting: the turn, or the referral that came of it."""
    referral = referrals.latest_referral(found.id)
    if referral is not None:
        return texts.say("linear.caption", state=texts.say(f"referral-state.{referral.state}"))
    return texts.say("state.TURN_OFFERED") if found.state == State.TURN_OFFERED else ""
