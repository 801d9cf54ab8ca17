"""Tables of the special line: what the PMPK concluded, the check of an application, opinions, the child's two lines."""

from django.db import models
from django.db.models import F, Q

from balabaqsha.applications.models.application import Application
from balabaqsha.law.lists import CaseDecider, CaseRejection
from balabaqsha.people.models import Person


class ArkotekAnswer(models.Model):
    """One answer of Arkotek about a child, asked with the consent of whoever represents it."""

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    consented_at = models.DateTimeField(db_comment="without consent nothing is asked")
    asked_at = models.DateTimeField()
    reference = models.CharField(max_length=80, db_comment="the exchange, known to both sides")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(asked_at__gte=F("consented_at")), name="arkotek_is_asked_after_consent"),
        ]


class Conclusion(models.Model):
    """A conclusion of a PMPK about a child: as Arkotek told it, or a paper that the family attached for the check."""

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(ArkotekAnswer, on_delete=models.PROTECT, null=True, related_name="conclusions")
    upload_id = models.BigIntegerField(null=True, db_comment="the paper in documents")
    number = models.CharField(max_length=40)
    correction = models.CharField(max_length=40, db_comment="of a paper: as the family says")
    issued_on = models.DateField()
    valid_until = models.DateField(null=True, db_comment="first day on which it is out of date; null: no end")
    issued_by_kk = models.CharField(max_length=500, blank=True)
    issued_by_ru = models.CharField(max_length=500, blank=True)
    advice_kk = models.CharField(max_length=500, blank=True)
    advice_ru = models.CharField(max_length=500, blank=True)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=False, upload_id__isnull=True)
                | Q(answer__isnull=True, upload_id__isnull=False),
                name="conclusion_is_told_or_attached",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("issued_on")),
                name="conclusion_ends_after_it_is_issued",
            ),
        ]


class DocumentsCheck(models.Model):
    """The check of a special application: who decides, until when, on which conclusion, and how it came out."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="documents_check")
    decider = models.CharField(max_length=20, choices=[(one.value, one.value) for one in CaseDecider])
    conclusion = models.ForeignKey(Conclusion, on_delete=models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField(db_comment="until when it is decided (special.check)")
    due_term = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by_account_id = models.BigIntegerField(null=True)
    confirmed = models.BooleanField(null=True)
    rejected_because = models.CharField(
        max_length=24, blank=True, default="", choices=[(one.value, one.value) for one in CaseRejection]
    )
    note = models.TextField(blank=True, default="", db_comment="the decider's words for the family")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, confirmed__isnull=True, rejected_because="", note="")
                | Q(decided_at__isnull=False, confirmed=True, rejected_because="")
                | Q(decided_at__isnull=False, confirmed=False),
                name="a_decided_check_has_its_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["decider", "due_at", "id"], condition=Q(decided_at=None), name="check_to_decide"),
        ]


class SecondOpinion(models.Model):
    """What a colleague is asked about a special case, and answers; whoever asks decides."""

    check_asked_about = models.ForeignKey(DocumentsCheck, on_delete=models.PROTECT, related_name="opinions")
    asked_by_account_id = models.BigIntegerField()
    asked_of_account_id = models.BigIntegerField()
    question = models.TextField()
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    confirms = models.BooleanField(null=True, db_comment="what the colleague would do")
    answer = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["check_asked_about", "asked_of_account_id"],
                condition=Q(answered_at__isnull=True),
                name="one_open_question_to_a_colleague",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by_account_id=F("asked_of_account_id")), name="a_colleague_is_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, confirms__isnull=True, answer="")
                | Q(answered_at__isnull=False, confirms__isnull=False),
                name="an_answered_opinion_says_something",
            ),
        ]
        indexes = [models.Index(fields=["asked_of_account_id", "answered_at"], name="opinion_by_colleague")]


class KeptBeside(models.Model):
    """That a family keeps its child's application in the other line beside the place that this one gave."""

    placed = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placed", "other"], name="kept_beside_once"),
        ]
