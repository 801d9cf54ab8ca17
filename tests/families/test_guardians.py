"""Guardians by a decision of the guardianship authority: sent, checked by an officer, counting until their day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from balabaqsha.accounts import access
from balabaqsha.gateways import registry
from balabaqsha.gateways.births.fake import InMemoryBirths
from balabaqsha.gateways.population.fake import InMemoryPopulation
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Message
from balabaqsha.people import _steps as steps
from balabaqsha.people import queries
from balabaqsha.people.guardians import actions, rules
from balabaqsha.people.models import GuardianClaim, Kinship
from balabaqsha.people.tests.family import answer, made_up_iin
from balabaqsha.record.models import JournalEntry
from tests.families import home as homes
from tests.families.home import Home, says
from tests.workplaces import world

pytestmark = pytest.mark.django_db

WARD = made_up_iin(date(2023, 5, 5), serial=610)


@pytest.fixture(autouse=True)
def registers_there() -> Iterator[InMemoryPopulation]:
    population = InMemoryPopulation([answer(WARD, surname="ҚАМҚОР", given_name="АЛИ")])
    with registry.replaced(population=population, births=InMemoryBirths()):
        yield population


def sends(home: Home, **changes: object):
    return home.post("children.guardian", **({"iin": WARD.text, "paper": homes.picture("decision")} | changes))


def decides(home: Home, claim: GuardianClaim | None = None, **typed: str):
    token = (claim or GuardianClaim.objects.latest("id")).token
    client = world.client_of(home.town.officer, moment=home.now)
    return client.post(reverse("officer.guardian", args=[token]), {"verdict": "confirm"} | typed)


class TestClaiming:
    def test_is_where_an_unconfirmed_kinship_leads(self, home):
        refused = home.post("children.add", iin=WARD.text)

        assert says(refused, "қорғаншылық органының шешімін тіркеңіз")
        assert says(refused, f"{reverse('children.guardian')}?iin={WARD.text}")
        assert says(home.get("children.guardian", query=f"?iin={WARD.text}"), WARD.text)

    def test_waits_and_counts_for_nothing(self, home):
        assert sends(home).url == reverse("parent.children")

        page = home.get("parent.children")
        assert says(page, "Тексеріліп жатыр")
        assert not says(page, "Қамқор Али")
        claim = GuardianClaim.objects.get()
        assert (claim.state, claim.territory_id) == ("UNDECIDED", "551010000")
        assert not Kinship.objects.filter(relation="GUARDIAN").exists()

    @pytest.mark.parametrize(
        ("changes", "said"),
        [
            ({"iin": "1"}, "ЖСН дұрыс емес"),
            ({"iin": made_up_iin(date(1990, 3, 3), serial=77).text}, "ересек адамның ЖСН-і"),
            ({"paper": ""}, "id_paper"),
        ],
    )
    def test_says_what_is_wrong(self, home, changes, said):
        answered = sends(home, **changes)

        assert answered.status_code == 200
        assert says(answered, said)
        assert not GuardianClaim.objects.exists()

    def test_once_at_a_time_and_never_of_ones_own_child(self, home):
        sends(home)
        assert says(sends(home), "тексеріліп жатыр")
        assert says(sends(home, iin=home.child.iin), "тізіміңізде бар")
        assert GuardianClaim.objects.count() == 1


class TestDeciding:
    def test_confirmed_until_a_day(self, home):
        sends(home)
        officer = home.town.as_officer()
        assert says(officer.get(reverse("officer.guardians")), "Ү.\N{NO-BREAK SPACE}Ж.")
        claim = GuardianClaim.objects.get()
        page = officer.get(reverse("officer.guardian", args=[claim.token]))
        assert says(page, "Үлгібаева Жанар")
        paper = officer.get(reverse("officer.guardian-paper", args=[claim.token]))
        assert paper["Content-Type"].startswith("image/")
        assert JournalEntry.objects.filter(act="case-opened", facts__page="guardian").count() == 2

        assert decides(home, last_day="31.12.2026").url == reverse("officer.guardians")
        kinship = Kinship.objects.get(relation="GUARDIAN")
        assert (kinship.source, kinship.ends_at) == ("DECISION", datetime(2026, 12, 31, 19, tzinfo=UTC))
        assert says(home.get("parent.children"), "Қамқор Али")
        assert says(home.get("parent.children"), "31.12.2026 дейін")
        claim.refresh_from_db()
        assert claim.decided_by_account_id == home.town.officer.account_id

    def test_a_guardian_applies_and_is_one_no_more_after_the_day(self, home, monkeypatch):
        sends(home)
        decides(home, last_day="20.11.2026")
        kinship = Kinship.objects.get(relation="GUARDIAN")
        home.child = kinship.child
        number = home.applies()
        assert home.application.number == number

        home.now = datetime(2026, 11, 20, 18, 59, tzinfo=UTC)
        mother = home.mother.person_id
        assert queries.represents(mother, kinship.child_id, now=home.now)
        assert access.own_child.allows(home.mother, kinship)
        home.later(minutes=1)
        assert not queries.represents(mother, kinship.child_id, now=home.now)
        assert not access.own_child.allows(home.mother, kinship)
        assert home.get("children.card", kinship.token).status_code == 404
        assert queries.child_by_token(mother, kinship.token, now=home.now) is None
        assert home.get("application.page", number).status_code == 200, "what was filed is still seen"
        assert home.post("application.withdraw", number).status_code == 404
        assert home.application.state == "WAITING"

    def test_whom_the_register_names_keeps_the_child_after_the_day(self, home):
        sends(home)
        decides(home, last_day="20.11.2026")
        decision = Kinship.objects.get(relation="GUARDIAN")
        kept = {"representative_id": home.mother.person_id, "child_id": decision.child_id}
        steps.keep_kinship(**kept, relation="MOTHER", reference="7", now=home.now)

        home.later(days=30)
        assert queries.represents(home.mother.person_id, decision.child_id, now=home.now)

    def test_one_that_has_run_out_makes_room_before_any_job_has_come(self, home):
        sends(home)
        decides(home, last_day="20.11.2026")
        decision = Kinship.objects.get(relation="GUARDIAN")
        home.later(days=30)
        kept = {"representative_id": home.mother.person_id, "child_id": decision.child_id}
        steps.keep_kinship(**kept, relation="MOTHER", reference="7", now=home.now)

        decision.refresh_from_db()
        assert decision.ended_at == decision.ends_at
        assert Kinship.objects.filter(**kept, ended_at=None).get().source == "BIRTHS"

    def test_without_a_day_until_the_child_is_fourteen(self, home):
        sends(home)
        decides(home)

        assert Kinship.objects.get(relation="GUARDIAN").ends_at == datetime(2037, 5, 4, 19, tzinfo=UTC)

    def test_refused_with_a_reason(self, home):
        sends(home)
        assert says(decides(home, verdict="reject", because="жоқ"), "id_because")
        decides(home, verdict="reject", because="Шешімде басқа баланың аты тұр.")

        assert says(home.get("parent.children"), "Шешімде басқа баланың аты тұр.")
        notifications.tell_untold(now=home.now)
        told = Message.objects.filter(person_id=home.mother.person_id).values_list("key", flat=True)
        assert set(told) >= {"guardian-claimed", "guardian-rejected"}
        assert says(home.get("parent.messages"), "Шешімде басқа баланың аты тұр.")
        sends(home)
        assert GuardianClaim.objects.filter(state="UNDECIDED").count() == 1

    @pytest.mark.parametrize(
        ("day", "said"), [("17.11.2026", "мерзімі өтіп кеткен"), ("05.05.2037", "Ең кеш күні: 04.05.2037")]
    )
    def test_never_beyond_what_may_be(self, home, day, said):
        sends(home)

        assert says(decides(home, last_day=day), said)
        assert not Kinship.objects.filter(relation="GUARDIAN").exists()

    def test_silent_register_keeps_what_was_typed(self, home, registers_there):
        sends(home)
        registers_there.silent = True
        answered = decides(home, last_day="31.12.2026")

        assert answered.status_code == 200
        assert says(answered, "31.12.2026")
        assert GuardianClaim.objects.get().state == "UNDECIDED"

    def test_by_nobody_else_and_once(self, home):
        sends(home)
        claim = GuardianClaim.objects.get()
        far = world.staff(made_up_iin(date(1984, 1, 1), serial=620), Role.OFFICER, territory_code=world.OTHER_CITY)
        client = world.client_of(far)
        for name in ("officer.guardian", "officer.guardian-paper"):
            assert client.get(reverse(name, args=[claim.token])).status_code == 404
        mine = Actor(role=Role.OFFICER, account_id=far.account_id, person_id=home.mother.person_id)
        with pytest.raises(actions.OwnClaim):
            actions.reject(token=claim.token, because="себебі бар", actor=mine, now=home.now)
        decides(home)
        with pytest.raises(NotInThisState):
            actions.reject(token=claim.token, because="себебі бар", actor=far, now=home.now)


def test_a_day_that_passed_is_written_and_told_once(home):
    sends(home)
    decides(home, last_day="20.11.2026")
    home.later(days=5)
    assert actions.lapse(now=home.now) == 1
    assert actions.lapse(now=home.now) == 0
    notifications.tell_untold(now=home.now)

    kinship = Kinship.objects.get(relation="GUARDIAN")
    assert kinship.ended_at == kinship.ends_at
    assert Message.objects.filter(key="guardian-ended", person_id=home.mother.person_id).count() == 1
    sends(home)
    decides(home, last_day="20.12.2026")
    assert Kinship.objects.filter(relation="GUARDIAN", ended_at=None).count() == 1


def test_whose_time_is_over_sees_what_they_filed_and_no_button_that_leads_nowhere(home):
    number = home.applies()
    assert says(home.get("application.page", number), reverse("application.withdraw", args=[number]))
    Kinship.objects.filter(representative_id=home.mother.person_id).update(
        source="DECISION", relation="GUARDIAN", ends_at=home.now + timedelta(days=1)
    )
    home.later(days=2)

    for page in (home.get("application.page", number), home.get("parent.applications")):
        assert page.status_code == 200
        assert says(page, "өкілдігіңіз аяқталды")
        for closed in ("application.withdraw", "application.benefit", "application.ready"):
            assert not says(page, reverse(closed, args=[number]))
    assert home.get("application.withdraw", number).status_code == 404


def test_the_schema_keeps_what_a_decision_means(home):
    sends(home)
    claim = GuardianClaim.objects.get()
    for changes, guard in (
        ({"state": "CONFIRMED", "decided_at": home.now, "decided_by_account_id": 1}, "a_confirmed_guardian"),
        ({"state": "REJECTED", "decided_at": home.now, "decided_by_account_id": 1}, "a_refused_guardian"),
        ({"state": "REJECTED", "rejected_because": "а"}, "a_decided_guardian"),
    ):
        with pytest.raises(IntegrityError, match=guard), transaction.atomic():
            GuardianClaim.objects.filter(pk=claim.pk).update(**changes)
    with pytest.raises(IntegrityError, match="a_decision_makes_guardians"), transaction.atomic():
        Kinship.objects.update(source="DECISION", relation="GUARDIAN")


def test_the_latest_day_is_the_one_before_the_fourteenth_birthday():
    assert rules.latest_day(date(2024, 2, 29)) == date(2038, 2, 27)
    assert rules.end_of(None, born_on=WARD.born_on, now=world.NOW) - world.NOW > timedelta(days=3000)
