"""Inner steps of appeals; every caller is a journey that holds the application's lock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from balabaqsha.applications._steps import Term
from balabaqsha.applications.models import Appeal, Application
from balabaqsha.applications.states import APPEAL_LIFECYCLE, Kept
from balabaqsha.kernel.actor import Actor


@dataclass(frozen=True)
class Contested:
    """The act that a family contests: its name in the journal, when it took effect, who decided it (None: nobody),
    and the state of the application before it.
    """

    act: str
    at: datetime
    by_account_id: int | None
    former_state: str


@dataclass(frozen=True)
class Filing:
    """What the family says, with its proofs (ids of uploads)."""

    words: str
    upload_ids: tuple[int, ...] = ()


@transaction.atomic(savepoint=False)
def file(
    application: Application,
    *,
    contested: Contested,
    filing: Filing,
    term: Term,
    kept: Kept,
    hold_id: int | None,
    now: datetime,
) -> Appeal:
    """Write an appeal; a second open one of the application, or one against the same act, violates the schema."""
    return Appeal.objects.create(
        token=uuid4(),
        application=application,
        contested_act=contested.act,
        contested_at=contested.at,
        contested_by_account_id=contested.by_account_id,
        former_state=contested.former_state,
        words=filing.words,
        upload_ids=list(filing.upload_ids),
        filed_at=now,
        filed_by_id=application.applicant_id,
        due_at=term.due_at,
        due_term=term.identity,
        kept=kept,
        hold_id=hold_id,
    )


@transaction.atomic(savepoint=False)
def settle(appeal: Appeal, name: str, *, actor: Actor, now: datetime, because: str = "", note: str = "") -> None:
    """Make one move of an open appeal and write by whom and why; deciding one's own act violates the schema."""
    appeal.state = APPEAL_LIFECYCLE.after(name, state=appeal.state)
    # The clock may have gone back since.
    appeal.decided_at = max(now, appeal.filed_at)
    appeal.decided_by_account_id = actor.account_id
    appeal.because = because
    appeal.note = note
    appeal.save(update_fields=["state", "decided_at", "decided_by_account_id", "because", "note"])


@transaction.atomic(savepoint=False)
def escalate(appeal: Appeal, *, now: datetime) -> None:
    """Note that the authority is late."""
    appeal.escalated_at = now
    appeal.save(update_fields=["escalated_at"])
