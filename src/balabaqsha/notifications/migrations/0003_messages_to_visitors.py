"""A message may answer a visitor who has no inbox; it goes to the contact that the visitor left."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_delivery_reference"), ("people", "0001_initial")]
    operations = [
        migrations.AddField(
            "message",
            "visitor",
            models.CharField(
                blank=True,
                db_comment="number of the visitor's message that it answers",
                default="",
                max_length=12,
            ),
            False,
        ),
        migrations.AlterField(
            "message",
            "person",
            models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="people.person"),
        ),
        migrations.AddConstraint(
            "message",
            models.UniqueConstraint(
                condition=Q(person__isnull=True), fields=["source_id"], name="a_visitor_is_told_once"
            ),
        ),
        migrations.AddConstraint(
            "message",
            models.CheckConstraint(
                condition=Q(person__isnull=False, visitor="") | (Q(person__isnull=True) & ~Q(visitor="")),
                name="a_message_is_to_a_person_or_a_visitor",
            ),
        ),
        migrations.AddField(
            "delivery",
            "to_visitor",
            models.BooleanField(db_comment="goes to the contact of the visitor's message", default=False),
        ),
        migrations.RemoveConstraint("delivery", "sms_goes_to_a_phone"),
        migrations.AddConstraint(
            "delivery",
            models.CheckConstraint(
                condition=Q(channel="EMAIL", phone__isnull=True)
                | Q(channel="SMS", phone__isnull=False, to_visitor=False)
                | Q(channel="SMS", phone__isnull=True, to_visitor=True),
                name="sms_goes_to_a_phone",
            ),
        ),
    ]
