"""Tables of the line."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from balabaqsha.applications.states import Kind
from balabaqsha.law.ages import ASSUMED_CATEGORIES, PAIRS, Categories, Counting
from balabaqsha.territories.models import Territory


class Line(models.Model):
    """One line of a territory: of a kind in the voucher regime; of a birth year and correction too in the linear one.

    Its row is what a distribution run, a renewal, and every act that can free a place in a linear territory lock.
    """

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    birth_year = models.SmallIntegerField(null=True, db_comment="linear lines only")
    correction = models.CharField(max_length=40, null=True, db_comment="special linear lines only")
    intake_year = models.SmallIntegerField(db_comment="the year whose 1 September decides the age bands")
    renewed_at = models.DateTimeField(null=True)
    numbers = ArrayField(
        models.SmallIntegerField(),
        size=PAIRS,
        null=True,
        db_comment="categories by which the line is counted, as a table of them has it; null: the assumed ones",
    )
    recounts_at = models.DateTimeField(
        null=True, db_comment="when the next table of categories comes into force; null: none is known"
    )
    slot = models.SmallIntegerField(default=0, db_comment="whose turn is next in line.priority_cycle, from 0")
    cycle = models.CharField(
        max_length=8, blank=True, default="", db_comment="line.priority_cycle by which its slots are counted"
    )
    openings = models.IntegerField(default=0, db_comment="places open to free choice")
    round_ends_at = models.DateTimeField(null=True, db_comment="last moment of the sealed round that runs")
    thaws_at = models.DateTimeField(
        null=True, db_comment="when the yearly freeze is over that keeps places from being given; null: none are kept"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "kind", "birth_year", "correction"],
                nulls_distinct=False,
                name="one_line_of_a_kind",
            ),
            models.CheckConstraint(condition=Q(slot__gte=0, openings__gte=0), name="line_counts_from_nought"),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=False)
                | Q(correction__isnull=True, slot=0, openings=0, round_ends_at__isnull=True),
                name="free_choice_is_of_linear_lines",
            ),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=False) | Q(thaws_at__isnull=True), name="linear_lines_freeze"
            ),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True) | Q(numbers__isnull=True, recounts_at__isnull=True),
                name="categories_are_of_voucher_lines",
            ),
        ]
        indexes = [
            models.Index(
                fields=["round_ends_at", "id"], condition=Q(round_ends_at__isnull=False), name="line_round_ends"
            ),
            models.Index(fields=["thaws_at", "id"], condition=Q(thaws_at__isnull=False), name="line_thaws"),
            models.Index(fields=["recounts_at", "id"], condition=Q(recounts_at__isnull=False), name="line_recounts"),
        ]

    @property
    def counting(self) -> Counting:
        """By which intake year and categories it is counted."""
        return counting(self.intake_year, self.numbers)


def counting(intake_year: int, numbers: list[int] | None) -> Counting:
    """The counting that a line's row says."""
    return Counting(intake_year, Categories(tuple(numbers)) if numbers else ASSUMED_CATEGORIES)


class Block(models.Model):
    """What a block of a line is: those who wait, alike in everything that orders them, and applied in one month.

    The lines of both regimes are sums of whole blocks: by category, or by birth year, correction and tier.
    """

    territory_code = models.CharField(max_length=9)
    regime = models.CharField(max_length=7)
    kind = models.CharField(max_length=7, choices=Kind)
    birth_year = models.SmallIntegerField()
    correction = models.CharField(max_length=40, null=True)
    category = models.SmallIntegerField()
    tier = models.CharField(max_length=11)
    month_from = models.DateTimeField(db_comment="first moment, in UTC, of the month of the original moments")

    class Meta:
        abstract = True


KEY = ("territory_code", "regime", "kind", "birth_year", "correction", "category", "tier", "month_from")


class BlockCount(Block):
    """How many waited in a block when its changes were last folded. Only the folding job writes here."""

    waiting = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=KEY, nulls_distinct=False, name="one_count_of_a_block"),
            models.CheckConstraint(condition=Q(waiting__gte=0), name="nobody_leaves_a_block_twice"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(waiting=0), name="block_is_empty")]


class BlockChange(Block):
    """How many more, or fewer, wait in a block since then: written by the trigger of applications, one row a statement.

    Rows are only added, so nobody who enters or leaves a line waits for another; the folding job takes them away.
    """

    change = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["territory_code", "kind"], name="block_changes_of_a_line")]


class BlockNow(Block):
    """Parts of the number of those who wait in a block now; they have to be summed. A view over the two tables."""

    number = models.IntegerField()

    class Meta:
        managed = False
        db_table = "line_blocknow"
