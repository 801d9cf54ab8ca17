"""Each number about answers is what a plain SQL query counts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from balabaqsha.insight.tests.town import AREA, CITY
from balabaqsha.kernel.actor import ANONYMOUS, Actor, Role
from balabaqsha.transparency import actions, answers
from balabaqsha.transparency.answers import Tally
from balabaqsha.transparency.models import Topic

pytestmark = pytest.mark.django_db
OCTOBER, NOW = datetime(2026, 10, 30, 5, 0, tzinfo=UTC), datetime(2026, 11, 26, 5, 0, tzinfo=UTC)
OFFICER = Actor(role=Role.OFFICER, account_id=1)


def sends(topic: Topic, words: str, *, at: datetime, code: str = CITY, answered: datetime | None = None, answer="Иә."):
    writing = actions.Writing(topic, words, "", "kk", code)
    kept = actions.send_feedback(writing=writing, actor=ANONYMOUS, now=at)
    if answered:
        actions.settle_feedback(number=kept.number, answer=answer, actor=OFFICER, now=answered)


@pytest.fixture
def written():
    """Seven messages: answered in time and late, closed, waiting, overdue, of another territory, and an older one."""
    sends(Topic.QUESTION, "уақытында", at=OCTOBER, answered=OCTOBER + timedelta(days=2))
    sends(Topic.QUESTION, "кеш", at=OCTOBER, answered=NOW)
    sends(Topic.QUESTION, "спам", at=OCTOBER, answered=NOW, answer="")
    sends(Topic.PROPOSAL, "күтіп тұр", at=NOW - timedelta(days=2))
    sends(Topic.PROPOSAL, "мерзімі өтті", at=OCTOBER)
    sends(Topic.MONEY, "басқа аймақ", at=NOW, code=AREA)
    sends(Topic.MONEY, "ескі", at=OCTOBER - timedelta(days=400))


def plainly(key: str, where: str = "true") -> dict:
    """The same by SQL: key to the six counts."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, count(*), sum((answer <> '' AND settled_at <= due_at)::int),"
            " sum((answer <> '' AND settled_at > due_at)::int), sum((answer = '' AND settled_at IS NOT NULL)::int),"
            " sum((settled_at IS NULL AND due_at >= %s)::int), sum((settled_at IS NULL AND due_at < %s)::int)"
            f" FROM transparency_feedback WHERE sent_at BETWEEN %s AND %s AND {where} GROUP BY 1",
            [NOW, NOW, NOW - timedelta(days=100), NOW],
        )
        return {key: Tally(*counts) for key, *counts in cursor.fetchall()}


def rows(codes=None):
    return answers.sent_between(NOW - timedelta(days=100), NOW, codes=codes)


def test_all_together(written):
    assert answers.total(rows(), now=NOW) == plainly("1")[1] == Tally(6, 1, 1, 1, 2, 1)
    assert answers.total(rows([CITY]), now=NOW) == plainly("1", f"territory_id = '{CITY}'")[1]


def test_by_kind(written):
    assert dict(answers.by_topic(rows(), now=NOW)) == plainly("topic")


def test_by_territory(written):
    assert dict(answers.by_territory(rows(), now=NOW)) == plainly("territory_id")


def test_by_month(written):
    found = answers.by_month(rows(), now=NOW)

    assert dict(found) == plainly("date_trunc('month', sent_at AT TIME ZONE 'Asia/Almaty')::date")
    assert [month for month, _ in found] == [date(2026, 10, 1), date(2026, 11, 1)]


def test_the_share_leaves_out_what_is_still_within_its_term(written):
    assert answers.total(rows(), now=NOW).per_cent_in_time == 33
    assert Tally().per_cent_in_time is None
