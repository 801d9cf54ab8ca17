"""Special applications that wait for their check from before get one: a week from their filing, five working days."""

from django.db import migrations

_FILL = """
INSERT INTO applications_documentscheck (application_id, decider, due_at, due_term, rejected_because, note)
SELECT id, CASE WHEN correction IN ('TUBERCULOSIS', 'OFTEN_ILL') THEN 'PHTHISIATRICIAN' ELSE 'PMPK' END,
    original_at + interval '7 days', 'special.check@2020-01-01', '', ''
FROM applications_application AS a WHERE kind = 'SPECIAL' AND state = 'DOCUMENTS_CHECK'
    AND NOT EXISTS (SELECT FROM applications_documentscheck AS c WHERE c.application_id = a.id)
"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0005_special_checks")]

    operations = [migrations.RunSQL(_FILL, migrations.RunSQL.noop)]
