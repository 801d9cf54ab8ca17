"""Tables of the law: terms that a territory set for itself, and the days of the national calendar."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from balabaqsha.law.ages import PAIRS
from balabaqsha.law.terms import OVERRIDABLE, Unit
from balabaqsha.territories.models import Territory


def _by_two_people(name: str) -> list[models.BaseConstraint]:
    """Nobody approves their own proposal; an answer is whole, and is one of the two."""
    return [
        models.CheckConstraint(
            condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")), name=f"{name}_by_two_people"
        ),
        models.CheckConstraint(
            condition=Q(approved_by__isnull=True, approved_at__isnull=True)
            | Q(approved_by__isnull=False, approved_at__isnull=False),
            name=f"{name}_approval_whole",
        ),
        _refusal_whole(name),
    ]


def _refusal_whole(name: str) -> models.BaseConstraint:
    none = Q(refused_by__isnull=True, refused_at__isnull=True, refused_because="")
    whole = Q(refused_by__isnull=False, refused_at__isnull=False, approved_by__isnull=True) & ~Q(refused_because="")
    return models.CheckConstraint(condition=none | whole, name=f"{name}_refusal_whole")


class Proposal(models.Model):
    """A change of the law's tables: somebody proposes it, another one approves it, anybody in office may refuse it."""

    source = models.TextField(db_comment="act and paragraph, in the officer's words")
    proposed_by = models.BigIntegerField(db_comment="account")
    proposed_at = models.DateTimeField()
    approved_by = models.BigIntegerField(null=True, db_comment="account, another one than proposed_by")
    approved_at = models.DateTimeField(null=True)
    refused_by = models.BigIntegerField(null=True, db_comment="account; of proposed_by too, who takes it back")
    refused_at = models.DateTimeField(null=True)
    refused_because = models.TextField(default="")

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether it waits for its answer."""
        return self.approved_by is None and self.refused_by is None


class TerritorialTerm(Proposal):
    """A term that holds in one territory and below; in force once a second person approved it."""

    code = models.CharField(max_length=64, choices=[(code, code) for code in sorted(OVERRIDABLE)])
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=32, db_comment="a whole number, or the word of a term that is a choice")
    unit = models.CharField(max_length=16, choices=[(unit.value, unit.value) for unit in Unit])
    in_force_from = models.DateField()
    paragraph = models.TextField(default="")
    assumed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "territory", "in_force_from"],
                condition=Q(refused_by__isnull=True),
                name="territorial_term_once",
            ),
            *_by_two_people("territorial_term"),
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


class CalendarChange(Proposal):
    """A day that is to be off, or worked, against its weekday or against what the calendar said before."""

    day = models.DateField()
    working = models.BooleanField()
    name_kk = models.TextField()
    name_ru = models.TextField()
    name_en = models.TextField()

    class Meta:
        constraints = [
            *_by_two_people("calendar_change"),
            models.UniqueConstraint(
                fields=["day"],
                condition=Q(approved_by__isnull=True, refused_by__isnull=True),
                name="one_open_change_of_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(name_kk="") & ~Q(name_ru="") & ~Q(name_en="") & ~Q(source=""),
                name="calendar_change_named",
            ),
        ]


class CategoryTable(Proposal):
    """The categories of the voucher lines of a territory, and of those below without a nearer table, from a day on.

    `numbers` has the category of each status and age band, in the order of the law's list; whoever is too young for
    both bands comes after all of them.
    """

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    in_force_from = models.DateField()
    numbers = ArrayField(models.SmallIntegerField(), size=PAIRS)
    assumed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            *_by_two_people("category_table"),
            models.UniqueConstraint(
                fields=["territory", "in_force_from"], condition=Q(refused_by__isnull=True), name="one_table_a_day"
            ),
            models.CheckConstraint(condition=Q(numbers__len=PAIRS) & ~Q(source=""), name="category_table_said"),
        ]
