"""Tables of transparency: what visitors write to the staff."""

from django.db import models
from django.db.models import F, Q

from balabaqsha.territories.models import Territory
from balabaqsha.transparency.rules import CONTACT_LONGEST, TEXT_LONGEST


class Topic(models.TextChoices):
    """What a message is about; label keys `feedback.topic.QUESTION` and so on."""

    QUESTION = "QUESTION"
    UNLAWFUL_DEMAND = "UNLAWFUL_DEMAND"
    FAULT = "FAULT"
    PROPOSAL = "PROPOSAL"
    OTHER = "OTHER"


class Feedback(models.Model):
    """A message of a visitor to the staff of a territory. Its contact is personal: staff see it, the journal never."""

    number = models.CharField(max_length=12, unique=True)
    topic = models.CharField(max_length=16, choices=Topic)
    text = models.CharField(max_length=TEXT_LONGEST)
    contact = models.CharField(max_length=CONTACT_LONGEST, blank=True)
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True, db_comment="the same message of the same day is kept once")
    sent_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by_account_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="feedback_says_something"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(settled_at__gte=F("sent_at")), name="feedback_is_settled_later"
            ),
        ]
        indexes = [
            models.Index(
                fields=["territory", "sent_at", "id"], condition=Q(settled_at__isnull=True), name="feedback_to_settle"
            ),
        ]
