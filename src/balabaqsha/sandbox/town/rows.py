"""Rows on their way into the database: collected as plain dictionaries, written by COPY in one go."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import JSONField, Model
from django.db.models.fields import NOT_PROVIDED

Row = dict[str, Any]
_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_CHUNK = 2000


class Rows:
    """The rows of a town, table by table. Ids run from one: the tables are empty before."""

    def __init__(self) -> None:
        self._tables: dict[type[Model], list[Row]] = defaultdict(list)
        self._next: dict[type[Model], int] = defaultdict(lambda: 1)

    def add(self, model: type[Model], **values: Any) -> Row:
        """Add a row and return it; it may still change until `write`. Columns not named take the model's default."""
        row = _template(model).copy()
        row["id"] = self.take_id(model)
        row.update(values)
        self._tables[model].append(row)
        return row

    def take_id(self, model: type[Model]) -> int:
        """The next id of a table."""
        number = self._next[model]
        self._next[model] = number + 1
        return number

    def of(self, model: type[Model]) -> list[Row]:
        """The rows of a table so far."""
        return self._tables[model]

    def write(self, order: Iterable[type[Model]]) -> int:
        """Write the tables in this order and set their sequences behind the last id; returns how many rows."""
        written = 0
        with connection.cursor() as cursor:
            for model in order:
                rows = self._tables.pop(model, [])
                if not rows:
                    continue
                columns = [field for field in model._meta.concrete_fields if field.attname in rows[0]]  # noqa: SLF001
                _copy(cursor, model._meta.db_table, columns, rows)  # noqa: SLF001
                _advance(cursor, model, max(row["id"] for row in rows))
                written += len(rows)
        if left := [model.__name__ for model, rows in self._tables.items() if rows]:
            raise LookupError(f"tables left out of the order: {left}")
        return written


@cache
def _template(model: type[Model]) -> Row:
    """A row of defaults; what the database itself fills in is left out."""
    return {
        field.attname: None if field.default is NOT_PROVIDED or callable(field.default) else field.default
        for field in model._meta.concrete_fields  # noqa: SLF001
        if field.db_default is NOT_PROVIDED and not field.generated
    }


def _copy(cursor: Any, table: str, fields: list[Any], rows: list[Row]) -> None:
    encoders = [(field.attname, _encoder(field)) for field in fields]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for start in range(0, len(rows), _CHUNK):
            lines = [
                "\t".join("\\N" if (value := row[name]) is None else encode(value) for name, encode in encoders)
                for row in rows[start : start + _CHUNK]
            ]
            copy.write("\n".join(lines) + "\n")


def _advance(cursor: Any, model: type[Model], last: int) -> None:
    table = model._meta.db_table  # noqa: SLF001
    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, last])


def _encoder(field: Any) -> Callable[[Any], str]:
    if isinstance(field, JSONField):
        return _json
    if isinstance(field, ArrayField):
        return _array
    return _plain


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).translate(_ESCAPES)


def _array(value: Iterable[Any]) -> str:
    # Codes and ids only: nothing in them needs quotes.
    return "{" + ",".join(str(item) for item in value) + "}"


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float | UUID):
        return str(value)
    raise TypeError(f"no way to write {value!r}")
