"""Choosing a kindergarten, waiting lists, transfer, leaving."""

import re

from django.urls import reverse

from balabaqsha.admissions import queries as admissions
from balabaqsha.journeys import choosing, leaving
from balabaqsha.kindergartens import queries as kindergartens
from tests.families.home import says
from tests.workplaces import world

OTHER_BIN = "120340005678"


def other_kindergarten():
    return world.kindergarten_of("kunshuaq", OTHER_BIN, "Күншуақ")


def fill(home, group, *, leave=0):
    """Other families take the free places of the group; returns the last of them."""
    case = None
    while kindergartens.free_in_group(group.id, now=home.now) > leave:
        case = home.town.applies(now=home.now)
        home.town.run(now=home.now)
        case.chooses(group, now=home.now)
    return case


class TestCatalogue:
    def test_shows_places_as_they_stand_and_filters_them(self, home):
        other_kindergarten()
        number = home.confirms()
        page = home.get("choice.open", number)
        assert says(page, "Балапан")
        assert says(page, "Күншуақ")
        assert says(page, "2 балабақша")
        assert not says(home.get("choice.open", number, query="?q=балапан"), "Күншуақ")
        assert says(home.get("choice.open", number, query="?language=ru"), "Сәйкес балабақша табылмады")
        assert home.get("choice.open", number, query="?sort=name&free=on&language=zz&page=x").status_code == 200

    def test_only_free_leaves_full_ones_out(self, home):
        number = home.confirms()
        _, groups = other_kindergarten()
        home.town.run(now=home.now)
        fill(home, groups[0])
        assert says(home.get("choice.open", number), "Күншуақ")
        assert not says(home.get("choice.open", number, query="?free=on"), "Күншуақ")

    def test_is_closed_while_the_application_waits(self, home):
        number = home.applies()
        assert home.get("choice.open", number).url == reverse("application.page", args=[number])

    def test_unknown_kindergarten_is_not_found(self, home):
        number = home.confirms()
        assert home.get("choice.kindergarten", number, "nowhere").status_code == 404


class TestChoice:
    def test_holds_a_place(self, home):
        number = home.confirms()
        before = kindergartens.free_in_group(home.town.group.id, now=home.now)
        page = home.get("choice.kindergarten", number, "balapan")
        assert says(page, "Растау")
        assert says(page, "Балдырған")
        answer = home.post("choice.kindergarten", number, "balapan", group=home.town.group.id)
        assert says(home.client.get(answer.url), "Оқуға түсуге өтініс сәтті берілді!".replace("өтініс", "өтініш"))
        assert home.state == "CONTRACT_AWAITED"
        assert kindergartens.free_in_group(home.town.group.id, now=home.now) == before - 1

    def test_a_full_group_is_refused_and_the_others_stay(self, home):
        number = home.confirms()
        assert says(home.get("choice.kindergarten", number, "balapan"), "Балдырған")
        _, groups = other_kindergarten()
        fill(home, home.town.group)
        refused = home.post("choice.kindergarten", number, "balapan", group=home.town.group.id)
        assert refused.status_code == 409
        assert says(refused, "Бұл топта бос орын қалмады")
        again = home.client.get(re.search(r'class="btn" href="([^"]+)"', refused.content.decode())[1])
        assert says(again, "Күту парағына жазылу")
        assert home.state == "VOUCHER_ACTIVE"
        assert groups

    def test_nothing_and_nonsense_are_answered(self, home):
        number = home.confirms()
        assert says(home.post("choice.kindergarten", number, "balapan"), "Бұл өрісті толтырыңыз")
        for wrong in ("x", "999999", "9" * 30, "٣", str(home.town.groups[1].id)):
            refused = home.post("choice.kindergarten", number, "balapan", group=wrong)
            assert says(refused, "Тізімдегі нұсқалардың бірін таңдаңыз"), wrong

    def test_another_choice_frees_the_first_at_once(self, home):
        number = home.chooses()
        _, groups = other_kindergarten()
        page = home.get("choice.kindergarten", number, "kunshuaq")
        assert says(page, "сол сәтте босайды")
        before = kindergartens.free_in_group(home.town.group.id, now=home.now)
        home.post("choice.kindergarten", number, "kunshuaq", group=groups[0].id)
        assert admissions.open_admission(home.application.id).group_id == groups[0].id
        assert kindergartens.free_in_group(home.town.group.id, now=home.now) == before + 1

    def test_is_cancelled_after_its_consequence(self, home):
        number = home.chooses()
        assert says(home.get("choice.cancel", number), "Ваучер қолданыста қалады")
        home.post("choice.cancel", number)
        assert home.state == "VOUCHER_ACTIVE"

    def test_twice_makes_one(self, home):
        number = home.chooses()
        again = home.post("choice.kindergarten", number, "balapan", group=home.town.group.id)
        assert says(again, "Осы топтағы орын Сізге бекітілген")
        assert home.state == "CONTRACT_AWAITED"


class TestWaitingList:
    def test_is_joined_offers_a_place_and_is_accepted(self, home):
        number = home.confirms()
        group = home.town.group
        other_kindergarten()
        last = fill(home, group)
        home.post("waiting.join", number, group.id)
        page = home.get("parent.waiting-list")
        assert says(page, "Балапан")
        assert says(page, "Күту парағында")

        choosing.unchoose(application_id=last.id, actor=last.parent, now=home.now)
        page = home.get("parent.waiting-list")
        assert says(page, "Орын ұсынылды")
        assert says(home.get("waiting.accept", number, group.id), "Орын Сізге бекітіледі")
        home.post("waiting.accept", number, group.id)
        assert home.state == "CONTRACT_AWAITED"

    def test_is_left(self, home):
        number = home.confirms()
        group = home.town.group
        home.post("waiting.join", number, group.id)
        again = home.post("waiting.join", number, group.id)
        assert says(home.client.get(again.url), "Өтініш осы топтың күту парағында тұр")
        assert says(home.get("waiting.leave", number, group.id), "Парақтағы орныңыз жоғалады")
        home.post("waiting.leave", number, group.id)
        assert admissions.entries(home.application.id) == []
        assert home.get("waiting.leave", number, group.id).status_code == 302

    def test_of_a_foreign_group_or_application_is_closed(self, home):
        number = home.confirms()
        refused = home.post("waiting.join", number, home.town.groups[1].id)
        assert says(home.client.get(refused.url), "Топ баланың жасына")
        assert home.post("waiting.join", number, 999999).status_code == 302
        other = home.town.applies(now=home.now)
        assert home.post("waiting.join", other.number, home.town.group.id).status_code == 404
        assert home.client.get(reverse("waiting.join", args=[number, home.town.group.id])).status_code == 405


class TestEnrolled:
    def test_child_moves_and_keeps_the_old_place_meanwhile(self, home):
        number = home.is_enrolled()
        _, groups = other_kindergarten()
        assert says(home.get("application.page", number), "Басқа МДҰ-ға ауысу")
        assert says(home.get("choice.open", number), "бұрынғы орнында")
        home.post("choice.kindergarten", number, "kunshuaq", group=groups[0].id)
        assert home.state == "ENROLLED"
        assert admissions.enrolment(home.application.id) is not None
        assert says(home.get("application.page", number), "Балабақша шартты дайындап жатыр")
        home.post("choice.cancel", number)
        assert admissions.open_admission(home.application.id) is None

    def test_child_leaves_for_a_reason_of_the_list(self, home):
        number = home.is_enrolled()
        assert says(home.get("application.leave", number), "Орын бірден босайды")
        assert says(home.post("application.leave", number), "Бұл өрісті толтырыңыз")
        assert says(home.post("application.leave", number, reason="DECEASED"), "Тізімдегі нұсқалардың бірін")
        home.post("application.leave", number, reason="MOVED")
        assert (home.state, home.application.reason) == ("ARCHIVED", "LEFT")
        assert says(home.get("application.page", number), "Басқа жерге көшу")

    def test_second_application_is_refused(self, home):
        home.is_enrolled()
        token = home.begins()
        assert says(home.answers(token, "child", child=home.child.id), "Бала балабақшаға қабылданған")


__all__ = ["leaving"]
