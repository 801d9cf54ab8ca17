"""Tables of referrals: turns, referrals, wishes of sealed rounds, and siblings who are served together."""

from django.db import models
from django.db.models import F, Q

from balabaqsha.applications.models import Application
from balabaqsha.kindergartens.models import Group
from balabaqsha.law.lists import ExtensionReason, WithdrawalReason
from balabaqsha.line.models import Line
from balabaqsha.referrals.states import LIVE, Origin, ReferralState, Review, TurnState, WishOutcome
from balabaqsha.signatures.models import Signature


class Turn(models.Model):
    """A turn given to the next of a linear line: a place among those free, no particular one."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="turns")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=TurnState)
    slot = models.SmallIntegerField(
        null=True, db_comment="of the line's cycle, used up by this turn; null: out of turn"
    )
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_term = models.CharField(max_length=80)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(state=TurnState.OFFERED), name="one_live_turn"),
            models.CheckConstraint(
                condition=Q(state=TurnState.OFFERED, ended_at__isnull=True)
                | (~Q(state=TurnState.OFFERED) & Q(ended_at__isnull=False)),
                name="an_ended_turn_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["application"], name="turn_by_application"),
            models.Index(fields=["line"], name="turn_by_line"),
            models.Index(fields=["line", "id"], condition=Q(state=TurnState.OFFERED), name="live_turns_of_a_line"),
        ]


class Referral(models.Model):
    """A referral of one application to one group; it never comes back to life."""

    number = models.CharField(max_length=12, unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="referrals")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=11, choices=Origin)
    state = models.CharField(max_length=10, choices=ReferralState)
    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="+")
    restores = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_comment="the one ended wrongly that this one gives again, on the same signature",
    )
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField(db_comment="last moment to register it")
    give_back_until = models.DateTimeField()
    extended_at = models.DateTimeField(null=True)
    extended_days = models.SmallIntegerField(null=True)
    extension_reason = models.CharField(
        max_length=20, choices=[(reason.value, reason.value) for reason in ExtensionReason], blank=True
    )
    extension_words = models.TextField(blank=True)
    extension_upload_id = models.BigIntegerField(null=True, db_comment="proof in documents; null only in rehearsals")
    review = models.CharField(max_length=9, choices=Review, null=True, db_comment="of the extension, by an officer")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_account_id = models.BigIntegerField(null=True)
    review_because = models.CharField(
        max_length=20,
        choices=[(reason.value, reason.value) for reason in WithdrawalReason],
        blank=True,
        default="",
        db_default="",
        db_comment="of the closed list, where the extension is withdrawn",
    )
    review_note = models.TextField(blank=True, db_comment="the officer's words, which the family reads")
    registered_at = models.DateTimeField(null=True)
    papers_time_at = models.DateTimeField(null=True, db_comment="when the time for papers was given; null: not used up")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state__in=sorted(LIVE)), name="one_live_referral"
            ),
            models.UniqueConstraint(
                fields=["signature"], condition=Q(restores__isnull=True), name="a_choice_gives_one_referral"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(LIVE), ended_at__isnull=True)
                | (~Q(state__in=sorted(LIVE)) & Q(ended_at__isnull=False)),
                name="an_ended_referral_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReferralState.REGISTERED) | Q(registered_at__isnull=False),
                name="a_registered_referral_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(extended_at__isnull=True, extended_days__isnull=True, extension_reason="")
                | (Q(extended_at__gte=F("issued_at"), extended_days__gte=1) & ~Q(extension_reason="")),
                name="an_extension_has_days_and_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(review__isnull=True, reviewed_at__isnull=True)
                | Q(review__isnull=False, reviewed_at__isnull=False, extended_at__isnull=False),
                name="only_an_extension_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(review_because="") | Q(review=Review.WITHDRAWN),
                name="only_a_withdrawal_has_its_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["application"], name="referral_by_application"),
            models.Index(fields=["group", "state"], name="referral_by_group"),
            models.Index(fields=["line", "issued_at"], name="referral_by_line"),
            models.Index(
                fields=["extended_at", "id"],
                condition=Q(extended_at__isnull=False, review__isnull=True),
                name="extension_to_review",
            ),
        ]


class SealedWish(models.Model):
    """What a family would take if a sealed round reached it; a later wish replaces it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="sealed_wishes")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    signature = models.OneToOneField(Signature, on_delete=models.PROTECT, related_name="+")
    wished_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=WishOutcome, null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at__isnull=True), name="one_wish_in_a_sealed_round"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome__isnull=True)
                | Q(ended_at__isnull=False, outcome__isnull=False),
                name="an_ended_wish_has_its_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["application"], name="wish_by_application"),
            models.Index(fields=["line"], name="wish_by_line"),
            models.Index(fields=["line", "id"], condition=Q(ended_at__isnull=True), name="live_wishes_of_a_line"),
            models.Index(fields=["group"], name="wish_by_group"),
        ]


class TogetherWish(models.Model):
    """That an application is to be served together with a sibling's; it binds when the sibling's says so too."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="together_wishes")
    sibling = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    wished_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(ended_at__isnull=True), name="together_with_one_sibling"
            ),
            models.CheckConstraint(condition=~Q(application=F("sibling")), name="together_with_another"),
        ]
        indexes = [
            models.Index(fields=["application"], name="together_by_application"),
            models.Index(fields=["sibling"], name="together_by_sibling"),
        ]
