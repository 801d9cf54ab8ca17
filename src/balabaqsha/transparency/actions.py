"""Taking a visitor's message, opening it, answering or closing it."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.kernel.number import with_check_digit
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.law import queries as law
from balabaqsha.law import rules as law_rules
from balabaqsha.record import actions as record
from balabaqsha.transparency import rules
from balabaqsha.transparency.models import Feedback, Topic


@dataclass(frozen=True)
class Writing:
    """What a visitor wrote: `contact` is a mobile number as +7 7XX…, an e-mail address or nothing; `language` kk, ru or en.

    `kindergarten_code` names the kindergarten that it is about, or is empty.
    """

    topic: Topic
    text: str
    contact: str
    language: str
    territory_code: str
    kindergarten_code: str = ""


@transaction.atomic(durable=True)
def send_feedback(*, writing: Writing, actor: Actor, now: datetime) -> Feedback:
    """Keep a message for the staff of a territory; the same words on the same day are the message already kept.

    What is about a kindergarten goes to the department whose line it serves, wherever the writer looked from; the
    kindergarten does not see it. The term of the answer (`feedback.answer`) runs from now. A parent who is signed in gets
    the answer into the inbox. Raises Kindergarten.DoesNotExist. Rival: a double click. Whoever comes second finds the
    first message. Source: Administrative Procedural Code, article 76.
    """
    about = Kindergarten.objects.get(code=writing.kindergarten_code) if writing.kindergarten_code else None
    territory_code = about.territory_id if about else writing.territory_code
    term = law.national_term("feedback.answer", localdate(now))
    person_id = actor.person_id if actor.role is Role.PARENT else None
    digest = rules.digest(
        topic=writing.topic,
        text=writing.text,
        contact=writing.contact,
        person_id=person_id,
        territory_code=territory_code,
        kindergarten_code=writing.kindergarten_code,
        on=localdate(now),
    )
    new = Feedback(
        number=_next_number(),
        token=secrets.token_urlsafe(16),
        topic=writing.topic,
        text=writing.text,
        contact=writing.contact,
        language=writing.language,
        person_id=person_id,
        territory_id=territory_code,
        kindergarten=about,
        digest=digest,
        sent_at=now,
        due_at=law_rules.deadline(now, term, law.calendar()),
        due_term=term.identity,
    )
    Feedback.objects.bulk_create([new], ignore_conflicts=True)
    kept = Feedback.objects.get(digest=digest)
    if kept.number == new.number:
        _record("feedback-sent", kept, actor=actor, now=now)
    return kept


@transaction.atomic(durable=True)
def open_feedback(*, feedback: Feedback, actor: Actor, now: datetime) -> None:
    """Note in the journal that the actor reads a message, which may tell who wrote it."""
    _record("feedback-opened", feedback, actor=actor, now=now)


@transaction.atomic(durable=True)
def settle_feedback(*, number: str, answer: str, actor: Actor, now: datetime) -> Feedback:
    """Answer a message, or close it without words; one settled already is returned as it is.

    The answer goes to the inbox of the parent who wrote it, else to the contact that was left. Raises
    Feedback.DoesNotExist. Rival: another officer at the same message.
    """
    kept = Feedback.objects.select_for_update(no_key=True).get(number=number)
    if kept.settled_at is not None:
        return kept
    kept.settled_at = max(now, kept.sent_at)
    kept.settled_by_account_id = actor.account_id
    kept.answer = answer
    kept.save(update_fields=["settled_at", "settled_by_account_id", "answer"])
    _record("feedback-answered" if answer else "feedback-settled", kept, actor=actor, now=now)
    channel = rules.NONE if kept.person_id else rules.channel_of(kept.contact)
    if answer and (kept.person_id or channel):
        facts = {"feedback": kept.number, "token": kept.token, "answer": answer, "channel": channel}
        record.tell("feedback-answered", now=now, person_id=kept.person_id, facts=facts)
    return kept


@transaction.atomic(durable=True)
def escalate_feedback(*, now: datetime, limit: int = 200) -> int:
    """Note every message whose term of an answer has passed, so that the ministry sees it too; returns how many.

    The department still answers it. Rival: the officer who answers meanwhile, whose row is locked and left alone.
    """
    late = Feedback.objects.select_for_update(skip_locked=True).filter(
        settled_at__isnull=True, escalated_at__isnull=True, due_at__lt=now
    )
    rows = list(late.order_by("due_at", "id")[:limit])
    for kept in rows:
        kept.escalated_at = now
        kept.save(update_fields=["escalated_at"])
        _record("feedback-overdue", kept, actor=SYSTEM, now=now)
    return len(rows)


def _record(act: str, kept: Feedback, *, actor: Actor, now: datetime) -> None:
    facts: dict[str, str | int] = {"feedback": kept.number, "topic": kept.topic}
    if kept.kindergarten_id is not None:
        facts["kindergarten"] = kept.kindergarten_id
    record.record(act, actor=actor, now=now, territory_code=kept.territory_id, facts=facts)


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('transparency_feedback_number')")
        return with_check_digit(cursor.fetchone()[0])
