"""The sequence of visitors' messages."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("transparency", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE transparency_feedback_number START 10000", "DROP SEQUENCE transparency_feedback_number"
        )
    ]
