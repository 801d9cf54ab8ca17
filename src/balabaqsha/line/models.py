"""Tables of the line."""

from django.db import models
from django.db.models import Q

from balabaqsha.applications.states import Kind
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
    slot = models.SmallIntegerField(default=0, db_comment="whose turn is next in line.priority_cycle, from 0")
    cycle = models.CharField(
        max_length=8, blank=True, default="", db_comment="line.priority_cycle by which its slots are counted"
    )
    openings = models.IntegerField(default=0, db_comment="places open to free choice")
    round_ends_at = models.DateTimeField(null=True, db_comment="last moment of the sealed round that runs")

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
        ]
        indexes = [
            models.Index(
                fields=["round_ends_at", "id"], condition=Q(round_ends_at__isnull=False), name="line_round_ends"
            ),
        ]
