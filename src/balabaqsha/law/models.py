"""Tables of the law: terms that a territory set for itself, and the days of the national calendar."""

from django.db import models
from django.db.models import F, Q

from balabaqsha.law.terms import OVERRIDABLE, Unit
from balabaqsha.territories.models import Territory


class TerritorialTerm(models.Model):
    """A term that holds in one territory and below; in force once a second person approved it."""

    code = models.CharField(max_length=64, choices=[(code, code) for code in sorted(OVERRIDABLE)])
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=32, db_comment="a whole number, or the word of a term that is a choice")
    unit = models.CharField(max_length=16, choices=[(unit.value, unit.value) for unit in Unit])
    in_force_from = models.DateField()
    source = models.TextField(db_comment="act and paragraph, in the officer's words")
    paragraph = models.TextField(default="")
    assumed = models.BooleanField(default=False)
    proposed_by = models.BigIntegerField(db_comment="account")
    proposed_at = models.DateTimeField()
    approved_by = models.BigIntegerField(null=True, db_comment="account, another one than proposed_by")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "territory", "in_force_from"], name="territorial_term_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="territorial_term_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="territorial_term_approval_whole",
            ),
            models.CheckConstraint(condition=~Q(value="") & ~Q(source=""), name="territorial_term_said"),
            models.CheckConstraint(condition=Q(code__in=sorted(OVERRIDABLE)), name="territorial_term_overridable"),
        ]


class CalendarDay(models.Model):
    """One day of the national calendar that is named: off or working against its weekday, or a holiday."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name_kk = models.TextField()
    name_ru = models.TextField()
    name_en = models.TextField()
    source = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_kk="") & ~Q(name_ru="") & ~Q(name_en="") & ~Q(source=""),
                name="calendar_day_named",
            ),
        ]
