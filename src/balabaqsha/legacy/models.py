"""Tables of lists of earlier systems: the list, its rows while they are staged, and what was carried over."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from balabaqsha.applications.models import Application
from balabaqsha.territories.models import Territory
from balabaqsha.territories.regimes import Regime


class ListState(models.TextChoices):
    """How far a list is. Until it is confirmed nothing of it stands in any line."""

    UPLOADED = "UPLOADED"
    READ = "READ"
    CONFIRMED = "CONFIRMED"
    FINISHED = "FINISHED"
    DROPPED = "DROPPED"


class LegacyList(models.Model):
    """One list of one territory, by the digest of its file: brought again before it is finished, it goes on."""

    token = models.UUIDField(unique=True, default=uuid4, editable=False, db_comment="stands in addresses")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    regime = models.CharField(max_length=7, choices=[(one.value, one.value) for one in Regime])
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_comment="of the file")
    headings = ArrayField(models.CharField(max_length=200), default=list)
    columns = models.JSONField(default=dict, db_comment="heading of each field that was chosen by hand")
    state = models.CharField(max_length=9, choices=ListState, default=ListState.UPLOADED)
    unreadable = models.CharField(max_length=40, blank=True, db_comment="why the file could not be read to its end")
    read = models.IntegerField(default=0, db_comment="rows read")
    last_row = models.IntegerField(default=0, db_comment="number in the file of the last row that was read")
    faulty = models.IntegerField(default=0, db_comment="rows with a fault, left out")
    written = models.IntegerField(default=0, db_comment="applications carried over")
    reached = models.JSONField(null=True, db_comment="tier, moment and row of the last one carried over")
    added_at = models.DateTimeField()
    added_by_account_id = models.BigIntegerField(null=True)
    read_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_account_id = models.BigIntegerField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory"],
                condition=~Q(state__in=[ListState.FINISHED, ListState.DROPPED]),
                name="one_open_list_of_a_territory",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ListState.CONFIRMED, ListState.FINISHED], confirmed_at__isnull=False)
                | Q(state__in=[ListState.UPLOADED, ListState.READ, ListState.DROPPED], confirmed_at__isnull=True),
                name="a_confirmed_list_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(written=0) | Q(confirmed_at__isnull=False), name="nothing_is_carried_over_unconfirmed"
            ),
        ]


class LegacyRow(models.Model):
    """A row of a list that is not finished. Names and IINs are erased when it is; rows with a fault stay for the report."""

    source = models.ForeignKey(LegacyList, on_delete=models.CASCADE, related_name="rows", db_index=False)
    row = models.IntegerField(db_comment="number in the file")
    sound = models.BooleanField()
    faults = models.JSONField(default=list, db_comment="[code, field, what was written]; never a name or an IIN")
    number = models.CharField(max_length=60, blank=True, db_comment="in the earlier system")
    place = models.IntegerField(null=True, db_comment="in the line of the earlier system")
    tier = models.SmallIntegerField(null=True, db_comment="what comes before the moment in the order of the new line")
    registered_at = models.DateTimeField(null=True)
    child_iin = models.CharField(max_length=12, blank=True)
    child_name = ArrayField(
        models.CharField(max_length=120), default=list, db_comment="surname, given name, patronymic"
    )
    applicant_iin = models.CharField(max_length=12, blank=True)
    applicant_name = ArrayField(models.CharField(max_length=120), default=list)
    applicant_phone = models.CharField(max_length=16, blank=True, default="", db_default="", db_comment="E.164")
    child_sex = models.CharField(max_length=6, blank=True)
    applicant_sex = models.CharField(max_length=6, blank=True)
    born_on = models.DateField(null=True)
    applicant_born_on = models.DateField(null=True)
    benefit = models.CharField(max_length=20, blank=True)
    category = models.SmallIntegerField(null=True)
    languages = ArrayField(models.CharField(max_length=2), default=list)
    correction = models.CharField(max_length=40, null=True)
    wished_from = models.DateField(null=True)
    ages_out_at = models.DateTimeField(null=True)
    served_from = models.DateTimeField(
        null=True, db_comment="linear: moment of the age of a turn or of the wished start"
    )
    egov_number = models.CharField(max_length=40, blank=True, default="", db_default="")
    centre_number = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "row"], name="one_row_of_a_number"),
            models.CheckConstraint(
                condition=Q(sound=True, faults=[]) | (Q(sound=False) & ~Q(faults=[])),
                name="a_row_is_sound_or_has_a_fault",
            ),
        ]
        indexes = [
            models.Index(
                fields=["source", "tier", "registered_at", "row"], condition=Q(sound=True), name="legacy_rows_in_order"
            ),
        ]


class CarriedOver(models.Model):
    """The number and place that an application had in an earlier system, beside it for good."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="carried_over")
    source = models.ForeignKey(LegacyList, on_delete=models.PROTECT, related_name="carried_over")
    row = models.IntegerField(db_comment="number in the file")
    number = models.CharField(max_length=60)
    place_before = models.IntegerField(null=True)
    place_after = models.IntegerField(null=True, db_comment="when the whole list had been carried over")
    causes = models.JSONField(default=list, db_comment="[code, how many places] for each cause of the difference")

    class Meta:
        indexes = [
            models.Index(fields=["source", "row"], name="carried_over_of_a_list"),
            models.Index(fields=["number"], name="carried_over_by_number"),
        ]


class GardenList(models.Model):
    """A list of kindergartens and groups of one territory. Until it is confirmed nothing of it is in the register."""

    token = models.UUIDField(unique=True, default=uuid4, editable=False, db_comment="stands in addresses")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_comment="of the file")
    headings = ArrayField(models.CharField(max_length=200), default=list)
    columns = models.JSONField(default=dict, db_comment="heading of each field that was chosen by hand")
    state = models.CharField(max_length=9, choices=ListState, default=ListState.UPLOADED)
    unreadable = models.CharField(max_length=40, blank=True, db_comment="why the file could not be read to its end")
    read = models.IntegerField(default=0, db_comment="rows read")
    faulty = models.IntegerField(default=0, db_comment="rows with a fault, left out")
    gardens = models.IntegerField(default=0, db_comment="kindergartens of the sound rows")
    written = models.IntegerField(default=0, db_comment="kindergartens entered")
    added_at = models.DateTimeField()
    added_by_account_id = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[ListState.CONFIRMED, ListState.FINISHED], confirmed_at__isnull=False)
                | Q(state__in=[ListState.UPLOADED, ListState.READ, ListState.DROPPED], confirmed_at__isnull=True),
                name="a_confirmed_garden_list_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(written=0) | Q(confirmed_at__isnull=False), name="no_garden_is_entered_unconfirmed"
            ),
        ]


class GardenRow(models.Model):
    """A row of such a list: what it says, or its faults."""

    source = models.ForeignKey(GardenList, on_delete=models.CASCADE, related_name="rows", db_index=False)
    row = models.IntegerField(db_comment="number in the file")
    bin = models.CharField(max_length=12, blank=True)
    sound = models.BooleanField()
    faults = models.JSONField(default=list, db_comment="[code, field, what was written]")
    garden = models.JSONField(default=dict)
    group = models.JSONField(default=dict)
    written_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "row"], name="one_garden_row_of_a_number"),
            models.CheckConstraint(
                condition=Q(sound=True, faults=[]) | (Q(sound=False) & ~Q(faults=[])),
                name="a_garden_row_is_sound_or_has_a_fault",
            ),
        ]
        indexes = [models.Index(fields=["source", "bin", "row"], name="garden_rows_by_bin")]
