"""Entrusted children: given, accepted, acted for within the powers, ended at its moment; both are named and told."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from balabaqsha.accounts import access
from balabaqsha.accounts import queries as accounts
from balabaqsha.accounts.models import RoleGrant
from balabaqsha.accounts.trust import actions, queries
from balabaqsha.kernel.actor import Actor, Power, Role, Trusted
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Message
from balabaqsha.people import _steps as people
from balabaqsha.people.models import Kinship, Trust
from balabaqsha.people.states import TrustState
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry, OutboxFact
from balabaqsha.web.parent import telling
from tests.families import home as homes
from tests.families.home import Home, relative, says, trusts
from tests.workplaces import world

pytestmark = pytest.mark.django_db

ALL = frozenset(Power)


class Granny:
    """Somebody trusted with the child of a home, in her browser."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.actor, self.iin = relative()
        self.client = Client()

    def enters(self) -> None:
        self.client = world.client_of(self.actor, moment=self.home.now)

    def get(self, name: str, *arguments: object):
        return self.client.get(reverse(name, args=arguments))

    def post(self, name: str, *arguments: object, **typed: object):
        return self.client.post(reverse(name, args=arguments), typed)

    def accepts(self, *powers: Power, days: int = 30) -> Trust:
        """She is trusted with these powers and accepts."""
        given = trusts(self.home, *powers, days=days)
        actions.accept(token=given.token, actor=self.actor, now=self.home.now)
        return Trust.objects.get(pk=given.pk)

    def acts(self) -> None:
        """She signs in and switches to the role of a trusted person."""
        self.enters()
        grant = RoleGrant.objects.get(account_id=self.actor.account_id, role="TRUSTED_PERSON", ended_at=None)
        assert self.post("parent.switch-role", role=grant.id).status_code == 302


@pytest.fixture
def granny(home) -> Granny:
    return Granny(home)


class TestGiving:
    def give(self, home: Home, **changes: str):
        plain = {"iin": homes.RELATIVE.text, "surname": "сынақова", "choose": "on", "last_day": "31.12.2026"}
        token = Kinship.objects.get(child=home.child).token
        return home.post("children.entrust", token, **(plain | changes))

    def test_is_written_down_and_waits(self, home):
        answer = self.give(home)

        assert answer.url == reverse("trust.given")
        trust = Trust.objects.get()
        assert (trust.state, trust.powers) == (TrustState.GIVEN, ["CHOOSE", "SEE"])
        assert says(home.get("trust.given"), "сынақова")
        assert not RoleGrant.objects.filter(role="TRUSTED_PERSON").exists()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"iin": "1"}, "ЖСН дұрыс емес"),
            ({"last_day": "01.01.2026"}, "Бұл күн өтіп кеткен"),
            ({"last_day": "19.11.2029"}, "Ең кеш күні: 18.11.2029"),
            ({"surname": ""}, "id_surname"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, home, changes, said):
        answer = self.give(home, **changes)

        assert says(answer, said)
        assert answer.status_code == 200
        assert not Trust.objects.exists()

    def test_never_to_oneself_nor_to_a_child(self, home):
        own = homes.Person.objects.get(id=home.mother.person_id).iin

        assert says(self.give(home, iin=own), "өз ЖСН-іңіз")
        assert says(self.give(home, iin=home.child.iin), "18 жасқа толған")

    def test_twice_to_one_person_is_refused_until_revoked(self, home, granny):
        trust = granny.accepts()
        with pytest.raises(actions.AlreadyTrusted):
            trusts(home)
        actions.revoke(token=trust.token, actor=home.mother, now=home.now)

        assert trusts(home).state == TrustState.GIVEN

    def test_anew_after_its_end(self, home):
        first = trusts(home, days=1)
        home.later(days=2)

        trusts(home)
        first.refresh_from_db()
        assert (first.state, first.ended_at) == (TrustState.LAPSED, first.ends_at)

    def test_only_with_ones_own_child(self, home, granny):
        giving = actions.Giving(home.child.id, "590101300013", "А", (), home.now.date())
        with pytest.raises(actions.NoSuchChild):
            actions.give(giving=giving, actor=granny.actor, now=home.now)


class TestSchema:
    def row(self, home, granny, **changes) -> Trust:
        fields = {
            "giver_id": home.mother.person_id,
            "child_id": home.child.id,
            "trusted_iin": granny.iin,
            "trusted_surname": "А",
            "powers": ["SEE"],
            "given_at": home.now,
            "ends_at": home.now + timedelta(days=1),
        }
        return Trust(**(fields | changes))

    @pytest.mark.parametrize(
        ("changes", "guard"),
        [
            ({"powers": []}, "powers_of_the_closed_list"),
            ({"powers": ["SEE", "SIGN"]}, "powers_of_the_closed_list"),
            ({"ends_at": world.NOW}, "trust_ends_after_it_is_given"),
            ({"state": "ACCEPTED"}, "who_accepted_is_known"),
            ({"state": "REVOKED"}, "an_ended_trust_has_its_moment"),
        ],
    )
    def test_refuses_what_must_never_be(self, home, granny, changes, guard):
        with pytest.raises(IntegrityError, match=guard), transaction.atomic():
            self.row(home, granny, **changes).save()

    def test_refuses_a_live_trust_to_oneself_and_a_second_one(self, home, granny):
        mine = home.mother.person_id
        with pytest.raises(IntegrityError, match="nobody_trusts_themselves"), transaction.atomic():
            self.row(home, granny, state="ACCEPTED", trusted_id=mine).save()
        self.row(home, granny).save()
        with pytest.raises(IntegrityError, match="one_live_trust_in_a_person"), transaction.atomic():
            self.row(home, granny).save()


class TestAnswering:
    def test_is_offered_to_whoever_has_the_iin_and_the_surname(self, home, granny):
        trust = trusts(home)
        granny.enters()

        assert says(granny.get("children.entrusted"), "Жауап күтілуде")
        assert says(granny.get("trust.answer", trust.token), "Сенімді қабылдайсыз ба?")
        granny.post("trust.answer", trust.token, answer="yes")
        trust.refresh_from_db()
        assert (trust.state, trust.trusted_id) == (TrustState.ACCEPTED, granny.actor.person_id)

    def test_a_slip_in_the_surname_opens_nothing(self, home, granny):
        trust = trusts(home, surname="Басқа")
        granny.enters()

        assert not says(granny.get("children.entrusted"), home.child.given_name)
        assert granny.get("trust.answer", trust.token).status_code == 404
        with pytest.raises(actions.NoSuchTrust):
            actions.accept(token=trust.token, actor=granny.actor, now=home.now)

    def test_may_be_declined_and_laid_down(self, home, granny):
        first = trusts(home)
        granny.enters()
        granny.post("trust.answer", first.token, answer="no")
        second = granny.accepts()
        granny.post("trust.answer", second.token, answer="lay-down")

        states = Trust.objects.order_by("id").values_list("state", flat=True)
        assert list(states) == [TrustState.DECLINED, TrustState.GIVEN_UP]
        assert not RoleGrant.objects.filter(role="TRUSTED_PERSON", ended_at=None).exists()

    def test_comes_too_late_after_its_end_or_a_revocation(self, home, granny):
        late, revoked = trusts(home, days=1), None
        home.later(days=2)
        with pytest.raises(NotInThisState):
            actions.accept(token=late.token, actor=granny.actor, now=home.now)
        revoked = trusts(home)
        actions.revoke(token=revoked.token, actor=home.mother, now=home.now)
        with pytest.raises(actions.NoSuchTrust):
            actions.accept(token=revoked.token, actor=granny.actor, now=home.now)

    def test_a_stranger_neither_answers_nor_revokes(self, home, granny):
        trust = trusts(home)
        stranger, _ = relative(surname="БӨТЕНОВА", iin=made_up_iin(date(1961, 5, 5), serial=950))
        for act in (actions.accept, actions.decline, actions.give_up, actions.revoke):
            with pytest.raises(actions.NoSuchTrust):
                act(token=trust.token, actor=stranger, now=home.now)


class TestActing:
    def test_names_both_and_tells_the_parent(self, home, granny):
        number = home.has_voucher()
        trust = granny.accepts(Power.ANSWER)
        granny.acts()

        page = granny.get("application.page", number)
        assert says(page, "атынан, бала:")
        assert granny.post("voucher.answer", number, answer="yes").url == reverse("application.page", args=[number])
        assert home.state == "VOUCHER_ACTIVE"
        kept = JournalEntry.objects.get(act="confirm_interest").actor
        assert (kept["person"], kept["for"], kept["trust"]) == (granny.actor.person_id, home.mother.person_id, trust.id)
        told = OutboxFact.objects.filter(fact="interest-confirmed").get()
        assert told.application_id == home.application.id
        assert told.person_id is None, "the applicant is told"
        for reader in (home.get("messages.log"), home.get("application.page", number)):
            assert says(reader, "Әже")
        officer = home.town.as_officer().get(reverse("officer.case", args=[number]) + "?tab=history")
        assert says(officer, "Сынақова Әже, Үлгібаева Жанар атынан")

    def test_not_before_switching_to_the_role(self, home, granny):
        number = home.has_voucher()
        granny.accepts(*ALL)
        granny.enters()

        assert granny.get("application.page", number).status_code == 404
        assert granny.post("voucher.answer", number, answer="no").status_code == 404
        assert home.state == "VOUCHER_OFFERED"

    def test_ends_at_its_moment_without_a_worker(self, home, granny):
        number = home.has_voucher()
        granny.accepts(*ALL, days=0)
        granny.acts()
        assert granny.get("application.page", number).status_code == 200

        home.later(hours=14, minutes=1)
        granny.enters()
        RoleGrant.objects.get(role="TRUSTED_PERSON", ended_at=None)
        client = world.client_of(Actor(role=Role.TRUSTED_PERSON, account_id=granny.actor.account_id), moment=home.now)
        assert client.get(reverse("application.page", args=[number])).url.startswith("/login/")

    def test_ends_with_the_next_request_after_a_revocation(self, home, granny):
        number = home.has_voucher()
        trust = granny.accepts(*ALL)
        granny.acts()
        home.post("trust.revoke", trust.token)

        assert granny.get("application.page", number).url.startswith("/login/")

    def test_ends_when_the_parent_no_longer_represents_the_child(self, home, granny):
        number = home.has_voucher()
        granny.accepts(*ALL)
        granny.acts()
        Kinship.objects.filter(representative_id=home.mother.person_id).update(ended_at=home.now)

        assert granny.get("application.page", number).url.startswith("/login/")

    def test_comes_back_with_no_later_kinship(self, home, granny):
        number = home.has_voucher()
        trust = granny.accepts(*ALL)
        granny.acts()
        kinship = Kinship.objects.get(representative_id=home.mother.person_id)
        Kinship.objects.filter(id=kinship.id).update(ended_at=home.now)
        home.later(minutes=1)
        kept = {"representative_id": home.mother.person_id, "child_id": home.child.id}
        people.keep_kinship(**kept, relation=kinship.relation, reference="", now=home.now)

        assert granny.get("application.page", number).url.startswith("/login/")
        assert queries.state_of(trust, now=home.now) == TrustState.LAPSED
        assert actions.lapse(now=home.now) == 1
        assert not RoleGrant.objects.filter(role="TRUSTED_PERSON", ended_at=None).exists()

    def test_is_named_to_the_parent_who_gave_it_and_to_no_other(self, home, granny):
        number = home.has_voucher()
        granny.accepts(Power.ANSWER)
        granny.acts()
        granny.post("voucher.answer", number, answer="yes")

        for named in (True, False):
            told = " ".join(event.who for event in telling.history(home.application, named=named))
            assert ("Сынақова" in told) is named

    def test_reaches_neither_another_child_nor_anothers_application(self, home, granny):
        home.applies()
        granny.accepts(*ALL)
        home.another_child("ЕКІНШІ")
        other = home.applies()
        stranger = home.town.applies().number
        granny.acts()

        for number in (other, stranger, "10999994"):
            assert granny.get("application.page", number).status_code == 404
        assert granny.get("parent.applications").content.decode().count('<article class="card') == 1

    def test_shows_no_papers_and_no_closed_doors(self, home, granny):
        number = home.has_voucher()
        granny.accepts()
        granny.acts()

        page = granny.get("application.page", number)
        assert not says(page, homes.Person.objects.get(id=home.mother.person_id).iin)
        assert not says(page, reverse("voucher.answer", args=[number]))
        assert not says(page, "applications/" + number + "/papers")


def own_pages() -> list[tuple[str, access.Policy, tuple[str, ...]]]:
    """Every address of the cabinet below one application, with its policy and blanks."""
    sites = get_resolver().url_patterns[0].url_patterns
    cabinet = next(site for site in sites if str(site.pattern) == "cabinet/")
    return [
        (one.name, one.callback.policy, tuple(one.pattern.regex.groupindex))
        for one in cabinet.url_patterns
        if isinstance(one, URLPattern)
        and one.callback.policy.rows
        in {access.own_application.rows, access.application_to_see.rows, access.application_in_sight.rows}
        and one.callback.policy is not access.seen_application
    ]


# What each power opens; whatever is not named here is the parent's alone.
OPENED = {
    Power.SEE: {"application.page", "application.sent"},
    Power.ANSWER: {"voucher.answer", "application.restore", "voucher.extend"},
    Power.CHOOSE: {
        "choice.open",
        "choice.cancel",
        "choice.kindergarten",
        "waiting.join",
        "waiting.leave",
        "waiting.accept",
    },
}
PARENTS_ALONE = {
    "application.ready",
    "application.withdraw",
    "application.leave",
    "application.benefit",
    "contract.sign",
    "contract.fill",
    "turn.choose",
    "turn.private",
    "referral.give-back",
}


@pytest.mark.parametrize("powers", [frozenset({Power.SEE}), frozenset({Power.SEE, Power.ANSWER}), ALL])
def test_every_act_asks_for_its_power(powers):
    trusted = Trusted(trust_id=1, giver_id=1, child_id=1, powers=powers)
    actor = Actor(role=Role.TRUSTED_PERSON, account_id=1, person_id=2, trusted=trusted)
    pages = own_pages()
    opened = {name for name, policy, _ in pages if policy.admits(actor)}

    assert opened == set().union(*(OPENED[power] for power in powers))
    assert {name for name, _, _ in pages} >= PARENTS_ALONE
    assert not opened & PARENTS_ALONE


def test_every_closed_act_answers_as_if_it_were_not_there(home, granny):
    number = home.has_voucher()
    granny.accepts()
    granny.acts()
    blanks = {"number": number, "code": "balapan", "group_id": home.town.group.id, "which": "counts"}
    for name, _, names in own_pages():
        if name in OPENED[Power.SEE] or not set(names) <= set(blanks):
            continue
        for method in (granny.client.get, granny.client.post):
            address = reverse(name, args=[blanks[one] for one in names])
            assert method(address).status_code == 404, name
    assert home.state == "VOUCHER_OFFERED"


class TestTelling:
    def test_tells_both_at_each_move(self, home, granny):
        trust = granny.accepts()
        home.later(days=31)
        assert actions.lapse(now=home.now) == 1
        assert actions.lapse(now=home.now) == 0
        notifications.tell_untold(now=home.now)

        both = {home.mother.person_id, granny.actor.person_id}
        told: dict[str, set[int]] = {}
        for message in Message.objects.filter(key__startswith="trust-"):
            told.setdefault(message.key, set()).add(message.person_id)
        assert told == {
            "trust-given": {home.mother.person_id},
            "trust-offered": {granny.actor.person_id},
            "trust-accepted": both,
            "trust-lapsed": both,
        }
        trust.refresh_from_db()
        assert (trust.state, trust.ended_at) == (TrustState.LAPSED, trust.ends_at)
        assert says(home.get("parent.messages"), "Сынақова Әже")

    def test_costs_the_same_however_many_there_are(self, home, granny, django_assert_num_queries):
        account_id = granny.actor.account_id
        for n, name in enumerate(("БІР", "ЕКІ", "ҮШ")):
            if n:
                home.another_child(name)
            given = trusts(home, Power.SEE, child_id=home.child.id)
            actions.accept(token=given.token, actor=granny.actor, now=home.now)
        with django_assert_num_queries(2):
            assert len(queries.given_by(home.mother.person_id, now=home.now)) == 3
        with django_assert_num_queries(4):
            assert len(queries.given_to(granny.actor.person_id, account_id=account_id, now=home.now)) == 3
        with django_assert_num_queries(1):
            assert len(accounts.roles_of(account_id, now=home.now)) == 4

    def test_tells_nobody_whom_the_surname_does_not_fit(self, home, granny):
        trusts(home, surname="Басқа")

        assert not OutboxFact.objects.filter(person_id=granny.actor.person_id).exists()
        assert [card.state for card in queries.given_by(home.mother.person_id, now=home.now)] == [TrustState.GIVEN]
