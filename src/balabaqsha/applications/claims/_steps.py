"""The first of two confirmations of a claim; the caller is a journey that holds the application's lock."""

from datetime import datetime

from django.db import transaction

from balabaqsha.applications.models import BenefitClaim
from balabaqsha.kernel.actor import Actor


@transaction.atomic(savepoint=False)
def confirm_first(claim: BenefitClaim, *, actor: Actor, now: datetime) -> None:
    """Note that one officer has confirmed the claim; it still waits for another."""
    claim.first_confirmed_by_account_id = actor.account_id
    # The clock may have gone back since the claim was made.
    claim.first_confirmed_at = max(now, claim.claimed_at)
    claim.save(update_fields=["first_confirmed_by_account_id", "first_confirmed_at"])
