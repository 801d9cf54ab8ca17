"""Before the turn comes: what is there and what lacks, and the reminder in spring, once a year."""

from datetime import UTC, datetime, timedelta

import pytest

from balabaqsha.law.lists import DocumentKind
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications import rules
from balabaqsha.notifications.models import Message
from balabaqsha.people.models import Phone
from tests.families import home as homes
from tests.families.home import says

pytestmark = pytest.mark.django_db

# Midnight of the first of April on the national clock.
SPRING = datetime(2027, 3, 31, 19, tzinfo=UTC)


def test_says_what_lacks_and_where_it_is_put_right(home):
    number = home.applies()
    assert says(home.get("application.page", number), "Не жетпейтінін көру")
    page = home.get("application.ready", number)
    assert page.context["lacking"] == 7
    assert says(page, "Алдын ала дайындаңыз")

    homes.upload(home, DocumentKind.BIRTH_CERTIFICATE)
    assert home.get("application.ready", number).context["lacking"] == 6
    Phone.objects.update(ended_at=home.now)
    page = home.get("application.ready", number)
    assert page.context["lacking"] == 7
    assert says(page, "/cabinet/profile/phone/")


def test_reminds_once_a_year_in_spring(home):
    home.applies()
    said = {}
    for name, moment in {
        "before": SPRING - timedelta(seconds=1),
        "on the day": SPRING,
        "again": SPRING + timedelta(hours=1),
        "next year": SPRING.replace(year=2028),
    }.items():
        notifications.remind(now=moment)
        notifications.tell_untold(now=moment)
        said[name] = Message.objects.filter(key="readiness").count()

    assert said == {"before": 0, "on the day": 1, "again": 1, "next year": 2}


def test_a_portal_that_was_down_lets_the_year_pass():
    assert rules.spring("04-01", now=SPRING + timedelta(days=29)) == SPRING
    assert rules.spring("04-01", now=SPRING + timedelta(days=30)) is None
