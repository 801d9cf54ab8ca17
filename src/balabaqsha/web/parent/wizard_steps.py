"""The questions of an application: in which order they come, which form asks each, what is kept of the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest

from balabaqsha.applications import queries as applications
from balabaqsha.applications.models import Draft
from balabaqsha.applications.states import Kind, State
from balabaqsha.journeys.applying import AlreadyApplied, AlreadyEnrolled, TooOld, WrongRegime
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import BenefitStatus
from balabaqsha.locale import written
from balabaqsha.people import queries as people
from balabaqsha.people.queries import ChildCard
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kit import nearby, texts
from balabaqsha.web.kit.nearby import Whence
from balabaqsha.web.parent import frame, home, papers, wizard_special
from balabaqsha.web.parent import wizard_forms as ask

Answers = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """One question. `form` makes its form for a draft; `take` gives the answers to keep and may raise a Refusal.

    A refusal is said beside `field`, or beside the one that `beside` names.
    """

    name: str
    form: Callable[[HttpRequest, Draft], forms.Form]
    take: Callable[[HttpRequest, Draft, Any], Answers]
    field: str | None = None
    applies: Callable[[Answers], bool] = lambda answers: True  # noqa: ARG005 - most questions are always asked
    beside: Callable[[Any, Refusal], str] | None = None


def is_special(answers: Answers) -> bool:
    """Whether the draft is for the special line."""
    return answers.get("kind") == Kind.SPECIAL


def children(request: HttpRequest) -> list[ChildCard]:
    """The children of whoever asks."""
    return people.children_of(request.actor.person_id, now=request.now)


def _child_form(request: HttpRequest, draft: Draft) -> forms.Form:
    known = [(one.person.id, one.person.full_name) for one in children(request)]
    return ask.ChildForm(frame.posted(request), children=known, initial=draft.answers)


def _take_child(request: HttpRequest, draft: Draft, form: Any) -> Answers:
    child_id = int(form.cleaned_data["child"])
    for other in applications.live_of_child(child_id):
        if other.in_private_place:
            # Enrolled by state order in a private kindergarten: a new application is its right (rules, 6.8).
            continue
        if other.state == State.ENROLLED:
            raise AlreadyEnrolled(number=other.number)
    standing = _standing(child_id)
    if standing.keys() >= set(Kind.values):
        raise AlreadyApplied(number=standing[Kind.GENERAL])
    if request.now > law_rules.max_age_moment(people.person_card(child_id).born_on):
        raise TooOld
    if child_id == draft.answers.get("child"):
        return {"child": child_id}
    # What was chosen for another child is asked anew.
    return {"child": child_id, "arkotek": None, "conclusion": None, "described": None, "wishes": None}


def _standing(child_id: int) -> dict[str, str]:
    """The number of the child's live application in each line; one beside a private place is no hindrance (rules, 6.8)."""
    return {one.kind: one.number for one in applications.live_of_child(child_id) if not one.in_private_place}


def _kind_form(request: HttpRequest, draft: Draft) -> forms.Form:
    return ask.KindForm(frame.posted(request), initial=draft.answers)


def _take_kind(request: HttpRequest, draft: Draft, form: Any) -> Answers:  # noqa: ARG001 - one shape for all
    kind = form.cleaned_data["kind"]
    standing = _standing(draft.answers["child"])
    if kind in standing:
        raise AlreadyApplied(number=standing[kind])
    return {"kind": kind} if kind == draft.answers.get("kind") else {"kind": kind, "wishes": None}


def _region_form(request: HttpRequest, draft: Draft) -> forms.Form:
    chosen = draft.answers.get("region") or _region_of_home(request)
    return ask.RegionForm(frame.posted(request), regions=regions(request), initial={"region": chosen})


def regions(request: HttpRequest) -> list[tuple[str, str]]:
    """Territories with a line first, by regime and name, then all that none serves."""
    own = territories.own_regimes(localdate(request.now))
    language = texts.language()
    ranked = sorted(own, key=lambda one: (one[1] != Regime.VOUCHER, written.sort_key(one[0].name_kk)))
    served = [
        (place.code, territories.spoken_name(place.code, language)) for place, regime in ranked if regime is not None
    ]
    others = [place for place, regime in own if regime is None] + territories.regions()
    named = [(place.code, territories.spoken_name(place.code, language)) for place in others]
    rest = sorted(named, key=lambda row: written.sort_key(row[1]))
    return served + [row for row in rest if row not in served]


def _region_of_home(request: HttpRequest) -> str:
    home = people.person_card(request.actor.person_id).territory_code
    served = [place.code for place, regime in territories.own_regimes(localdate(request.now)) if regime is not None]
    return next((code for code in served if home and territories.is_within(home, code)), "")


def _take_region(request: HttpRequest, draft: Draft, form: Any) -> Answers:
    code = form.cleaned_data["region"]
    regime = territories.regime_on(code, localdate(request.now))
    if regime is None:
        raise WrongRegime(regime=regime)
    if code == draft.answers.get("region"):
        return {"region": code}
    # What was chosen within another territory is asked anew.
    return {"region": code, "settlement": None, "wishes": None}


def settlements(region: str) -> list[tuple[str, str]]:
    """Settlements of the territory that have a kindergarten of their own, by name."""
    codes = Kindergarten.objects.filter(territory_id=region, closed_at=None, settlement__isnull=False)
    found = territories.names(set(codes.values_list("settlement_id", flat=True)), texts.language())
    return sorted(found.items(), key=lambda row: written.sort_key(row[1]))


def _settlement_form(request: HttpRequest, draft: Draft) -> forms.Form:
    known = settlements(draft.answers["region"])
    return ask.SettlementForm(frame.posted(request), settlements=known, initial=draft.answers)


def _take_settlement(request: HttpRequest, draft: Draft, form: Any) -> Answers:  # noqa: ARG001
    return {"settlement": form.cleaned_data["settlement"]}


def _languages_form(request: HttpRequest, draft: Draft) -> forms.Form:
    return ask.LanguagesForm(frame.posted(request), initial=draft.answers)


def _take_languages(request: HttpRequest, draft: Draft, form: Any) -> Answers:  # noqa: ARG001
    return {"languages": form.cleaned_data["languages"]}


def _benefit_form(request: HttpRequest, draft: Draft) -> forms.Form:
    return ask.BenefitForm(frame.posted(request), frame.sent_files(request), initial=draft.answers)


def _take_benefit(request: HttpRequest, draft: Draft, form: Any) -> Answers:
    status = BenefitStatus(form.cleaned_data["benefit"])
    consent = form.cleaned_data["ask_register"]
    proof = papers.proof(request, child_id=draft.answers["child"], status=status, consent=consent)
    return {"benefit": status.value, "proof": proof, "ask_register": consent}


def _papers_form(request: HttpRequest, draft: Draft) -> forms.Form:  # noqa: ARG001
    return ask.PapersForm(frame.posted(request))


def _take_papers(request: HttpRequest, draft: Draft, form: Any) -> Answers:  # noqa: ARG001
    return {"papers": True}


def kindergartens(answers: Answers, whence: Whence) -> list[tuple[int, str]]:
    """The kindergartens of the territory with a group of the child's birth year, by name, or nearest first.

    For a special application those with groups of its type only (rules, section 4).
    """
    born_on = people.person_card(answers["child"]).born_on
    rows = Kindergarten.objects.filter(
        territory_id=answers["region"],
        closed_at=None,
        groups__birth_year=born_on.year,
        groups__correction=answers["correction"] if answers.get("kind") == Kind.SPECIAL else None,
        groups__closed_at=None,
    ).distinct()
    ways = {row.id: whence.km_to(row.latitude, row.longitude) for row in rows}
    named = [(row.id, f"{frame.name(row)}, {nearby.card_lines(ways[row.id], frame.address(row))}") for row in rows]
    return sorted(named, key=lambda row: (ways[row[0]] or 0.0, written.sort_key(row[1])))


def _wishes_form(request: HttpRequest, draft: Draft) -> forms.Form:
    kept = draft.answers.get("wishes") or []
    start: dict[str, Any] = {f"wish{rank}": wished for rank, wished in enumerate(kept, start=1)}
    whence = home.whence(request, draft.answers["region"], home=asks_nearest(request))
    # Ordering anew sends what was chosen so far; it is no answer yet.
    typed, start = (None, request.POST.dict()) if asks_nearest(request) else (frame.posted(request), start)
    return ask.WishesForm(typed, kindergartens=kindergartens(draft.answers, whence), whence=whence, initial=start)


def asks_nearest(request: HttpRequest) -> bool:
    """Whether the list of kindergartens is only to be ordered by the way from home."""
    return request.method == "POST" and "near" in request.POST


def _take_wishes(request: HttpRequest, draft: Draft, form: Any) -> Answers:  # noqa: ARG001
    return {"wishes": form.wishes()}


def _start_form(request: HttpRequest, draft: Draft) -> forms.Form:
    kept = draft.answers.get("start")
    last = localdate(law_rules.max_age_moment(people.person_card(draft.answers["child"]).born_on))
    start = {"start": date.fromisoformat(kept) if kept else None}
    return ask.StartForm(frame.posted(request), today=localdate(request.now), last=last, initial=start)


def _take_start(request: HttpRequest, draft: Draft, form: Any) -> Answers:  # noqa: ARG001
    day = form.cleaned_data["start"]
    return {"start": day.isoformat() if day else ""}


def terms(region: str, *, on: date) -> list[str]:
    """What the family agrees to, by the regime of the region: its terms, with the numbers in force."""
    if territories.regime_on(region, on) != Regime.LINEAR:
        return [texts.say(f"apply.terms-{n}") for n in (1, 2, 3, 4, 5)]
    rulebook = law.rulebook(region)
    numbers = {blank: rulebook.term(code, on=on).value for blank, code in _LINEAR_NUMBERS.items()}
    return [texts.say(f"apply.linear-terms-{n}", **numbers) for n in (1, 2, 3)] + [texts.say("apply.terms-5")]


_LINEAR_NUMBERS = {
    "choose": "turn.choose",
    "validity": "referral.validity",
    "most": "referral.extension_max",
    "hours": "referral.give_back",
    "stop": "stop_list.length",
    "misses": "referral.misses_to_remove",
}


def _terms_form(request: HttpRequest, draft: Draft) -> forms.Form:
    return ask.TermsForm(frame.posted(request), initial={"agree": bool(draft.answers.get("terms"))})


def _take_terms(request: HttpRequest, draft: Draft, form: Any) -> Answers:  # noqa: ARG001
    return {"terms": request.now.isoformat()}


STEPS = (
    Step("child", _child_form, _take_child, "child"),
    Step("kind", _kind_form, _take_kind, "kind"),
    Step(
        "correction",
        wizard_special.correction_form,
        wizard_special.take_correction,
        "correction",
        applies=is_special,
    ),
    Step(
        "conclusion",
        wizard_special.conclusion_form,
        wizard_special.take_conclusion,
        applies=is_special,
        beside=wizard_special.beside,
    ),
    Step("region", _region_form, _take_region, "region"),
    Step(
        "settlement",
        _settlement_form,
        _take_settlement,
        "settlement",
        # Kindergartens with special groups are few: the family names them, not a settlement.
        applies=lambda answers: (
            not is_special(answers) and bool(answers.get("region")) and bool(settlements(answers["region"]))
        ),
    ),
    Step("languages", _languages_form, _take_languages, "languages"),
    Step("benefit", _benefit_form, _take_benefit, "paper"),
    Step("papers", _papers_form, _take_papers),
    Step("wishes", _wishes_form, _take_wishes),
    Step("start", _start_form, _take_start, "start"),
    Step("terms", _terms_form, _take_terms, "agree"),
)
CHECK = "check"


def steps(answers: Answers) -> list[Step]:
    """The questions of this application, in order."""
    return [step for step in STEPS if step.applies(answers)]


def first_open(answers: Answers) -> str:
    """The first question without an answer; the check of the answers when there is none."""
    return next((step.name for step in steps(answers) if answers.get(step.name) is None), CHECK)
