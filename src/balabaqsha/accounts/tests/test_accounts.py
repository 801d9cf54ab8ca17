"""Accounts: registration, recovery, entering, roles, the clock."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from balabaqsha.accounts import actions, clock, entrance, names, passwords, queries, rules
from balabaqsha.accounts.contacts import actions as contacts
from balabaqsha.accounts.models import Account, ClockShift, ConsentGiven, Purpose, RoleGrant
from balabaqsha.accounts.tests.doors import PASSWORD, REAL, account_of, prove, register, visit, world
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.people import queries as people
from balabaqsha.people.tests.family import MOTHER, NOW, PHONE, STRANGER
from balabaqsha.record.models import JournalEntry, OutboxFact

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    with world() as found:
        yield found


class TestRegister:
    def test_opens_a_parents_account(self, here):
        proven = prove(here)

        account_id = register(proven)

        entry = queries.log_in_of(MOTHER.text, now=NOW)
        assert entry.account_id == account_id
        assert entry.role is Role.PARENT
        assert people.main_phone(proven.person_id) == PHONE
        assert ConsentGiven.objects.get().account_id == account_id
        journal = JournalEntry.objects.get(act="account-registered")
        assert journal.actor["account"] == account_id
        assert MOTHER.text not in str(journal.facts)

    def test_refuses_a_second_account(self, here):
        register(prove(here))
        again = prove(here, real=REAL + timedelta(minutes=2))

        with pytest.raises(actions.AccountExists):
            register(again, real=REAL + timedelta(minutes=2))

    def test_refuses_a_proof_used_before(self, here):
        proven = prove(here)
        register(proven)

        with pytest.raises(actions.ProofSpent):
            register(proven)

    def test_refuses_a_proof_of_long_ago(self, here):
        with pytest.raises(actions.ProofSpent):
            register(prove(here), real=REAL + rules.PROOF_LIFE)

    def test_refuses_a_proof_of_another_person(self, here):
        mine = prove(here)
        theirs = prove(here, STRANGER, "+77010000009")

        with pytest.raises(actions.ProofSpent):
            register(actions.Proof(code_id=mine.code_id, phone=mine.phone, person_id=theirs.person_id))

    def test_refuses_a_code_that_nobody_gave_back(self, here):
        proven = prove(here)
        open_code = prove(here, STRANGER, "+77010000009", real=REAL)
        with pytest.raises(actions.ProofSpent):
            register(actions.Proof(code_id=open_code.code_id, phone=proven.phone, person_id=proven.person_id))


class TestRecoverPassword:
    def recover(self, proven):
        return actions.recover_password(
            proof=proven, password=passwords.hashed("жаңа сөз 12"), now=NOW, real_now=REAL + timedelta(minutes=1)
        )

    def test_ends_all_sessions_and_tells_the_person(self, here):
        account_id = account_of()
        before = queries.log_in_of(MOTHER.text, now=NOW).session_number

        self.recover(prove(here, purpose=Purpose.RECOVERY))

        assert Account.objects.get(pk=account_id).session_number == before + 1
        assert OutboxFact.objects.get().fact == "password-changed"

    def test_refuses_a_person_without_an_account(self, here):
        with pytest.raises(actions.NoAccount):
            self.recover(prove(here, purpose=Purpose.RECOVERY))

    def test_refuses_a_proof_of_a_new_telephone(self, here):
        account_of()
        with pytest.raises(actions.ProofSpent):
            self.recover(prove(here, purpose=Purpose.NEW_PHONE))


class TestChangePhone:
    def test_makes_the_number_the_main_one(self, here):
        proven = prove(here, purpose=Purpose.NEW_PHONE)
        actor = Actor(role=Role.PARENT, person_id=proven.person_id)

        contacts.change_phone(actor=actor, proof=proven, now=NOW, real_now=REAL + timedelta(minutes=1))

        assert people.main_phone(proven.person_id) == PHONE
        assert OutboxFact.objects.get().fact == "phone-changed"

    def test_refuses_a_proof_of_somebody_else(self, here):
        proven = prove(here, purpose=Purpose.NEW_PHONE)
        with pytest.raises(actions.ProofSpent):
            contacts.change_phone(actor=Actor(role=Role.PARENT, person_id=0), proof=proven, now=NOW, real_now=REAL)


def enter(password=PASSWORD, iin=MOTHER, address="10.0.0.1", real=REAL):
    return entrance.enter(name=names.read(iin.text), password=password, address=address, now=NOW, real_now=real)


class TestEnter:
    def test_lets_the_right_password_in(self):
        account_id = account_of()

        entered = enter()
        assert entered.account_id == account_id
        assert not JournalEntry.objects.filter(act="signed-in").exists()
        entrance.note(entered, now=NOW)
        assert JournalEntry.objects.filter(act="signed-in").count() == 1

    def test_takes_the_same_letters_however_they_were_typed(self):
        account_of(password="йогурт 2026 ё")

        assert enter("йогурт 2026 ё")

    def test_answers_alike_for_a_wrong_password_and_no_account(self):
        account_of()
        answers = set()
        for iin in (MOTHER, STRANGER):
            with pytest.raises(actions.SignInFailed) as refused:
                enter("басқа сөз 5", iin)
            answers.add(str(refused.value))
        assert answers == {"sign-in-failed (sign-in-failed)"}

    def test_works_as_hard_where_there_is_no_account(self, monkeypatch):
        worked = []
        right = passwords.matches
        monkeypatch.setattr(
            "balabaqsha.accounts.passwords._HASHER",
            type(
                "Counting",
                (),
                {
                    "verify": staticmethod(lambda kept, _: worked.append(kept[:30]) or False),
                    "hash": staticmethod(lambda _: "$argon2id$v=19$m=19456,t=2,p=1$"),
                },
            ),
        )
        assert right("x", None) is False
        assert right("x", "$argon2id$v=19$m=19456,t=2,p=1$abc") is False
        assert len(worked) == 2

    def test_closes_the_door_after_five_wrong_tries_from_one_place(self):
        account_of()
        for _ in range(5):
            with pytest.raises(actions.SignInFailed):
                enter("басқа сөз 5")

        with pytest.raises(rules.TooManyAttempts) as refused:
            enter()
        assert refused.value.facts == {"minutes": 15}
        assert enter(address="10.0.0.2")
        assert enter(real=REAL + timedelta(minutes=15))

    def test_closes_the_door_from_everywhere_after_twenty(self):
        account_of()
        for number in range(20):
            with pytest.raises(actions.SignInFailed):
                enter("басқа сөз 5", address=f"10.0.1.{number}")

        with pytest.raises(rules.TooManyAttempts):
            enter(address="10.0.2.1")

    def test_counts_an_unknown_iin_all_the_same(self):
        for _ in range(5):
            with pytest.raises(actions.SignInFailed):
                enter("басқа сөз 5", STRANGER)

        with pytest.raises(rules.TooManyAttempts):
            enter("басқа сөз 5", STRANGER)

    def test_lets_many_families_in_from_one_address(self):
        account_of()
        for _ in range(120):
            actions.forgive_tries(tries=entrance.tries_of(MOTHER.text, "10.0.0.1"))
            actions.count_tries(tries=entrance.tries_of(MOTHER.text, "10.0.0.1"), real_now=REAL)
        assert enter(real=REAL + timedelta(seconds=1))

    def test_turns_away_an_account_that_lost_its_roles(self):
        account_of()
        actions.end_role(grant_id=RoleGrant.objects.get().id, reason="test", actor=SYSTEM, now=NOW)

        with pytest.raises(actions.SignInFailed):
            enter()


class TestRoles:
    def test_bind_a_role_to_its_bounds(self):
        account_id = account_of()
        for role, bounds in ((Role.KINDERGARTEN_HEAD, {}), (Role.OFFICER, {})):
            with pytest.raises(IntegrityError), transaction.atomic():
                RoleGrant.objects.create(
                    account_id=account_id, role=role.value, granted_from=NOW, reason="test", **bounds
                )

    def test_are_given_once(self):
        account_id = account_of()

        first = actions.grant_role(
            account_id=account_id, role=Role.OFFICER, territory_code="551010000", reason="a", actor=SYSTEM, now=NOW
        )
        again = actions.grant_role(
            account_id=account_id, role=Role.OFFICER, territory_code="551010000", reason="b", actor=SYSTEM, now=NOW
        )

        assert first == again
        assert queries.log_in_of(MOTHER.text, now=NOW).role is Role.OFFICER
        assert (
            queries.entry(
                account_id=account_id, grant_id=first, visit_id=visit(account_id), now=NOW
            ).actor.territory_code
            == "551010000"
        )

    def test_are_gone_with_the_next_request(self):
        account_id = account_of()
        grant = RoleGrant.objects.get()
        assert queries.entry(account_id=account_id, grant_id=grant.id, visit_id=visit(account_id), now=NOW)

        assert actions.end_role(grant_id=grant.id, reason="test", actor=SYSTEM, now=NOW)

        assert queries.entry(account_id=account_id, grant_id=grant.id, visit_id=visit(account_id), now=NOW) is None
        assert not actions.end_role(grant_id=grant.id, reason="test", actor=SYSTEM, now=NOW)

    def test_of_one_account_never_serve_another(self):
        mine, theirs = account_of(), account_of(STRANGER)
        grant = RoleGrant.objects.get(account_id=theirs)

        assert queries.entry(account_id=mine, grant_id=grant.id, visit_id=visit(mine), now=NOW) is None


class TestClock:
    def test_jumps_ahead_in_the_demonstration(self, settings):
        settings.MODE = "demonstration"
        actions.move_clock(by=timedelta(days=2), actor=SYSTEM, now=NOW)
        actions.move_clock(by=timedelta(hours=1), actor=SYSTEM, now=NOW)

        assert clock.shifted(REAL) == REAL + timedelta(days=2, hours=1)

    def test_never_goes_back(self, settings):
        settings.MODE = "demonstration"
        with pytest.raises(actions.ClockOnlyForward):
            actions.move_clock(by=timedelta(seconds=-1), actor=SYSTEM, now=NOW)

    def test_is_real_in_production(self, settings):
        ClockShift.objects.create(pk=1, seconds=3600)
        settings.MODE = "production"

        assert clock.shifted(REAL) == REAL
        with pytest.raises(actions.ClockNotHere):
            actions.move_clock(by=timedelta(days=1), actor=SYSTEM, now=NOW)
