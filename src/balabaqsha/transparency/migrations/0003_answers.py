"""Visitors' messages are answered: the words, their language, the parent who wrote, the address of the answer."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import PROTECT

FILL_TOKENS = "UPDATE transparency_feedback SET token = substr(replace(gen_random_uuid()::text, '-', ''), 1, 22) WHERE token IS NULL"


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("transparency", "0002_feedback_number")]
    operations = [
        migrations.AddField("feedback", "answer", models.CharField(blank=True, default="", max_length=3000), False),
        migrations.AddField(
            "feedback",
            "language",
            models.CharField(db_comment="in which it was written and is answered", default="kk", max_length=2),
            False,
        ),
        migrations.AddField(
            "feedback",
            "person",
            models.ForeignKey(
                db_comment="the parent who was signed in",
                null=True,
                on_delete=PROTECT,
                related_name="+",
                to="people.person",
            ),
        ),
        migrations.AlterField(
            "feedback",
            "contact",
            models.CharField(blank=True, db_comment="a mobile number or an e-mail address", max_length=120),
        ),
        migrations.AddField("feedback", "token", models.CharField(max_length=22, null=True)),
        migrations.RunSQL(FILL_TOKENS, migrations.RunSQL.noop),
        migrations.AlterField(
            "feedback",
            "token",
            models.CharField(
                db_comment="stands in the address by which its writer finds the answer", max_length=22, unique=True
            ),
        ),
        migrations.AddConstraint(
            "feedback",
            models.CheckConstraint(
                condition=Q(answer="") | Q(settled_at__isnull=False), name="answered_feedback_is_settled"
            ),
        ),
        migrations.AddIndex(
            "feedback",
            models.Index(
                condition=Q(settled_at__isnull=False),
                fields=["territory", "-settled_at", "-id"],
                name="feedback_settled",
            ),
        ),
    ]
