"""What the register of social statuses said of a child when a benefit was claimed."""

from django.db import models
from django.db.models import Q

from balabaqsha.applications.models.application import BenefitClaim
from balabaqsha.law.lists import IN_REGISTER
from balabaqsha.people.models import Person


class StatusStanding(models.TextChoices):
    """The register's word, or that it gave none; label keys `status-standing.HAS` and so on."""

    HAS = "HAS"
    HAS_NOT = "HAS_NOT"
    UNKNOWN = "UNKNOWN"
    SILENT = "SILENT"


class StatusAnswer(models.Model):
    """One question to the register about a child and its representative, and its answer, kept as evidence."""

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    representative = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    benefit = models.CharField(max_length=20)
    consented_at = models.DateTimeField(null=True, db_comment="null: an officer asked by duty")
    asked_by_account_id = models.BigIntegerField(null=True, db_comment="the officer who asked by duty")
    asked_at = models.DateTimeField()
    standing = models.CharField(max_length=8, choices=StatusStanding)
    number = models.CharField(max_length=40, blank=True, db_comment="the register's own record")
    last_day = models.DateField(null=True)
    reference = models.CharField(max_length=80, blank=True, db_comment="the exchange, known to both sides")
    claim = models.ForeignKey(
        BenefitClaim, on_delete=models.PROTECT, null=True, related_name="+", db_comment="the claim that it confirmed"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(consented_at__isnull=False, asked_by_account_id__isnull=True)
                | Q(consented_at__isnull=True, asked_by_account_id__isnull=False),
                name="a_register_is_asked_by_consent_or_duty",
            ),
            models.CheckConstraint(
                condition=Q(benefit__in=sorted(status.value for status in IN_REGISTER)),
                name="a_register_is_asked_what_it_knows",
            ),
            models.CheckConstraint(
                condition=Q(claim__isnull=True) | Q(standing=StatusStanding.HAS),
                name="only_a_yes_of_the_register_confirms",
            ),
        ]
        indexes = [models.Index(fields=["child", "benefit", "-asked_at"], name="status_answer_by_child")]
