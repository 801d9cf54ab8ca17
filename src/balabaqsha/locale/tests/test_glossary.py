"""The catalogues say what docs/glossary.md says, in three languages, within the length of an SMS."""

import re

import pytest
from babel.messages.pofile import read_po

from balabaqsha.locale import glossary

pytestmark = pytest.mark.skipif(
    not glossary.GLOSSARY.exists(),
    reason="the glossary is not part of an installed package",
)

_LONGEST = {
    "number": 10, "place": 6, "place_old": 6, "child": 16, "due": 16, "date": 10, "url": 30, "hours": 2, "days": 2,
    "seconds": 2, "kg": 24, "employee": 52, "month": 7, "code": 6, "phone_masked": 18, "support": 17,
}  # fmt: skip
_ONE_PART, _JOINED_PART = 70, 67


@pytest.fixture(scope="module")
def texts() -> dict[str, glossary.Words]:
    return glossary.read()


def blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", glossary.LANGUAGES)
def test_catalogue_equals_glossary(texts: dict[str, glossary.Words], language: str) -> None:
    with (glossary.FOLDER / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    said = {}
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else message.string
            said[key] = " / ".join(dict.fromkeys(forms)) if language == "kk" else " / ".join(forms)

    assert said == {key: getattr(words, language) for key, words in texts.items()}


def test_every_text_has_the_same_blanks_in_three_languages(
    texts: dict[str, glossary.Words],
) -> None:
    different = {
        key: (words.kk, words.ru, words.en)
        for key, words in texts.items()
        if not blanks(words.kk) == blanks(words.ru) == blanks(words.en)
    }

    assert different == {}


def test_counted_texts_have_the_forms_of_each_language(
    texts: dict[str, glossary.Words],
) -> None:
    counted = {key: words for key, words in texts.items() if key.startswith("count.")}

    assert counted
    for words in counted.values():
        assert [len(words.forms(language)) for language in glossary.LANGUAGES] == [
            1,
            3,
            2,
        ]


def test_no_ending_is_attached_to_a_blank_in_kazakh(
    texts: dict[str, glossary.Words],
) -> None:
    # Ordinals take a hyphen only ("3-қадам"); a case ending after a blank would break with other values.
    attached = [
        key
        for key, words in texts.items()
        if re.search(r"\}(?!-(?:қадам|бет|күн|жұмыс|санат|орын))-?[а-яәғқңөұүһі]", words.kk)
    ]

    assert attached == []


def longest(text: str) -> int:
    for name, length in _LONGEST.items():
        text = text.replace(f"{{{name}}}", "x" * length)
    assert "{" not in text, text
    return len(text)


def test_sms_are_as_long_as_the_glossary_says(texts: dict[str, glossary.Words]) -> None:
    sms = {key: words for key, words in texts.items() if key.startswith("message.") and key.endswith(".sms")}

    said = said_lengths()
    assert len(said) > 40
    for key, words in sms.items():
        for language in glossary.LANGUAGES:
            length = longest(getattr(words, language))
            parts = 1 if length <= _ONE_PART else -(-length // _JOINED_PART)
            # Messages of section 8 have no row of lengths; the limit holds for them too.
            assert f"{length}, {parts}" == said.get(key, {}).get(language, f"{length}, {parts}"), key
            assert parts <= 2, key


def said_lengths() -> dict[str, dict[str, str]]:
    """What the tables of section 4.2 say in their rows "longest, parts"."""
    found: dict[str, dict[str, str]] = {}
    for row in glossary._rows(glossary.GLOSSARY.read_text(encoding="utf-8")):
        if row.cells.get("channel") == "longest, parts":
            name = row.heading.strip("`")
            found[f"message.{name}.sms"] = {language: row.cells[language] for language in glossary.LANGUAGES}
    return found
