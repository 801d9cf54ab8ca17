"""A right to be served out of turn: two officers confirm it, and the family is warned before its certificate runs out."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from balabaqsha.applications.models import BenefitClaim
from balabaqsha.journeys import applying
from balabaqsha.kernel.actor import Role
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Message
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry
from tests.workplaces import world
from tests.workplaces.world import client_of


@pytest.fixture
def second(town):
    return world.staff(made_up_iin(date(1983, 3, 3), serial=610), Role.OFFICER, territory_code=world.CITY)


def decides(who, case, **typed):
    plain = {"verdict": "confirm", "because": ""}
    return client_of(who).post(reverse("officer.check", args=[case.number]), plain | typed, follow=True)


class TestTwoOfficers:
    def test_confirm_a_right_out_of_turn_one_after_the_other(self, town, second):
        case = town.applies(benefit="SERVICE", proof=world.picture())
        first = decides(town.officer, case).content.decode()
        assert "Екінші қызметкер растағанда есепке алынады" in first
        assert case.application.benefit == "NONE"
        assert "Екінші қызметкер растауы керек" in client_of(second).get(reverse("officer.checks")).content.decode()
        page = client_of(second).get(reverse("officer.check", args=[case.number])).content.decode()
        assert "Бірінші болып" in page

        again = decides(town.officer, case).content.decode()
        assert "Сіз бұл құқықты растап қойдыңыз" in again
        assert "Сіз растадыңыз" in again
        assert case.application.benefit == "NONE"

        decides(second, case)
        claim = BenefitClaim.objects.get(application=case.id)
        assert case.application.benefit == "SERVICE"
        assert claim.first_confirmed_by_account_id == town.officer.account_id
        assert claim.decided_by_account_id == second.account_id
        acts = list(JournalEntry.objects.filter(application_id=case.id).order_by("id").values_list("act", flat=True))
        assert [one for one in acts if "benefit" in one] == ["confirm_benefit_first", "confirm_benefit"]

    def test_either_may_reject_at_once(self, town, second):
        case = town.applies(benefit="SPECIAL_BODIES", proof=world.picture())
        decides(town.officer, case)
        decides(second, case, verdict="reject", because="Анықтама басқа адамға берілген.")
        assert BenefitClaim.objects.get(application=case.id).state == "REJECTED"

    def test_other_benefits_need_one(self, town):
        case = town.applies(benefit="TEACHER", proof=world.picture())
        decides(town.officer, case)
        assert case.application.benefit == "TEACHER"

    def test_cannot_be_one_in_the_table_either(self, town):
        case = town.applies(benefit="SERVICE", proof=world.picture())
        decides(town.officer, case)
        claim = BenefitClaim.objects.filter(application=case.id)
        with pytest.raises(IntegrityError, match="two_officers_are_two"), transaction.atomic():
            claim.update(state="CONFIRMED", decided_at=world.NOW, decided_by_account_id=town.officer.account_id)


class TestTheCertificate:
    def test_the_family_is_warned_once_a_week_before_it_runs_out(self, town, edge):
        case = town.applies(benefit="TEACHER", proof=world.picture())
        applying.check_documents(application_id=case.id, confirm=True, actor=town.officer, now=world.NOW)
        ends = BenefitClaim.objects.get(application=case.id).valid_until
        assert ends == world.NOW.replace(month=12)

        notifications.remind(now=ends - timedelta(days=8))
        assert not Message.objects.filter(key="reminder-benefit").exists()
        for _ in range(2):
            notifications.remind(now=ends - timedelta(days=6))
        notifications.tell_untold(now=ends - timedelta(days=6))
        warned = Message.objects.get(key="reminder-benefit")
        assert warned.facts["benefit"] == "TEACHER"

    def test_the_department_and_the_journal_tell_of_its_end(self, town, edge):
        case = town.applies(benefit="TEACHER", proof=world.picture())
        applying.check_documents(application_id=case.id, confirm=True, actor=town.officer, now=world.NOW)
        edge.moment = world.NOW + timedelta(days=40)
        client = client_of(town.officer, moment=edge.moment)
        page = client.get(reverse("officer.case", args=[case.number]))
        assert case.application.benefit == "NONE"
        assert BenefitClaim.objects.get(application=case.id).state == "LAPSED"
        assert page.status_code == 200
