"""The sequence of application numbers: seven digits, before the check digit."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE applications_number START 1000000", "DROP SEQUENCE applications_number")
    ]
