"""A family in a linear territory: turn, choice with a signature, referral, free choice, private places."""

from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from balabaqsha.applications.models import Application
from balabaqsha.documents.models import MadeDocument
from balabaqsha.journeys import _free_choice, publishing, referring, sweep
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Kindergarten, Ownership
from balabaqsha.law import actions as law
from balabaqsha.law.actions import TermChange
from balabaqsha.line.models import Line
from balabaqsha.referrals import queries as referrals
from balabaqsha.referrals.models import SealedWish
from balabaqsha.signatures.models import Signature
from balabaqsha.web.parent import linear
from tests.families.home import picture, says
from tests.workplaces import world

LONG_AGO = date(2020, 1, 1)


@pytest.fixture
def home(home):
    """The family of the other tests, in a town of the linear regime with one free place for the child."""
    home.linear()
    publishing.recall(group_id=home.town.group.id, places=1, reason="OTHER", actor=home.town.head, now=world.NOW)
    return home


def has_turn(home) -> str:
    number = home.applies()
    assert home.state == "TURN_OFFERED"
    return number


def chooses(home, group=None):
    return home.takes(group or home.town.group)


def has_referral(home) -> str:
    number = has_turn(home)
    assert chooses(home).url == reverse("application.page", args=[number])
    assert home.state == "REFERRAL_ISSUED"
    return number


def free_choice(home) -> str:
    """The family's turn lapses: its place is open to free choice."""
    number = has_turn(home)
    home.now = Application.objects.get(number=number).due_at
    home.later(seconds=1)
    sweep.sweep(before=home.now)
    assert home.state == "WAITING"
    return number


class TestApplying:
    def test_asks_the_terms_of_the_linear_queue_with_its_numbers(self, home):
        token = home.begins()
        home.answers(token, "child", child=home.child.id)
        home.answers(token, "kind", kind="GENERAL")
        home.answers(token, "region", region=world.CITY)
        home.answers(token, "languages", languages=["kk"])
        home.answers(token, "benefit", benefit="NONE")
        home.answers(token, "papers")
        home.answers(token, "wishes")
        home.answers(token, "start", start="")
        page = home.get("apply.step", token, "terms")
        assert says(page, "24 сағат ішінде қайтаруға болады")
        assert not says(page, "ваучер")

    def test_a_free_place_gives_the_turn_at_once(self, home):
        number = has_turn(home)
        page = home.get("application.page", number)
        assert says(page, "Бос орынды таңдау")
        assert says(page, "Мемлекеттік білім беру тапсырысы")


class TestChoosing:
    def test_says_what_it_means_before_the_list(self, home):
        number = has_turn(home)
        before = home.get("turn.places", number)
        assert says(before, "ОК")
        assert not says(before, "Балапан")
        listed = home.get("turn.places", number, query="?ok=1")
        assert says(listed, "Балапан")
        assert says(listed, "Байланыс телефоны")

    def test_is_signed_and_gives_a_referral(self, home):
        number = has_referral(home)
        kept = Signature.objects.get(document_kind="choice")
        assert kept.document_id == home.application.id
        assert MadeDocument.objects.filter(kind="REFERRAL", void_at=None).count() == 1
        page = home.get("application.page", number)
        assert says(page, "Жолдаманы қайтару")
        assert says(home.get("referral.after", number), "Балабақша не талап ете алмайды")

    def test_with_somebody_elses_key_is_refused_and_nothing_changes(self, home):
        has_turn(home)
        other = home.signed_choice(home.town.group, iin=world.OFFICER.text)
        page = home.post("turn.choose", home.number, home.town.group.id, cms=other)
        assert page.status_code == 200
        assert home.state == "TURN_OFFERED"

    def test_a_statement_signed_for_an_earlier_turn_chooses_nothing(self, home):
        has_turn(home)
        old = home.signed_choice(home.town.group)
        Application.objects.filter(id=home.application.id).update(reached_state_at=home.now.replace(second=7))
        page = home.post("turn.choose", home.number, home.town.group.id, cms=old)
        assert page.status_code == 200
        assert home.state == "TURN_OFFERED"

    def test_in_another_tab_after_the_turn_lapsed_is_told(self, home):
        number = has_turn(home)
        cms = home.signed_choice(home.town.group)
        home.now = Application.objects.get(number=number).due_at
        home.later(days=1)
        answer = home.post("turn.choose", number, home.town.group.id, cms=cms)
        # The place is open to free choice by now; what was signed for the turn is not what this choice needs.
        assert answer.status_code == 200
        assert home.state == "WAITING"

    def test_of_a_foreign_application_is_not_found(self, home):
        has_turn(home)
        stranger = home.town.applies(now=home.now)
        number = Application.objects.get(id=stranger.id).number
        assert home.get("turn.places", number).status_code == 404
        assert home.get("turn.choose", number, home.town.group.id).status_code == 404


class TestFreeChoice:
    def test_is_open_to_whoever_waits(self, home):
        number = free_choice(home)
        page = home.get("application.page", number)
        assert says(page, "еркін таңдауға ашық орын бар")
        assert says(home.get("turn.places", number), "кім бірінші таңдаса")
        chooses(home)
        assert home.state == "REFERRAL_ISSUED"

    def test_collects_wishes_in_a_sealed_round(self, home):
        change = TermChange("free_choice.mode", world.CITY, "sealed", LONG_AGO, "сынақ")
        law.install_term(change=change, proposed_by=1, approved_by=2, actor=SYSTEM, now=world.NOW)
        number = free_choice(home)
        assert says(home.get("turn.places", number), "жылдамдықтың маңызы жоқ")
        chooses(home)
        assert home.state == "WAITING"
        assert SealedWish.objects.get().group_id == home.town.group.id
        assert says(home.get("turn.places", number, query="?ok=1"), "Қазіргі тілегіңіз")

    @pytest.mark.parametrize(("before", "after"), [("first_come", "sealed"), ("sealed", "first_come")])
    def test_the_page_and_the_act_agree_when_the_rule_changes_while_a_place_is_open(self, home, before, after):
        """What was opened by one rule is taken by it; the next opening follows the new one."""
        number = self.opened_by(home, before)
        self.sets(after, localdate(home.now))

        door = linear.door(home.application, now=home.now)
        right = referring.right_to(application_id=home.application.id, group_id=home.town.group.id, now=home.now)

        assert door.right == right == ("FREE_CHOICE" if before == "first_come" else "SEALED_ROUND")
        assert says(home.get("turn.places", number), "кім бірінші" if before == "first_come" else "жылдамдықтың")
        assert chooses(home).status_code == 302
        assert home.state == ("REFERRAL_ISSUED" if before == "first_come" else "WAITING")
        assert SealedWish.objects.count() == (before == "sealed")

    def test_the_next_opening_follows_the_new_rule(self, home):
        self.opened_by(home, "first_come")
        self.sets("sealed", localdate(home.now))
        line = Line.objects.get(birth_year=home.child.born_on.year)

        with transaction.atomic():
            _free_choice.open_places(line, 1, now=home.now)

        assert (line.openings, line.round_ends_at is not None) == (2, True)
        assert linear.door(home.application, now=home.now).right == "SEALED_ROUND"

    def test_a_round_that_ends_leaves_its_places_to_the_new_rule(self, home):
        self.opened_by(home, "sealed")
        self.sets("first_come", localdate(home.now))
        home.now = Line.objects.get(birth_year=home.child.born_on.year).round_ends_at
        home.later(seconds=1)
        sweep.sweep(before=home.now)

        assert linear.door(home.application, now=home.now).right == "FREE_CHOICE"
        chooses(home)
        assert home.state == "REFERRAL_ISSUED"

    def opened_by(self, home, mode) -> str:
        self.sets(mode, LONG_AGO)
        return free_choice(home)

    def sets(self, mode, day) -> None:
        change = TermChange("free_choice.mode", world.CITY, mode, day, "сынақ")
        law.install_term(change=change, proposed_by=1, approved_by=2, actor=SYSTEM, now=world.NOW)


class TestReferral:
    def test_is_given_back_within_its_hours(self, home):
        number = has_referral(home)
        assert says(home.get("referral.give-back", number), "Сақталатыны")
        home.post("referral.give-back", number)
        assert home.state == "WAITING"

    def test_is_not_given_back_later(self, home):
        number = has_referral(home)
        home.later(hours=24, seconds=1)
        answer = home.client.post(reverse("referral.give-back", args=[number]), follow=True)
        assert says(answer, "24 сағат")
        assert home.state == "REFERRAL_ISSUED"

    def test_is_extended_with_days_reason_and_proof(self, home):
        number = has_referral(home)
        before = home.application.due_at
        home.post("referral.extend", number, days="14", reason="HOSPITAL", words="", paper=picture())
        assert (home.application.due_at - before).days == 14
        assert not says(home.get("application.page", number), reverse("referral.extend", args=[number]))

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"days": "31", "reason": "HOSPITAL"}, "30"),
            ({"days": "0", "reason": "HOSPITAL"}, "1"),
            ({"days": "5", "reason": ""}, "form-error"),
            ({"days": "5", "reason": "OTHER_VALID", "words": ""}, "id_words"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_the_file(self, home, typed, said):
        number = has_referral(home)
        page = home.post("referral.extend", number, paper=picture("proof"), **typed)
        assert page.status_code == 200
        assert says(page, "proof.png")
        assert home.application.referrals.get().extended_at is None

    def test_without_a_proof_is_not_extended(self, home):
        number = has_referral(home)
        page = home.post("referral.extend", number, days="5", reason="HOSPITAL")
        assert page.status_code == 200
        assert home.application.referrals.get().extended_at is None

    def test_registered_leads_to_the_contract_with_the_papers_of_the_memo(self, home):
        number = has_referral(home)
        referring.register(application_id=home.application.id, actor=home.town.head, now=home.now)
        assert says(home.get("referral.papers-time", number), "Жаңа мерзім")
        before = home.application.due_at
        home.post("referral.papers-time", number)
        assert home.application.due_at > before
        home.gets_contract()
        page = home.get("contract.page", number)
        assert not says(page, "065")
        assert not says(page, reverse("choice.open", args=[number]))

    def test_lapsed_puts_on_the_stop_list_and_says_until_when(self, home):
        number = has_referral(home)
        home.now = home.application.due_at
        home.later(days=1)
        sweep.sweep(before=home.now)
        page = home.get("application.page", number)
        assert home.state == "STOP_LISTED"
        assert says(page, "Кезекке қайтатын күні")
        assert says(page, "Мерзімі өткізілген жолдама саны: 1")
        assert referrals.live_referral(home.application.id) is None


class TestPrivatePlaces:
    def test_says_each_condition_and_what_it_costs(self, home):
        number = has_turn(home)
        assert says(home.get("turn.private", number), "Орындалмаған")
        Kindergarten.objects.update(ownership=Ownership.PRIVATE)
        page = home.get("turn.private", number)
        assert says(page, "кезектен автоматты түрде шығарыласыз")
        assert says(page, "?ok=1")

    def test_takes_the_child_out_of_the_line(self, home):
        number = has_turn(home)
        Kindergarten.objects.update(ownership=Ownership.PRIVATE)
        assert says(home.get("turn.private", number, query="?ok=1"), "Балапан")
        chooses(home)
        assert home.application.referrals.get().origin == "PRIVATE"
