"""The other parent links an application to their own IIN: they see it, and every act stays the applicant's.

The register of births is asked before the act, about the parent alone, whatever number was typed: neither the sentence nor
the time of an answer tells a stranger which numbers exist.
"""

from datetime import datetime, timedelta

from django.db import transaction

from balabaqsha.applications import _steps as applications
from balabaqsha.applications.links import _steps as links
from balabaqsha.applications.links import queries as link_queries
from balabaqsha.applications.models import LINK_ENDED_BY_OFFICER, Application, ApplicationLink, LinkEnd
from balabaqsha.applications.states import State
from balabaqsha.gateways.births.port import BirthRecord, Children
from balabaqsha.journeys._act import act, or_busy
from balabaqsha.kernel.actor import SYSTEM, Actor
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import _steps as people
from balabaqsha.people import queries as person_queries
from balabaqsha.people import registers
from balabaqsha.record import actions as record

CONFIRM_EACH = timedelta(hours=20)


class NotLinkable(Refusal, code="not-allowed", detail="not-linkable"):
    """No live application of this number is for a child of whom the register names the person a parent."""


class OwnApplication(Refusal, code="not-allowed", detail="link-own"):
    """The person filed it themselves; facts: number."""


class AlreadyLinked(Refusal, code="not-allowed", detail="already-linked"):
    """The person sees it already; facts: number."""


class LinkBarred(Refusal, code="not-allowed", detail="link-barred"):
    """An officer has ended the person's sight of an application of this child."""


class LinkEnded(Refusal, code="not-in-this-state", detail="link-ended"):
    """The link has ended already, in another tab or by somebody else."""


def link(*, number: str, answer: Children, actor: Actor, now: datetime) -> Application:
    """Let the actor see the live application of this number on the word of the register; returns it.

    `answer` is that of `registers.children_of`, asked before. A child that the actor's family does not have yet is put
    into it. Both parents are told. Raises NotLinkable, the same whatever a stranger typed; OwnApplication, AlreadyLinked,
    LinkBarred, Busy. Source: rules, section 1; 003.
    """
    found = link_queries.live_by_number(number, child_iins=[one.child_iin for one in answer.records])
    if found is None:
        raise NotLinkable
    return _link(application_id=found.id, answer=answer, actor=actor, now=now)


@act
def _link(*, application_id: int, answer: Children, actor: Actor, now: datetime) -> Application:
    # Rivals: a second click, the same parent in another tab; and whatever archives the application.
    application = applications.lock(application_id)
    person_id = actor.person_id or 0
    born = _record_of(application, answer)
    if born is None or born.parent_iin != person_queries.iin_of(person_id) or application.state == State.ARCHIVED:
        raise NotLinkable
    if application.applicant_id == person_id:
        raise OwnApplication(number=application.number)
    if link_queries.is_barred(person_id=person_id, child_id=application.child_id):
        raise LinkBarred
    if _live(application_id, person_id) is not None:
        if link_queries.in_sight(person_id).filter(application_id=application_id).exists():
            raise AlreadyLinked(number=application.number)
    else:
        links.link(application_id=application_id, person_id=person_id, reference=answer.reference, now=now)
    people.keep_kinship(
        representative_id=person_id,
        child_id=application.child_id,
        relation=born.role.value,
        reference=answer.reference,
        now=now,
    )
    _journal(application, "link_application", person_id, actor=actor, now=now, births=answer.reference)
    _tell_both(application, person_id, "application-linked", now=now)
    return application


def _record_of(application: Application, answer: Children) -> BirthRecord | None:
    """The record of birth that names the asker as a parent of the application's child."""
    iin = person_queries.iin_of(application.child_id)
    return next((record for record in answer.records if record.child_iin == iin), None)


def _live(application_id: int, person_id: int) -> ApplicationLink | None:
    return ApplicationLink.objects.filter(application_id=application_id, person_id=person_id, ended_at=None).first()


@or_busy
@transaction.atomic(durable=True)
def unlink(*, application_id: int, actor: Actor, now: datetime) -> None:
    """End the actor's own sight of an application, at their wish; the applicant is told. Raises LinkEnded.

    The applicant cannot end it: parents have equal rights, and only a court takes them away.
    """
    application = applications.lock(application_id)
    found = _live(application_id, actor.person_id or 0)
    if found is None:
        raise LinkEnded
    _end(application, found, LinkEnd.BY_PARENT, actor=actor, now=now)


@or_busy
@transaction.atomic(durable=True)
def end_by_officer(*, application_id: int, link_id: int, because: LinkEnd, actor: Actor, now: datetime) -> None:
    """End somebody's sight of an application for a reason of an officer's list; they cannot link the child's anew.

    Both parents are told, with the reason. Raises LinkEnded.
    """
    if because not in LINK_ENDED_BY_OFFICER:
        raise ValueError(because)
    child_id = Application.objects.values_list("child_id", flat=True).get(id=application_id)
    # The child's other line too: the reason is about the person and the child. Rivals: the parents' own acts.
    ids = Application.objects.filter(child_id=child_id).values_list("id", flat=True)
    locked = {row.id: row for row in applications.lock_many(ids)}
    found = ApplicationLink.objects.filter(id=link_id, application_id=application_id, ended_at=None).first()
    if found is None:
        raise LinkEnded
    theirs = ApplicationLink.objects.filter(application_id__in=locked, person_id=found.person_id, ended_at=None)
    for one in theirs.order_by("application_id"):
        _end(locked[one.application_id], one, because, actor=actor, now=now)


def _end(application: Application, found: ApplicationLink, because: LinkEnd, *, actor: Actor, now: datetime) -> None:
    links.end(found, because=because, now=now)
    _journal(application, "unlink_application", found.person_id, actor=actor, now=now, because=because.value)
    _tell_both(application, found.person_id, "application-unlinked", now=now, reason=because.value)


def confirm_again(*, now: datetime, limit: int = 500) -> int:
    """Ask the register anew about links that it confirmed longest ago; one that it no longer does ends.

    For an hourly job. Returns how many parents were asked about. A register that is silent changes nothing.
    """
    asked = 0
    for person_id, ids in link_queries.to_confirm(before=now - CONFIRM_EACH, limit=limit).items():
        try:
            answer = registers.children_of(person_id=person_id, now=now)
        except registers.SilentNow:
            break
        for link_id in ids:
            _confirm(link_id=link_id, answer=answer, now=now)
        asked += 1
    return asked


@transaction.atomic(durable=True)
def _confirm(*, link_id: int, answer: Children, now: datetime) -> None:
    application = applications.lock(ApplicationLink.objects.values_list("application_id", flat=True).get(id=link_id))
    # Rivals: the parent or an officer who ends it meanwhile.
    found = ApplicationLink.objects.filter(id=link_id, ended_at=None).first()
    if found is None:
        return
    if _record_of(application, answer) is not None:
        links.confirm(found, reference=answer.reference, now=now)
        return
    people.end_kinship(representative_id=found.person_id, child_id=application.child_id, now=now)
    _end(application, found, LinkEnd.NOT_IN_REGISTER, actor=SYSTEM, now=now)


def _journal(application: Application, name: str, person_id: int, *, actor: Actor, now: datetime, **facts: str) -> None:
    told = {"linked": person_id} | facts
    applications.journal(application, name, actor=actor, now=now, before=application.state, facts=told)


def _tell_both(application: Application, person_id: int, name: str, *, now: datetime, **facts: str) -> None:
    """The applicant by the message of this name, the other parent by its twin."""
    record.tell_many(
        [
            record.fact(name, now=now, application_id=application.id, facts=facts),
            record.fact(f"{name}-here", now=now, application_id=application.id, person_id=person_id, facts=facts),
        ]
    )
