"""Fill the national calendar of 2024-2027."""

from django.db import migrations

from balabaqsha.law import calendar_seed


def fill(apps, schema_editor):
    calendar_day = apps.get_model("law", "CalendarDay")
    calendar_day.objects.bulk_create(
        [
            calendar_day(
                day=seed.day,
                working=seed.working,
                name_kk=seed.kk,
                name_ru=seed.ru,
                name_en=seed.en,
                source=seed.source,
            )
            for seed in calendar_seed.DAYS
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("law", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
