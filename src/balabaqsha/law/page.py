"""The page `docs/rulebook.md` for officials, made from the terms and the glossary.

Run as ``python -m balabaqsha.law.page`` after a change of either.
"""

from collections.abc import Callable, Mapping
from datetime import date

from balabaqsha.law import ages, terms
from balabaqsha.law.terms import Term, Unit
from balabaqsha.locale import glossary
from balabaqsha.locale.glossary import Words

PAGE = glossary.GLOSSARY.with_name("rulebook.md")
_HEADINGS = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
# Terms that stand once for each correction type.
_OF_TYPES = ("special.decided_by", "special.nursery_most", "special.preschool_most")


def render(words: Mapping[str, Words], *, on: date) -> str:
    """The whole page: the terms in force on the day, once in each language."""
    lines = [f"# {' / '.join(getattr(words['officer.rulebook'], language) for language in _HEADINGS)}", ""]
    for language, heading in _HEADINGS.items():
        lines += [f"## {heading}", "", *_language(_Speaker(words, language), on=on)]
    return "\n".join(lines).rstrip("\n") + "\n"


class _Speaker:
    """Says glossary keys in one language."""

    def __init__(self, words: Mapping[str, Words], language: str) -> None:
        self._words = words
        self._language = language

    def say(self, key: str) -> str:
        return str(getattr(self._words[key], self._language))

    def knows(self, key: str) -> bool:
        return key in self._words


def _language(speaker: _Speaker, *, on: date) -> list[str]:
    say = speaker.say
    columns = [say(f"rulebook-page.{column}") for column in ("term", "value", "from", "source", "assumed")]
    rows = [_term_row(speaker, term) for term in terms.Rulebook().all(on=on)]
    return [
        say("rulebook-page.intro"),
        "",
        say("rulebook-page.dates"),
        "",
        say("rulebook-page.counting"),
        "",
        *_table(columns, rows),
        "",
        f"### {say('rulebook-page.categories')}",
        "",
        *_table([say(f"rulebook-page.{column}") for column in ("number", "status", "age")], _categories(say)),
        "",
    ]


def _term_row(speaker: _Speaker, term: Term) -> list[str]:
    say = speaker.say
    source = ": ".join(part for part in (say(f"source.{term.source}"), term.paragraph) if part)
    return [
        f"{_name(speaker, term)} `{term.code}`",
        _value(speaker, term),
        term.in_force_from.isoformat(),
        source,
        say("rulebook-page.yes") if term.assumed else "",
    ]


def _name(speaker: _Speaker, term: Term) -> str:
    general, _, correction = term.code.rpartition(".")
    if general in _OF_TYPES:
        return f"{speaker.say(f'rulebook.{general}')}: {speaker.say(f'correction.{correction}')}"
    return speaker.say(f"rulebook.{term.code}")


def _value(speaker: _Speaker, term: Term) -> str:
    value = str(term.value)
    match term.unit:
        case Unit.PERIOD if ".." in value:
            return " – ".join(_day(day) for day in value.split(".."))
        case Unit.WORD | Unit.PERIOD:
            key = f"rulebook-value.{value}"
            return speaker.say(key if speaker.knows(key) else f"decider.{value}")
        case Unit.DAY_OF_YEAR:
            return _day(value)
        case Unit.RATIO:
            return value.replace(":", " : ")
    return f"{value} {speaker.say(f'unit.{term.unit.value}')}"


def _day(month_and_day: str) -> str:
    month, day = month_and_day.split("-")
    return f"{day}.{month}"


def _categories(say: Callable[[str], str]) -> list[list[str]]:
    return [
        [
            str(row.number),
            say("rulebook-page.any-status") if row.status is None else say(f"benefit.{row.status.value}"),
            say(f"age-band.{row.band.value}"),
        ]
        for row in ages.categories()
    ]


def _table(columns: list[str], rows: list[list[str]]) -> list[str]:
    return [_row(columns), _row(["---"] * len(columns)), *(_row(row) for row in rows)]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Write the page anew."""
    # The newest national terms, those that begin later included.
    newest = max(term.in_force_from for term in terms.TERMS)
    PAGE.write_text(render(glossary.read(), on=newest), encoding="utf-8")


if __name__ == "__main__":
    main()
