"""Tables of admissions: admission, contract, waiting list and its offers."""

from django.db import models
from django.db.models import Q

from balabaqsha.admissions.states import OPEN, ContractState, Outcome, Stage
from balabaqsha.applications.models import Application
from balabaqsha.kindergartens.models import Group, Hold
from balabaqsha.signatures.models import Signature


class Admission(models.Model):
    """The way from a chosen place to enrolment; a transfer is a second admission beside the enrolled one."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="admissions")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="admission")
    stage = models.CharField(max_length=26, choices=Stage)
    is_transfer = models.BooleanField()
    opened_at = models.DateTimeField()
    contract_sent_at = models.DateTimeField(null=True)
    signed_by_parent_at = models.DateTimeField(null=True)
    enrolled_at = models.DateTimeField(null=True)
    escalates_at = models.DateTimeField(null=True, db_comment="contract.with_kindergarten: the department is told")
    escalated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=24, blank=True, db_comment="the move that ended it")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(stage__in=sorted(OPEN)), name="one_open_admission"
            ),
            models.UniqueConstraint(fields=["application"], condition=Q(stage=Stage.ENROLLED), name="one_enrolment"),
            models.CheckConstraint(
                condition=Q(stage=Stage.ENDED, ended_at__isnull=False)
                | (~Q(stage=Stage.ENDED) & Q(ended_at__isnull=True)),
                name="an_ended_admission_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.ENROLLED) | Q(enrolled_at__isnull=False), name="enrolled_has_its_moment"
            ),
        ]
        indexes = [
            models.Index(fields=["application"], name="admission_by_application"),
            models.Index(fields=["group", "stage"], name="admission_by_group"),
            models.Index(
                fields=["escalates_at", "id"],
                condition=Q(stage=Stage.CONTRACT_WITH_KINDERGARTEN, escalated_at__isnull=True),
                name="admission_escalates",
            ),
        ]


class Contract(models.Model):
    """One version of a contract: the exact document and both signatures over its bytes."""

    admission = models.ForeignKey(Admission, on_delete=models.PROTECT, related_name="contracts")
    state = models.CharField(max_length=17, choices=ContractState)
    document_id = models.BigIntegerField(null=True, db_comment="MadeDocument; null only in rehearsals")
    terms = models.JSONField(default=dict, db_comment="fields that the kindergarten filled")
    paper_ids = models.JSONField(default=dict, db_comment="upload by kind of paper, attached by the family")
    sent_at = models.DateTimeField()
    parent_signature = models.OneToOneField(Signature, on_delete=models.PROTECT, null=True, related_name="+")
    kindergarten_signature = models.OneToOneField(Signature, on_delete=models.PROTECT, null=True, related_name="+")
    returned_because = models.CharField(max_length=24, blank=True)
    returned_note = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["admission"],
                condition=~Q(state__in=[ContractState.REFUSED, ContractState.ENDED]),
                name="one_live_contract",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ContractState.WITH_KINDERGARTEN, ContractState.SIGNED])
                | Q(parent_signature__isnull=False),
                name="kindergarten_signs_after_the_parent",
            ),
            models.CheckConstraint(
                condition=~Q(state=ContractState.SIGNED) | Q(kindergarten_signature__isnull=False),
                name="signed_by_both",
            ),
        ]
        indexes = [models.Index(fields=["admission"], name="contract_by_admission")]


class WaitingListEntry(models.Model):
    """An application that stands in the waiting list of a group."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="waiting_list_entries")
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    left_because = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "application"], condition=Q(left_at__isnull=True), name="stands_once_in_a_list"
            ),
        ]
        indexes = [
            models.Index(
                fields=["group", "joined_at", "id"], condition=Q(left_at__isnull=True), name="waiting_list_order"
            ),
            models.Index(fields=["application"], name="waiting_entry_by_application"),
        ]


class WaitingListOffer(models.Model):
    """A place that became free, offered to the first of its group's waiting list."""

    entry = models.ForeignKey(WaitingListEntry, on_delete=models.PROTECT, related_name="offers")
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="offer")
    offered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    due_term = models.CharField(max_length=80)
    outcome = models.CharField(max_length=8, choices=Outcome, null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(ended_at__isnull=True), name="one_open_offer"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome__isnull=True)
                | Q(ended_at__isnull=False, outcome__isnull=False),
                name="an_ended_offer_has_its_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(ended_at__isnull=True), name="offer_due"),
            models.Index(fields=["entry"], name="offer_by_entry"),
        ]
