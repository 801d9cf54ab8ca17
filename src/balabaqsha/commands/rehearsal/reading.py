"""Reading values out of a story, with the path of whatever is wrong."""

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any


class MalformedStory(ValueError):
    """The file is no story; the message names the place and the reason in one line."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)


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
    except json.JSONDecodeError as error:
        raise MalformedStory(str(file), f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise MalformedStory(str(file), "is nested too deeply") from None


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise MalformedStory("", f"the key {key!r} stands twice in one object")
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
        if not isinstance(value, str) or not value.strip():
            raise self.fail(key, "must be a text")
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        """One word of a closed list."""
        value = self.value(key)
        if not isinstance(value, str) or value not in allowed:
            raise self.fail(key, f"must be one of {', '.join(allowed)}")
        return value

    def number(self, key: str, *, least: int | None = None) -> int:
        """A whole number, not below `least`."""
        value = self.value(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.fail(key, "must be a whole number")
        if least is not None and value < least:
            raise self.fail(key, f"must be at least {least}")
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
        """A moment with its offset and whole seconds."""
        value = self.value(key)
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", value):
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                pass
        raise self.fail(key, "must be a moment like 2024-09-30T15:37:26+05:00")

    def keys(self) -> list[str]:
        """All keys, for objects whose keys are values (terms)."""
        self._seen.update(self._value)
        return list(self._value)

    def close(self) -> None:
        """Refuse what nobody asked for."""
        for key in self._value:
            if key not in self._seen:
                raise self.fail(key, "is not a known key")


def as_day(value: Any, path: str) -> date:
    """A date in the form 2024-09-30; raises MalformedStory."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise MalformedStory(path, "must be a date like 2024-09-30")
