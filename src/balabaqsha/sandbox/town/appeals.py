"""Appeals that wait for an officer: a few families contest what ended lately, by the portal's own act."""

from collections.abc import Collection
from datetime import datetime, timedelta

from balabaqsha.applications.appeals.rules import CONTESTABLE
from balabaqsha.applications.models import Application
from balabaqsha.journeys import appealing
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.record.models import JournalEntry

_LATELY = timedelta(days=8)
_WORDS = (
    "Баламен ауруханада жаттық, хабарламаны кеш көрдік. Анықтаманы әкеле аламыз.",
    "Телефон нөміріміз ауысқан, SMS ескі нөмірге келген.",
    "Были в командировке, сообщение пришло ночью, утром срок уже вышел.",
)


def contest(*, territory_code: str, spare: Collection[int], now: datetime) -> None:
    """Let a few families of the territory appeal, none of those whose ids are to be spared."""
    entries = JournalEntry.objects.filter(act__in=CONTESTABLE, territory_code=territory_code, at__gte=now - _LATELY)
    words = iter(_WORDS)
    for application_id in entries.order_by("-at", "-id").values_list("application_id", flat=True)[:50]:
        application = Application.objects.get(id=application_id)
        if application.id in spare or appealing.may_contest(application, now=now) is None:
            continue
        said = next(words, None)
        if said is None:
            return
        parent = Actor(role=Role.PARENT, person_id=application.applicant_id)
        appealing.file(application_id=application.id, filing=appealing.Filing(words=said), actor=parent, now=now)
