"""Evidence stays as it was written, and rehearsed evidence exists in scratch databases only."""

from django.db import migrations

CREATE = r"""
CREATE FUNCTION signatures_evidence_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'evidence of a signature is never changed or deleted' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER signature_stays BEFORE UPDATE OR DELETE ON signatures_signature
    FOR EACH ROW EXECUTE FUNCTION signatures_evidence_stays();

CREATE FUNCTION signatures_rehearsal_only_in_scratch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_catalog.current_database() NOT LIKE 'balabaqsha\_scratch\_%' THEN
        RAISE EXCEPTION 'rehearsed evidence belongs into a scratch database, not into %', current_database()
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_rehearsal_only_in_scratch';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER signature_rehearsal BEFORE INSERT ON signatures_signature
    FOR EACH ROW WHEN (NEW.kind = 'rehearsal') EXECUTE FUNCTION signatures_rehearsal_only_in_scratch();
"""

DROP = """
DROP TRIGGER signature_rehearsal ON signatures_signature;
DROP FUNCTION signatures_rehearsal_only_in_scratch();
DROP TRIGGER signature_stays ON signatures_signature;
DROP FUNCTION signatures_evidence_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("signatures", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
