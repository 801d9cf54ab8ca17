"""The journal and its seals are written once: a trigger refuses every change and every deletion."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION record_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER journal_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record_journalentry
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuse_change();
CREATE TRIGGER seals_are_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON record_journalseal
    FOR EACH STATEMENT EXECUTE FUNCTION record_refuse_change();
"""
BACKWARD = """
DROP TRIGGER seals_are_append_only ON record_journalseal;
DROP TRIGGER journal_is_append_only ON record_journalentry;
DROP FUNCTION record_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
