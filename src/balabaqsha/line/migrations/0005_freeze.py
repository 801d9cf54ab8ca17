"""A linear line keeps until when the yearly freeze holds its places back, so that the sweep gives them then."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("line", "0004_blocks_follow_the_line")]

    operations = [
        migrations.AddField(
            "line",
            "thaws_at",
            models.DateTimeField(
                db_comment="when the yearly freeze is over that keeps places from being given; null: none are kept",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            "line",
            models.CheckConstraint(
                condition=models.Q(birth_year__isnull=False) | models.Q(thaws_at__isnull=True),
                name="linear_lines_freeze",
            ),
        ),
        migrations.AddIndex(
            "line",
            models.Index(condition=models.Q(thaws_at__isnull=False), fields=["thaws_at", "id"], name="line_thaws"),
        ),
    ]
