"""Table of the desk: which officer looks after which piece of work, from when until when."""

from django.db import models
from django.db.models import F, Q

from balabaqsha.accounts.models import Account
from balabaqsha.territories.models import Territory


class Assignment(models.Model):
    """One officer looks after one piece of work; what becomes of the work itself stands in its own table."""

    kind = models.CharField(max_length=12, db_comment="of desk.kinds")
    subject_id = models.BigIntegerField(db_comment="the row that waits, in the table of its kind")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, null=True, related_name="+", db_comment="of the work; null: of nobody's"
    )
    taken_at = models.DateTimeField()
    given_by = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="+", db_comment="null: taken by the officer"
    )
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=Q(ended_at__isnull=True), name="one_officer_looks_after_it"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("taken_at")),
                name="an_assignment_ends_after_it_began",
            ),
        ]
        indexes = [
            models.Index(
                fields=["account", "kind", "subject_id"], condition=Q(ended_at__isnull=True), name="work_of_an_officer"
            ),
        ]
