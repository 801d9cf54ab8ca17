"""The department sees whose term runs while nothing has reached the family, tells them, and that is noted."""

from datetime import timedelta

import pytest
from django.urls import reverse

from balabaqsha.accounts import clock
from balabaqsha.notifications import actions
from balabaqsha.notifications.models import Message
from balabaqsha.record.models import JournalEntry
from tests.workplaces import world

pytestmark = pytest.mark.django_db
LATER = world.NOW + timedelta(minutes=10)


@pytest.fixture
def town(settings, monkeypatch):
    """A family without a telephone has been offered a voucher."""
    world.trust(settings)
    monkeypatch.setattr(clock, "real_now", lambda: LATER)
    made = world.build()
    made.case = made.applies()
    made.run()
    while actions.tell_untold(now=world.NOW):
        pass
    return made


def page(town, name: str) -> str:
    return town.as_officer().get(reverse(name)).content.decode()


def test_whoever_knows_nothing_is_on_the_first_page_and_in_the_list(town):
    number = town.case.application.number

    assert "Отбасы мерзімнен хабарсыз" in page(town, "officer.home")
    shown = page(town, "officer.undelivered")

    assert f"№ {number}" in shown
    assert "бірде-бір хабарлама жетпеді" in shown


def test_telling_them_is_noted_and_ends_it(town):
    number = town.case.application.number

    answer = town.as_officer().post(reverse("officer.undelivered-told", args=[number]), follow=True)

    assert "отбасыға Сіз айттыңыз" in answer.content.decode()
    assert f"№ {number}" not in page(town, "officer.undelivered")
    assert "Отбасы мерзімнен хабарсыз" not in page(town, "officer.home")
    entry = JournalEntry.objects.get(act="family-told")
    assert entry.application_id == town.case.id
    assert Message.objects.filter(told_at=LATER).exists()


def test_a_kindergarten_has_no_such_list(town):
    assert town.as_head().get(reverse("officer.undelivered")).status_code == 404
