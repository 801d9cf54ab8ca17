"""What becomes of claims beside their decision; every caller is a journey that holds the application's lock."""

from datetime import datetime

from django.db import transaction

from balabaqsha.applications.models import Application, BenefitClaim, ClaimState
from balabaqsha.kernel.actor import Actor
from balabaqsha.law.lists import BenefitStatus


@transaction.atomic(savepoint=False)
def confirm_first(claim: BenefitClaim, *, actor: Actor, now: datetime) -> None:
    """Note that one officer has confirmed the claim; it still waits for another."""
    claim.first_confirmed_by_account_id = actor.account_id
    # The clock may have gone back since the claim was made.
    claim.first_confirmed_at = max(now, claim.claimed_at)
    claim.save(update_fields=["first_confirmed_by_account_id", "first_confirmed_at"])


@transaction.atomic(savepoint=False)
def live_again(application: Application, *, ended_at: datetime, now: datetime) -> None:
    """Let the claims that went with the application into the archive live again; a certificate out of date stays lapsed.

    Sets the benefit that counts from now on, which the caller saves with the application.
    """
    application.benefit = BenefitStatus.NONE.value
    for claim in BenefitClaim.objects.filter(application=application, state=ClaimState.DROPPED, ended_at=ended_at):
        confirmed = claim.decided_at is not None
        if confirmed and claim.valid_until is not None and claim.valid_until < now:
            claim.state = ClaimState.LAPSED
        else:
            claim.state = ClaimState.CONFIRMED if confirmed else ClaimState.UNDECIDED
            claim.ended_at = None
            application.benefit = claim.benefit if confirmed else application.benefit
        claim.save(update_fields=["state", "ended_at"])
