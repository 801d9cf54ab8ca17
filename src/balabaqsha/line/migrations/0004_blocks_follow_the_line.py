"""Every statement that changes who waits writes what it changed, by block: counts cannot drift from the rows.

The triggers run once a statement, bulk loads and COPY included, and only add rows: nobody waits for anybody.
"""

from django.db import migrations

_KEY = "territory_code, regime, kind, birth_year, correction, category, tier, month_from"
_OF_ROW = "territory_id, regime, kind, birth_year, correction, category, tier, date_trunc('month', original_at, 'UTC') AS month_from"
_ADD = f"INSERT INTO line_blockchange ({_KEY}, change)"

FORWARD = f"""
CREATE FUNCTION line_somebody_entered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_ADD} SELECT {_OF_ROW}, count(*) FROM entered WHERE state = 'WAITING' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
    RETURN NULL;
END $$;

CREATE FUNCTION line_somebody_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_ADD} SELECT {_OF_ROW}, -count(*) FROM gone WHERE state = 'WAITING' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
    RETURN NULL;
END $$;

CREATE FUNCTION line_somebody_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_ADD} SELECT {_OF_ROW}, sum(one) FROM (
        SELECT *, 1 AS one FROM entered UNION ALL SELECT *, -1 FROM gone
    ) AS moved WHERE state = 'WAITING' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(one) <> 0;
    RETURN NULL;
END $$;

CREATE FUNCTION line_everybody_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE line_blockcount, line_blockchange;
    RETURN NULL;
END $$;

CREATE TRIGGER blocks_follow_entries AFTER INSERT ON applications_application
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION line_somebody_entered();
CREATE TRIGGER blocks_follow_moves AFTER UPDATE ON applications_application
    REFERENCING OLD TABLE AS gone NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION line_somebody_moved();
CREATE TRIGGER blocks_follow_deletions AFTER DELETE ON applications_application
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION line_somebody_left();
CREATE TRIGGER blocks_follow_truncation AFTER TRUNCATE ON applications_application
    FOR EACH STATEMENT EXECUTE FUNCTION line_everybody_left();

CREATE VIEW line_blocknow AS
    SELECT id, {_KEY}, waiting AS number FROM line_blockcount
    UNION ALL SELECT id, {_KEY}, change FROM line_blockchange;

-- The triggers' lock keeps writers out until this transaction ends: nobody enters uncounted.
INSERT INTO line_blockcount ({_KEY}, waiting)
    SELECT {_OF_ROW}, count(*) FROM applications_application WHERE state = 'WAITING' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8;
"""  # noqa: S608 - of constants
BACKWARD = """
DROP VIEW line_blocknow;
DROP TRIGGER blocks_follow_truncation ON applications_application;
DROP TRIGGER blocks_follow_deletions ON applications_application;
DROP TRIGGER blocks_follow_moves ON applications_application;
DROP TRIGGER blocks_follow_entries ON applications_application;
DROP FUNCTION line_everybody_left();
DROP FUNCTION line_somebody_moved();
DROP FUNCTION line_somebody_left();
DROP FUNCTION line_somebody_entered();
DELETE FROM line_blockcount;
DELETE FROM line_blockchange;
"""


class Migration(migrations.Migration):
    dependencies = [("line", "0003_blocks"), ("applications", "0003_linear_regime")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
