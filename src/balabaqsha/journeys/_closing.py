"""What becomes of one application when the kindergarten that it touches closes, under the locks of the closing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from balabaqsha.admissions import _steps as admission_steps
from balabaqsha.admissions.models import Admission, WaitingListEntry
from balabaqsha.admissions.states import Stage
from balabaqsha.applications import _steps as applications
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import Reason, State
from balabaqsha.journeys import _case
from balabaqsha.kernel.actor import Actor
from balabaqsha.law.lists import ClosingReason, LeavingReason
from balabaqsha.record import actions as record
from balabaqsha.referrals import _steps as referrals
from balabaqsha.vouchers import _steps as vouchers

ACT = "kindergarten_closes"


@dataclass(frozen=True)
class Story:
    """An application with what it has in the kindergarten that closes: an admission, and entries of waiting lists."""

    application: Application
    admission: Admission | None
    entries: list[WaitingListEntry]
    because: ClosingReason
    actor: Actor
    now: datetime

    @property
    def facts(self) -> dict[str, Any]:
        """What the journal has of it."""
        group = self.admission.group_id if self.admission else self.entries[0].group_id if self.entries else None
        return {"because": self.because.value, "group": group}

    @property
    def told(self) -> dict[str, Any]:
        """What the family is told."""
        return {"reason": self.because.value} | ({"group": self.facts["group"]} if self.facts["group"] else {})


def has_no_right(application: Application, in_line: Collection[tuple[int, str]], *, now: datetime) -> bool:
    """Whether an enrolled child cannot go on: too old for the service, or in the line already by another application."""
    return application.ages_out_at <= now or (application.child_id, application.kind) in in_line


def go_on(story: Story, *, has_right: bool) -> list[int]:
    """Let the application go on; returns the groups of places that came free, once for each place."""
    freed: list[int] = []
    for entry in story.entries:
        freed += admission_steps.leave_list(entry, because=ACT, now=story.now)
    admission, application = story.admission, story.application
    if admission is None:
        _leave_the_list(story)
        return freed
    freed += admission_steps.end_admission(admission, because=ACT, now=story.now)
    if admission.is_transfer and admission.stage != Stage.ENROLLED and application.state == State.ENROLLED:
        applications.set_term(application, None, act=ACT, actor=story.actor, now=story.now, facts=story.facts)
        _tell(story, "kindergarten-closed-transfer")
        return freed
    if application.state == State.ENROLLED and not has_right:
        return freed + _leave(story)
    return freed + (_wait_again(story) if application.regime == "LINEAR" else _choose_again(story))


def _leave_the_list(story: Story) -> None:
    """Only a list has ended, or a wish: a voucher that runs has its full term again."""
    application = story.application
    if application.state == State.VOUCHER_ACTIVE and story.entries:
        term = _case.Case(application, story.now).term("voucher.choose_and_sign", since=story.now)
        application.extended = False
        applications.set_term(application, term, act=ACT, actor=story.actor, now=story.now, facts=story.facts)
        admission_steps.keep_offers_until(
            application_id=application.id, until=_case.kept_until(application, term_ends=term.due_at)
        )
        _tell(story, "kindergarten-closed-list", due_at=term.due_at.isoformat())
        return
    before = application.state
    applications.journal(application, ACT, actor=story.actor, now=story.now, before=before, facts=story.facts)
    _tell(story, "kindergarten-closed-wish")


def _choose_again(story: Story) -> list[int]:
    """The voucher is good again for its full term."""
    application = story.application
    if application.state == State.ENROLLED:
        vouchers.move_voucher(application_id=application.id, name="give_back", now=story.now)
    term = _case.Case(application, story.now).term("voucher.choose_and_sign", since=story.now)
    application.extended = False
    applications.move(application, ACT, actor=story.actor, now=story.now, term=term, facts=story.facts)
    _tell(story, "kindergarten-closed-voucher", due_at=term.due_at.isoformat())
    return []


def _wait_again(story: Story) -> list[int]:
    """In the line again at the original moment; nothing is counted as missed, and lists of a transfer end."""
    application = story.application
    freed = admission_steps.leave_all_lists(application_id=application.id, because=ACT, now=story.now)
    referrals.move_referral(application_id=application.id, name="cancel", now=story.now)
    application.extended = False
    application.in_private_place = False
    applications.move(application, ACT, actor=story.actor, now=story.now, facts=story.facts)
    _tell(story, "kindergarten-closed-line")
    return freed


def _leave(story: Story) -> list[int]:
    """A child that cannot go on leaves, as it would have in September; what it asks for elsewhere stays."""
    application = story.application
    _case.close(application, now=story.now)
    freed = admission_steps.end_all(application_id=application.id, because="leave", now=story.now)
    facts = story.facts | {"because": LeavingReason.KINDERGARTEN_END.value}
    applications.move(application, "leave", actor=story.actor, now=story.now, reason=Reason.LEFT, facts=facts)
    told = {"reason": LeavingReason.KINDERGARTEN_END.value, "groups": [story.facts["group"]]}
    record.tell("left-kindergarten", now=story.now, application_id=application.id, facts=told)
    return freed


def _tell(story: Story, name: str, **more: Any) -> None:
    record.tell(name, now=story.now, application_id=story.application.id, facts=story.told | more)
