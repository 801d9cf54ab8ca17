"""Inner steps of turns, referrals and wishes; every caller is a journey that holds the locks of the line and the case."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from balabaqsha.applications._steps import Term
from balabaqsha.applications.models import Application
from balabaqsha.kernel import number as numbers
from balabaqsha.line.models import Line
from balabaqsha.referrals import queries
from balabaqsha.referrals.models import Referral, SealedWish, TogetherWish, Turn
from balabaqsha.referrals.states import (
    LIVE,
    REFERRAL_LIFECYCLE,
    TURN_LIFECYCLE,
    Origin,
    ReferralState,
    Review,
    TurnState,
    WishOutcome,
)
from balabaqsha.signatures.models import Signature


@transaction.atomic(savepoint=False)
def give_turns(*, line: Line, slots: Mapping[int, int | None], term: Term, now: datetime) -> None:
    """Write a turn for each of these applications, with the slot it used up; a second live one violates the schema."""
    values: dict[str, Any] = {
        "applications": list(slots),
        "slots": list(slots.values()),
        "line": line.id,
        "offered": now,
        "due": term.due_at,
        "term": term.identity,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_TURNS, values)


_GIVE_TURNS = f"""
INSERT INTO referrals_turn (application_id, line_id, state, slot, offered_at, due_at, due_term)
SELECT given.application, %(line)s::bigint, '{TurnState.OFFERED.value}', given.slot, %(offered)s::timestamptz,
    %(due)s::timestamptz, %(term)s::text
FROM unnest(%(applications)s::bigint[], %(slots)s::smallint[]) AS given (application, slot)
"""  # noqa: S608 - of constants


@transaction.atomic(savepoint=False)
def end_turns(*, application_ids: Iterable[int], name: str, now: datetime) -> int:
    """Make one move of the live turns of these applications; returns how many there were."""
    target = TURN_LIFECYCLE.after(name, state=TurnState.OFFERED)
    live = Turn.objects.filter(application_id__in=list(application_ids), state=TurnState.OFFERED)
    return live.update(state=target, ended_at=now)


@transaction.atomic(savepoint=False)
def issue(
    *,
    application: Application,
    line: Line,
    group_id: int,
    origin: Origin,
    signature: Signature,
    term: Term,
    give_back_until: datetime,
    now: datetime,
    restores: Referral | None = None,
) -> Referral:
    """Write a referral; a second live one of the application violates the schema.

    `restores` is the one that ended wrongly, on whose signature this one stands.
    """
    return Referral.objects.create(
        number=_next_number(),
        application=application,
        line=line,
        group_id=group_id,
        origin=origin,
        state=ReferralState.ISSUED,
        signature=signature,
        issued_at=now,
        due_at=term.due_at,
        give_back_until=give_back_until,
        restores=restores,
    )


def _next_number() -> str:
    """The next number of a referral: seven digits of the sequence and a Damm check digit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('referrals_number')")
        return numbers.with_check_digit(cursor.fetchone()[0])


@transaction.atomic(savepoint=False)
def move_referral(*, application_id: int, name: str, now: datetime) -> Referral | None:
    """Make one move of the application's live referral and return it; without one nothing is to be moved."""
    referral = queries.live_referral(application_id)
    if referral is None:
        return None
    referral.state = REFERRAL_LIFECYCLE.after(name, state=referral.state)
    if referral.state == ReferralState.REGISTERED:
        referral.registered_at = now
    if referral.state not in LIVE:
        referral.ended_at = now
    referral.save()
    return referral


@transaction.atomic(savepoint=False)
def extend(
    referral: Referral,
    *,
    due_at: datetime,
    days: int,
    reason: str,
    words: str,
    upload_id: int | None,
    now: datetime,
) -> None:
    """Write down the one extension of a referral."""
    referral.due_at = due_at
    referral.extended_at = now
    referral.extended_days = days
    referral.extension_reason = reason
    referral.extension_words = words
    referral.extension_upload_id = upload_id
    referral.save()


@transaction.atomic(savepoint=False)
def review(
    referral: Referral,
    *,
    outcome: Review,
    due_at: datetime,
    account_id: int | None,
    now: datetime,
    because: str = "",
    note: str = "",
) -> None:
    """Write down what an officer found of an extension; `due_at` is the last moment to register from now on.

    A withdrawal has its reason, of the closed list, and the officer's words.
    """
    referral.review = outcome
    referral.reviewed_at = now
    referral.reviewed_by_account_id = account_id
    referral.review_because = because
    referral.review_note = note
    referral.due_at = due_at
    referral.save()


@transaction.atomic(savepoint=False)
def postpone(*, application_id: int, due_at: datetime) -> None:
    """Let the live turn, or the referral not yet registered, end at another moment; the term of a contract is the case's."""
    Turn.objects.filter(application_id=application_id, state=TurnState.OFFERED).update(due_at=due_at)
    Referral.objects.filter(application_id=application_id, state=ReferralState.ISSUED).update(due_at=due_at)


@transaction.atomic(savepoint=False)
def use_papers_time(referral: Referral, *, now: datetime) -> None:
    """Note that the time for papers has been given; it is given once for each referral."""
    referral.papers_time_at = now
    referral.save(update_fields=["papers_time_at"])


@transaction.atomic(savepoint=False)
def wish(*, application_id: int, line: Line, group_id: int, signature: Signature, now: datetime) -> SealedWish:
    """Write a wish into the sealed round; the one before it ends."""
    end_wishes(application_ids=[application_id], now=now)
    return SealedWish.objects.create(
        application_id=application_id, line=line, group_id=group_id, signature=signature, wished_at=now
    )


@transaction.atomic(savepoint=False)
def end_wishes(*, application_ids: Iterable[int], now: datetime, outcome: WishOutcome = WishOutcome.ENDED) -> None:
    """End the wishes of these applications, which left the line or were served."""
    live = SealedWish.objects.filter(application_id__in=list(application_ids), ended_at__isnull=True)
    live.update(outcome=outcome, ended_at=now)


@transaction.atomic(savepoint=False)
def wish_together(*, application_id: int, sibling_id: int, now: datetime) -> TogetherWish:
    """Record that an application is to be served with a sibling's; a second such wish violates the schema."""
    return TogetherWish.objects.create(application_id=application_id, sibling_id=sibling_id, wished_at=now)


@transaction.atomic(savepoint=False)
def end_together(*, application_id: int, now: datetime) -> int:
    """End the wish of an application to be served with a sibling's; returns how many there were, none or one."""
    return TogetherWish.objects.filter(application_id=application_id, ended_at__isnull=True).update(ended_at=now)
