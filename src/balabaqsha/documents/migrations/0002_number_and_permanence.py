"""The sequence of the numbers of made papers, and the triggers that keep a made paper as it was made."""

from django.db import migrations

# Taken without a lock, so that makers of papers never wait for each other; gaps are allowed.
SEQUENCE = "CREATE SEQUENCE documents_number AS bigint START WITH 100000"

PERMANENCE = """
CREATE FUNCTION documents_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a kept paper never changes' USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER made_document_never_changes BEFORE UPDATE ON documents_madedocument FOR EACH ROW
WHEN (
    (OLD.token, OLD.number, OLD.kind, OLD.file_id, OLD.application_id, OLD.made_at, OLD.public_facts)
    IS DISTINCT FROM
    (NEW.token, NEW.number, NEW.kind, NEW.file_id, NEW.application_id, NEW.made_at, NEW.public_facts)
    OR (OLD.superseded_at IS NOT NULL AND OLD.superseded_at IS DISTINCT FROM NEW.superseded_at)
    OR (OLD.void_at IS NOT NULL AND OLD.void_at IS DISTINCT FROM NEW.void_at)
)
EXECUTE FUNCTION documents_refuse_change();

CREATE TRIGGER made_document_never_goes BEFORE DELETE ON documents_madedocument FOR EACH ROW
EXECUTE FUNCTION documents_refuse_change();

CREATE TRIGGER stored_file_never_changes BEFORE UPDATE ON documents_storedfile FOR EACH ROW
WHEN (OLD.sha256 IS DISTINCT FROM NEW.sha256 OR OLD.size IS DISTINCT FROM NEW.size)
EXECUTE FUNCTION documents_refuse_change();
"""

UNDO = """
DROP TRIGGER stored_file_never_changes ON documents_storedfile;
DROP TRIGGER made_document_never_goes ON documents_madedocument;
DROP TRIGGER made_document_never_changes ON documents_madedocument;
DROP FUNCTION documents_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.RunSQL(SEQUENCE, reverse_sql="DROP SEQUENCE documents_number"),
        migrations.RunSQL(PERMANENCE, reverse_sql=UNDO),
    ]
