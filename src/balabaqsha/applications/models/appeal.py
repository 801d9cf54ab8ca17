"""The table of appeals."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from balabaqsha.applications.models.application import Application
from balabaqsha.applications.states import AppealState, Kept
from balabaqsha.kindergartens.models import Hold
from balabaqsha.law.grounds import AppealGround, AppealRejection

_REASONS = [(one.value, one.value) for one in (*AppealGround, *AppealRejection)]


class Appeal(models.Model):
    """What a family says against one act on its application, what is kept for it meanwhile, and what was decided."""

    token = models.UUIDField(unique=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="appeals")
    state = models.CharField(max_length=8, choices=AppealState, default=AppealState.OPEN)
    contested_act = models.CharField(max_length=24, db_comment="as the journal names it")
    contested_at = models.DateTimeField()
    contested_by_account_id = models.BigIntegerField(null=True, db_comment="who decided it; null: a term lapsed")
    former_state = models.CharField(max_length=26, db_comment="of the application, before the contested act")
    words = models.TextField(db_comment="the family's own")
    upload_ids = ArrayField(models.BigIntegerField(), default=list, db_comment="proofs in documents")
    filed_at = models.DateTimeField()
    filed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(db_comment="until when it is decided (appeal.decide)")
    due_term = models.CharField(max_length=80)
    escalated_at = models.DateTimeField(null=True)
    kept = models.CharField(max_length=7, choices=Kept, db_comment="for the family, until it is decided")
    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, null=True, related_name="appeal")
    decided_at = models.DateTimeField(null=True)
    decided_by_account_id = models.BigIntegerField(null=True)
    because = models.CharField(max_length=20, choices=_REASONS, blank=True, default="")
    note = models.TextField(blank=True, default="", db_comment="the officer's words, which the family reads")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state=AppealState.OPEN), name="one_open_appeal_of_a_case"
            ),
            models.UniqueConstraint(
                fields=["application", "contested_act", "contested_at"], name="an_act_is_contested_once"
            ),
            models.CheckConstraint(
                condition=Q(state=AppealState.OPEN, decided_at__isnull=True, because="")
                | Q(state__in=[AppealState.GRANTED, AppealState.REJECTED], decided_at__gte=F("filed_at"))
                & Q(decided_by_account_id__isnull=False)
                & ~Q(because="")
                & ~Q(note="")
                | Q(state=AppealState.ENDED, decided_at__gte=F("filed_at"), because=""),
                name="a_decided_appeal_has_its_reason",
            ),
            models.CheckConstraint(
                # Spelled out: what is compared with nothing would count as different.
                condition=Q(decided_by_account_id__isnull=True)
                | Q(contested_by_account_id__isnull=True)
                | ~Q(decided_by_account_id=F("contested_by_account_id")),
                name="an_appeal_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(kept=Kept.PLACE, hold__isnull=False) | ~Q(kept=Kept.PLACE) & Q(hold__isnull=True),
                name="a_kept_place_has_its_hold",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state=AppealState.OPEN), name="appeal_to_decide"),
            models.Index(fields=["application"], name="appeal_by_application"),
        ]
