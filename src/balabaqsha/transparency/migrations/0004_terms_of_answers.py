"""Messages of visitors have a term in which they are answered, and may be about a kindergarten."""

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.deletion import PROTECT

TOPICS = [
    ("QUESTION", "Question"),
    ("COMPLAINT", "Complaint"),
    ("MONEY", "Money"),
    ("UNLAWFUL_DEMAND", "Unlawful Demand"),
    ("FAULT", "Fault"),
    ("PROPOSAL", "Proposal"),
    ("OTHER", "Other"),
]
# Three weeks are fifteen working days where no holiday falls: what was sent before the term has at least that.
FILL = """UPDATE transparency_feedback SET due_at = sent_at + interval '21 days', due_term = 'feedback.answer@2020-01-01'
WHERE due_at IS NULL"""


class Migration(migrations.Migration):
    dependencies = [("kindergartens", "0003_school_year_of_a_group"), ("transparency", "0003_answers")]
    operations = [
        migrations.AlterField("feedback", "topic", models.CharField(choices=TOPICS, max_length=16)),
        migrations.AddField(
            "feedback",
            "kindergarten",
            models.ForeignKey(
                db_comment="which the message is about",
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="kindergartens.kindergarten",
            ),
        ),
        migrations.AddField("feedback", "due_at", models.DateTimeField(null=True)),
        migrations.AddField("feedback", "due_term", models.CharField(default="", max_length=80), False),
        migrations.AddField(
            "feedback",
            "escalated_at",
            models.DateTimeField(db_comment="the term passed without an answer: the ministry is told", null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            "feedback", "due_at", models.DateTimeField(db_comment="until when it is answered (feedback.answer)")
        ),
        migrations.AddConstraint(
            "feedback",
            models.CheckConstraint(
                condition=~Q(topic="COMPLAINT") | Q(kindergarten__isnull=False),
                name="a_complaint_names_its_kindergarten",
            ),
        ),
        migrations.AddConstraint(
            "feedback",
            models.CheckConstraint(
                condition=Q(escalated_at__isnull=True) | Q(escalated_at__gt=F("due_at")),
                name="feedback_is_escalated_when_overdue",
            ),
        ),
        migrations.AddIndex(
            "feedback",
            models.Index(
                condition=Q(escalated_at__isnull=True, settled_at__isnull=True),
                fields=["due_at", "id"],
                name="feedback_to_escalate",
            ),
        ),
        migrations.AddIndex("feedback", models.Index(fields=["territory", "sent_at"], name="feedback_by_territory")),
    ]
