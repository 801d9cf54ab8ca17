"""The shared door and the sequence of arrival numbers; number 1 counts as called before anybody comes."""

from django.db import migrations, models

FORWARD = """
CREATE SEQUENCE crowd_number;
SELECT setval('crowd_number', 1);
INSERT INTO crowd_door (id, called, per_second, moved_at) VALUES (1, 1, 0, now());
CREATE FUNCTION crowd_refuse_step_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'who was called in stays called' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER the_door_never_goes_back BEFORE UPDATE ON crowd_door
    FOR EACH ROW WHEN (NEW.called < OLD.called) EXECUTE FUNCTION crowd_refuse_step_back();
"""
BACKWARD = """
DROP TRIGGER the_door_never_goes_back ON crowd_door;
DROP FUNCTION crowd_refuse_step_back();
DROP SEQUENCE crowd_number;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Door",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("called", models.FloatField(db_comment="arrival numbers up to this one may go in")),
                (
                    "per_second",
                    models.FloatField(
                        db_comment="how many a second were called lately, for the time that is told", default=0
                    ),
                ),
                ("moved_at", models.DateTimeField(db_comment="when `called` was last raised, real time")),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="there_is_one_door")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
