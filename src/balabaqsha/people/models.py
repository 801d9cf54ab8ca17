"""Tables of people. IINs, names and contacts stand here and nowhere else."""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper

from balabaqsha.kernel.actor import Power
from balabaqsha.kernel.iin import Sex
from balabaqsha.people.states import LIVE, GuardianState, ReturnState, TrustState
from balabaqsha.territories.models import Territory

SEXES = [(sex.value, sex.value) for sex in Sex]


class Person(models.Model):
    """One human being, one row, as the population register knows them."""

    iin = models.CharField(max_length=12, unique=True)
    surname = models.CharField(max_length=120)
    given_name = models.CharField(max_length=120)
    patronymic = models.CharField(max_length=120, blank=True)
    born_on = models.DateField()
    sex = models.CharField(max_length=6, choices=SEXES)
    nationality = models.CharField(max_length=60, blank=True)
    address = models.CharField(max_length=300, blank=True)
    address_territory_code = models.CharField(max_length=9, blank=True)
    email = models.EmailField(blank=True)
    email_confirmed_at = models.DateTimeField(null=True, db_comment="a code sent there was given back")
    second_email = models.EmailField(
        blank=True,
        default="",
        db_default="",
        db_comment="told by the family beside the main one («Дополнительный Email» of 003)",
    )
    photo_sha256 = models.CharField(max_length=64, blank=True)
    nationality_ru = models.CharField(max_length=60, blank=True, default="", db_default="")
    address_ru = models.CharField(max_length=300, blank=True, default="", db_default="")
    stated_address = models.CharField(
        max_length=300,
        blank=True,
        default="",
        db_default="",
        db_comment="told by the family where the register has none",
    )
    register_reference = models.CharField(max_length=80, blank=True, db_comment="the register's number of its answer")
    register_asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(iin__regex=r"^[0-9]{12}$"), name="person_iin_has_twelve_digits"),
            models.CheckConstraint(
                condition=Q(email_confirmed_at__isnull=True) | ~Q(email=""), name="confirmed_email_is_there"
            ),
        ]
        indexes = [
            models.Index(Upper("email"), name="person_by_email", condition=models.Q(email_confirmed_at__isnull=False)),
        ]


class Phone(models.Model):
    """A telephone that its owner has proven by a code."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="phones")
    number = models.CharField(max_length=16, db_comment="E.164")
    is_main = models.BooleanField()
    confirmed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(is_main=True, ended_at__isnull=True), name="one_main_phone_of_a_person"
            ),
            models.UniqueConstraint(
                fields=["person", "number"], condition=Q(ended_at__isnull=True), name="one_live_row_of_a_phone"
            ),
        ]
        indexes = [models.Index(fields=["number"], name="phone_by_number")]


class StatedPhone(models.Model):
    """A telephone that an application of an earlier system names, proven by nobody yet: a code may be sent there."""

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="stated_phone")
    number = models.CharField(max_length=16, db_comment="E.164")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number__regex=r"^\+7[0-9]{10}$"), name="stated_phone_is_a_number"),
        ]


class Relation(models.TextChoices):
    """How a representative is bound to a child."""

    MOTHER = "MOTHER"
    FATHER = "FATHER"
    GUARDIAN = "GUARDIAN"


class Kinship(models.Model):
    """A legal representative of a child, with the record that proves it."""

    token = models.UUIDField(
        unique=True,
        default=uuid4,
        db_default=RandomUUID(),
        editable=False,
        db_comment="stands in addresses of the child's card",
    )
    representative = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="represents")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="represented_by")
    relation = models.CharField(max_length=8, choices=Relation)
    source = models.CharField(max_length=20, db_comment="BIRTHS or DECISION, or DEMONSTRATION, REHEARSAL")
    reference = models.CharField(max_length=80, blank=True)
    confirmed_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, db_comment="of a guardian: from this moment on they represent nobody")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source="DECISION") | Q(relation="GUARDIAN", ends_at__isnull=False),
                name="a_decision_makes_guardians_until_a_day",
            ),
            models.UniqueConstraint(
                fields=["representative", "child"], condition=Q(ended_at__isnull=True), name="one_live_kinship"
            ),
            models.CheckConstraint(condition=~Q(representative=F("child")), name="nobody_represents_themselves"),
        ]


class Trust(models.Model):
    """What a representative lets somebody else do for their child, until when; it counts once that person accepted it.

    Whom the portal does not know is named by IIN and surname; both have to be those of whoever accepts.
    """

    token = models.UUIDField(unique=True, default=uuid4, db_default=RandomUUID(), editable=False)
    giver = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    trusted_iin = models.CharField(max_length=12)
    trusted_surname = models.CharField(max_length=120, db_comment="as the giver wrote it")
    trusted = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_comment="who accepted it"
    )
    powers = ArrayField(models.CharField(max_length=6))
    state = models.CharField(max_length=8, choices=TrustState, default=TrustState.GIVEN)
    given_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_comment="from this moment on it lets nothing be done")
    answered_at = models.DateTimeField(null=True, db_comment="accepted or declined")
    ended_at = models.DateTimeField(null=True, db_comment="as of which moment it ended")

    class Meta:
        constraints = [
            # Two parents may each trust the same person: what the one gave says nothing of what the other may give.
            models.UniqueConstraint(
                fields=["giver", "child", "trusted_iin"],
                condition=Q(state__in=sorted(LIVE)),
                name="one_live_trust_in_a_person",
            ),
            models.CheckConstraint(
                condition=Q(trusted__isnull=True) | ~Q(trusted=F("giver")), name="nobody_trusts_themselves"
            ),
            models.CheckConstraint(condition=~Q(giver=F("child")), name="no_child_gives_trust"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("given_at")), name="trust_ends_after_it_is_given"),
            models.CheckConstraint(
                condition=Q(powers__contains=[Power.SEE.value])
                & Q(powers__contained_by=[power.value for power in Power]),
                name="powers_of_the_closed_list",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[TrustState.ACCEPTED, TrustState.GIVEN_UP], trusted__isnull=False)
                | Q(state__in=[TrustState.GIVEN, TrustState.DECLINED], trusted__isnull=True)
                | Q(state__in=[TrustState.REVOKED, TrustState.LAPSED]),
                name="who_accepted_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(LIVE), ended_at__isnull=True)
                | (~Q(state__in=sorted(LIVE)) & Q(ended_at__isnull=False)),
                name="an_ended_trust_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["trusted_iin"], name="trust_by_iin"),
            models.Index(fields=["giver", "-id"], name="trust_by_giver"),
            models.Index(fields=["child"], name="trust_by_child"),
            models.Index(fields=["ends_at", "id"], condition=Q(state__in=sorted(LIVE)), name="trust_lapses"),
        ]


class GuardianClaim(models.Model):
    """Somebody says that a decision of the guardianship authority makes them a child's representative; an officer decides."""

    token = models.UUIDField(unique=True, default=uuid4, db_default=RandomUUID(), editable=False)
    guardian = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # The child may not be known here, and nothing is asked about it before an officer has seen the decision.
    child_iin = models.CharField(max_length=12)
    territory = models.ForeignKey(
        Territory, on_delete=models.PROTECT, related_name="+", db_comment="whose officers decide"
    )
    upload_id = models.BigIntegerField(db_comment="the decision, in documents")
    state = models.CharField(max_length=9, choices=GuardianState, default=GuardianState.UNDECIDED)
    claimed_at = models.DateTimeField()
    check_due_at = models.DateTimeField(db_comment="until when an officer decides (benefit.proof_check)")
    decided_at = models.DateTimeField(null=True)
    decided_by_account_id = models.BigIntegerField(null=True)
    rejected_because = models.TextField(blank=True)
    kinship = models.OneToOneField(Kinship, on_delete=models.PROTECT, null=True, related_name="guardian_claim")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["guardian", "child_iin"],
                condition=Q(state=GuardianState.UNDECIDED),
                name="one_undecided_claim_of_a_guardian",
            ),
            models.CheckConstraint(
                condition=Q(state=GuardianState.UNDECIDED, decided_at__isnull=True, decided_by_account_id__isnull=True)
                | (
                    ~Q(state=GuardianState.UNDECIDED) & Q(decided_at__isnull=False, decided_by_account_id__isnull=False)
                ),
                name="a_decided_guardian_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=GuardianState.CONFIRMED, kinship__isnull=False)
                | (~Q(state=GuardianState.CONFIRMED) & Q(kinship__isnull=True)),
                name="a_confirmed_guardian_represents",
            ),
            models.CheckConstraint(
                condition=~Q(state=GuardianState.REJECTED) | ~Q(rejected_because=""),
                name="a_refused_guardian_is_told_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["territory", "check_due_at", "id"],
                condition=Q(state=GuardianState.UNDECIDED),
                name="guardian_claim_to_check",
            ),
        ]


class PhoneReturn(models.Model):
    """A new telephone for somebody who lost theirs: one officer saw the identity document, another one approves."""

    token = models.UUIDField(unique=True, default=uuid4, db_default=RandomUUID(), editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=16, db_comment="E.164, of the person by the Base of Mobile Citizens")
    document_number = models.CharField(max_length=9, db_comment="of the identity document that was shown")
    base_reference = models.CharField(max_length=80, blank=True, db_comment="answer of the Base of Mobile Citizens")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=ReturnState, default=ReturnState.PROPOSED)
    proposed_by_account_id = models.BigIntegerField()
    proposed_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_comment="not approved before this moment, it is proposed anew")
    decided_by_account_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by_account_id__isnull=True)
                | ~Q(decided_by_account_id=F("proposed_by_account_id"))
                | Q(state=ReturnState.REJECTED),
                name="a_second_officer_approves",
            ),
            models.CheckConstraint(
                condition=Q(state=ReturnState.PROPOSED, decided_at__isnull=True, decided_by_account_id__isnull=True)
                | (~Q(state=ReturnState.PROPOSED) & Q(decided_at__isnull=False, decided_by_account_id__isnull=False)),
                name="a_decided_return_has_its_officer",
            ),
            models.CheckConstraint(condition=Q(number__regex=r"^\+7[0-9]{10}$"), name="returned_phone_is_a_number"),
            models.CheckConstraint(condition=Q(document_number__regex=r"^[0-9]{9}$"), name="document_has_nine_digits"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("proposed_at")), name="return_expires_later"),
            models.CheckConstraint(
                condition=~Q(state=ReturnState.APPROVED) | Q(decided_at__lt=F("expires_at")),
                name="a_return_is_approved_in_time",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state=ReturnState.PROPOSED), name="one_proposed_return_of_a_person"
            ),
        ]
        indexes = [
            models.Index(
                fields=["territory", "proposed_at", "id"],
                condition=Q(state=ReturnState.PROPOSED),
                name="phone_return_to_decide",
            ),
        ]
