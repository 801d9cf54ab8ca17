"""What happens to an application reaches the family: inbox, SMS and e-mail, once and in its language."""

from datetime import datetime, timedelta

import pytest

from balabaqsha.commands.rehearsal import play, story
from balabaqsha.commands.rehearsal.stage import build
from balabaqsha.gateways import registry
from balabaqsha.gateways.sms.fake import InMemorySms
from balabaqsha.kernel.time import NATIONAL
from balabaqsha.notifications import actions, queries
from balabaqsha.notifications.models import Delivery, DeliveryState, Message
from balabaqsha.people import _steps as people
from balabaqsha.people.models import Person

PHONE = "+77010000001"
BASE = "https://portal.example"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=NATIONAL)


def step(moment, do, **keys):
    defaults = {"limit": None} if do == "run_vouchers" else {}
    if do == "apply":
        defaults = dict.fromkeys(("correction", "wished_from", "settlement")) | {"kind": "general", "benefit": "NONE"}
    return story.Step(at=at(moment), do=do, keys=defaults | keys)


@pytest.fixture
def family(fresh_database):
    """A play whose parent has a telephone; one group of 2021 with one free place."""
    group = story.StoryGroup("K1.a", 2021, "kk", 1, None, 1)
    told = story.Story(
        "551010000",
        "voucher",
        {},
        frozenset(),
        frozenset(),
        (story.StoryKindergarten("K1", "state", None, (group,)),),
        (),
    )
    stage = build(told, now=at("2024-09-30T09:00:00"))
    people.confirm_phone(person_id=stage.parent_id, number=PHONE, now=at("2024-09-30T09:00:00"))
    return play.Play(stage)


def offered(family):
    family.step(step("2024-09-30T15:31:00", "apply", application="A1", born=at("2021-02-20T00:00:00").date()))
    family.step(step("2024-09-30T15:32:00", "run_vouchers"))


def reply_to(number):
    raise LookupError(number)


def deliver(now, sms):
    with registry.replaced(sms=sms):
        return actions.deliver(language_of=lambda _: "kk", reply_to=reply_to, base_url=BASE, now=now)


class Killed(BaseException):
    """The process is gone."""


def killing(*_, **__):
    raise Killed


class TestTellUntold:
    def test_writes_the_words_of_the_source(self, family):
        offered(family)
        family.step(step("2024-09-30T15:37:26", "confirm_interest", application="A1"))

        actions.tell_untold(now=at("2024-09-30T15:38:00"))

        texts = [entry.text for entry in queries.inbox(family.stage.parent_id, language="kk", base_url=BASE)]
        assert texts[0] == (
            "Сіз ваучерге қызығушылық танытқаныңызды растадыңыз. Сізге мектепке дейінгі ұйымды таңдап, онымен электронды шарт "
            "жасау үшін 5 жұмыс күні бар. Мерзімі 2024-10-07 15:37:26."
        )
        assert texts[2].startswith("Сіздің өтінішіңіз қабылданды. Кезектегі орын 1.")

    def test_tells_each_fact_once(self, family):
        offered(family)

        first, second = (
            actions.tell_untold(now=at("2024-09-30T15:33:00")),
            actions.tell_untold(now=at("2024-09-30T15:33:00")),
        )

        assert (first, second) == (2, 0)
        assert Message.objects.count() == 2


class TestDeliver:
    def test_sends_one_sms_for_an_event_and_follows_it_up(self, family):
        offered(family)
        actions.tell_untold(now=at("2024-09-30T15:33:00"))
        sms = InMemorySms()

        deliver(at("2024-09-30T15:33:00"), sms)
        deliver(at("2024-09-30T15:33:00"), sms)

        assert {sent.phone for sent in sms.sent} == {PHONE}
        assert len(sms.sent) == 2
        assert "rehearsal" not in sms.sent[0].text.lower()
        deliver(at("2024-09-30T15:40:00"), sms)
        assert set(Delivery.objects.values_list("state", flat=True)) <= {
            DeliveryState.DELIVERED,
            DeliveryState.ACCEPTED,
        }

    def test_tries_again_when_the_sender_does_not_answer(self, family):
        offered(family)
        actions.tell_untold(now=at("2024-09-30T15:33:00"))
        sms = InMemorySms()
        sms.silent = True

        deliver(at("2024-09-30T15:33:00"), sms)
        sms.silent = False
        deliver(at("2024-09-30T15:33:30"), sms)
        before_the_minute = len(sms.sent)
        deliver(at("2024-09-30T15:35:00"), sms)

        # Only the one that was tried waits; the other did not fail.
        assert (before_the_minute, len(sms.sent)) == (1, 2)

    def test_does_not_reach_the_telephone_twice_when_a_kill_comes_before_it_is_noted(self, family, monkeypatch):
        offered(family)
        actions.tell_untold(now=at("2024-09-30T15:33:00"))
        sms = InMemorySms()

        with monkeypatch.context() as killed:
            killed.setattr(actions, "_note", killing)
            with pytest.raises(Killed):
                deliver(at("2024-09-30T15:33:00"), sms)
        Person.objects.update(given_name="ӨЗГЕ")
        deliver(at("2024-09-30T15:33:10"), sms)

        assert len(sms.sent) == 2

    def test_leaves_a_silent_sender_alone_and_does_not_make_every_message_wait_for_it(self, family):
        offered(family)
        actions.tell_untold(now=at("2024-09-30T15:33:00"))
        sms = InMemorySms()
        sms.silent = True

        assert deliver(at("2024-09-30T15:33:00"), sms) == 0

        assert sorted(Delivery.objects.values_list("attempts", flat=True)) == [0, 1]
        sms.silent = False
        assert deliver(at("2024-09-30T15:33:05"), sms) == 1

    def test_a_family_without_a_telephone_still_has_its_inbox(self, family):
        Person.objects.get(id=family.stage.parent_id).phones.update(ended_at=at("2024-09-30T10:00:00"))
        offered(family)

        actions.tell_untold(now=at("2024-09-30T15:33:00"))

        assert Delivery.objects.count() == 0
        assert queries.unread(family.stage.parent_id) == 2


class TestRemind:
    @pytest.mark.parametrize(
        ("now", "reminded"),
        [
            ("2024-10-01T15:31:59", 0),
            ("2024-10-01T15:32:00", 1),
            ("2024-10-02T11:32:00", 1),
            ("2024-10-02T15:32:01", 0),
        ],
    )
    def test_comes_a_day_and_four_hours_before_the_end(self, family, now, reminded):
        offered(family)

        assert actions.remind(now=at(now)) == reminded

    def test_does_not_come_twice(self, family):
        offered(family)

        assert [actions.remind(now=at("2024-10-01T15:32:00") + timedelta(minutes=minute)) for minute in (0, 1)] == [
            1,
            0,
        ]

    def test_tells_of_the_last_day_on_which_the_term_can_be_extended(self, family):
        offered(family)
        family.step(step("2024-09-30T15:37:26", "confirm_interest", application="A1"))

        actions.remind(now=at("2024-10-07T00:00:01"))
        actions.tell_untold(now=at("2024-10-07T00:00:02"))

        assert Message.objects.filter(key="voucher-extension-open").count() == 1
