"""Tables of kindergartens: organisations, groups, places and who holds them."""

from django.db import models
from django.db.models import F, Q

from balabaqsha.documents.models import StoredFile
from balabaqsha.people.models import Person
from balabaqsha.territories.models import Territory


class Ownership(models.TextChoices):
    STATE = "STATE"
    PRIVATE = "PRIVATE"


class KindergartenType(models.TextChoices):
    KINDERGARTEN = "KINDERGARTEN"
    MINI_CENTRE = "MINI_CENTRE"
    SPECIAL = "SPECIAL"
    SANATORIUM = "SANATORIUM"


class Language(models.TextChoices):
    """Languages of instruction."""

    KK = "kk"
    RU = "ru"
    EN = "en"


class Kindergarten(models.Model):
    """A preschool organisation."""

    code = models.SlugField(max_length=40, unique=True, db_comment="stands in public addresses")
    bin = models.CharField(max_length=12, unique=True)
    name_kk = models.CharField(max_length=200)
    name_ru = models.CharField(max_length=200)
    ownership = models.CharField(max_length=8, choices=Ownership)
    type = models.CharField(max_length=12, choices=KindergartenType)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", db_comment="whose line it serves"
    )
    settlement = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", null=True)
    address_kk = models.CharField(max_length=300, blank=True)
    address_ru = models.CharField(max_length=300, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    head_name = models.CharField(max_length=200, blank=True)
    stay_hours = models.FloatField(default=10.5, db_comment="hours a day")
    licence_number = models.CharField(max_length=40, blank=True, default="")
    licence_on = models.DateField(null=True, db_comment="day of the licence")
    opens_on = models.DateField(null=True, db_comment="first day on which it takes children; null: it always has")
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(
        max_length=24, blank=True, default="", db_comment="of the closed list ClosingReason"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(bin__regex=r"^[0-9]{12}$"), name="kindergarten_bin_has_twelve_digits"),
            models.CheckConstraint(
                condition=Q(stay_hours__gt=0, stay_hours__lte=24), name="kindergarten_stays_within_a_day"
            ),
            models.CheckConstraint(
                condition=Q(licence_number="", licence_on=None) | (~Q(licence_number="") & Q(licence_on__isnull=False)),
                name="kindergarten_licence_has_number_and_day",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="kindergarten_lies_on_the_map",
            ),
            models.CheckConstraint(
                condition=Q(closed_because="") | Q(closed_at__isnull=False), name="only_a_closed_kindergarten_says_why"
            ),
        ]


class KindergartenPhoto(models.Model):
    """A photo that everybody sees on the page of a kindergarten. It stays on record when it is removed."""

    kindergarten = models.ForeignKey(Kindergarten, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kindergarten", "file"], condition=Q(removed_at=None), name="one_photo_of_a_content"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(removed_at__gte=F("added_at")), name="photo_is_removed_after_it_comes"
            ),
        ]
        indexes = [models.Index(fields=["kindergarten", "id"], name="photos_of_a_kindergarten")]


class Kept(models.TextChoices):
    """Why a place is kept from families that nobody has taken back; the reasons for taking back are RecallReason."""

    NOT_PUBLISHED = "NOT_PUBLISHED"
    MOVED_UP = "MOVED_UP"
    CLOSED = "CLOSED"


class Group(models.Model):
    """A group of one birth year; with a correction it serves special applications of that correction only."""

    kindergarten = models.ForeignKey(Kindergarten, on_delete=models.PROTECT, related_name="groups")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    birth_year = models.SmallIntegerField()
    language = models.CharField(max_length=2, choices=Language)
    correction = models.CharField(max_length=40, null=True)
    combined_with = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="combined",
        db_comment="the first group of a combined one: children of several types together, each type with its own places",
    )
    capacity = models.SmallIntegerField()
    parent_fee = models.IntegerField(default=0, db_comment="tenge a month")
    school_year = models.SmallIntegerField(
        null=True,
        db_comment="that it opens for, by the calendar year in which it begins; null: it takes children at once",
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kindergarten", "name"], name="one_group_of_a_name"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="group_has_capacity"),
            models.CheckConstraint(
                condition=Q(combined_with__isnull=True) | Q(correction__isnull=False),
                name="special_groups_are_combined",
            ),
            models.CheckConstraint(
                condition=Q(school_year=None) | Q(school_year__gt=F("birth_year")), name="group_opens_for_the_born"
            ),
        ]
        indexes = [models.Index(fields=["territory", "birth_year", "correction"], name="group_by_birth_year")]


class Place(models.Model):
    """One child's place in a group. Published means: open to families whenever nobody holds it."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="places")
    number = models.SmallIntegerField()
    published = models.BooleanField(default=False)
    kept_since = models.DateTimeField(null=True, db_comment="since when it is kept from families; null: not on record")
    kept_because = models.CharField(
        max_length=24, blank=True, default="", db_comment="of RecallReason or Kept; empty: not on record"
    )
    withdrawn_at = models.DateTimeField(
        null=True, db_comment="since when the group has no such place: its capacity was lowered"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="one_place_of_a_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="place_number_from_one"),
            models.CheckConstraint(
                condition=Q(published=False) | Q(kept_since=None, kept_because=""), name="published_place_is_not_kept"
            ),
            models.CheckConstraint(
                condition=Q(published=False) | Q(withdrawn_at=None), name="withdrawn_place_is_not_published"
            ),
        ]


class Purpose(models.TextChoices):
    """Why a place is held."""

    CHOICE = "CHOICE"
    REFERRAL = "REFERRAL"
    OFFER = "OFFER"
    ENROLMENT = "ENROLMENT"
    GUEST = "GUEST"
    APPEAL = "APPEAL"


class Hold(models.Model):
    """Who holds a place. The partial unique index is the judge: a place has at most one live holder."""

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="holds")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=9, choices=Purpose)
    held_at = models.DateTimeField()
    until = models.DateTimeField(null=True, db_comment="last moment at which the hold still counts; null: no end set")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place"], condition=Q(ended_at__isnull=True), name="one_holder_of_a_place"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("held_at")), name="hold_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(purpose="ENROLMENT") | Q(until__isnull=True), name="enrolment_has_no_end_moment"
            ),
        ]
        indexes = [models.Index(fields=["child"], condition=Q(ended_at__isnull=True), name="live_holds_of_a_child")]
