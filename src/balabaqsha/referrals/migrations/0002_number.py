"""The sequence of numbers of referrals: seven digits, before the check digit."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE referrals_number START 1000000", "DROP SEQUENCE referrals_number")]
