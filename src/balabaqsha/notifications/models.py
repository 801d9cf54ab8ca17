"""Tables of notifications: messages, and the deliveries that repeat them outside the portal."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q

from balabaqsha.notifications.channels.rules import CHOSEN, Kind, Ways
from balabaqsha.people.models import Person, Phone


class Message(models.Model):
    """One message: the key of its text and the facts for its blanks, without names.

    It stands in a person's inbox, or answers a visitor who has none.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    visitor = models.CharField(max_length=12, blank=True, db_comment="number of the visitor's message that it answers")
    application_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=64, db_comment="texts message.<key>.inbox, .sms, .subject")
    facts = models.JSONField()
    at = models.DateTimeField()
    source_id = models.BigIntegerField(db_comment="the outbox fact it tells")
    read_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, db_comment="an officer told the family otherwise: nothing had arrived")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source_id", "person"], name="a_fact_is_told_once"),
            models.UniqueConstraint(
                fields=["source_id"], condition=Q(person__isnull=True), name="a_visitor_is_told_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, visitor="") | (Q(person__isnull=True) & ~Q(visitor="")),
                name="a_message_is_to_a_person_or_a_visitor",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="inbox_of_a_person"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="unread_of_a_person"),
            models.Index(fields=["application_id"], name="message_by_application"),
        ]


class Channel(models.TextChoices):
    SMS = "SMS"
    EMAIL = "EMAIL"


class DeliveryState(models.TextChoices):
    QUEUED = "QUEUED"
    ACCEPTED = "ACCEPTED"
    DELIVERED = "DELIVERED"
    FAILED = "FAILED"


class Delivery(models.Model):
    """One message on its way to a telephone or a mailbox."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=5, choices=Channel)
    phone = models.ForeignKey(Phone, on_delete=models.PROTECT, null=True, related_name="+")
    # Unlike an id it is never given again, not even by a database that was put back from its copy.
    reference = models.UUIDField(
        db_default=RandomUUID(), unique=True, db_comment="by which the sender knows a repeated message"
    )
    to_visitor = models.BooleanField(default=False, db_comment="goes to the contact of the visitor's message")
    to_second = models.BooleanField(
        default=False, db_default=False, db_comment="a letter to the second address: the first took none"
    )
    state = models.CharField(max_length=9, choices=DeliveryState, default=DeliveryState.QUEUED)
    provider_id = models.CharField(max_length=120, blank=True)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, db_comment="when the sender took an SMS")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["message", "channel", "phone", "to_second"],
                nulls_distinct=False,
                name="one_delivery_to_a_contact",
            ),
            models.CheckConstraint(
                condition=Q(to_second=False) | Q(channel=Channel.EMAIL, to_visitor=False),
                name="a_second_address_is_a_mailbox",
            ),
            models.CheckConstraint(
                condition=Q(channel=Channel.EMAIL, phone__isnull=True)
                | Q(channel=Channel.SMS, phone__isnull=False, to_visitor=False)
                | Q(channel=Channel.SMS, phone__isnull=True, to_visitor=True),
                name="sms_goes_to_a_phone",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(state__in=[DeliveryState.QUEUED, DeliveryState.ACCEPTED]),
                name="delivery_on_its_way",
            ),
            models.Index(fields=["message"], name="delivery_by_message"),
            models.Index(fields=["settled_at"], condition=Q(state=DeliveryState.FAILED), name="delivery_that_failed"),
        ]


class ChannelChoice(models.Model):
    """By which ways a person wants one kind of messages, beside the inbox; without a row it is by all of them."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    ways = models.CharField(max_length=5, choices=Ways)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="one_choice_of_ways_for_a_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in CHOSEN], ways__in=[ways.value for ways in Ways]),
                name="ways_are_chosen_from_the_list",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.TERM, ways=Ways.INBOX), name="a_term_is_never_told_in_the_inbox_alone"
            ),
        ]


class Reminder(models.Model):
    """That a family has been reminded of one due moment so many hours before it; never twice."""

    application_id = models.BigIntegerField()
    key = models.CharField(max_length=64)
    due_at = models.DateTimeField()
    hours = models.SmallIntegerField(db_comment="hours before the due moment; 0: its last day; 720: thirty days")
    reminded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application_id", "key", "due_at", "hours"], name="reminded_once")
        ]
