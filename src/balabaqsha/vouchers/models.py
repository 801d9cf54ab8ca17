"""Tables of vouchers and of the runs that give them."""

from django.db import models
from django.db.models import Q

from balabaqsha.applications.models import Application
from balabaqsha.territories.models import Territory
from balabaqsha.vouchers.states import LIVE, VoucherState


class RunState(models.TextChoices):
    PREVIEWED = "PREVIEWED"
    PERFORMED = "PERFORMED"


class DistributionRun(models.Model):
    """A run over a territory: what went in, by which rules, and what came out. Reproducible from its input."""

    number = models.BigIntegerField(unique=True)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=RunState)
    limit = models.IntegerField(null=True)
    rule_version = models.CharField(max_length=40)
    previewed_at = models.DateTimeField(null=True)
    performed_at = models.DateTimeField(null=True)
    performed_by_account_id = models.BigIntegerField(null=True)
    given = models.IntegerField(default=0, db_comment="vouchers given, or that would be given")
    input = models.JSONField(db_comment="frozen input, without names")
    input_digest = models.CharField(max_length=64)
    result = models.JSONField(db_comment="numbers served in order, and why others were passed over")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RunState.PREVIEWED, performed_at__isnull=True)
                | Q(state=RunState.PERFORMED, performed_at__isnull=False),
                name="a_performed_run_has_its_moment",
            )
        ]
        indexes = [models.Index(fields=["territory", "performed_at"], name="run_by_territory")]


class RunRow(models.Model):
    """One application of the line as a run saw it, for pages that show some of many. Written by the run's trigger."""

    run = models.ForeignKey(DistributionRun, on_delete=models.CASCADE, related_name="rows")
    reason = models.CharField(max_length=32, blank=True, db_comment="why it was passed over; empty: served")
    position = models.IntegerField(db_comment="among the served, or among those passed over, from 1")
    number = models.CharField(max_length=12)
    category = models.SmallIntegerField()
    original_at = models.DateTimeField()
    birth_year = models.SmallIntegerField()
    special = models.BooleanField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "reason", "position"], name="one_row_of_a_run_at_a_position")
        ]
        indexes = [models.Index(fields=["run", "position"], condition=~Q(reason=""), name="run_rows_passed_over")]


class RunDemand(models.Model):
    """What a run had to give for one birth year and correction, and what it gave. Written by the run's trigger."""

    run = models.ForeignKey(DistributionRun, on_delete=models.CASCADE, related_name="demands")
    birth_year = models.SmallIntegerField()
    correction = models.CharField(max_length=40, null=True)
    places = models.IntegerField()
    waiting = models.IntegerField()
    given = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "birth_year", "correction"], nulls_distinct=False, name="one_demand_of_a_run"
            )
        ]


class Voucher(models.Model):
    """A voucher of one application; it never comes back to life."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="vouchers")
    run = models.ForeignKey(DistributionRun, on_delete=models.PROTECT, related_name="vouchers", null=True)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=VoucherState)
    offered_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state__in=sorted(LIVE)), name="one_live_voucher"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(LIVE), ended_at__isnull=True)
                | (~Q(state__in=sorted(LIVE)) & Q(ended_at__isnull=False)),
                name="an_ended_voucher_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["application"], name="voucher_by_application")]
