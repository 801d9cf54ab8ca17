"""The door that all web processes share: one row. The arrival numbers themselves are drawn from a sequence."""

from django.db import models
from django.db.models import Q


class Door(models.Model):
    """How far people have been called in. A trigger refuses every step back, so that no place in line is lost."""

    called = models.FloatField(db_comment="arrival numbers up to this one may go in")
    per_second = models.FloatField(
        default=0, db_comment="how many a second were called lately, for the time that is told"
    )
    moved_at = models.DateTimeField(db_comment="when `called` was last raised, real time")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_door")]
