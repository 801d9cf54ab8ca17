"""Tables of insight: reports that the worker makes, and their files."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from balabaqsha.territories.models import Territory


class ReportOrder(models.Model):
    """Reports that somebody in office ordered as a file: what of, how far the worker is, and the file when it is made."""

    token = models.UUIDField(unique=True)
    account_id = models.BigIntegerField(db_comment="who ordered it and may fetch it")
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", null=True, db_comment="null: the whole country"
    )
    reports = ArrayField(models.CharField(max_length=40))
    asked = models.JSONField(db_comment="period, regime, birth year, whether by territory")
    language = models.CharField(max_length=2)
    ordered_at = models.DateTimeField()
    steps = models.IntegerField(default=0, db_comment="of the work, known when the worker begins; 0: it has not begun")
    done = models.IntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, default="", db_comment="of the file in the folder of files")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(done__gte=0, done__lte=F("steps")), name="report_done_of_its_steps"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, sha256="") | (Q(finished_at__isnull=False) & ~Q(sha256="")),
                name="a_finished_report_has_its_file",
            ),
        ]
        indexes = [models.Index(fields=["account_id", "-id"], name="report_by_account")]
