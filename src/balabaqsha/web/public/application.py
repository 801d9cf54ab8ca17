"""One application as anybody who has its number may see it: state, place, deadline and causes, nothing personal."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from balabaqsha.accounts import rules
from balabaqsha.accounts.access import access, public
from balabaqsha.applications import queries as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Kind, State
from balabaqsha.journeys import sweep
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import queries as law
from balabaqsha.line import queries as lines
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.transparency import queries as transparency
from balabaqsha.transparency.ledger import Cause, LedgerLine
from balabaqsha.web.kit import deadlines, menus, states
from balabaqsha.web.kit.forms import blame
from balabaqsha.web.kit.texts import language, say
from balabaqsha.web.public import limits, place
from balabaqsha.web.public.queue import NumberForm

# The newest stand open, the others fold away.
_OPEN_MOVES = 20
_MOST_MOVES = 300
# Whose term runs in a state: the sentence over the strip of days.
_TERMS = {
    State.VOUCHER_OFFERED: "queue.term-confirm",
    State.VOUCHER_ACTIVE: "queue.term-choose",
    State.CONTRACT_AWAITED: "queue.term-choose",
    State.CONTRACT_WITH_PARENT: "queue.term-choose",
    State.STOP_LISTED: "queue.term-restore",
    State.ENROLLED: "queue.term-transfer",
}
_LINEAR_TERMS = {
    State.TURN_OFFERED: "queue.term-turn",
    State.REFERRAL_ISSUED: "queue.term-register",
    State.REGISTERED: "queue.term-sign",
    State.CONTRACT_WITH_PARENT: "queue.term-sign",
    State.STOP_LISTED: "queue.term-stop-list",
    State.ENROLLED: "queue.term-transfer",
}
# What these states mean differs by regime.
_OTHERWISE_IN_LINEAR = frozenset({State.WAITING, State.STOP_LISTED})
# A benefit is nobody else's business: its causes tell of the category only.
_PRIVATE = frozenset({"OWN_BENEFIT_CONFIRMED", "OWN_BENEFIT_ENDED"})


@access(public)
def application(request: HttpRequest, number: str) -> HttpResponse:
    """The page of an application; a wrong and an unknown number are answered alike, with what to check."""
    form = NumberForm({"number": number})
    try:
        limits.count(request, rules.LOOKUPS_OF_ADDRESS)
    except Refusal as refusal:
        form.is_valid()
        blame(form, refusal)
        return _ask(request, form, status=429)
    if not form.is_valid():
        return _ask(request, form, status=404)
    found = applications.by_number(form.cleaned_data["number"])
    if found is None:
        form.add_error("number", "queue.number-unknown")
        return _ask(request, form, status=404)
    sweep.catch_up(now=request.now, application_id=found.id)
    found.refresh_from_db()
    return render(request, "public/application.html", _context(request, found))


def _ask(request: HttpRequest, form: NumberForm, *, status: int) -> HttpResponse:
    context = {"form": form, "back_url": menus.address("nav.voucher-queue")}
    return render(request, "public/application_find.html", context, status=status)


def _context(request: HttpRequest, found: Application) -> dict[str, object]:
    standing = lines.place_in_line(found)
    ledger = transparency.ledger_of(found) if standing else []
    name = territories.name(found.territory_id, language())
    return {
        "wide_data": True,
        "application": found,
        "number_form": NumberForm({"number": found.number}),
        "as_of": request.now,
        "standing": standing,
        "place": {
            "number": standing.number,
            "in_category": standing.number_in_category,
            "within": say(f"place.in-list-{found.tier}") if found.regime == Regime.LINEAR else "",
            "as_of": request.now,
        }
        if standing
        else None,
        "stages": states.stages(found.state),
        "meaning": say(_meaning(found)),
        "deadline": _deadline(request, found),
        "territory": place.written_name(name),
        "kind": say("queue.kind-special" if found.kind == Kind.SPECIAL else "queue.kind-general"),
        "moves": _moves(ledger[:_OPEN_MOVES]),
        "earlier": _moves(ledger[_OPEN_MOVES:_MOST_MOVES]),
        "linear": found.regime == Regime.LINEAR,
        "up": say(_queue_of(found)),
        "queue_url": menus.address(_queue_of(found)),
    }


def _queue_of(found: Application) -> str:
    return "nav.linear-queue" if found.regime == Regime.LINEAR else "nav.voucher-queue"


def _meaning(found: Application) -> str:
    otherwise = found.regime == Regime.LINEAR and found.state in _OTHERWISE_IN_LINEAR
    return f"queue.meaning-{found.state}" + ("-linear" if otherwise else "")


def _deadline(request: HttpRequest, found: Application) -> deadlines.Deadline | None:
    if found.due_at is None or found.due_from is None:
        return None
    linear = found.regime == Regime.LINEAR
    # In a voucher territory the stop list is counted in calendar days, in a linear one in working days.
    every_day = found.state == State.STOP_LISTED and not linear
    return deadlines.deadline(
        id="term",
        title=say((_LINEAR_TERMS if linear else _TERMS)[State(found.state)]),
        started=found.due_from,
        due=found.due_at,
        now=request.now,
        calendar=deadlines.EveryDay() if every_day else law.calendar(),
    )


def _moves(ledger: Sequence[LedgerLine]) -> list[dict[str, object]]:
    return [
        {
            "by": 0 if line.before is None or line.after is None else line.after - line.before,
            "cause": "; ".join(_sentence(cause) for cause in line.causes),
            "note": _note(line),
            "at": line.at,
        }
        for line in ledger
    ]


def _sentence(cause: Cause) -> str:
    if cause.code in _PRIVATE:
        return say("queue.own-category", category=cause.category)
    return say(f"cause.{cause.code}", n=cause.n, category=cause.category)


def _note(line: LedgerLine) -> str:
    if line.before is None:
        return say("queue.first-place", place=line.after)
    return say("queue.from-to", before=line.before, after=line.after)
