"""Made-up names are formed as people form them."""

from random import Random

import pytest

from balabaqsha.kernel.iin import Sex
from balabaqsha.sandbox.town import names


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Сергей", "Сергеевич", "Сергеевна"),
        ("Дмитрий", "Дмитриевич", "Дмитриевна"),
        ("Юрий", "Юрьевич", "Юрьевна"),
        ("Игорь", "Игоревич", "Игоревна"),
        ("Илья", "Ильич", "Ильинична"),
        ("Павел", "Павлович", "Павловна"),
        ("Михаил", "Михайлович", "Михайловна"),
        ("Олег", "Олегович", "Олеговна"),
    ],
)
def test_russian_patronymics(father: str, son: str, daughter: str) -> None:
    assert names.patronymic(father, sex=Sex.MALE, kazakh=False) == son
    assert names.patronymic(father, sex=Sex.FEMALE, kazakh=False) == daughter


def test_kazakh_patronymics() -> None:
    assert names.patronymic("Қайрат", sex=Sex.MALE, kazakh=True) == "Қайратұлы"
    assert names.patronymic("Қайрат", sex=Sex.FEMALE, kazakh=True) == "Қайратқызы"


def test_surnames_have_no_two_vowels_before_their_ending() -> None:
    random = Random(1)
    made = {names.surname(random, kazakh=True) for _ in range(2000)}
    assert {"Мұсаев", "Жұмабаев", "Ахметов", "Қалиев", "Нұрғалиев"} <= made
    assert not [name for name in made if name[:-2][-1] in "аеиоуыіөүұәя" and name.endswith("ов") and name[-3] != "у"]
