"""The ten statuses and the table of categories in words, for the public pages and the workplaces."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from balabaqsha.law import queries as law
from balabaqsha.law.ages import AgeBand
from balabaqsha.law.rights import Right, rights
from balabaqsha.law.rules import ASSUMED_CATEGORIES, Categories
from balabaqsha.law.terms import Term
from balabaqsha.web.kit import texts

_BANDS = (AgeBand.FROM_5_TO_6, AgeBand.FROM_2_TO_5)


def rights_table(territory_code: str, *, today: date) -> dict[str, Any]:
    """Columns and rows of ui/table.html: each status with its act, paper, officers, validity and categories."""
    rulebook = law.rulebook(territory_code)
    check, validity = (rulebook.term(code, on=today) for code in ("benefit.proof_check", "certificate.validity"))
    table = law.table_on(law.category_tables(territory_code), today)
    categories = table.categories if table else ASSUMED_CATEGORIES
    keys = ("status", "tier", "basis", "paper", "confirms", "validity", "categories")
    return {
        "columns": [{"label": texts.say(f"rights.{key}")} for key in keys],
        "rows": [{"cells": _right_cells(one, categories, check, validity)} for one in rights()],
    }


def _right_cells(one: Right, categories: Categories, check: Term, validity: Term) -> list[str]:
    numbers = ", ".join(str(categories.of(one.status, band)) for band in _BANDS)
    return [
        texts.say(f"benefit.{one.status}"),
        texts.say(f"tier.{one.tier}"),
        _basis(one),
        _paper(one),
        texts.say("rights.officers", n=one.officers, days=_days(check)) if one.officers else texts.say("rights.nobody"),
        _validity(one, validity),
        numbers,
    ]


def _basis(one: Right) -> str:
    said = texts.say(f"right-basis.{one.basis}")
    return f"{said} ({texts.say('rules.assumed')})" if one.assumed else said


def _paper(one: Right) -> str:
    if not one.officers:
        return "–"
    paper = texts.say(f"paper.{one.paper}") if one.paper else ""
    if one.has_base:
        return f"{texts.say('rights.base')}; {paper}" if paper else texts.say("rights.base")
    return paper


def _validity(one: Right, validity: Term) -> str:
    if not one.officers:
        return "–"
    if one.lapses:
        return texts.say("rights.lapses", n=validity.value)
    return texts.say("rights.stays")


def _days(check: Term) -> str:
    return texts.say_count("count.working-day", int(check.value))


def category_rows(categories: Categories) -> dict[str, Any]:
    """Columns and rows of ui/table.html: the categories in order of service."""
    keys = ("number", "status", "age")
    rows = [
        [
            str(row.number),
            texts.say("rulebook-page.any-status") if row.status is None else texts.say(f"benefit.{row.status}"),
            texts.say(f"age-band.{row.band}"),
        ]
        for row in categories.rows
    ]
    return {
        "columns": [{"label": texts.say(f"rulebook-page.{key}")} for key in keys],
        "rows": [{"cells": cells} for cells in rows],
    }


def tables_of(territory_code: str, *, today: date) -> dict[str, Any]:
    """The table in force in a territory, by which act, and those that are coming."""
    tables = law.category_tables(territory_code)
    table = law.table_on(tables, today)
    coming = sorted((one for one in tables if one.in_force_from > today), key=lambda one: one.in_force_from)
    categories = table.categories if table else ASSUMED_CATEGORIES
    return category_rows(categories) | {
        "categories": categories,
        "assumed": table is None or table.assumed,
        "since": table and table.in_force_from,
        "source": texts.source(table.source) if table else texts.say("source.assumed"),
        "coming": [_coming(one) for one in coming],
    }


def _coming(one: law.TableInForce) -> dict[str, Any]:
    return {"date": one.in_force_from, "source": texts.source(one.source), **category_rows(one.categories)}


def differences(before: Categories, after: Categories) -> Iterable[tuple[str, int, int]]:
    """What changes category between two tables: status with age, number before and after."""
    for row in before.rows:
        if row.status is not None and after.of(row.status, row.band) != row.number:
            said = f"{texts.say(f'benefit.{row.status}')}, {texts.say(f'age-band.{row.band}')}"
            yield said, row.number, after.of(row.status, row.band)
