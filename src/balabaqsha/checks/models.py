"""Table of checks: what was found, from when until when."""

from django.db import models
from django.db.models import F, Q

from balabaqsha.territories.models import Territory


class SystemStanding(models.Model):
    """How a state system answered last, as the process that asked it last noted; in real time."""

    system = models.CharField(primary_key=True, max_length=20, db_comment="gateways.port.System")
    answered_at = models.DateTimeField(null=True, db_comment="the last usable answer")
    failed_at = models.DateTimeField(null=True, db_comment="the last question without one")
    reason = models.CharField(
        max_length=24, blank=True, db_comment="why there was none; empty: the last one was answered"
    )
    rests_until = models.DateTimeField(null=True, db_comment="until when it is left alone")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=False) | Q(failed_at__isnull=False), name="a_standing_is_of_something"
            ),
        ]


class Finding(models.Model):
    """A promise that was found broken; cleared once a check no longer finds it."""

    code = models.CharField(max_length=40, db_comment="the check; texts finding.<code> and finding.<code>.do")
    subject = models.CharField(max_length=80, db_comment="the row that breaks it, by kind and number")
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, null=True, related_name="+", db_comment="null: the portal as a whole"
    )
    application_id = models.BigIntegerField(null=True)
    facts = models.JSONField(db_comment="ids, codes and numbers; never names, IINs or contacts")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "subject"], condition=Q(cleared_at__isnull=True), name="a_finding_is_open_once"
            ),
            models.CheckConstraint(
                condition=Q(last_seen_at__gte=F("first_seen_at"))
                & (Q(cleared_at__isnull=True) | Q(cleared_at__gte=F("last_seen_at"))),
                name="a_finding_is_seen_then_cleared",
            ),
        ]
        indexes = [models.Index(fields=["territory", "code", "id"], name="finding_by_territory")]
