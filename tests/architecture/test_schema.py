"""The schema: every foreign key has an index, and the migrations make what the models say."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import ForeignKey, Model


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("balabaqsha.") and model._meta.managed]


@pytest.mark.django_db
@pytest.mark.parametrize("model", _models(), ids=lambda model: model._meta.label)
def test_every_foreign_key_has_an_index(model):
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, model._meta.db_table).values()
    led = {found["columns"][0] for found in constraints if found["index"] or found["unique"] if found["columns"]}
    keys = {field.column for field in model._meta.local_fields if isinstance(field, ForeignKey)}

    assert keys - led == set()


@pytest.mark.django_db
def test_the_migrations_make_what_the_models_say():
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


@pytest.mark.django_db
def test_no_extension_is_needed():
    with connection.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'")

        assert cursor.fetchall() == []
