"""Messages go by the ways that a person chose for their kind, and by the next way where one fails."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from balabaqsha.gateways import registry
from balabaqsha.gateways.email.fake import InMemoryEmail
from balabaqsha.gateways.email.port import AddressRefused
from balabaqsha.gateways.sms.fake import InMemorySms
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.locale import glossary
from balabaqsha.notifications import actions, queries
from balabaqsha.notifications.channels import actions as channels
from balabaqsha.notifications.channels import rules
from balabaqsha.notifications.channels.rules import Kind, Ways
from balabaqsha.notifications.models import Channel, ChannelChoice, Delivery, DeliveryState
from balabaqsha.people import _steps as people
from balabaqsha.people import actions as people_actions
from balabaqsha.people.models import Person, Phone
from balabaqsha.people.tests.family import answer, made_up_iin
from balabaqsha.record import actions as record
from balabaqsha.record.models import JournalEntry

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
PHONE, SECOND = "+77010000001", "+77010000002"
MAIL, SECOND_MAIL = "parent@example.kz", "aunt@example.kz"


class Post(InMemoryEmail):
    """A mail server that knows some addresses no longer, or says nothing at all."""

    gone: frozenset[str] = frozenset()

    def send(self, to, subject, text, *, reference, now):
        if to in self.gone:
            raise AddressRefused
        return super().send(to, subject, text, reference=reference, now=now)


@pytest.fixture
def post(db):
    sms, email = InMemorySms(), Post()
    with registry.replaced(sms=sms, email=email):
        yield sms, email


@pytest.fixture
def parent(db):
    """Somebody with a telephone and a proven mailbox."""
    iin = made_up_iin(date(1990, 3, 3), serial=310)
    person_id = people_actions.keep_person(answer=answer(iin, surname="СЫНАҚ", given_name="АНА"), actor=SYSTEM, now=NOW)
    people.confirm_phone(person_id=person_id, number=PHONE, now=NOW)
    people.confirm_email(person_id=person_id, email=MAIL, now=NOW)
    return Actor(role=Role.PARENT, person_id=person_id)


def tell(parent, key="password-changed"):
    record.tell(key, now=NOW, person_id=parent.person_id, facts={})
    actions.tell_untold(now=NOW)


def deliver(*, minutes=0):
    for _ in range(8):
        actions.deliver(
            language_of=lambda _: "kk",
            reply_to=lambda _: ("", "kk"),
            base_url="https://portal.example",
            now=NOW + timedelta(minutes=minutes),
        )


def ways():
    return sorted(Delivery.objects.values_list("channel", flat=True))


def choose(parent, **wanted):
    return channels.choose(actor=parent, wanted={Kind(kind): Ways(one) for kind, one in wanted.items()}, now=NOW)


class TestKinds:
    def test_every_message_that_a_person_gets_is_of_one_kind_that_names_it(self):
        keys = {key.split(".")[1] for key in glossary.read() if key.startswith("message.") and key.endswith(".inbox")}
        named = rules._TERM | rules._SAFETY | rules._NEWS

        assert named <= keys, "a kind names a message that is not written"
        assert len(named) == len(rules._TERM) + len(rules._SAFETY) + len(rules._NEWS)
        assert {key for key in keys if key.startswith("reminder-")} == {
            key for key in keys - named if rules.kind_of(key) == Kind.TERM
        }

    def test_whatever_says_until_when_is_a_message_with_a_term(self):
        """A text with a due moment asks for something until then; a term must never be switched off by mistake.

        What is for safety tells when it happened, and who claims guardianship or contests something is told until when an officer
        decides.
        """
        texts = glossary.read()
        due = {
            key.split(".")[1]
            for key, words in texts.items()
            if key.startswith("message.") and key.endswith((".inbox", ".sms")) and "{due" in words.kk
        }

        others = {key for key in due if rules.kind_of(key) not in {Kind.TERM, Kind.SAFETY}}
        assert others == {"guardian-claimed", "appeal-filed"}

    def test_a_term_and_safety_never_stay_in_the_inbox_alone(self):
        assert [Ways.INBOX in rules.may_choose(kind) for kind in Kind] == [False, True, True, False]


class TestChoosing:
    def test_everything_goes_by_both_until_somebody_chooses(self, parent):
        tell(parent)

        assert ways() == ["EMAIL", "SMS"]

    @pytest.mark.parametrize(
        ("chosen", "expected"), [("BOTH", ["EMAIL", "SMS"]), ("SMS", ["SMS"]), ("EMAIL", ["EMAIL"]), ("INBOX", [])]
    )
    def test_goes_by_what_was_chosen_and_always_to_the_inbox(self, parent, chosen, expected):
        choose(parent, DECISION=chosen)

        tell(parent, "sheet-to-approve")
        before = ways()
        Delivery.objects.all().delete()
        tell(parent, "transfer-lapsed")

        assert before == ["EMAIL", "SMS"], "another kind stays as it was"
        assert ways() == expected
        assert queries.count(parent.person_id) == 2

    def test_safety_goes_by_everything_whatever_is_chosen(self, parent):
        choose(parent, TERM="EMAIL", DECISION="INBOX", NEWS="INBOX")

        tell(parent)

        assert ways() == ["EMAIL", "SMS"]

    def test_mail_alone_counts_while_the_address_is_proven(self, parent):
        choose(parent, TERM="EMAIL")
        tell(parent, "sheet-to-approve")
        assert ways() == ["EMAIL"]
        people_actions.change_contacts(actor=parent, email="new@example.kz", stated_address=None, now=NOW)

        tell(parent, "sheet-to-approve")

        assert ways() == ["EMAIL", "EMAIL", "SMS"]

    def test_mail_alone_needs_a_proven_address(self, parent):
        Person.objects.filter(id=parent.person_id).update(email_confirmed_at=None)

        with pytest.raises(channels.EmailNotProven) as refused:
            choose(parent, NEWS="SMS", TERM="EMAIL")

        assert refused.value.facts == {"kind": "TERM"}
        assert not ChannelChoice.objects.exists()

    @pytest.mark.parametrize("wanted", [{"TERM": "INBOX"}, {"SAFETY": "SMS"}])
    def test_a_term_and_safety_are_not_switched_off(self, parent, wanted):
        with pytest.raises(channels.NotToChoose):
            choose(parent, **wanted)

    @pytest.mark.parametrize("row", [{"kind": "TERM", "ways": "INBOX"}, {"kind": "SAFETY", "ways": "SMS"}])
    def test_nor_by_the_tables(self, parent, row):
        with pytest.raises(IntegrityError), transaction.atomic():
            ChannelChoice.objects.create(person_id=parent.person_id, chosen_at=NOW, **row)

    def test_is_journalled_once_with_what_changed(self, parent):
        assert choose(parent, NEWS="INBOX", TERM="BOTH")
        assert not choose(parent, NEWS="INBOX", TERM="BOTH")

        facts = JournalEntry.objects.get(act="channels-chosen").facts
        assert facts["ways"] == {"NEWS": "INBOX"}


class TestFallingBack:
    def test_goes_through_every_contact_in_order(self, parent, post):
        sms, email = post
        Phone.objects.create(person_id=parent.person_id, number=SECOND, is_main=False, confirmed_at=NOW)
        Person.objects.filter(id=parent.person_id).update(second_email=SECOND_MAIL)
        choose(parent, DECISION="SMS")
        sms.failing |= {PHONE, SECOND}
        email.gone = frozenset({MAIL})
        tell(parent, "guardian-rejected")

        for minutes in (0, 2, 4, 6):
            deliver(minutes=minutes)

        assert [one.phone for one in sms.sent] == [PHONE, SECOND]
        assert [one["To"] for one in email.sent] == [SECOND_MAIL]
        rows = Delivery.objects.order_by("id").values_list("channel", "to_second", "state")
        assert list(rows) == [
            ("SMS", False, "FAILED"),
            ("SMS", False, "FAILED"),
            ("EMAIL", False, "FAILED"),
            ("EMAIL", True, "DELIVERED"),
        ]

    def test_goes_to_the_telephone_where_mail_alone_was_chosen_and_fails(self, parent, post):
        sms, email = post
        choose(parent, DECISION="EMAIL")
        email.gone = frozenset({MAIL})
        tell(parent, "guardian-rejected")

        deliver()

        assert [one.phone for one in sms.sent] == [PHONE]

    def test_a_letter_that_fails_sends_no_sms_again(self, parent, post):
        sms, email = post
        email.gone = frozenset({MAIL})
        tell(parent)

        deliver()
        deliver(minutes=2)

        assert len(sms.sent) == 1

    def test_goes_to_the_telephone_after_the_fifth_silence_of_the_mail_server(self, parent, post):
        sms, email = post
        choose(parent, DECISION="EMAIL")
        email.silent = True
        tell(parent, "guardian-rejected")

        for minutes in (0, 1, 3, 8):
            deliver(minutes=minutes)
        assert sms.sent == []
        deliver(minutes=24)

        assert len(sms.sent) == 1

    def test_an_address_that_was_taken_away_is_no_address(self, parent, post):
        _, email = post
        tell(parent)
        people_actions.change_contacts(actor=parent, email="", stated_address=None, now=NOW)

        deliver()

        assert email.sent == []
        assert Delivery.objects.get(channel=Channel.EMAIL).state == DeliveryState.FAILED
