"""What the offices of the town tell, and what people wrote to them: notices, a question of the city, messages with their terms."""

from datetime import datetime, timedelta

from balabaqsha.kernel.actor import ANONYMOUS, Actor
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.notices import actions as notices
from balabaqsha.notices.models import Kind, Section
from balabaqsha.transparency import actions as transparency
from balabaqsha.transparency.models import Topic

_ANNOUNCEMENT = (
    "Желтоқсанда жаңа топтар ашылады",
    "В декабре откроются новые группы",
    "New groups open in December",
    "Қалада екі жаңа топ ашылады. Орындар [бюллетеньде](/free-places/) жарияланады, бөлек өтініш берудің қажеті жоқ.",
    "В городе откроются две новые группы. Места появятся в [бюллетене](/free-places/), отдельно подавать заявление не нужно.",
    "Two new groups open in the city. Their places appear in the [bulletin](/free-places/); no further application is needed.",
)
_ENTRY = (
    "Ата-аналармен кездесу, білім бөлімі, сағат 18:00",
    "Встреча с родителями, отдел образования, 18:00",
    "Meeting with parents, education department, 18:00",
    "",
    "",
    "",
)
_LOCAL = (
    "Қала шетіндегі елді мекендер қай кезекке жатады?",
    "К какой очереди относятся пригородные посёлки?",
    "Which queue do the villages around the city belong to?",
    "Қалалық әкімдікке қарайтын ауылдар қаланың кезегінде тұрады. Ваучерді растау мерзімі де сол: {voucher.confirm}.",
    "Сёла городского акимата стоят в очереди города. Срок подтверждения ваучера тот же: {voucher.confirm}.",
    "Villages of the city administration stand in the queue of the city. The voucher is confirmed in the same time: {voucher.confirm}.",
)
# Topic, words, language, days ago, the answer ("" waits); a complaint is about the first kindergarten of the city.
_MESSAGES = (
    (
        Topic.QUESTION,
        "Екі баламды бір балабақшаға бергім келеді, не істеймін?",
        "kk",
        40,
        "Өтініште «бірге» деп белгілеңіз.",
    ),
    (Topic.PROPOSAL, "Добавьте, пожалуйста, карту остановок рядом с детскими садами.", "ru", 34, ""),
    (Topic.COMPLAINT, "Тізімде жоқ анықтаманы қайта-қайта сұрайды.", "kk", 9, ""),
    (Topic.MONEY, "За место просят «взнос на ремонт».", "ru", 3, ""),
    (Topic.QUESTION, "Ваучерді растадым, енді қанша уақытым бар?", "kk", 1, ""),
)


def tell(*, officer: Actor, now: datetime) -> None:
    """Write them by the portal's own acts, each at its moment."""
    code, today = officer.territory_code, localdate(now)
    for kind, words, last in ((Kind.ANNOUNCEMENT, _ANNOUNCEMENT, 20), (Kind.CALENDAR, _ENTRY, 7)):
        first = today if kind == Kind.ANNOUNCEMENT else today + timedelta(days=last)
        told = notices.Told(kind, code, first, today + timedelta(days=last), *words)
        notices.write_notice(told=told, actor=officer, now=now)
    local = notices.Answer(Section.LINE, 50, True, *_LOCAL)
    notices.ask_question(answer=local, territory_code=code, actor=officer, now=now)
    garden = Kindergarten.objects.filter(territory_id=code).order_by("id")[0].code
    for topic, text, language, days, answer in _MESSAGES:
        about = garden if topic == Topic.COMPLAINT else ""
        writing = transparency.Writing(topic, text, "", language, code or "", about)
        sent_at = now - timedelta(days=days)
        kept = transparency.send_feedback(writing=writing, actor=ANONYMOUS, now=sent_at)
        if answer:
            transparency.settle_feedback(
                number=kept.number, answer=answer, actor=officer, now=sent_at + timedelta(days=2)
            )
    transparency.escalate_feedback(now=now)
