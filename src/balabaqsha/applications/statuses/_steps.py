"""What a yes of the register confirmed; the caller is a journey that holds the application's lock."""

from django.db import transaction

from balabaqsha.applications.models import BenefitClaim, StatusAnswer


@transaction.atomic(savepoint=False)
def bind(answer: StatusAnswer, claim: BenefitClaim) -> None:
    """Keep with the answer which claim it confirmed."""
    StatusAnswer.objects.filter(pk=answer.pk).update(claim=claim)
