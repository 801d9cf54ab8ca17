"""Tables of the territories: the KATO tree and the regime of each territory by date."""

from django.db import models
from django.db.models import Q

from balabaqsha.territories.kato import Level
from balabaqsha.territories.regimes import Regime


class Territory(models.Model):
    """One object of the national classifier. `path` is the codes from the region down to itself, joined by /."""

    code = models.CharField(primary_key=True, max_length=9, db_comment="KATO")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.CharField(max_length=12, choices=[(level.value, level.value) for level in Level])
    kind = models.PositiveSmallIntegerField(
        null=True, db_comment="sign K of the classifier: 1 urban, 2 rural, 3 and 4 mixed, 0 region"
    )
    name_kk = models.TextField()
    name_ru = models.TextField()
    name_en = models.TextField(null=True)
    path = models.CharField(max_length=64)
    in_classifier = models.BooleanField(
        default=True, db_comment="false once an imported edition of the classifier lacks the code"
    )

    class Meta:
        indexes = [
            # For `LIKE 'path/%'`: everything below a territory.
            models.Index(fields=["path"], opclasses=["varchar_pattern_ops"], name="territory_by_path"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{9}$"), name="territory_code_kato"),
            models.CheckConstraint(condition=Q(path__endswith=models.F("code")), name="territory_path_own"),
            models.CheckConstraint(condition=~Q(name_kk="") & ~Q(name_ru=""), name="territory_named"),
        ]


class RegimePeriod(models.Model):
    """The regime of a territory, and of everything below it that has no period of its own, from a date on."""

    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    regime = models.CharField(max_length=8, choices=[(regime.value, regime.value) for regime in Regime])
    in_force_from = models.DateField()
    source = models.TextField()
    assumed = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "in_force_from"], name="regime_once_a_day"),
            models.CheckConstraint(condition=Q(regime__in=[regime.value for regime in Regime]), name="regime_known"),
        ]
