"""Reading values out of a story, with the path of whatever is wrong."""

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from balabaqsha.kernel.time import localdate

# The rulebook begins with the first year; after the last, long terms would run out of the calendar.
_FIRST_YEAR = 2020
LAST_YEAR = 2099
_OLDEST = 1800


class MalformedStory(ValueError):
    """The file is no story; the message names the place and the reason in one line."""

    def __init__(self, path: str, reason: str) -> None:
        # A key of the file may hold anything, a line break too.
        place = "".join(character if character.isprintable() else "?" for character in path)
        super().__init__(f"{place or 'the story'}: {reason}")


def load(file: Path) -> Any:
    """The JSON of a file; raises MalformedStory when it cannot be read, is no UTF-8 or no JSON."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise MalformedStory(str(file), error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise MalformedStory(str(file), "is not UTF-8 text") from None
    try:
        return json.loads(text, object_pairs_hook=_without_repetition, parse_constant=_no_constant)
    except MalformedStory:
        raise
    except json.JSONDecodeError as error:
        raise MalformedStory(str(file), f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except ValueError:
        raise MalformedStory(str(file), "holds a number of too many digits") from None
    except RecursionError:
        raise MalformedStory(str(file), "is nested too deeply") from None


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise MalformedStory("", f"the key {key!a} stands twice in one object")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise MalformedStory("", f"{name} is not a value of JSON")


class Reader:
    """One object of the story; every look at a key is checked, and what was never looked at is unknown."""

    def __init__(self, value: Any, path: str) -> None:
        if not isinstance(value, dict):
            raise MalformedStory(path, "must be an object")
        self._value = value
        self._seen: set[str] = set()
        self.path = path

    def at(self, key: str) -> str:
        """The path of a key, for messages."""
        return f"{self.path}.{key}" if self.path else key

    def fail(self, key: str, reason: str) -> MalformedStory:
        """The error that names this key."""
        return MalformedStory(self.at(key), reason)

    def has(self, key: str) -> bool:
        """Whether the key is there with a value other than null."""
        self._seen.add(key)
        return self._value.get(key) is not None

    def value(self, key: str) -> Any:
        """The value of a key that must be there."""
        self._seen.add(key)
        if key not in self._value:
            raise self.fail(key, "is missing")
        return self._value[key]

    def text(self, key: str) -> str:
        """A text that is not empty."""
        value = self.value(key)
        if not isinstance(value, str) or not value.strip() or not _is_unicode(value):
            raise self.fail(key, "must be a text")
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """One word of a closed list."""
        value = self.value(key)
        if not isinstance(value, str) or value not in allowed:
            raise self.fail(key, f"must be one of {', '.join(allowed)}")
        return value

    def number(self, key: str, *, least: int | None = None, most: int | None = None) -> int:
        """A whole number, not below `least` and not above `most`."""
        value = self.value(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(key, "must be a whole number")
        if least is not None and value < least:
            raise self.fail(key, f"must be at least {least}")
        if most is not None and value > most:
            raise self.fail(key, f"must be at most {most}")
        return value

    def items(self, key: str) -> list[Any]:
        """A list."""
        value = self.value(key)
        if not isinstance(value, list):
            raise self.fail(key, "must be a list")
        return value

    def day(self, key: str) -> date:
        """A date."""
        return as_day(self.value(key), self.at(key))

    def moment(self, key: str) -> datetime:
        """A moment with its offset and whole seconds, in the years that the rulebook knows."""
        value = self.value(key)
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", value):
            try:
                moment = datetime.fromisoformat(value)
                year = localdate(moment).year
            except (ValueError, OverflowError):
                pass
            else:
                self._refuse_year(key, year, _FIRST_YEAR, LAST_YEAR)
                return moment
        raise self.fail(key, "must be a moment like 2024-09-30T15:37:26+05:00")

    def birth_date(self, key: str) -> date:
        """A date in the centuries that an identification number can tell."""
        born = self.day(key)
        self._refuse_year(key, born.year, _OLDEST, LAST_YEAR)
        return born

    def _refuse_year(self, key: str, year: int, first: int, last: int) -> None:
        if not first <= year <= last:
            raise self.fail(key, f"must lie in the years {first} to {last}")

    def keys(self) -> list[str]:
        """All keys, for objects whose keys are values (terms)."""
        self._seen.update(self._value)
        return list(self._value)

    def close(self) -> None:
        """Refuse what nobody asked for."""
        for key in self._value:
            if key not in self._seen:
                raise self.fail(key, "is not a known key")


def _is_unicode(text: str) -> bool:
    """Whether it can be written down: JSON may name half of a pair of characters."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def as_day(value: Any, path: str) -> date:
    """A date in the form 2024-09-30; raises MalformedStory."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise MalformedStory(path, "must be a date like 2024-09-30")
