"""The checker finds what it is there to find: each fault is planted, and named."""

import copy
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test import override_settings

from balabaqsha.config import databases
from balabaqsha.gateways import registry
from balabaqsha.gateways.sms.fake import InMemorySms
from balabaqsha.journeys import choosing
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Message
from balabaqsha.record import actions as record
from balabaqsha.record.models import OutboxFact
from balabaqsha.vouchers.models import Voucher
from tests.kills import checker, town
from tests.kills.clients import Claim, Told
from tests.kills.portal import Portal
from tests.workplaces import world


class Rows(Portal):
    """The rows of the test's own database; nothing is served."""

    def __init__(self):
        pass

    def rows(self, statement, *values):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall()


class Aftermath:
    """A town after a quiet day: vouchers were given, told and delivered, one family holds a place."""

    def __init__(self, monkeypatch):
        monkeypatch.setattr(town, "SIGNERS", 0)
        self.town = town.build(world.authority())
        sms = InMemorySms()
        while notifications.tell_untold(now=datetime.now(UTC)):
            pass
        with registry.replaced(sms=sms):
            while notifications.deliver(
                language_of=lambda _: "kk",
                reply_to=lambda _: ("", "kk"),
                base_url="http://x",
                now=datetime.now(UTC),
            ):
                pass
        self.messages = [{"reference": one.reference, "to": one.phone, "text": one.text} for one in sms.sent]
        self.claim = Claim(Rows(), self.town.claimants[0])
        self.chooses()
        while notifications.tell_untold(now=datetime.now(UTC)):
            pass
        record.seal()

    def chooses(self):
        family, group = self.claim.family, self.town.groups[0]
        choosing.choose(application_id=family.application_id, group_id=group, actor=family.actor, now=datetime.now(UTC))
        self.claim.settle(Told.DONE, "choose", happened=self.claim.held() == group)
        self.claim.group = group

    def broken(self):
        return checker.broken([self.claim], self.messages)


@pytest.fixture(scope="module")
def aftermath(django_db_setup, django_db_blocker, tmp_path_factory):
    given = {"FILES_ROOT": tmp_path_factory.mktemp("files"), "SIGNATURE_AUTHORITIES": world.authority().trusted}
    with (
        django_db_blocker.unblock(),
        databases.scratch_database(),
        override_settings(**given),
        pytest.MonkeyPatch.context() as patch,
    ):
        yield Aftermath(patch)


@pytest.fixture
def day(aftermath):
    """The same evening for every test: what it plants is taken back."""
    mine = copy.copy(aftermath)
    mine.claim, mine.messages = copy.deepcopy(aftermath.claim), list(aftermath.messages)
    with transaction.atomic():
        yield mine
        transaction.set_rollback(True)


def test_a_quiet_day_breaks_nothing(day):
    assert day.broken() == []
    assert len(day.messages) >= town.CLAIMANTS


def _acknowledged_and_lost(day):
    day.claim.settle(Told.DONE, "choose", happened=False)
    return "was acknowledged and is not in the rows"


def _refused_and_done(day):
    day.claim.settle(Told.REFUSED, "unchoose", happened=True)
    return "was refused and is in the rows"


def _done_twice(day):
    day.claim.acts["choose"] -= 1
    return "choose happened 0 times by what was told, 1 times by the journal"


def _another_place(day):
    day.claim.group = day.town.groups[1]
    return "knows that it holds group"


def _answered_with_a_trace(day):
    day.claim.statuses = Counter({302: 4, 500: 1})
    return "was answered {500: 1}"


def _a_place_without_its_hold(day):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kindergartens_hold SET ended_at = now()")
    return "admission-without-place"


def _a_doubled_voucher(day):
    first = Voucher.objects.order_by("id").first()
    now = datetime.now(UTC)
    Voucher.objects.create(
        application_id=first.application_id,
        territory_id=first.territory_id,
        state="LAPSED",
        offered_at=now,
        ended_at=now,
    )
    return f"application {first.application_id} got 2 vouchers"


def _a_lost_voucher(day):
    Voucher.objects.order_by("id").last().delete()
    return f"says {town.CLAIMANTS} vouchers, the rows have {town.CLAIMANTS - 1}"


def _an_untold_fact(day):
    OutboxFact.objects.filter(id=OutboxFact.objects.first().id).update(told_at=None)
    return "1 facts are told to nobody"


def _a_lost_message(day):
    fact = OutboxFact.objects.filter(fact="voucher-offered").first()
    message = Message.objects.get(source_id=fact.id)
    message.deliveries.all().delete()
    message.delete()
    return "became no message"


def _a_message_that_came_twice(day):
    day.messages.append(day.messages[0])
    return "came 2 times"


def _a_message_that_came_twice_under_another_reference(day):
    day.messages.append(day.messages[0] | {"reference": "message-other"})
    return f"{day.messages[0]['to']} got 3 messages, 2 were due"


def _a_message_that_never_came(day):
    day.messages.pop()
    return "and never came"


def _a_changed_journal(day):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE record_journalentry DISABLE TRIGGER journal_is_append_only")
        cursor.execute("UPDATE record_journalentry SET act = 'unchoose' WHERE act = 'confirm_interest'")
    return "the journal is broken"


@pytest.mark.parametrize(
    "plant",
    [
        _acknowledged_and_lost,
        _refused_and_done,
        _done_twice,
        _another_place,
        _answered_with_a_trace,
        _a_place_without_its_hold,
        _a_doubled_voucher,
        _a_lost_voucher,
        _an_untold_fact,
        _a_lost_message,
        _a_message_that_came_twice,
        _a_message_that_came_twice_under_another_reference,
        _a_message_that_never_came,
        _a_changed_journal,
    ],
)
def test_a_planted_fault_is_found(day, plant):
    words = plant(day)

    assert any(words in sentence for sentence in day.broken()), day.broken()
