"""The population file: what is written is read."""

import json
from datetime import date

import pytest

from balabaqsha.sandbox import population
from balabaqsha.sandbox.people import PEOPLE
from balabaqsha.sandbox.population import Person, Population


class TestPerson:
    @pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.given_name)
    def test_is_the_same_after_writing_and_reading(self, person):
        assert Person.from_line(person.as_line()) == person

    @pytest.mark.parametrize(
        "line",
        ["", "{", "[]", "{}", '{"iin": "1", "surname": "a", "given_name": "b"}', '{"iin": 5}', '{"unknown": 1}'],
    )
    def test_is_not_made_of_a_broken_line(self, line):
        with pytest.raises((ValueError, TypeError, KeyError)):
            Person.from_line(line)


class TestPopulation:
    def test_finds_by_number_and_by_telephone(self, tmp_path):
        file = tmp_path / "sandbox" / "population.jsonl"

        assert population.write(file, PEOPLE) == len(PEOPLE)

        found = Population(file=file, otherwise=())
        assert len(found) == len(PEOPLE)
        assert found.person(PEOPLE[0].iin) == PEOPLE[0]
        assert found.owner(PEOPLE[0].phones[0]) == PEOPLE[0]
        assert found.owner("+77019999999") is None

    def test_uses_the_small_set_without_a_file(self, tmp_path):
        found = Population(file=tmp_path / "none.jsonl", otherwise=PEOPLE)

        assert found.person(PEOPLE[1].iin) == PEOPLE[1]

    def test_writes_days_as_text(self):
        birth = json.loads(PEOPLE[0].as_line())["births"][0]

        assert date.fromisoformat(birth["registered_on"]) == PEOPLE[0].births[0].registered_on
