"""Tables of transparency: what visitors write to the staff."""

from django.db import models
from django.db.models import F, Q

from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.people.models import Person
from balabaqsha.territories.models import Territory
from balabaqsha.transparency.rules import CONTACT_LONGEST, TEXT_LONGEST


class Topic(models.TextChoices):
    """What a message is about; label keys `feedback.topic.QUESTION` and so on."""

    QUESTION = "QUESTION"
    COMPLAINT = "COMPLAINT"
    MONEY = "MONEY"
    UNLAWFUL_DEMAND = "UNLAWFUL_DEMAND"
    FAULT = "FAULT"
    PROPOSAL = "PROPOSAL"
    OTHER = "OTHER"


class Feedback(models.Model):
    """A message of a visitor to the staff of a territory. Its contact is personal: staff see it, the journal never."""

    number = models.CharField(max_length=12, unique=True)
    token = models.CharField(
        max_length=22, unique=True, db_comment="stands in the address by which its writer finds the answer"
    )
    topic = models.CharField(max_length=16, choices=Topic)
    text = models.CharField(max_length=TEXT_LONGEST)
    contact = models.CharField(
        max_length=CONTACT_LONGEST, blank=True, db_comment="a mobile number or an e-mail address"
    )
    language = models.CharField(max_length=2, db_comment="in which it was written and is answered")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", null=True, db_comment="the parent who was signed in"
    )
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    kindergarten = models.ForeignKey(
        Kindergarten, on_delete=models.PROTECT, related_name="+", null=True, db_comment="which the message is about"
    )
    digest = models.CharField(max_length=64, unique=True, db_comment="the same message of the same day is kept once")
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField(db_comment="until when it is answered (feedback.answer)")
    due_term = models.CharField(max_length=80)
    escalated_at = models.DateTimeField(null=True, db_comment="the term passed without an answer: the ministry is told")
    settled_at = models.DateTimeField(null=True)
    settled_by_account_id = models.BigIntegerField(null=True)
    answer = models.CharField(max_length=TEXT_LONGEST, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="feedback_says_something"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_at__gte=F("sent_at")), name="feedback_is_settled_later"
            ),
            models.CheckConstraint(
                condition=~Q(topic=Topic.COMPLAINT) | Q(kindergarten__isnull=False),
                name="a_complaint_names_its_kindergarten",
            ),
            models.CheckConstraint(
                condition=Q(escalated_at__isnull=True) | Q(escalated_at__gt=F("due_at")),
                name="feedback_is_escalated_when_overdue",
            ),
            models.CheckConstraint(
                condition=Q(answer="") | Q(settled_at__isnull=False), name="answered_feedback_is_settled"
            ),
        ]
        indexes = [
            models.Index(
                fields=["territory", "sent_at", "id"], condition=Q(settled_at__isnull=True), name="feedback_to_settle"
            ),
            models.Index(
                fields=["territory", "-settled_at", "-id"],
                condition=Q(settled_at__isnull=False),
                name="feedback_settled",
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(settled_at__isnull=True, escalated_at__isnull=True),
                name="feedback_to_escalate",
            ),
            models.Index(fields=["territory", "sent_at"], name="feedback_by_territory"),
        ]
