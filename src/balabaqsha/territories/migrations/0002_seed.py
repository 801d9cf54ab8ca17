"""Fill the regions, Pavlodar oblast and the regimes of 2026-04-01."""

from django.db import migrations

from balabaqsha.territories import kato, seed


def fill(apps, schema_editor):
    territory = apps.get_model("territories", "Territory")
    period = apps.get_model("territories", "RegimePeriod")
    rows, paths = [], {}
    for row in seed.territories():
        parent = kato.parent(row.code, paths)
        paths[row.code] = row.code if parent is None else f"{paths[parent]}/{row.code}"
        rows.append(
            territory(
                code=row.code,
                parent_id=parent,
                level=kato.level(row.code).value,
                kind=row.kind,
                name_kk=row.name_kk,
                name_ru=row.name_ru,
                name_en=row.name_en,
                path=paths[row.code],
            )
        )
    territory.objects.bulk_create(rows, ignore_conflicts=True)
    period.objects.bulk_create(
        [
            period(
                territory_id=row.code,
                regime=row.regime.value,
                in_force_from=row.in_force_from,
                source=row.source,
                assumed=row.assumed,
            )
            for row in seed.REGIMES
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("territories", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
