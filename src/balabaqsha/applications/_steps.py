"""Inner steps of an application: filing, moving, terms and claims. Every caller is a journey that holds the lock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from balabaqsha.applications.actions import DraftSent, NoSuchDraft
from balabaqsha.applications.facts import line_facts
from balabaqsha.applications.models import Application, BenefitClaim, ClaimState, Draft, Wish
from balabaqsha.applications.states import PAPER_IS_GOOD_IN, Kind, Reason, State, after
from balabaqsha.documents import actions as documents
from balabaqsha.kernel import number as numbers
from balabaqsha.kernel.actor import Actor
from balabaqsha.law import rules as law_rules
from balabaqsha.law.rules import Counting
from balabaqsha.record import actions as record
from balabaqsha.record.models import JournalEntry
from balabaqsha.territories.regimes import Regime

NO_BENEFIT = "NONE"


@dataclass(frozen=True)
class Term:
    """A moment until which somebody must act, and the source it was counted by."""

    due_at: datetime
    identity: str
    counted_from: datetime


@dataclass(frozen=True)
class Filing:
    """What a family sends: whose child, for which line, with which wishes."""

    child_id: int
    applicant_id: int
    born_on: date
    kind: Kind
    territory_code: str
    settlement_code: str | None = None
    languages: tuple[str, ...] = ()
    correction: str | None = None
    wished_from: date | None = None
    benefit: str = NO_BENEFIT
    proof_ids: tuple[int, ...] = ()
    wishes: tuple[int, ...] = field(default=(), metadata={"doc": "kindergarten ids, most wished first"})
    conclusion_id: int | None = None


def lock(application_id: int) -> Application:
    """The application with its row locked: whoever decides on it looks at it now, not before. Raises DoesNotExist."""
    locked = lock_many([application_id])
    if not locked:
        raise Application.DoesNotExist
    return locked[0]


def lock_draft(draft_id: int) -> Draft:
    """The draft about to be sent, its row locked. Raises NoSuchDraft, DraftSent: of two clicks the second is told."""
    draft = Draft.objects.select_for_update(no_key=True).filter(id=draft_id).first()
    if draft is None:
        raise NoSuchDraft
    if draft.sent_application_id is not None:
        raise DraftSent(number=Application.objects.values_list("number", flat=True).get(id=draft.sent_application_id))
    return draft


def lock_many(application_ids: Iterable[int]) -> list[Application]:
    """The applications with their rows locked, ids ascending. One query."""
    wanted = list(application_ids)
    return list(Application.objects.raw(_LOCK.format(which=_which(wanted)), {"ids": wanted})) if wanted else []


# Written out, as is what every act asks: Django takes longer to build it than to have it done.
_LOCK = "SELECT * FROM applications_application WHERE {which} ORDER BY id FOR NO KEY UPDATE"


def _which(ids: list[int]) -> str:
    """The condition on these ids. For a list PostgreSQL makes a new plan each time, so the usual one of one id says so."""
    return "id = (%(ids)s::bigint[])[1]" if len(ids) == 1 else "id = ANY(%(ids)s::bigint[])"


def next_number() -> str:
    """The next application number: seven digits of the sequence and a Damm check digit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('applications_number')")
        return numbers.with_check_digit(cursor.fetchone()[0])


@transaction.atomic(savepoint=False)
def file_application(
    *,
    filing: Filing,
    regime: Regime,
    counting: Counting,
    check_due_at: datetime,
    passed_over_until: datetime | None = None,
    now: datetime,
) -> Application:
    """Write a new application into its line; a second live one of the kind violates the schema.

    `passed_over_until` is the last moment at which a linear line does not serve it yet, if there is one.
    """
    application = Application.objects.create(
        number=next_number(),
        kind=filing.kind,
        regime=regime.value,
        state=State.DOCUMENTS_CHECK if filing.kind == Kind.SPECIAL else State.WAITING,
        child_id=filing.child_id,
        applicant_id=filing.applicant_id,
        territory_id=filing.territory_code,
        settlement_id=filing.settlement_code,
        languages=list(filing.languages),
        correction=filing.correction,
        wished_from=filing.wished_from,
        original_at=now,
        reached_state_at=now,
        born_on=filing.born_on,
        birth_year=filing.born_on.year,
        ages_out_at=law_rules.max_age_moment(filing.born_on),
        benefit=NO_BENEFIT,
        category=counting.category(NO_BENEFIT, filing.born_on),
        passed_over_until=passed_over_until,
    )
    _write_wishes(application, filing.wishes)
    if filing.benefit != NO_BENEFIT:
        claim_benefit(
            application=application,
            benefit=filing.benefit,
            proof_ids=filing.proof_ids,
            check_due_at=check_due_at,
            now=now,
        )
    return application


def _write_wishes(application: Application, wishes: tuple[int, ...]) -> None:
    Wish.objects.bulk_create(
        Wish(application=application, kindergarten_id=wished, rank=rank) for rank, wished in enumerate(wishes, start=1)
    )


@transaction.atomic(savepoint=False)
def claim_benefit(
    *, application: Application, benefit: str, proof_ids: tuple[int, ...], check_due_at: datetime, now: datetime
) -> BenefitClaim:
    """Write a claim that an officer will decide; until then it counts for nothing."""
    return BenefitClaim.objects.create(
        application=application,
        benefit=benefit,
        upload_ids=list(proof_ids),
        claimed_at=now,
        check_due_at=check_due_at,
    )


@transaction.atomic(savepoint=False)
def move(
    application: Application,
    name: str,
    *,
    actor: Actor,
    now: datetime,
    term: Term | None = None,
    reason: Reason | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Make one move of the lifecycle, start or stop the term, and write it into the journal.

    `term` None stops the running term. Raises NotInThisState where the table has no such move.
    """
    before = _moved(application, name, now=now, term=term, reason=reason)
    if application.state == State.ARCHIVED:
        _drop_claims([application.id], now=now)
    application.save()
    _void_papers([application.id], before=before, now_in=application.state, actor=actor, now=now)
    journal(application, name, actor=actor, now=now, before=before, facts=facts)


@transaction.atomic(savepoint=False)
def move_many(
    batch: list[Application],
    name: str,
    *,
    actor: Actor,
    now: datetime,
    term: Term | None = None,
    reason: Reason | None = None,
    facts: dict[str, Any] | None = None,
    own_facts: Mapping[int, dict[str, Any]] | None = None,
) -> None:
    """Make the same move of many applications, whose rows are locked, with one statement and one journal row each.

    All stand in one state. `term` None stops the running term; `own_facts` are further facts by id. Raises NotInThisState.
    """
    if not batch:
        return
    entries = []
    for application in batch:
        before = _moved(application, name, now=now, term=term, reason=reason)
        own = (facts or {}) | (own_facts or {}).get(application.id, {})
        entries.append(_entry(application, name, actor=actor, now=now, before=before, facts=own))
    first, ids = batch[0], [application.id for application in batch]
    if first.state == State.ARCHIVED:
        _drop_claims(ids, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE.format(which=_which(ids)), {"ids": ids} | {column: getattr(first, column) for column in _MOVED}
        )
    _void_papers(ids, before=before, now_in=first.state, actor=actor, now=now)
    record.record_many(entries)


# The columns that a move writes.
_MOVED = ("state", "reason", "reached_state_at", "archived_at", "due_at", "due_term", "due_from")
_MOVE = f"""
UPDATE applications_application SET {", ".join(f"{column} = %({column})s" for column in _MOVED)}
WHERE {{which}}
"""  # noqa: S608 - of constants


def _moved(application: Application, name: str, *, now: datetime, term: Term | None, reason: Reason | None) -> str:
    """Put the application into the state after the move, nothing written yet; returns the state before it."""
    before = application.state
    application.state = after(name, regime=application.regime, state=before)
    application.reached_state_at = now
    is_over = application.state == State.ARCHIVED
    application.reason = reason if is_over else None
    application.archived_at = now if is_over else None
    _set_term(application, term)
    return before


def _void_papers(ids: list[int], *, before: str, now_in: str, actor: Actor, now: datetime) -> None:
    """Make void what the move has made untrue; no query for a move that leaves every paper good."""
    untrue = [kind for kind, good in PAPER_IS_GOOD_IN.items() if before in good and now_in not in good]
    if untrue:
        documents.void_papers(application_ids=ids, kinds=untrue, actor=actor, now=now)


@transaction.atomic(savepoint=False)
def end_passing_over(batch: list[Application], *, actor: Actor, now: datetime) -> None:
    """Let these applications, whose rows are locked, be served by their linear line from now on."""
    if not batch:
        return
    for application in batch:
        application.passed_over_until = None
    Application.objects.filter(id__in=[application.id for application in batch]).update(passed_over_until=None)
    record.record_many(
        [
            _entry(application, "end_passing_over", actor=actor, now=now, before=application.state, facts=None)
            for application in batch
        ]
    )


@transaction.atomic(savepoint=False)
def change_regime(
    batch: list[Application],
    regime: Regime,
    *,
    counting: Mapping[str, Counting],
    served_after: Mapping[int, datetime],
    now: datetime,
) -> None:
    """Let these, whose rows are locked, wait by another regime; `served_after`, by id: passed over until then.

    `counting`, by kind, is that of their new lines. Original moments and benefits stay. Whoever is on a stop list waits again.
    """
    for row in batch:
        if row.state == State.STOP_LISTED:
            row.state, row.reached_state_at = State.WAITING, now
            _set_term(row, None)
        row.regime, row.misses = regime.value, 0
        row.category = counting[row.kind].category(row.benefit, row.born_on)
        row.passed_over_until = served_after.get(row.id)
    fields = ("regime", "misses", "category", "passed_over_until", *_MOVED)
    Application.objects.bulk_update(batch, fields, batch_size=1000)


@transaction.atomic(savepoint=False)
def set_term(
    application: Application,
    term: Term | None,
    *,
    act: str,
    actor: Actor,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> None:
    """Change the running term without a move (an extension, a prolongation, the term of a transfer)."""
    _set_term(application, term)
    application.save()
    journal(application, act, actor=actor, now=now, before=application.state, facts=facts)


def _set_term(application: Application, term: Term | None) -> None:
    application.due_at = term.due_at if term else None
    application.due_term = term.identity if term else ""
    application.due_from = term.counted_from if term else None


def running_term(application: Application) -> Term | None:
    """The term as it stands, for acts that leave it alone."""
    if application.due_at is None or application.due_from is None:
        return None
    return Term(due_at=application.due_at, identity=application.due_term, counted_from=application.due_from)


def journal(
    application: Application, act: str, *, actor: Actor, now: datetime, before: str, facts: dict[str, Any] | None = None
) -> None:
    """Write one act on an application into the journal, with what it changed for the line."""
    record.record_many([_entry(application, act, actor=actor, now=now, before=before, facts=facts)])


def _entry(
    application: Application, act: str, *, actor: Actor, now: datetime, before: str, facts: dict[str, Any] | None
) -> JournalEntry:
    return record.entry(
        act,
        actor=actor,
        now=now,
        territory_code=application.territory_id,
        application_id=application.id,
        facts=line_facts(application, before=before) | (facts or {}),
    )


@transaction.atomic(savepoint=False)
def confirm_claim(
    *,
    application: Application,
    claim: BenefitClaim,
    valid_until: datetime | None,
    counting: Counting,
    actor: Actor,
    now: datetime,
) -> None:
    """Let the claimed benefit count from now on; an older one that counted ends."""
    BenefitClaim.objects.filter(application=application, state=ClaimState.CONFIRMED).update(
        state=ClaimState.DROPPED, ended_at=now
    )
    claim.state = ClaimState.CONFIRMED
    claim.decided_at = max(now, claim.claimed_at)
    claim.decided_by_account_id = actor.account_id
    claim.valid_until = valid_until
    claim.save()
    _set_benefit(application, claim.benefit, counting=counting)


@transaction.atomic(savepoint=False)
def reject_claim(*, claim: BenefitClaim, because: str, actor: Actor, now: datetime) -> None:
    """Refuse the claim; the application goes on by its own date."""
    claim.state = ClaimState.REJECTED
    claim.decided_at = max(now, claim.claimed_at)
    claim.decided_by_account_id = actor.account_id
    claim.rejected_because = because
    claim.ended_at = now
    claim.save()


@transaction.atomic(savepoint=False)
def lapse_claim(*, application: Application, claim: BenefitClaim, counting: Counting, now: datetime) -> None:
    """End a certificate whose month is over; the application falls back to its own date."""
    claim.state = ClaimState.LAPSED
    claim.ended_at = now
    claim.save()
    _set_benefit(application, NO_BENEFIT, counting=counting)


@transaction.atomic(savepoint=False)
def drop_claim(*, application: Application, claim: BenefitClaim, counting: Counting, now: datetime) -> None:
    """End a live claim at the family's wish; if it counted, the application falls back to its own date."""
    counted = claim.state == ClaimState.CONFIRMED
    claim.state = ClaimState.DROPPED
    claim.ended_at = now
    claim.save()
    if counted:
        _set_benefit(application, NO_BENEFIT, counting=counting)


def _set_benefit(application: Application, benefit: str, *, counting: Counting) -> None:
    application.benefit = benefit
    application.category = counting.category(benefit, application.born_on)
    application.save(update_fields=["benefit", "category"])


def _drop_claims(application_ids: list[int], *, now: datetime) -> None:
    live = BenefitClaim.objects.filter(
        application__in=application_ids, state__in=[ClaimState.UNDECIDED, ClaimState.CONFIRMED]
    )
    live.update(state=ClaimState.DROPPED, ended_at=now)
