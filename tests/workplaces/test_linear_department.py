"""The officer's errands in a linear territory: places, turns, extensions, the stop list, free choice."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from balabaqsha.applications.models import Application
from balabaqsha.journeys import contracts, publishing, referring, reviewing, sweep
from balabaqsha.kernel.actor import Role
from balabaqsha.kindergartens import queries as places
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.line.models import Line
from balabaqsha.notifications import actions as notifications
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry, OutboxFact
from balabaqsha.referrals.models import Referral
from balabaqsha.transparency import acts
from balabaqsha.web.kit import texts
from tests.workplaces import linear, world
from tests.workplaces.linear import extended, referred
from tests.workplaces.test_department import stranger, text
from tests.workplaces.world import NOW


@pytest.fixture
def town(town):
    """The town of the other tests, in the linear regime."""
    return linear.make_linear(town)


def another_officer(town):
    """A second officer of the same territory."""
    iin = made_up_iin(date(1984, 5, 5), serial=90)
    return world.client_of(world.staff(iin, Role.OFFICER, territory_code=world.CITY))


def later(town, edge, **after):
    """The officer's browser after a while, everything that fell due having happened."""
    edge.moment = NOW + timedelta(**after)
    sweep.sweep(before=edge.moment)
    return world.client_of(town.officer, moment=edge.moment)


class TestPlaces:
    def test_lists_groups_with_what_is_promised_in_each_line(self, town):
        town.applies()
        page = text(town.as_officer().get(reverse("officer.places")))

        assert "Балапан" in page
        # Two state places of 2023 are free, one of them is under a turn.
        row = page[page.index("2023</th>") :][:400]
        assert re.findall(r">(\d)</td>", row) == ["2", "1", "0"]

    def test_publishes_and_the_next_has_a_turn_at_once(self, town):
        families = [town.applies() for _ in range(3)]
        assert families[2].state == "WAITING"
        address = reverse("officer.place-publish", args=[town.group.id])
        officer = town.as_officer()
        page = text(officer.get(address))
        assert "Балапан" in page
        assert "келесі тұрған отбасының кезегі сол сәтте келеді" in page

        answer = officer.post(address, {"places": "1", "seen": "1"}, follow=True)

        assert "Жарияланған орын саны: 1" in text(answer)
        assert families[2].state == "TURN_OFFERED"
        entry = JournalEntry.objects.get(act="publish")
        assert (entry.actor["role"], entry.actor["account"]) == ("OFFICER", town.officer.account_id)

    @pytest.mark.parametrize("typed", [{"places": "9"}, {"places": "0"}, {"places": ""}, {"places": "x"}])
    def test_publishes_nothing_beyond_the_capacity(self, town, typed):
        page = text(
            town.as_officer().post(reverse("officer.place-publish", args=[town.group.id]), typed | {"seen": "1"})
        )

        assert "errors-title" in page
        assert places.unpublished_in_group(town.group.id) == 1

    def test_recalls_with_a_reason(self, town):
        address = reverse("officer.place-recall", args=[town.group.id])
        town.as_officer().post(address, {"places": "1", "seen": "2", "reason": "REPAIR"})

        assert JournalEntry.objects.get(act="recall").facts["because"] == "REPAIR"
        assert places.free_in_group(town.group.id, now=NOW) == 1

    @pytest.mark.parametrize("reason", ["", "BECAUSE", "repair"])
    def test_recalls_nothing_without_a_reason_of_the_list(self, town, reason):
        address = reverse("officer.place-recall", args=[town.group.id])
        page = text(town.as_officer().post(address, {"places": "1", "seen": "2", "reason": reason}))

        assert "errors-title" in page
        assert places.free_in_group(town.group.id, now=NOW) == 2

    def test_never_recalls_a_place_that_a_turn_was_given_for(self, town):
        town.applies()
        town.applies()
        address = reverse("officer.place-recall", args=[town.group.id])
        officer = town.as_officer()
        assert "кезегі келіп, соларды таңдап жатқан отбасы: 2" in text(officer.get(address))

        page = text(officer.post(address, {"places": "1", "seen": "2", "reason": "REPAIR"}))

        assert "мұнша бос орын жоқ" in page
        assert not JournalEntry.objects.filter(act="recall").exists()

    def test_never_recalls_a_held_place(self, town):
        referred(town)
        page = text(
            town.as_officer().post(
                reverse("officer.place-recall", args=[town.group.id]), {"places": "2", "seen": "1", "reason": "STAFF"}
            )
        )

        assert "errors-title" in page
        assert places.free_in_group(town.group.id, now=NOW) == 1

    def test_a_page_that_is_no_longer_true_changes_nothing(self, town):
        officer, address = town.as_officer(), reverse("officer.place-publish", args=[town.group.id])
        officer.post(address, {"places": "1", "seen": "1"})

        page = text(officer.post(address, {"places": "1", "seen": "1"}))

        assert "errors-title" in page
        assert JournalEntry.objects.filter(act="publish").count() == 1

    def test_of_others_and_of_voucher_territories_are_not_there(self, town):
        other = stranger()
        foreign = world.kindergarten_of("gulder", "120340005678", "Гүлдер", world.OTHER_CITY)[1][0]

        for name in ("officer.place-publish", "officer.place-recall"):
            assert other.get(reverse(name, args=[town.group.id])).status_code == 404
            assert other.post(reverse(name, args=[town.group.id]), {"places": "1", "seen": "1"}).status_code == 404
            # That city has no linear regime.
            assert other.get(reverse(name, args=[foreign.id])).status_code == 404
            assert town.as_head().get(reverse(name, args=[town.group.id])).status_code == 404
        assert other.get(reverse("officer.places"), {"territory": world.CITY}).status_code == 404
        assert "ваучер бойынша" in text(other.get(reverse("officer.places")))

    def test_filters(self, town):
        officer = town.as_officer()

        assert "Балдырған" not in text(officer.get(reverse("officer.places"), {"birth_year": "2022"}))
        assert "Топ табылмады" in text(officer.get(reverse("officer.places"), {"name": "жоқ мұндай"}))
        assert "Балдырған" in text(officer.get(reverse("officer.places"), {"birth_year": "abc", "name": "балапан"}))

    @pytest.mark.parametrize("gardens", [1, 6])
    def test_costs_the_same_however_many_groups(self, town, gardens, django_assert_max_num_queries):
        for number in range(gardens):
            world.kindergarten_of(f"g{number}", f"12034000{number:04}", f"Бақша {number}")
        officer = town.as_officer()

        with django_assert_max_num_queries(33):
            officer.get(reverse("officer.places"))


class TestTurns:
    def test_lists_live_turns_with_their_term_and_whether_the_family_knows(self, town):
        case = town.applies(surname="МЫСАЛОВ", given_name="ТИМУР")
        officer = town.as_officer()
        page = text(officer.get(reverse("officer.turns")))

        assert case.number in page
        assert "Мысалов" not in page
        assert "М.\N{NO-BREAK SPACE}Т." in page
        assert "Хабарлама әлі жіберілмеді" in page
        assert reverse("officer.case", args=[case.number]) in page

        notifications.tell_untold(now=NOW)
        assert "Хабарлама әлі жіберілмеді" not in text(officer.get(reverse("officer.turns")))

    def test_lists_lapsed_turns_with_what_opened(self, town, edge):
        # With one place only, nothing is left of it for another turn.
        publishing.recall(group_id=town.group.id, places=1, reason="REPAIR", actor=town.officer, now=NOW)
        case = town.applies()
        officer = later(town, edge, days=8)

        assert case.number not in text(officer.get(reverse("officer.turns")))
        page = text(officer.get(reverse("officer.turns"), {"list": "lapsed-turns"}))
        assert case.number in page
        assert "Еркін таңдауға 1 орын" in page

    def test_lists_referrals_and_those_that_lapsed(self, town, edge):
        found = referred(town)
        page = text(town.as_officer().get(reverse("officer.turns"), {"list": "referrals"}))
        assert found.number in page
        assert "Ұзартылмаған" in page

        officer = later(town, edge, days=9)

        assert found.number not in text(officer.get(reverse("officer.turns"), {"list": "referrals"}))
        page = text(officer.get(reverse("officer.turns"), {"list": "lapsed-referrals"}))
        assert found.number in page
        assert "Балабақшаға мерзімінде келмеді" in page
        assert "Пайдаланылмаған жолдама: 1" in page

    def test_a_referral_ended_by_its_review_is_no_miss(self, town, edge):
        found = extended(town)
        reviewing.withdraw_extension(
            application_id=found.id,
            because=reviewing.WithdrawalReason.PROOF_FALSE,
            note="Аурухана растамады",
            actor=town.officer,
            now=NOW,
        )
        page = text(later(town, edge, days=3).get(reverse("officer.turns"), {"list": "lapsed-referrals"}))

        assert "пайдаланылмаған болып саналмайды" in page
        assert "Пайдаланылмаған жолдама: 0" in page

    def test_filters(self, town, edge):
        case = town.applies()
        officer, address = town.as_officer(), reverse("officer.turns")

        assert case.number in text(officer.get(address, {"number": case.number[:3], "birth_year": "2023"}))
        for query in ({"number": "999"}, {"due": "today"}):
            assert case.number not in text(officer.get(address, query)), query
        for query in ({"birth_year": "abc"}, {"list": "x"}, {"due": "x"}, {"page": "99"}):
            assert case.number in text(officer.get(address, query)), query
        due = case.application.due_at
        edge.moment = due - timedelta(hours=1)
        assert case.number in text(world.client_of(town.officer, moment=edge.moment).get(address, {"due": "today"}))

    def test_are_nobody_elses(self, town):
        case = town.applies()

        for name in ("turns", "lapsed-turns", "referrals", "lapsed-referrals"):
            assert case.number not in text(stranger_of(town).get(reverse("officer.turns"), {"list": name}))
        assert town.as_head().get(reverse("officer.turns")).status_code == 404

    @pytest.mark.parametrize("waiting", [1, 2])
    @pytest.mark.parametrize("name", ["turns", "referrals"])
    def test_cost_the_same_however_many(self, town, waiting, name, django_assert_max_num_queries):
        for _ in range(waiting):
            referred(town) if name == "referrals" else town.applies()
        notifications.tell_untold(now=NOW)
        officer = town.as_officer()

        with django_assert_max_num_queries(33):
            officer.get(reverse("officer.turns"), {"list": name})


_strangers = {}


def stranger_of(town):
    """One officer of another city for several looks."""
    if town not in _strangers.values():
        _strangers.clear()
        _strangers[stranger()] = town
    return next(iter(_strangers))


class TestExtensions:
    def address(self, found):
        return reverse("officer.extension", args=[found.number])

    def test_are_listed_until_they_are_reviewed(self, town):
        found = extended(town, surname="МЫСАЛОВ", given_name="ТИМУР")
        officer = town.as_officer()
        page = text(officer.get(reverse("officer.extensions")))

        assert found.number in page
        assert "Ауруханада емделу" in page
        assert "Мысалов" not in page

    def test_one_shows_the_proof_and_the_reading_is_recorded(self, town):
        found = extended(town)
        officer = town.as_officer()
        page = text(officer.get(self.address(found)))
        paper = re.search(r'<img class="paper" src="([^"]+)"', page).group(1)

        assert officer.get(paper)["Content-Type"] == "image/png"
        looked = JournalEntry.objects.filter(act="case-opened", application_id=found.id).order_by("id")
        assert [entry.facts["page"] for entry in looked] == ["extension", "paper"]
        assert looked[1].facts["upload"] == Referral.objects.get(application=found).extension_upload_id

    def test_accepted_changes_nothing_and_leaves_the_list(self, town):
        found = extended(town)
        officer = town.as_officer()

        answer = officer.post(self.address(found), {"verdict": "accept"}, follow=True)

        assert "Ұзарту қабылданды" in text(answer)
        assert f"/{found.number}/" not in answer.content.decode()
        due = found.due_at
        found.refresh_from_db()
        assert found.due_at == due

    def test_withdrawn_ends_a_working_day_later_and_the_family_reads_why(self, town):
        found = extended(town)
        officer = town.as_officer()
        page = text(officer.get(self.address(found)))
        assert "19.11.2026" in page
        assert "пайдаланылмаған жолдама болып саналмайды" in page

        note = "Аурухана мұндай анықтама бермегенін жазды"
        typed = {"verdict": "withdraw", "because": "PROOF_FALSE", "note": note}
        answer = officer.post(self.address(found), typed, follow=True)

        assert "Ұзарту тоқтатылды" in text(answer)
        found.refresh_from_db()
        assert found.due_at == NOW + timedelta(days=1)
        told = OutboxFact.objects.get(fact="referral-extension-refused").facts
        assert (told["reason"], told["note"]) == ("PROOF_FALSE", note)
        entry = JournalEntry.objects.get(act="review_extension")
        assert entry.facts["because"] == "PROOF_FALSE"
        # Words about a family stay out of the journal.
        assert note not in str(entry.facts)

    @pytest.mark.parametrize(
        "typed",
        [
            {},
            {"verdict": "x"},
            {"verdict": "withdraw", "because": "PROOF_FALSE", "note": " "},
            {"verdict": "withdraw", "because": "", "note": "Анықтама расталмады, мөрі жоқ"},
            {"verdict": "withdraw", "because": "WHIM", "note": "Анықтама расталмады, мөрі жоқ"},
        ],
    )
    def test_withdraws_nothing_without_reason_and_words(self, town, typed):
        found = extended(town)
        page = text(town.as_officer().post(self.address(found), typed))

        assert "errors-title" in page
        assert typed.get("note", "").strip() in page
        assert Referral.objects.get(application=found).review is None

    def test_the_second_officer_finds_the_first_decision(self, town):
        found = extended(town)
        second = another_officer(town)
        assert second.get(self.address(found)).status_code == 200
        town.as_officer().post(self.address(found), {"verdict": "accept"})

        typed = {"verdict": "withdraw", "because": "PROOF_FALSE", "note": "Анықтама расталмады, мөрі жоқ"}
        answer = second.post(self.address(found), typed, follow=True)

        assert "басқа қызметкер тексерген" in text(answer)
        assert Referral.objects.get(application=found).review == "ACCEPTED"

    def test_whoever_loses_the_race_between_look_and_lock_reads_the_same(self, town, monkeypatch):
        found = extended(town)
        real = reviewing.withdraw_extension

        def after_the_rival(**arguments):
            reviewing.accept_extension(application_id=found.id, actor=town.officer, now=NOW)
            return real(**arguments)

        monkeypatch.setattr(reviewing, "withdraw_extension", after_the_rival)
        typed = {"verdict": "withdraw", "because": "PROOF_FALSE", "note": "Анықтама расталмады, мөрі жоқ"}
        answer = another_officer(town).post(self.address(found), typed, follow=True)

        assert "басқа қызметкер тексерген" in text(answer)
        assert Referral.objects.get(application=found).review == "ACCEPTED"

    def test_a_referral_that_was_registered_meanwhile_needs_no_review(self, town):
        found = extended(town)
        referring.register(application_id=found.id, actor=town.head, now=NOW)

        answer = town.as_officer().post(self.address(found), {"verdict": "accept"}, follow=True)

        assert "жағдайы өзгерген" in text(answer)

    def test_are_nobody_elses(self, town):
        found, other = extended(town), stranger()

        assert found.number not in text(other.get(reverse("officer.extensions")))
        assert other.get(self.address(found)).status_code == 404
        assert other.post(self.address(found), {"verdict": "accept"}).status_code == 404
        assert town.as_head().post(self.address(found), {"verdict": "accept"}).status_code == 404
        assert Referral.objects.get(application=found).review is None


class TestStopList:
    def test_says_who_why_until_when_and_how_it_ends(self, town, edge):
        found = referred(town, surname="МЫСАЛОВ", given_name="ТИМУР")
        page = text(later(town, edge, days=9).get(reverse("officer.stop-list")))

        for said in (found.number, "Жолдама мерзімінде тіркелмеді", "Пайдаланылмаған жолдама: 1", "өзі қайтады"):
            assert said in page, said
        assert "Мысалов" not in page

    def test_tells_a_contract_not_signed_apart(self, town, edge):
        found = referred(town)
        referring.register(application_id=found.id, actor=town.head, now=NOW)
        contracts.send_contract(application_id=found.id, terms={}, actor=town.head, now=NOW)
        page = text(later(town, edge, days=9).get(reverse("officer.stop-list")))

        assert found.number in page
        assert "Шартқа мерзімінде қол қойылмады" in page

    def test_is_empty_once_the_time_is_over_and_nobody_elses(self, town, edge):
        found = referred(town)
        edge.moment = NOW + timedelta(days=9)
        sweep.sweep(before=edge.moment)
        assert found.number not in text(stranger(moment=edge.moment).get(reverse("officer.stop-list")))

        assert "ешкім жоқ" in text(later(town, edge, days=40).get(reverse("officer.stop-list")))


class TestFreeChoice:
    def test_shows_what_is_open_by_which_rule_and_why(self, town, edge):
        town.applies()
        page = text(later(town, edge, days=8).get(reverse("officer.free-choice")))

        for said in ("Ашық орын: 1", "Бірінші болып таңдаған отбасы алады", "Мерзімі өткен кезек: 1"):
            assert said in page, said

    def test_shows_a_sealed_round_with_its_end_and_wishes(self, town, edge):
        case = town.applies()
        officer = later(town, edge, days=8)
        line = Line.objects.get(birth_year=2023)
        ends = edge.moment + timedelta(hours=5)
        Line.objects.filter(id=line.id).update(round_ends_at=ends)
        page = text(officer.get(reverse("officer.free-choice")))

        assert "Тілектер жиналып, кезек ретімен қаралады" in page
        assert "0 отбасы" in page
        assert case.number not in page

    def test_is_nobody_elses(self, town, edge):
        town.applies()
        edge.moment = NOW + timedelta(days=8)
        sweep.sweep(before=edge.moment)

        assert "Ашық орын: 1" not in text(stranger(moment=edge.moment).get(reverse("officer.free-choice")))


class TestMenus:
    def test_pages_of_the_linear_queue_are_for_officers_of_linear_territories(self, town):
        mine, others = (text(one.get(reverse("officer.home"))) for one in (town.as_officer(), stranger()))

        for name in ("officer.turns", "officer.extensions", "officer.free-choice", "officer.places"):
            assert f'href="{reverse(name)}"' in mine, name
            assert f'href="{reverse(name)}"' not in others, name

    @pytest.mark.parametrize("prefix", ["", "/ru", "/en"])
    def test_every_page_speaks_three_languages(self, town, edge, prefix):
        found = extended(town)
        town.applies()
        Kindergarten.objects.update(phone="+77182000000")
        officer = town.as_officer()
        pages = [
            reverse("officer.extension", args=[found.number]),
            reverse("officer.place-publish", args=[town.group.id]),
            reverse("officer.place-recall", args=[town.group.id]),
            *(
                reverse(f"officer.{name}")
                for name in ("turns", "extensions", "free-choice", "stop-list", "places", "home")
            ),
            *(f"{reverse('officer.turns')}?list={name}" for name in ("lapsed-turns", "referrals", "lapsed-referrals")),
        ]
        for address in pages:
            with translation.override("kk"):
                text(officer.get(prefix + address))
        assert Application.objects.get(id=found.id).state == "REFERRAL_ISSUED"


class TestToday:
    def test_counts_what_ends_today_and_what_is_to_be_looked_at(self, town, edge):
        extended(town)
        turn = town.applies()
        edge.moment = turn.application.due_at - timedelta(hours=1)
        page = text(world.client_of(town.officer, moment=edge.moment).get(reverse("officer.home")))

        for address, count in (
            (f"{reverse('officer.turns')}?list=turns&amp;due=today", 1),
            (f"{reverse('officer.turns')}?list=referrals&amp;due=today", 0),
            (reverse("officer.extensions"), 1),
            (reverse("officer.stop-list"), 0),
        ):
            assert f'<dd><a href="{address}">{count}</a></dd>' in page, address

    def test_says_nothing_of_turns_where_places_are_given_by_voucher(self, town):
        assert "list=turns" not in text(stranger().get(reverse("officer.home")))


class TestThePublicProtocol:
    def test_shows_acts_of_officers_with_reasons_and_no_names(self, town, client):
        found = extended(town, surname="МЫСАЛОВ", given_name="ТИМУР")
        officer = town.as_officer()
        officer.post(reverse("officer.place-publish", args=[town.group.id]), {"places": "1", "seen": "1"})
        recall = {"places": "1", "seen": "2", "reason": "QUARANTINE"}
        officer.post(reverse("officer.place-recall", args=[town.groups[1].id]), recall)
        note = "Аурухана мұндай анықтама бермегенін жазды"
        review = {"verdict": "withdraw", "because": "PROOF_FALSE", "note": note}
        officer.post(reverse("officer.extension", args=[found.number]), review)
        # What a head does stands elsewhere.
        publishing.recall(group_id=town.groups[1].id, places=1, reason="STAFF", actor=town.head, now=NOW)

        page = text(client.get(reverse("public.acts")))

        for said in ("Орын жарияланды", "Карантин", "Растайтын құжат жалған", "Балдырған"):
            assert said in page, said
        for unsaid in (found.number, "Мысалов", note, "Педагог жетіспейді", "Үлгібаев"):
            assert unsaid not in page, unsaid

    def test_says_so_where_nothing_was_done(self, town, client):
        assert "мұндай әрекет болған жоқ" in text(client.get(reverse("public.acts")))

    @pytest.mark.parametrize("prefix", ["/ru", "/en"])
    def test_speaks_of_every_act_in_every_language(self, town, client, prefix):
        assert [act for act in acts.ACTS if not texts.knows(f"public-act.{act}")] == []
        text(client.get(prefix + "/protocol/acts/"))
