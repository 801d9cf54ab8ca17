"""What the line does for itself: the counts of its blocks are kept short to read."""

from django.db import connection, transaction

# So many changes are folded in one transaction.
BATCH = 50_000
# An advisory lock: only one may fold.
_FOLDING = 0x62_62_6D


@transaction.atomic(durable=True)
def fold_changes() -> int:
    """Add changes of blocks to their counts; returns how many were folded, nought when none are left.

    No place in line changes by it, so nothing stands in the journal. Changes are folded in the order in which they were
    written: whoever leaves a line entered it by an earlier one. Rival: another folding, which waits; writers add rows
    and meet nobody.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FOLDING])
        cursor.execute(_FOLD, [BATCH])
        (folded,) = cursor.fetchone()
        cursor.execute("DELETE FROM line_blockcount WHERE waiting = 0")
        return int(folded)


_KEY = "territory_code, regime, kind, birth_year, correction, category, tier, month_from"
_FOLD = f"""
WITH folded AS (
    DELETE FROM line_blockchange WHERE id IN (SELECT id FROM line_blockchange ORDER BY id LIMIT %s)
    RETURNING {_KEY}, change
), sums AS (
    SELECT {_KEY}, sum(change) AS change FROM folded GROUP BY {_KEY} HAVING sum(change) <> 0
), known AS (
    UPDATE line_blockcount AS b SET waiting = b.waiting + s.change FROM sums AS s
    WHERE (b.territory_code, b.regime, b.kind, b.birth_year, b.category, b.tier, b.month_from)
        = (s.territory_code, s.regime, s.kind, s.birth_year, s.category, s.tier, s.month_from)
        AND b.correction IS NOT DISTINCT FROM s.correction
    RETURNING s.*
), new AS (
    INSERT INTO line_blockcount ({_KEY}, waiting) SELECT * FROM sums EXCEPT SELECT * FROM known
)
SELECT count(*) FROM folded
"""  # noqa: S608 - of constants
