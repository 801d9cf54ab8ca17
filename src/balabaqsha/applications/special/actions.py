"""Conclusions of the PMPK: asked of Arkotek with consent, or attached as a paper; and which of them fits."""

from datetime import date, datetime, timedelta

from django.db import transaction

from balabaqsha.applications.models import ArkotekAnswer, Conclusion
from balabaqsha.applications.special import queries, rules
from balabaqsha.gateways import registry
from balabaqsha.gateways.arkotek.port import Conclusions
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.time import localdate
from balabaqsha.people import queries as people
from balabaqsha.people.registers import while_they_wait
from balabaqsha.record import actions as record


def fetch(*, child_id: int, actor: Actor, now: datetime) -> list[Conclusion]:
    """Ask Arkotek about a child with the consent that its representative, the actor, gives at this moment.

    The consent is written down before anything is asked, the answer with its reference and moment. Raises SilentNow.
    """
    consent_to_asking(child_id=child_id, actor=actor, now=now)
    # Outside every transaction: a slow state system must not hold locks.
    with while_they_wait():
        answer = registry.arkotek().conclusions(Iin.parse(people.iin_of(child_id)), now=now)
    return keep_answer(child_id=child_id, answer=answer, consented_at=now, actor=actor, now=now)


@transaction.atomic(durable=True)
def consent_to_asking(*, child_id: int, actor: Actor, now: datetime) -> None:
    """Write into the journal that the representative agrees to the question."""
    record.record("conclusion-consent", actor=actor, now=now, facts={"child": child_id})


@transaction.atomic(durable=True)
def keep_answer(
    *, child_id: int, answer: Conclusions, consented_at: datetime, actor: Actor, now: datetime
) -> list[Conclusion]:
    """Keep what Arkotek said; returns the conclusions, the newest first."""
    kept = ArkotekAnswer.objects.create(
        child_id=child_id,
        asked_by_id=actor.person_id,
        consented_at=consented_at,
        asked_at=answer.asked_at,
        reference=answer.reference,
    )
    rows = [
        Conclusion(
            child_id=child_id,
            answer=kept,
            number=one.number,
            correction=one.correction.value,
            issued_on=one.issued_on,
            valid_until=one.last_day + timedelta(days=1) if one.last_day else None,
            issued_by_kk=one.issued_by_kk,
            issued_by_ru=one.issued_by_ru,
            advice_kk=one.advice_kk,
            advice_ru=one.advice_ru,
            kept_at=now,
        )
        for one in answer.records
    ]
    Conclusion.objects.bulk_create(rows)
    facts = {"child": child_id, "reference": answer.reference, "found": len(rows)}
    record.record("conclusion-told", actor=actor, now=now, facts=facts)
    return queries.told(kept)


@transaction.atomic(durable=True)
def keep_paper(
    *,
    child_id: int,
    upload_id: int,
    number: str,
    correction: str,
    issued_on: date,
    last_day: date | None,
    actor: Actor,
    now: datetime,
) -> Conclusion:
    """Keep a conclusion that the family attached as a paper and described; whoever checks the case compares the two.

    Raises ConclusionNotYet, ConclusionExpired.
    """
    rules.refuse_days(issued_on=issued_on, last_day=last_day, today=localdate(now))
    kept = Conclusion.objects.create(
        child_id=child_id,
        upload_id=upload_id,
        number=number,
        correction=correction,
        issued_on=issued_on,
        valid_until=last_day + timedelta(days=1) if last_day else None,
        kept_at=now,
    )
    record.record(
        "conclusion-attached",
        actor=actor,
        now=now,
        facts={"child": child_id, "conclusion": kept.id, "upload": upload_id},
    )
    return kept
