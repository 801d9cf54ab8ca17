"""Another table of categories for a territory's voucher lines: what it would change, and its approval by a second person.

From its day on the sweep counts the lines by it; it is an act of that moment, whoever finds it first.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from balabaqsha.journeys._act import or_busy
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import start_of
from balabaqsha.law import _steps as law_steps
from balabaqsha.law import queries as law
from balabaqsha.law.models import CategoryTable
from balabaqsha.law.rules import Categories
from balabaqsha.line import _steps as line_steps
from balabaqsha.line import recounted
from balabaqsha.line.recounted import Moved
from balabaqsha.territories import queries as territories

__all__ = ["Moved", "Preview", "approve", "preview"]


@dataclass(frozen=True)
class Preview:
    """What a table would change if it were in force now: a page of who moves, and how many in all."""

    moved: tuple[Moved, ...]
    total: int
    ahead: int
    behind: int
    recategorised: int
    waiting: int


@or_busy
@transaction.atomic(durable=True)
def approve(*, table_id: int, actor: Actor, now: datetime) -> CategoryTable:
    """Approve a table that somebody else proposed; from its day on the voucher lines it reaches are counted by it.

    Raises OwnProposal, AlreadyApproved, AlreadyRefused, TermInThePast, Busy. Source: rules, section 3.
    """
    row = law_steps.approve_categories(table_id=table_id, actor=actor, now=now)
    line_steps.expect_table(territory_code=row.territory_id, moment=start_of(row.in_force_from))
    return row


def lines_reached(territory_code: str) -> list[str]:
    """Codes of the territories whose voucher lines a table of this territory would count: those without a nearer one."""
    codes = recounted.territories_with_line(territory_code)
    nearer = {
        table.territory_code
        for code in codes
        for table in law.category_tables(code)
        if table.territory_code != territory_code and territories.is_within(table.territory_code, territory_code)
    }
    return [code for code in codes if not any(territories.is_within(code, one) for one in nearer)]


def preview(*, territory_code: str, categories: Categories, first: int, count: int | None) -> Preview:
    """Who would move from where to where, if the table were in force now; `count` of them after the first `first`.

    Nothing is written: it is counted by what the sweep will count by, on the lines as they stand.
    """
    codes = lines_reached(territory_code)
    moved, totals = recounted.moved(codes, categories, first=first, count=count)
    return Preview(tuple(moved), **totals)
