"""Inner steps of the check of a special application; every caller is a journey that holds the application's lock."""

from datetime import datetime

from django.db import transaction

from balabaqsha.applications.models import Application, DocumentsCheck, KeptBeside, SecondOpinion
from balabaqsha.kernel.actor import Actor
from balabaqsha.law.lists import CaseDecider


@transaction.atomic(savepoint=False)
def order_check(
    application: Application, *, decider: CaseDecider, conclusion_id: int | None, due_at: datetime, due_term: str
) -> DocumentsCheck:
    """Write who decides a special application, until when, and on which conclusion."""
    return DocumentsCheck.objects.create(
        application=application, decider=decider.value, conclusion_id=conclusion_id, due_at=due_at, due_term=due_term
    )


@transaction.atomic(savepoint=False)
def check_anew(application: Application, *, due_at: datetime, due_term: str) -> None:
    """Let the case be decided once more, within another term; how it came out before stands in the journal."""
    DocumentsCheck.objects.filter(application=application).update(
        due_at=due_at,
        due_term=due_term,
        decided_at=None,
        decided_by_account_id=None,
        confirmed=None,
        rejected_because="",
        note="",
    )


@transaction.atomic(savepoint=False)
def settle_check(
    application: Application, *, confirmed: bool, because: str, note: str, actor: Actor, now: datetime
) -> None:
    """Write beside a special application how its check came out and by whom."""
    DocumentsCheck.objects.filter(application=application).update(
        decided_at=now,
        decided_by_account_id=actor.account_id,
        confirmed=confirmed,
        rejected_because=because,
        note=note,
    )


@transaction.atomic(savepoint=False)
def ask_opinion(
    *, check: DocumentsCheck, colleague_id: int, question: str, actor: Actor, now: datetime
) -> SecondOpinion:
    """Write what a colleague (an account) is asked about a case."""
    return SecondOpinion.objects.create(
        check_asked_about=check,
        asked_by_account_id=actor.account_id,
        asked_of_account_id=colleague_id,
        question=question,
        asked_at=now,
    )


@transaction.atomic(savepoint=False)
def answer_opinion(opinion: SecondOpinion, *, confirms: bool, answer: str, now: datetime) -> None:
    """Write what the colleague would do, and why."""
    # The clock may have gone back since.
    opinion.answered_at = max(now, opinion.asked_at)
    opinion.confirms = confirms
    opinion.answer = answer
    opinion.save(update_fields=["answered_at", "confirms", "answer"])


@transaction.atomic(savepoint=False)
def keep_beside(*, placed: Application, other: Application, now: datetime) -> None:
    """Write that the family keeps the application in the other line; a second time changes nothing."""
    KeptBeside.objects.get_or_create(placed=placed, other=other, defaults={"kept_at": now})
