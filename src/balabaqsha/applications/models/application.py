"""Tables of applications: the application, its wishes and its benefit claims."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from balabaqsha.applications.states import (
    AGES_OUT,
    LINEAR_STATES,
    LIVE,
    TERM_RUNS,
    VOUCHER_STATES,
    Kind,
    Reason,
    State,
)
from balabaqsha.kindergartens.models import Kindergarten, Language
from balabaqsha.law.lists import OUT_OF_TURN, BenefitStatus, Tier
from balabaqsha.people.models import Person
from balabaqsha.territories.models import Territory
from balabaqsha.territories.regimes import Regime

# A benefit's tier, as the closed list has it: out of turn, priority, ordinary.
_TIER_OF_BENEFIT = models.Case(
    models.When(benefit__in=sorted(status.value for status in OUT_OF_TURN), then=models.Value(Tier.OUT_OF_TURN.value)),
    models.When(benefit=BenefitStatus.NONE.value, then=models.Value(Tier.ORDINARY.value)),
    default=models.Value(Tier.PRIORITY.value),
)


class Application(models.Model):
    """A family's application for one child in one line; its state and the one term that runs stand here."""

    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=7, choices=Kind)
    regime = models.CharField(
        max_length=7,
        choices=[(regime.value, regime.value) for regime in Regime],
        default=Regime.VOUCHER.value,
        db_comment="of its territory on the day of submission",
    )
    state = models.CharField(max_length=26, choices=State)
    reason = models.CharField(max_length=20, choices=Reason, null=True)
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications")
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="filed_applications")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    settlement = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+", null=True)
    languages = ArrayField(models.CharField(max_length=2, choices=Language), default=list)
    correction = models.CharField(max_length=40, null=True)
    wished_from = models.DateField(null=True)
    original_at = models.DateTimeField(db_comment="original moment of the application: never lost on return")
    born_on = models.DateField(db_comment="the child's, so that the line needs no person")
    birth_year = models.SmallIntegerField()
    ages_out_at = models.DateTimeField()
    benefit = models.CharField(max_length=20, default="NONE", db_comment="the confirmed one that counts")
    category = models.SmallIntegerField()
    # Written by the database from the benefit, so that the two cannot disagree; read it in queries only.
    tier = models.GeneratedField(
        expression=_TIER_OF_BENEFIT, output_field=models.CharField(max_length=11), db_persist=True
    )
    passed_over_until = models.DateTimeField(
        null=True,
        db_comment="linear: last moment before a wished start, turn.min_age or the end of a pause; null: may be served",
    )
    misses = models.SmallIntegerField(default=0, db_comment="linear: referrals that lapsed")
    in_private_place = models.BooleanField(
        default=False, db_comment="linear: enrolled by state order in a private kindergarten; the child may apply again"
    )
    due_at = models.DateTimeField(null=True, db_comment="last moment of the term that runs")
    due_term = models.CharField(max_length=80, blank=True, db_comment="identity of the term it was counted by")
    due_from = models.DateTimeField(null=True, db_comment="moment from which the running term was counted")
    extended = models.BooleanField(default=False, db_comment="the extension of the running full term is used up")
    restored_at = models.DateTimeField(null=True)
    egov_number = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        db_comment="in eGov («Номер ПЭП» of 003); empty: not filed there",
    )
    centre_number = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        db_comment="in a service centre («Номер ЦОН» of 003); empty: not filed there",
    )
    archived_at = models.DateTimeField(null=True)
    reached_state_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "kind"],
                condition=Q(state__in=sorted(LIVE), in_private_place=False),
                name="one_live_application_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["child", "kind"],
                condition=Q(state=State.ENROLLED, in_private_place=True),
                name="one_private_place_of_a_kind",
            ),
            # Two heads may sign for the two lines of a child at the same moment.
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(state=State.ENROLLED, in_private_place=False),
                name="one_kindergarten_of_a_child",
            ),
            models.CheckConstraint(
                condition=Q(regime=Regime.VOUCHER.value, state__in=sorted(VOUCHER_STATES))
                | Q(regime=Regime.LINEAR.value, state__in=sorted(LINEAR_STATES)),
                name="state_is_of_the_regime",
            ),
            models.CheckConstraint(
                condition=Q(misses=0) | Q(misses__gt=0, regime=Regime.LINEAR.value),
                name="misses_are_counted_from_nought",
            ),
            models.CheckConstraint(
                condition=Q(in_private_place=False) | Q(regime=Regime.LINEAR.value),
                name="private_places_are_of_linear_territories",
            ),
            models.CheckConstraint(
                condition=Q(passed_over_until__isnull=True) | Q(regime=Regime.LINEAR.value),
                name="passed_over_in_linear_territories",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ARCHIVED, reason__isnull=False, archived_at__isnull=False)
                | (~Q(state=State.ARCHIVED) & Q(reason__isnull=True, archived_at__isnull=True)),
                name="archived_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(TERM_RUNS), due_at__isnull=False)
                | Q(state=State.ENROLLED)
                | Q(state__in=sorted(set(State) - TERM_RUNS), due_at__isnull=True),
                name="term_runs_only_where_somebody_must_act",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | (Q(due_from__isnull=False) & ~Q(due_term="")),
                name="a_term_has_its_source",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.SPECIAL, correction__isnull=False)
                | Q(kind=Kind.GENERAL, correction__isnull=True),
                name="correction_only_in_the_special_line",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.STOP_LISTED) | Q(restored_at__isnull=True),
                name="stop_listed_once",
            ),
            models.CheckConstraint(condition=Q(category__gte=1, category__lte=21), name="category_is_known"),
        ]
        indexes = [
            models.Index(
                fields=["territory", "kind", "category", "original_at", "id"],
                condition=Q(state=State.WAITING),
                name="application_line",
            ),
            models.Index(
                fields=["territory", "birth_year", "correction", "tier", "original_at", "id"],
                condition=Q(state=State.WAITING, regime=Regime.LINEAR.value),
                name="application_linear_line",
            ),
            models.Index(
                fields=["territory", "birth_year", "correction", "tier", "original_at", "id"],
                condition=Q(state=State.WAITING, regime=Regime.LINEAR.value, passed_over_until__isnull=True),
                name="application_linear_next",
            ),
            models.Index(
                fields=["passed_over_until", "id"],
                condition=Q(state__in=sorted(LIVE), passed_over_until__isnull=False),
                name="application_passed_over",
            ),
            models.Index(fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="application_due"),
            models.Index(
                fields=["ages_out_at", "id"], condition=Q(state__in=sorted(AGES_OUT)), name="application_ages_out"
            ),
            models.Index(fields=["territory", "kind", "state", "birth_year"], name="application_by_state"),
        ]


class Wish(models.Model):
    """A kindergarten that the family would like, in order of wish."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="wishes")
    kindergarten = models.ForeignKey(Kindergarten, on_delete=models.PROTECT, related_name="+")
    rank = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "rank"], name="one_wish_of_a_rank"),
            models.UniqueConstraint(fields=["application", "kindergarten"], name="a_kindergarten_is_wished_once"),
        ]


class ClaimState(models.TextChoices):
    UNDECIDED = "UNDECIDED"
    CONFIRMED = "CONFIRMED"
    REJECTED = "REJECTED"
    LAPSED = "LAPSED"
    DROPPED = "DROPPED"


class BenefitClaim(models.Model):
    """A benefit that the family claims; it counts from the moment its proof is confirmed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="claims")
    benefit = models.CharField(max_length=20)
    state = models.CharField(max_length=9, choices=ClaimState, default=ClaimState.UNDECIDED)
    upload_ids = ArrayField(models.BigIntegerField(), default=list, db_comment="proofs in documents")
    claimed_at = models.DateTimeField()
    check_due_at = models.DateTimeField(db_comment="until when an officer decides (benefit.proof_check)")
    first_confirmed_at = models.DateTimeField(null=True)
    first_confirmed_by_account_id = models.BigIntegerField(
        null=True, db_comment="of a right out of turn: the first of two officers"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by_account_id = models.BigIntegerField(null=True)
    rejected_because = models.TextField(blank=True)
    valid_until = models.DateTimeField(null=True, db_comment="last moment of the certificate; null: no end")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state=ClaimState.UNDECIDED), name="one_undecided_claim"
            ),
            models.UniqueConstraint(
                fields=["application"], condition=Q(state=ClaimState.CONFIRMED), name="one_counting_claim"
            ),
            models.CheckConstraint(
                condition=Q(state=ClaimState.UNDECIDED, decided_at__isnull=True)
                | Q(state=ClaimState.DROPPED)
                | (~Q(state__in=[ClaimState.UNDECIDED, ClaimState.DROPPED]) & Q(decided_at__isnull=False)),
                name="a_decided_claim_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(first_confirmed_at__isnull=True)
                | ~Q(state__in=[ClaimState.CONFIRMED, ClaimState.LAPSED])
                # Spelled out: what is compared with nothing would count as different.
                | Q(decided_by_account_id__isnull=False, first_confirmed_by_account_id__isnull=False)
                & ~Q(decided_by_account_id=F("first_confirmed_by_account_id")),
                name="two_officers_are_two",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("claimed_at")),
                name="a_claim_is_decided_after_it_is_made",
            ),
        ]
        indexes = [
            models.Index(
                fields=["valid_until", "id"],
                condition=Q(state=ClaimState.CONFIRMED, valid_until__isnull=False),
                name="claim_lapses",
            ),
            models.Index(fields=["check_due_at", "id"], condition=Q(state=ClaimState.UNDECIDED), name="claim_to_check"),
            models.Index(fields=["application"], name="claim_by_application"),
        ]


class Draft(models.Model):
    """What a family has filled in and not sent; kept on every step, resumed on any device."""

    token = models.UUIDField(unique=True)
    applicant = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafts")
    answers = models.JSONField(default=dict)
    step = models.CharField(max_length=20)
    updated_at = models.DateTimeField()
    sent_application = models.OneToOneField(Application, on_delete=models.PROTECT, null=True, related_name="draft")
