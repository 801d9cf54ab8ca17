"""Tables of the line."""

from django.db import models

from balabaqsha.applications.states import Kind
from balabaqsha.territories.models import Territory


class Line(models.Model):
    """One line of a territory. Its row is what a distribution run and a renewal lock."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=7, choices=Kind)
    intake_year = models.SmallIntegerField(db_comment="the year whose 1 September decides the age bands")
    renewed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["territory", "kind"], name="one_line_of_a_kind")]
