"""A family's answers to a voucher: confirm, decline, restore, extend."""

from datetime import datetime

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.states import MAY_CHOOSE, Reason
from balabaqsha.journeys import _case
from balabaqsha.journeys._act import act
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.law import rules as law_rules
from balabaqsha.line import queries as lines
from balabaqsha.record import actions as record
from balabaqsha.vouchers import _steps as vouchers


class ExtensionUsed(Refusal, code="limit-reached"):
    """The extension of this term has been used; facts: limit."""


class ExtensionNotToday(Refusal, code="not-allowed", detail="extension-not-today"):
    """The extension can be asked on the last day of the term only; facts: date."""


@act
def confirm_interest(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Answer «Иә»: the voucher becomes active and the term to choose and sign begins. Raises NotInThisState."""
    case = _case.lock(application_id, now=now)
    case.require("confirm_interest")
    term = case.term("voucher.choose_and_sign", since=now)
    vouchers.move_voucher(application_id=application_id, name="confirm", now=now)
    case.application.extended = False
    applications.move(case.application, "confirm_interest", actor=actor, now=now, term=term)
    facts = {"due_at": term.due_at.isoformat()}
    record.tell("interest-confirmed", now=now, application_id=application_id, facts=facts)


@act
def decline(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Answer «Жоқ»: the voucher is cancelled and the application goes to the archive. Raises NotInThisState."""
    case = _case.lock(application_id, now=now)
    case.require("decline")
    vouchers.move_voucher(application_id=application_id, name="cancel", now=now)
    applications.move(case.application, "decline", actor=actor, now=now, reason=Reason.DECLINED)
    record.tell("voucher-declined", now=now, application_id=application_id, facts={})


@act
def restore(*, application_id: int, actor: Actor, now: datetime) -> None:
    """Bring an application back from the stop list to its own place in line, once. Raises NotInThisState."""
    case = _case.lock_in_line(application_id, now=now)
    case.require("restore")
    case.application.restored_at = now
    applications.move(case.application, "restore", actor=actor, now=now)
    place = lines.place_in_line(case.application)
    facts = {"place": place.number if place else None}
    record.tell("application-restored", now=now, application_id=application_id, facts=facts)


@act
def extend(*, application_id: int, actor: Actor, now: datetime) -> datetime:
    """Add the extension to the term, once for each full term and on its last day; returns the new due moment.

    Raises NotInThisState, ExtensionUsed, ExtensionNotToday. Source: 001; rules, section 5.5.
    """
    case = _case.lock(application_id, now=now)
    application = case.application
    term = applications.running_term(application)
    if case.is_linear or application.state not in MAY_CHOOSE or term is None:
        raise NotInThisState(move="extend", state=application.state)
    if application.extended:
        raise ExtensionUsed(limit=1)
    if now < law_rules.start_of_last_day(term.due_at):
        raise ExtensionNotToday(date=localdate(term.due_at))
    extension = case.term("voucher.extension", since=term.due_at)
    longer = applications.Term(due_at=extension.due_at, identity=extension.identity, counted_from=term.counted_from)
    application.extended = True
    applications.set_term(application, longer, act="extend", actor=actor, now=now)
    _case.keep_place(case)
    facts = {"due_at": longer.due_at.isoformat()}
    record.tell("voucher-extended", now=now, application_id=application_id, facts=facts)
    return longer.due_at
