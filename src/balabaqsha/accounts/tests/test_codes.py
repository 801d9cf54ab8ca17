"""Codes: who gets one, how long it lives, how often it may be tried."""

from datetime import timedelta

import pytest

from balabaqsha.accounts import actions, proof, rules
from balabaqsha.accounts.models import Code, Purpose
from balabaqsha.accounts.tests.doors import REAL, STRANGERS_PHONE, ask, world
from balabaqsha.people import registers
from balabaqsha.people import rules as people
from balabaqsha.people.tests.family import MOTHER, PHONE, STRANGER, made_up_iin
from balabaqsha.record.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    with world() as found:
        yield found


def give(code_id, text, after=timedelta(seconds=30)):
    actions.accept_code(code_id=code_id, text=text, real_now=REAL + after)


class TestSendCode:
    def test_sends_six_digits_that_are_kept_nowhere(self, here):
        code_id = ask()

        [sent] = here.sms.sent
        assert sent.phone == PHONE
        assert here.last_code().isdigit()
        kept = Code.objects.get(pk=code_id)
        assert here.last_code().encode() not in bytes(kept.digest)
        facts = JournalEntry.objects.get(act="code-issued").facts
        assert set(facts) == {"code", "purpose", "term", "phone_base"}
        assert here.last_code() not in str(facts)

    def test_asks_nobody_about_what_is_no_mobile_number(self, here):
        here.phones.silent = True

        with pytest.raises(people.PhoneNotValid):
            ask(MOTHER, "+12025550100")

    def test_asked_for_ten_thousand_times_is_sent_five_times_an_hour_and_fills_no_table(self, here):
        """Whoever asks: the same IIN each second, every time from another network address."""
        rows, refused = [], 0
        for n in range(120):
            try:
                ask(real=REAL + timedelta(seconds=10 * n), address=f"10.1.0.{n}")
            except (rules.CodeTooSoon, rules.TooManyCodes):
                refused += 1
            if n in {60, 119}:
                rows.append((Code.objects.count(), len(here.sms.sent)))

        assert refused == 115
        assert rows == [(5, 5), (5, 5)]

    def test_refuses_a_telephone_of_somebody_else(self, here):
        with pytest.raises(proof.PhoneNotInBase):
            ask(MOTHER, STRANGERS_PHONE)
        assert here.sms.sent == []

    def test_answers_alike_for_a_foreign_and_an_unknown_telephone(self, here):
        answers = set()
        for phone in (STRANGERS_PHONE, "+77019999999"):
            with pytest.raises(proof.PhoneNotInBase) as refused:
                ask(MOTHER, phone)
            answers.add(str(refused.value))
        assert len(answers) == 1

    def test_refuses_the_next_code_before_the_term(self, here):
        ask()

        with pytest.raises(rules.CodeTooSoon) as refused:
            ask(real=REAL + timedelta(seconds=79))
        assert refused.value.facts == {"seconds": 1}
        ask(real=REAL + timedelta(seconds=80))
        assert len(here.sms.sent) == 2

    def test_lets_the_earlier_code_count_no_more(self, here):
        first = ask()
        text = here.last_code()
        ask(real=REAL + timedelta(seconds=80))

        with pytest.raises(rules.CodeExpired):
            give(first, text, timedelta(seconds=90))

    def test_sends_five_an_hour_to_one_telephone(self, here):
        for number in range(5):
            ask(real=REAL + timedelta(minutes=2 * number), address=f"10.0.0.{number}")

        with pytest.raises(rules.TooManyCodes) as refused:
            ask(real=REAL + timedelta(minutes=10))
        assert refused.value.facts == {"minutes": 50}
        ask(real=REAL + timedelta(minutes=60))

    def test_limits_the_tries_of_one_address(self, here):
        for number in range(60):
            with pytest.raises(proof.PhoneNotInBase):
                ask(made_up_iin(MOTHER.born_on, serial=100 + number), f"+7701000{number:04d}", address="10.9.9.9")

        with pytest.raises(rules.TooManyCodes):
            ask(STRANGER, STRANGERS_PHONE, address="10.9.9.9")
        ask(STRANGER, STRANGERS_PHONE, address="10.9.9.8")

    def test_lets_ask_again_at_once_where_the_message_could_not_go(self, here):
        here.sms.silent = True
        with pytest.raises(registers.SilentNow):
            ask()

        here.sms.silent = False
        ask(real=REAL + timedelta(seconds=5))
        assert len(here.sms.sent) == 1


class TestAcceptCode:
    def test_takes_the_right_code_once(self, here):
        code_id = ask()
        give(code_id, here.last_code())

        with pytest.raises(rules.CodeExpired):
            give(code_id, here.last_code())

    def test_counts_wrong_codes_even_though_they_are_refused(self, here):
        code_id = ask()
        wrong = f"{(int(here.last_code()) + 1) % 1_000_000:06}"
        left = []
        for _ in range(5):
            with pytest.raises(rules.CodeWrong) as refused:
                give(code_id, wrong)
            left.append(refused.value.facts["left"])

        assert left == [4, 3, 2, 1, 0]
        with pytest.raises(rules.CodeExpired):
            give(code_id, here.last_code())

    def test_refuses_a_late_code(self, here):
        code_id = ask()

        with pytest.raises(rules.CodeExpired):
            give(code_id, here.last_code(), timedelta(minutes=5))

    def test_refuses_a_code_that_was_never_sent(self, here):
        with pytest.raises(rules.CodeExpired):
            give(0, "123456")

    def test_keeps_the_term_that_it_lives_by(self, here):
        kept = Code.objects.get(pk=ask(purpose=Purpose.RECOVERY))

        assert kept.expires_at - kept.sent_at == timedelta(minutes=5)
        assert kept.life_term.startswith("login.code_life@")
