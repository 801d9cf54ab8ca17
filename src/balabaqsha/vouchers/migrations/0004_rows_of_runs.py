"""A run's input and result are one document of its whole line; pages read rows made of it, in the same statement."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION vouchers_write_rows_of(one bigint, frozen jsonb, outcome jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM vouchers_runrow WHERE run_id = one;
    DELETE FROM vouchers_rundemand WHERE run_id = one;
    INSERT INTO vouchers_runrow (run_id, reason, position, number, category, original_at, birth_year, special)
    SELECT one, decided.reason, decided.position, decided.number, line.category, line.original_at,
        (line.demand ->> 'birth_year')::smallint, line.demand ->> 'correction' IS NOT NULL
    FROM (
        SELECT '' AS reason, position, number
        FROM jsonb_array_elements_text(outcome -> 'served') WITH ORDINALITY AS served (number, position)
        UNION ALL
        SELECT passed.pair ->> 1, position, passed.pair ->> 0
        FROM jsonb_array_elements(outcome -> 'passed') WITH ORDINALITY AS passed (pair, position)
    ) AS decided JOIN jsonb_to_recordset(frozen -> 'line')
        AS line (number text, category smallint, original_at timestamptz, demand jsonb) USING (number);
    INSERT INTO vouchers_rundemand (run_id, birth_year, correction, places, waiting, given)
    SELECT one, birth_year, correction, coalesce(sum(places), 0), coalesce(sum(waiting), 0), coalesce(sum(given), 0)
    FROM (
        SELECT birth_year, correction, places, 0 AS waiting, 0 AS given
        FROM jsonb_to_recordset(frozen -> 'supply') AS supply (birth_year smallint, correction text, places int)
        UNION ALL
        SELECT (line.demand ->> 'birth_year')::smallint, line.demand ->> 'correction', 0, 1,
            (served.number IS NOT NULL)::int
        FROM jsonb_to_recordset(frozen -> 'line') AS line (number text, demand jsonb)
            LEFT JOIN jsonb_array_elements_text(outcome -> 'served') AS served (number) ON served.number = line.number
    ) AS known GROUP BY birth_year, correction;
END $$;

CREATE FUNCTION vouchers_run_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM vouchers_write_rows_of(NEW.id, NEW.input, NEW.result);
    RETURN NULL;
END $$;

CREATE TRIGGER rows_follow_runs AFTER INSERT OR UPDATE OF input, result ON vouchers_distributionrun
    FOR EACH ROW EXECUTE FUNCTION vouchers_run_decided();

SELECT vouchers_write_rows_of(id, input, result) FROM vouchers_distributionrun;
"""
BACKWARD = """
DROP TRIGGER rows_follow_runs ON vouchers_distributionrun;
DROP FUNCTION vouchers_run_decided();
DROP FUNCTION vouchers_write_rows_of(bigint, jsonb, jsonb);
DELETE FROM vouchers_runrow;
DELETE FROM vouchers_rundemand;
"""


class Migration(migrations.Migration):
    dependencies = [("vouchers", "0003_runrow_rundemand")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
