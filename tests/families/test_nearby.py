"""Distances from the family's registered address, offered by one tap, and from one that it types."""

import pytest
from django.urls import reverse

from balabaqsha.gateways import registry
from balabaqsha.gateways.addresses.fake import ESTAI_101, InMemoryAddresses
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.people.models import Person
from tests.families.home import says
from tests.workplaces import world

REGISTERED = "Павлодар облысы, Павлодар қаласы, Естай, 101, 15"


@pytest.fixture
def register(home):
    Person.objects.filter(id=home.mother.person_id).update(address=REGISTERED, address_territory_code="551010000")
    Kindergarten.objects.update(latitude=52.28, longitude=76.99)
    far, _ = world.kindergarten_of("alys", "120340009999", "Алыс")
    Kindergarten.objects.filter(id=far.id).update(latitude=52.40, longitude=76.99)
    with registry.replaced(addresses=InMemoryAddresses(ESTAI_101)) as _:
        yield registry.addresses()


class TestChoosing:
    def test_offers_the_registered_address_and_orders_by_it(self, home, register):
        number = home.confirms()
        assert says(home.get("choice.open", number), 'href="?home=on"')

        page = home.get("choice.open", number, query="?home=on")

        html = page.content.decode()
        assert "Қашықтық мына мекенжайдан есептелді: Павлодар қаласы, Естай, 101" in html
        assert "1,1 км" in html
        assert html.index("«Балапан»") < html.index("«Алыс»")
        assert register.asked == [REGISTERED]

    def test_takes_a_typed_address(self, home, register):
        number = home.confirms()

        assert says(home.get("choice.open", number, query="?address=Естай 101&sort="), "1,1 км")

    def test_says_when_the_register_is_silent_and_lists_all_the_same(self, home, register):
        number = home.confirms()
        register.silent = True
        page = home.get("choice.open", number, query="?home=on")

        assert says(page, "Мекенжай тіркелімі қазір жауап бермейді")
        assert says(page, "«Алыс»")

    def test_says_when_no_address_is_registered(self, home, register):
        number = home.confirms()
        Person.objects.filter(id=home.mother.person_id).update(address="")

        assert says(home.get("choice.open", number, query="?home=on"), "Тіркелген мекенжайыңыз порталда жоқ")


class TestTheWizardsWishes:
    def test_are_ordered_by_the_way_from_home_and_nothing_chosen_is_lost(self, home, register):
        token = home.begins()
        home.fills(token)
        far = Kindergarten.objects.get(code="alys")
        assert says(home.get("apply.step", token, "wishes"), 'name="near"')

        page = home.answers(token, "wishes", near="home", wish1=str(far.id))

        html = page.content.decode()
        assert html.index("1,1 км") < html.index("14,5 км")
        assert f'<option value="{far.id}" selected>' in html
        answer = home.answers(token, "wishes", wish1=str(far.id))
        assert answer.url == reverse("apply.check", args=[token])
