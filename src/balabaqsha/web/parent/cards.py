"""The card of an application: its state, its term, its place, its five stages, and what may be done now."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import BEFORE_FAMILY_SIGNED, OPEN, Stage
from balabaqsha.applications.models import Application
from balabaqsha.applications.special import queries
from balabaqsha.applications.states import BEFORE_FAMILY_SIGNED as MAY_WITHDRAW
from balabaqsha.applications.states import HOLDS_A_PLACE, MAY_CHOOSE, Reason, State
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.law.terms import Term
from balabaqsha.line import queries as lines
from balabaqsha.line.queries import PlaceInLine
from balabaqsha.vouchers import queries as vouchers
from balabaqsha.vouchers.models import Voucher
from balabaqsha.web.kit import recent, states, texts
from balabaqsha.web.kit.deadlines import Deadline, Reminder, calendar_for, deadline
from balabaqsha.web.parent import appeals, frame, linear, special

_ENDED_AT = {
    Reason.REJECTED: 0,
    Reason.DECLINED: 1,
    Reason.NOT_RESTORED: 1,
    Reason.VOUCHER_LAPSED: 2,
    Reason.TWO_MISSED: 2,
    Reason.LEFT: 4,
}


@dataclass(frozen=True)
class Action:
    """A button of the card; see ui/action.html."""

    text: str
    url: str
    kind: str = ""
    icon: str = ""
    size: str = ""
    of: str = ""
    dialog: str = ""
    post: bool = False


@dataclass(frozen=True)
class Card:
    """What parent/_card.html prints of an application."""

    id: str
    number: str
    child: str
    submitted_at: datetime
    state: str
    sentences: list[str]
    url: str
    deadline: Deadline | None
    place: PlaceInLine | None
    within: str
    as_of: datetime
    journey: list[states.Stage]
    facts: list[dict[str, str]]
    actions: list[Action]
    transfer: str = ""
    linked_from: str = ""
    may_act: bool = True


@dataclass
class Standing:
    """An application with what belongs to it, read once."""

    application: Application
    now: datetime
    admissions: list[Admission] = field(init=False)

    def __post_init__(self) -> None:
        self.admissions = admissions.admissions_of([self.application.id])

    @property
    def state(self) -> State:
        return State(self.application.state)

    @property
    def open(self) -> Admission | None:
        """The admission whose contract both have not yet signed."""
        return next((one for one in self.admissions if one.stage in OPEN), None)

    @property
    def enrolment(self) -> Admission | None:
        return next((one for one in self.admissions if one.stage == Stage.ENROLLED), None)

    @property
    def shown(self) -> Admission | None:
        """The admission that the list names: the one in progress, the enrolment, or the last one."""
        return self.open or self.enrolment or next(iter(self.admissions), None)


def card(application: Application, *, actor: Actor, now: datetime, linked_from: str = "", may_act: bool = True) -> Card:
    """The card of one application as it stands now, with the buttons that the actor may press; none unless they may act.

    `linked_from`, masked, is the applicant whose application the reader only sees: all acts are theirs.
    """
    standing = Standing(application, now)
    number = application.number
    return Card(
        id=f"a-{number}",
        number=number,
        child=frame.child_name(application),
        submitted_at=application.original_at,
        state=application.state,
        sentences=list(_sentences(standing)),
        url=reverse("application.page", args=[number]),
        deadline=term_strip(application, now=now),
        place=lines.place_in_line(application),
        within=frame.inner_list(application),
        as_of=now,
        journey=_journey(standing),
        facts=facts(application),
        actions=[]
        if linked_from or not may_act
        else [one for one in actions(standing) if frame.is_open(one.url, actor)],
        transfer=_transfer(standing),
        linked_from=linked_from,
        may_act=may_act or bool(linked_from),
    )


def _sentences(standing: Standing) -> list[str]:
    application = standing.application
    if standing.state == State.ARCHIVED:
        ended = [texts.say(f"reason.{application.reason}") + ".", texts.say(f"reason.{application.reason}.next")]
        contested = appeals.sentences(application, now=standing.now)
        return [ended[0], *special.sentences(application), *contested, ended[1]]
    said = [texts.say(f"state.{application.state}.next")]
    if standing.state == State.STOP_LISTED and application.due_at is not None:
        way_out = "state.STOP_LISTED.back" if linear.is_linear(application) else "state.STOP_LISTED.restore"
        said.append(texts.say(way_out, date=localdate(application.due_at)))
    said += special.sentences(application)
    said += linear.sentences(application, now=standing.now)
    said += appeals.sentences(application, now=standing.now)
    if (
        standing.state == State.WAITING
        and application.wished_from
        and application.wished_from > localdate(standing.now)
    ):
        said.append(texts.say("card.wished-later", date=application.wished_from))
    return said


def _transfer(standing: Standing) -> str:
    """What to say of a transfer in progress beside an enrolment."""
    if standing.state != State.ENROLLED or standing.open is None:
        return ""
    place = frame.name(standing.open.group.kindergarten)
    return texts.say(f"card.transfer.{standing.open.stage}", kindergarten=place, group=standing.open.group.name)


def facts(application: Application) -> list[dict[str, str]]:
    """What 001 prints on the card: kind, place, languages, category, funding type."""
    said = [
        ("application.kind", texts.say(f"queue-kind.{application.kind}")),
        ("applications.col-settlement", frame.settlement(application)),
        ("application.language", frame.languages(application.languages) or "–"),
        ("application.priority", frame.priority(application)),
        ("application.funding", texts.say(f"funding.{application.regime}")),
    ]
    if application.wished_from:
        said.append(("apply.wished-from", texts.say("day.only", date=application.wished_from)))
    return [{"label": texts.say(key), "value": value} for key, value in said]


def running_term(application: Application) -> Term | None:
    """The rule by which the running term was counted, as it was in force when it began."""
    if not application.due_term:
        return None
    code, _, rest = application.due_term.partition("@")
    since = date.fromisoformat(rest.partition("#")[0])
    territory = application.territory_id
    rules = recent.shared(lambda: law.rulebook(territory), "rulebook", territory)
    term: Term = rules.term(code, on=max(since, localdate(application.due_from)))
    return term


def term_title(code: str) -> str:
    """What a term is called."""
    return texts.say(f"rulebook.{code}")


def term_source(term: Term) -> str:
    """Where a term comes from, in a sentence."""
    source = texts.source(term.source)
    return texts.say("term-note.source", source=f"{source}, «{term.paragraph}»" if term.paragraph else source)


def term_strip(application: Application, *, now: datetime) -> Deadline | None:
    """The strip of the term that runs for the family, or nothing."""
    term = running_term(application)
    if term is None or application.due_at is None or application.due_from is None:
        return None
    reminders = []
    if linear.is_linear(application):
        reminders = [Reminder(text=said, icon="calendar-clock") for said in linear.reminders(application)]
    elif application.state in MAY_CHOOSE:
        key = "card.extended" if application.extended else "card.may-extend"
        reminders.append(Reminder(text=texts.say(key, date=localdate(application.due_at)), icon="calendar-clock"))
    return deadline(
        id=f"due-{application.number}",
        # The number tells the strips of several children apart, for those who hear the page.
        title=f"{linear.term_title(application) or term_title(term.code)}, № {application.number}",
        started=application.due_from,
        due=application.due_at,
        now=now,
        calendar=calendar_for(term.unit, recent.shared(law.calendar, "calendar")),
        reminders=reminders,
        live=False,
    )


def _journey(standing: Standing) -> list[states.Stage]:
    """The five stages of 001, each with what stands under it now."""
    application, stopped = standing.application, None
    if standing.state == State.ARCHIVED:
        stopped = _ENDED_AT.get(Reason(application.reason), 1 if application.reason != Reason.LEFT else 4)
    stages = states.stages(application.state, stopped_at=stopped)
    notes = _captions(standing)
    reached = [stage.step in {"done", "now", "stop"} for stage in stages]
    return [
        states.Stage(key=stage.key, step=stage.step, note=note if here else "")
        for stage, note, here in zip(stages, notes, reached, strict=True)
    ]


def _captions(standing: Standing) -> tuple[str, str, str, str, str]:
    application, admission = standing.application, standing.shown
    voucher = vouchers.latest_voucher(application.id)
    waits = standing.state in {State.WAITING, State.STOP_LISTED, State.DOCUMENTS_CHECK}
    came = linear.caption(application) if linear.is_linear(application) else _voucher_caption(voucher)
    chosen = frame.name(admission.group.kindergarten) if admission and not waits else ""
    end = texts.say("state.ARCHIVED") if standing.state == State.ARCHIVED else texts.say(f"state.{application.state}")
    return (
        texts.say("card.submitted", date=localdate(application.original_at)),
        end if waits else came or end,
        chosen or (texts.say("card.not-chosen") if came and not waits else end),
        texts.say(f"funding.{application.regime}"),
        end,
    )


def _voucher_caption(voucher: Voucher | None) -> str:
    return texts.say("card.voucher", state=texts.say(f"voucher-state.{voucher.state}")) if voucher else ""


def actions(standing: Standing) -> list[Action]:
    """What the family may do now; the first is the main button."""
    application, state = standing.application, standing.state
    number = application.number
    found: list[Action] = []

    def add(key: str, page: str, *, kind: str = "", icon: str = "", args: tuple[Any, ...] = ()) -> None:
        found.append(Action(texts.say(key), reverse(page, args=[number, *args]), kind, icon, of=f"№ {number}"))

    if state == State.VOUCHER_OFFERED:
        add("voucher.confirm-interest", "voucher.answer", icon="check")
        add("voucher.decline", "voucher.answer", kind="danger")
    if linear.is_linear(application):
        linear.add_buttons(application, add, now=standing.now)
    elif state == State.STOP_LISTED:
        add("application.restore", "application.restore", icon="rotate-ccw")
    if state == State.VOUCHER_ACTIVE:
        add("choice.open", "choice.open", icon="school")
    _add_contract(standing, add)
    if linear.is_linear(application):
        linear.add_papers_time(application, add)
    if state in MAY_CHOOSE and not linear.is_linear(application) and not application.extended:
        add("voucher.extend", "voucher.extend", kind="secondary", icon="calendar-clock")
    if state == State.ENROLLED and standing.open is None:
        add("choice.transfer", "choice.open", kind="secondary", icon="repeat")
    if state in HOLDS_A_PLACE and queries.other_line(application) is not None:
        add("other-line.open", "application.other-line", kind="secondary", icon="circle-help")
    appeals.add_buttons(application, add, now=standing.now)
    if state in MAY_WITHDRAW and state != State.VOUCHER_OFFERED:
        add("application.withdraw", "application.withdraw", kind="quiet")
    if state == State.ENROLLED:
        add("leave.title", "application.leave", kind="quiet", icon="log-out")
    return found


def _add_contract(standing: Standing, add: Any) -> None:
    """The contract of the admission in progress, and choosing anew while the family has not signed."""
    admission = standing.open
    if admission is None:
        return
    if admission.stage == Stage.CONTRACT_WITH_PARENT:
        add("contract.fill", "contract.page", icon="file-pen-line")
    if admission.stage == Stage.CONTRACT_WITH_KINDERGARTEN:
        add("contract.see", "contract.page", kind="secondary", icon="file-text")
    # A linear territory knows no choosing anew: the family may only withdraw (rules, 6.6).
    if admission.stage in BEFORE_FAMILY_SIGNED and not linear.is_linear(standing.application):
        add("choice.change", "choice.open", kind="secondary", icon="school")
        add("choice.cancel", "choice.cancel", kind="quiet")
