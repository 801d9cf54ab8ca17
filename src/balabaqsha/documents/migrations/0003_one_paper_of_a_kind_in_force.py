"""Of an application's papers of one kind, contracts apart, at most one is in force."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_number_and_permanence")]

    operations = [
        migrations.AddConstraint(
            model_name="madedocument",
            constraint=models.UniqueConstraint(
                fields=["application_id", "kind"],
                condition=Q(superseded_at__isnull=True, void_at__isnull=True) & ~Q(kind="CONTRACT"),
                name="one_paper_of_a_kind_in_force",
            ),
        ),
    ]
