"""The sequence of distribution runs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0001_initial")]
    operations = [migrations.RunSQL("CREATE SEQUENCE vouchers_run_number", "DROP SEQUENCE vouchers_run_number")]
