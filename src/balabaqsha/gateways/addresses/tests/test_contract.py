"""The promises of the address register's port, kept by the client (against the sandbox) and by the fake."""

import pytest

from balabaqsha.gateways.addresses.fake import InMemoryAddresses
from balabaqsha.sandbox.addresses import find

LINE, CITY, VILLAGE = "551000000", "551010000", "551043100"


@pytest.fixture(params=["client", "fake"])
def register(request):
    return request.getfixturevalue("clients")["addresses"] if request.param == "client" else InMemoryAddresses()


class TestSearch:
    @pytest.mark.parametrize(
        "text",
        [
            "Естай 101",
            "естая, 101",
            "город Павлодар, Естая, 101",
            "Павлодар облысы, Павлодар қаласы, Естай, 101, 15",
        ],
    )
    def test_finds_a_house_however_it_is_written(self, register, now, text):
        found = register.search(text, within=LINE, most=8, now=now)

        assert found[0].text_kk == "Павлодар қаласы, Естай, 101"
        assert found[0].text_ru == "город Павлодар, Естая, 101"
        assert found[0].territory_code == CITY
        assert (52 < found[0].latitude < 53, 76 < found[0].longitude < 78) == (True, True)

    def test_suggests_while_the_name_is_typed(self, register, now):
        assert register.search("ест", within=LINE, most=8, now=now)

    @pytest.mark.parametrize("text", ["жоқ көше 7", "'; --", "%_", "ә" * 200])
    def test_finds_nothing_that_is_not_there(self, register, now, text):
        assert register.search(text, within=LINE, most=8, now=now) == ()

    def test_keeps_to_the_territory(self, register, now):
        assert register.search("Естай 101", within=VILLAGE, most=8, now=now) == ()
        assert register.search("Естай 101", within="710000000", most=8, now=now) == ()

    def test_gives_no_more_than_asked_for(self, clients, now):
        assert len(clients["addresses"].search("Естай 1", within=LINE, most=3, now=now)) == 3


class TestTheSandbox:
    @pytest.mark.parametrize(
        ("text", "first"),
        [
            ("1 май 5", "Павлодар қаласы, 1 Май, 5"),
            ("сәтбаев 7", "Павлодар қаласы, Ак. Сәтбаев, 7"),
            ("Кенжекөл ауылы, Мектеп, 5", "Кенжекөл ауылы, Мектеп, 5"),
            ("село Мойылды, Школьная 9", "Мойылды ауылы, Мектеп, 9"),
            ("павлов", "Павлодар қаласы, Павлов"),
        ],
    )
    def test_knows_the_streets_of_the_town(self, text, first):
        assert find(text, kato=LINE, limit=5)[0]["kk"] == first

    @pytest.mark.parametrize("text", ["", "12", "Павлодар қаласы", "Естай 131"])
    def test_takes_nothing_for_a_street(self, text):
        assert find(text, kato=LINE, limit=5) == []

    def test_refuses_whoever_has_no_token(self, sandbox):
        assert sandbox.get("/addresses?kato=551000000&q=x&limit=5").status_code == 401
