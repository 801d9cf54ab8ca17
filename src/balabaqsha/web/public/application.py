"""One application as anybody who has its number may see it: state, place, deadline and causes, nothing personal."""

from collections.abc import Sequence
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from balabaqsha.accounts import rules
from balabaqsha.accounts.access import access, public
from balabaqsha.applications import queries as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Kind, State
from balabaqsha.journeys import sweep
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law.lists import BenefitStatus
from balabaqsha.line import queries as lines
from balabaqsha.line import rules as lines_rules
from balabaqsha.line.queries import PlaceInLine
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.transparency import queries as transparency
from balabaqsha.transparency.ledger import LedgerLine
from balabaqsha.web.kit import causes, deadlines, menus, states
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
    State.REFERRAL_ISSUED: "queue.term-referral",
    State.REGISTERED: "queue.term-contract",
    State.CONTRACT_WITH_PARENT: "queue.term-contract",
    State.STOP_LISTED: "queue.term-stop-list",
    State.ENROLLED: "queue.term-transfer",
}
# What a state means differs between the regimes in these.
_OTHERWISE_LINEAR = frozenset({State.WAITING, State.STOP_LISTED})


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
        "place": _place(found, standing, as_of=request.now) if standing else None,
        "stages": states.stages(found.state),
        "meaning": say(_meaning(found)),
        "deadline": _deadline(request, found),
        "territory": place.written_name(name),
        "kind": say("queue.kind-special" if found.kind == Kind.SPECIAL else "queue.kind-general"),
        "moves": _moves(ledger[:_OPEN_MOVES]),
        "earlier": _moves(ledger[_OPEN_MOVES:_MOST_MOVES]),
        "up": say(_queue_of(found)),
        "queue_url": menus.address(_queue_of(found)),
        **_order(found, today=localdate(request.now)),
    }


def _queue_of(found: Application) -> str:
    return "nav.linear-queue" if found.regime == Regime.LINEAR else "nav.voucher-queue"


def _place(found: Application, standing: PlaceInLine, *, as_of: datetime) -> dict[str, object]:
    place = {"number": standing.number, "in_category": standing.number_in_category, "as_of": as_of}
    if found.regime == Regime.LINEAR:
        place["within"] = say(f"place.in-list-{BenefitStatus(found.benefit).tier}")
    return place


def _order(found: Application, *, today: date) -> dict[str, str]:
    """By what the line is ordered: categories, or three lists of which two are served in turns."""
    if found.regime != Regime.LINEAR:
        return {"within": say("queue.category"), "within_name": str(found.category), "order": say("queue.order")}
    cycle = lines_rules.cycle(law.national_term("line.priority_cycle", today).value)
    return {
        "within": say("queue.list"),
        "within_name": say(f"tier.{BenefitStatus(found.benefit).tier}"),
        "in_within": say("queue.in-list"),
        "order": say("queue.order-linear", n=cycle.ordinary),
    }


def _meaning(found: Application) -> str:
    otherwise = found.regime == Regime.LINEAR and found.state in _OTHERWISE_LINEAR
    return f"queue.meaning-{'linear-' if otherwise else ''}{found.state}"


def _deadline(request: HttpRequest, found: Application) -> deadlines.Deadline | None:
    if found.due_at is None or found.due_from is None:
        return None
    titles = _LINEAR_TERMS if found.regime == Regime.LINEAR else _TERMS
    return deadlines.deadline(
        id="term",
        title=say(titles[State(found.state)]),
        started=found.due_from,
        due=found.due_at,
        now=request.now,
        # The voucher regime's stop list is counted in calendar days.
        calendar=deadlines.EveryDay() if titles is _TERMS and found.state == State.STOP_LISTED else law.calendar(),
    )


def _moves(ledger: Sequence[LedgerLine]) -> list[dict[str, object]]:
    return [
        {
            "by": 0 if line.before is None or line.after is None else line.after - line.before,
            "cause": causes.sentence(line, for_the_family=False),
            "note": _note(line),
            "at": line.at,
        }
        for line in ledger
    ]


def _note(line: LedgerLine) -> str:
    if line.before is None:
        return say("queue.first-place", place=line.after)
    return say("queue.from-to", before=line.before, after=line.after)
