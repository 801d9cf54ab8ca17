"""Taking a visitor's message, and settling it."""

from datetime import datetime

from django.db import connection, transaction

from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.number import with_check_digit
from balabaqsha.kernel.time import localdate
from balabaqsha.record import actions as record
from balabaqsha.transparency import rules
from balabaqsha.transparency.models import Feedback, Topic


@transaction.atomic(durable=True)
def send_feedback(
    *, topic: Topic, text: str, contact: str, territory_code: str, actor: Actor, now: datetime
) -> Feedback:
    """Keep a message for the staff of a territory; the same words on the same day are the message already kept.

    Rival: a double click. Whoever comes second finds the first message.
    """
    digest = rules.digest(topic=topic, text=text, contact=contact, territory_code=territory_code, on=localdate(now))
    new = Feedback(
        number=_next_number(),
        topic=topic,
        text=text,
        contact=contact,
        territory_id=territory_code,
        digest=digest,
        sent_at=now,
    )
    Feedback.objects.bulk_create([new], ignore_conflicts=True)
    kept = Feedback.objects.get(digest=digest)
    if kept.number == new.number:
        facts = {"feedback": kept.number, "topic": kept.topic}
        record.record("feedback-sent", actor=actor, now=now, territory_code=territory_code, facts=facts)
    return kept


@transaction.atomic(durable=True)
def settle_feedback(*, number: str, actor: Actor, now: datetime) -> Feedback:
    """Note that the staff have dealt with a message; one settled already is returned as it is.

    Raises Feedback.DoesNotExist. Rival: another officer at the same message.
    """
    kept = Feedback.objects.select_for_update(no_key=True).get(number=number)
    if kept.settled_at is None:
        kept.settled_at = max(now, kept.sent_at)
        kept.settled_by_account_id = actor.account_id
        kept.save()
        facts = {"feedback": kept.number, "topic": kept.topic}
        record.record("feedback-settled", actor=actor, now=now, territory_code=kept.territory_id, facts=facts)
    return kept


def _next_number() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('transparency_feedback_number')")
        return with_check_digit(cursor.fetchone()[0])
