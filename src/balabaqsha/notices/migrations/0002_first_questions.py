"""The questions that come with the portal, published, each with its first version."""

from collections import Counter
from datetime import UTC, datetime
from uuid import uuid4

from django.db import migrations

from balabaqsha.notices.first_questions import QUESTIONS

WRITTEN_AT = datetime(2026, 11, 1, tzinfo=UTC)


def write(apps, schema_editor):
    question, version = (apps.get_model("notices", name) for name in ("Question", "QuestionVersion"))
    places = Counter()
    for section, *languages in QUESTIONS:
        places[section] += 10
        words = {"section": section, "position": places[section], "published": True, "changed_at": WRITTEN_AT}
        for code, (asked, answered) in zip(("kk", "ru", "en"), languages, strict=True):
            words |= {f"question_{code}": asked, f"answer_{code}": answered}
        kept = question.objects.create(token=uuid4(), **words)
        version.objects.create(question=kept, number=1, **words)


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_notices")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
