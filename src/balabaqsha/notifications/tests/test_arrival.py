"""A message that does not arrive goes by the next telephone and by mail; what nobody knows of is shown to the department."""

from datetime import timedelta

import pytest

from balabaqsha.applications.models import Application
from balabaqsha.gateways import registry
from balabaqsha.gateways.email.fake import InMemoryEmail
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.gateways.sms.fake import InMemorySms
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.notifications import actions, arrival
from balabaqsha.notifications.models import Channel, Delivery, DeliveryState, Message
from balabaqsha.notifications.tests.test_telling import BASE, PHONE, at, family, offered, reply_to  # noqa: F401 - a fixture
from balabaqsha.people import _steps as people
from balabaqsha.people.models import Person, Phone
from balabaqsha.record.models import JournalEntry

SECOND = "+77010000002"
TOLD = at("2024-09-30T15:33:00")


@pytest.fixture
def post():
    """Both senders; a test says which telephones take nothing."""
    sms, email = InMemorySms(), InMemoryEmail()
    with registry.replaced(sms=sms, email=email):
        yield sms, email


@pytest.fixture
def told(family, post):  # noqa: F811 - the fixture imported above
    """A family that has been offered a voucher; nothing has been sent yet."""
    offered(family)
    actions.tell_untold(now=TOLD)
    return family


def deliver(*, minutes: float = 0.0) -> None:
    """What the worker does at and after a moment, until nothing more is to be done then."""
    now = TOLD + timedelta(minutes=minutes)
    for _ in range(8):
        actions.deliver(language_of=lambda _: "kk", reply_to=reply_to, base_url=BASE, now=now)


def has_second_phone(family) -> None:  # noqa: F811 - as above
    Phone.objects.create(person_id=family.stage.parent_id, number=SECOND, is_main=False, confirmed_at=TOLD)


def has_mailbox(family) -> None:  # noqa: F811 - as above
    Person.objects.filter(id=family.stage.parent_id).update(email="parent@example.kz")


def unaware(*, minutes: float = 0.0) -> int:
    return arrival.unaware(Application.objects.all(), now=TOLD + timedelta(minutes=minutes)).count()


def lost(*, minutes: float = 0.0) -> int:
    return arrival.not_arrived(Message.objects.all(), now=TOLD + timedelta(minutes=minutes)).count()


class TestFallingBack:
    def test_goes_to_the_second_telephone(self, told, post):
        sms, email = post
        has_second_phone(told)
        sms.failing.add(PHONE)

        deliver()
        deliver(minutes=2)
        deliver(minutes=4)

        assert [one.phone for one in sms.sent] == [PHONE, PHONE, SECOND, SECOND]
        assert Delivery.objects.filter(phone__number=SECOND, state=DeliveryState.DELIVERED).count() == 2
        assert email.sent == []
        assert (lost(minutes=4), unaware(minutes=4)) == (0, 0)

    def test_goes_by_mail_after_the_last_telephone(self, told, post):
        sms, email = post
        has_second_phone(told)
        has_mailbox(told)
        sms.failing |= {PHONE, SECOND}

        for minutes in (0, 2, 4, 6):
            deliver(minutes=minutes)

        assert len(email.sent) == 2
        assert email.sent[0]["To"] == "parent@example.kz"
        assert email.sent[0]["Subject"]
        assert lost(minutes=6) == 0

    def test_ends_where_nothing_is_left(self, told, post):
        sms, _ = post
        sms.failing.add(PHONE)

        for minutes in (0, 2, 4, 60):
            deliver(minutes=minutes)

        assert len(sms.sent) == 2
        assert set(Delivery.objects.values_list("state", flat=True)) == {"FAILED"}
        assert lost(minutes=60) == 2

    def test_does_not_follow_a_number_that_was_replaced(self, told, post):
        sms, _ = post
        has_second_phone(told)
        sms.failing.add(PHONE)
        deliver()
        Phone.objects.filter(number=PHONE).update(ended_at=TOLD)

        deliver(minutes=2)

        assert {one.phone for one in sms.sent} == {PHONE}

    def test_tries_the_mailbox_after_the_fifth_silence_of_the_sender(self, told, post):
        sms, email = post
        has_mailbox(told)
        sms.silent = True

        for minutes in (0, 1, 3, 8):
            deliver(minutes=minutes)
        assert email.sent == []
        deliver(minutes=24)

        assert len(email.sent) >= 1
        sms.silent = False
        deliver(minutes=200)
        # The message itself has not failed: it still arrives.
        assert Delivery.objects.filter(channel=Channel.SMS, state=DeliveryState.QUEUED).count() == 0

    def test_gives_up_a_telephone_of_which_nothing_is_heard_for_a_day(self, told, post):
        sms, _ = post
        has_second_phone(told)
        sms.unconfirmed.add(PHONE)

        deliver()
        deliver(minutes=60)
        assert {one.phone for one in sms.sent} == {PHONE}
        deliver(minutes=25 * 60)

        assert SECOND in {one.phone for one in sms.sent}

    def test_gives_the_second_telephone_a_day_of_its_own(self, told, post):
        sms, _ = post
        has_second_phone(told)
        sms.unconfirmed |= {PHONE, SECOND}
        deliver()
        deliver(minutes=25 * 60)

        deliver(minutes=25 * 60 + 2)
        assert set(Delivery.objects.filter(phone__number=SECOND).values_list("state", flat=True)) == {"ACCEPTED"}
        deliver(minutes=50 * 60)
        assert set(Delivery.objects.filter(phone__number=SECOND).values_list("state", flat=True)) == {"FAILED"}

    @pytest.mark.usefixtures("post")
    def test_is_done_once_by_two_workers(self, told):
        has_second_phone(told)
        deliver()
        rows = list(Delivery.objects.select_related("message__person", "phone"))

        for delivery in [*rows, *rows]:
            actions._note_failure(delivery, now=TOLD)

        assert Delivery.objects.filter(phone__number=SECOND).count() == 2


class TestWhoKnowsNothing:
    def fails(self, post) -> None:
        post[0].failing.add(PHONE)
        deliver()
        deliver(minutes=2)

    def test_is_shown_while_the_term_runs(self, told, post):
        assert unaware(minutes=5) == 0  # on its way
        self.fails(post)

        assert unaware(minutes=5) == 1
        assert unaware(minutes=60 * 24 * 3) == 0  # the term is over

    def test_is_whoever_has_no_way_at_all(self, family, post):  # noqa: F811 - as above
        Phone.objects.all().delete()
        offered(family)
        actions.tell_untold(now=TOLD)

        assert (unaware(minutes=5), lost(minutes=5)) == (1, 0)

    def test_is_whose_message_has_been_on_its_way_for_an_hour(self, told, post):
        post[0].silent = True
        deliver()

        assert (unaware(minutes=30), unaware(minutes=61)) == (0, 1)

    def test_is_nobody_who_has_read_the_inbox(self, told, post):
        self.fails(post)

        actions.read_messages(person_id=told.stage.parent_id, now=TOLD)

        assert (unaware(minutes=5), lost(minutes=5)) == (0, 0)

    def test_is_nobody_whom_an_officer_told(self, told, post):
        self.fails(post)
        application = Application.objects.get()

        settled = actions.note_told(application_id=application.id, actor=SYSTEM, now=TOLD + timedelta(minutes=5))

        assert settled == 2
        assert (unaware(minutes=6), lost(minutes=6)) == (0, 0)
        assert JournalEntry.objects.get(act="family-told").facts == {"messages": 2}
        assert actions.note_told(application_id=application.id, actor=SYSTEM, now=TOLD) == 0

    def test_is_nobody_who_got_one_of_the_messages(self, told, post):
        post[0].failing.add(PHONE)
        deliver()
        deliver(minutes=2)
        post[0].failing.clear()
        people.confirm_phone(person_id=told.stage.parent_id, number=SECOND, now=TOLD)
        Delivery.objects.filter(message__key="voucher-offered").update(state=DeliveryState.DELIVERED)

        assert unaware(minutes=5) == 0
        assert lost(minutes=5) == 1


def test_a_silent_sender_is_no_failure(told, post):
    post[0].silent = True
    with pytest.raises(NotAnswering):
        post[0].send(PHONE, "1", reference="r", now=TOLD)
    deliver()

    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.QUEUED}
