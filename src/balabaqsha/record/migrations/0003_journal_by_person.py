from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0002_append_only")]

    operations = [
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(models.F("actor__person"), "id", name="journal_by_person"),
        ),
    ]
