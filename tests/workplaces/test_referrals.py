"""The head's errands in a linear territory: referrals that are expected, the visit, time for papers."""

from datetime import date

import pytest
from django.urls import reverse

from balabaqsha.record.models import JournalEntry
from tests.workplaces import linear, world
from tests.workplaces.linear import referred


@pytest.fixture
def town(town):
    """The town of the other tests, in the linear regime."""
    return linear.make_linear(town)


class TestReferrals:
    def test_are_listed_with_their_due_moment_and_on_the_first_page(self, town):
        found = referred(town, given_name="АЙАРУ")
        client = town.as_head()
        assert "Айару" in client.get(reverse("kg.referrals")).content.decode()
        assert reverse("kg.referral", args=[found.number]) in client.get(reverse("kg.home")).content.decode()
        assert "Тіркеу мерзімі" in client.get(reverse("kg.referral", args=[found.number])).content.decode()

    def test_with_an_undecided_right_out_of_turn_are_not_seen(self, town):
        found = referred(town, given_name="АЙАРУ", benefit="SERVICE", proof=world.picture())
        client = town.as_head()
        assert "Айару" not in client.get(reverse("kg.referrals")).content.decode()
        assert client.get(reverse("kg.referral", args=[found.number])).status_code == 404

    def test_registered_with_all_papers_lead_to_the_contract(self, town):
        found = referred(town)
        papers = ["REPRESENTATIVE_ID", "BIRTH_CERTIFICATE", "FORM_027", "FORM_052_2"]
        answer = town.as_head().post(reverse("kg.referral", args=[found.number]), {"brought": papers}, follow=True)
        found.refresh_from_db()
        assert found.state == "REGISTERED"
        assert JournalEntry.objects.get(act="register").facts["brought"] == sorted(papers)
        assert "Жетіспейтін құжат" not in answer.content.decode()

    def test_registered_without_papers_remind_of_the_duty_to_grant_time(self, town):
        found = referred(town)
        client = town.as_head()
        answer = client.post(reverse("kg.referral", args=[found.number]), {"brought": ["FORM_027"]}, follow=True)
        assert "Жетіспейтін құжат саны: 3" in answer.content.decode()
        found.refresh_from_db()
        before = found.due_at
        client.post(reverse("kg.papers-time", args=[found.number]))
        found.refresh_from_db()
        assert found.due_at > before
        again = client.post(reverse("kg.papers-time", args=[found.number]), follow=True)
        assert "notice" in again.content.decode()

    def test_a_paper_outside_the_list_cannot_be_asked(self, town):
        found = referred(town)
        answer = town.as_head().post(reverse("kg.referral", args=[found.number]), {"brought": ["FORM_065"]})
        assert answer.status_code == 200
        found.refresh_from_db()
        assert found.state == "REFERRAL_ISSUED"

    def test_of_another_kindergarten_are_not_found(self, town):
        found = referred(town)
        other, _ = world.kindergarten_of("kunshuaq", "120340005678", "Күншуақ")
        stranger = world.staff(
            world.made_up_iin(date(1981, 1, 1), serial=80), world.Role.KINDERGARTEN_HEAD, kindergarten_id=other.id
        )
        client = world.client_of(stranger)
        assert client.get(reverse("kg.referral", args=[found.number])).status_code == 404
        assert client.post(reverse("kg.papers-time", args=[found.number])).status_code == 404
