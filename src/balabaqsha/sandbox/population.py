"""The persons that the registers know: a file of JSON lines that the town writes, or the small set of `people`."""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from balabaqsha.kernel.iin import Iin


@dataclass(frozen=True)
class Named:
    """A classifier item: code, Kazakh name, Russian name."""

    code: str
    kk: str
    ru: str


@dataclass(frozen=True)
class Residence:
    """Where a person is registered; the district's code is KATO, nine digits; `city` only inside a rural district."""

    region: Named
    district: Named
    street: str
    building: str
    flat: str = ""
    city: str = ""


@dataclass(frozen=True)
class Birth:
    """A record of birth that names the person as MOTHER or FATHER of the child."""

    child: str
    role: str
    number: str
    registered_on: date


@dataclass(frozen=True)
class Conclusion:
    """A conclusion of a PMPK about the person, a child; `correction` is a code of the closed list."""

    number: str
    correction: str
    issued_on: date
    last_day: date | None = None


@dataclass(frozen=True)
class Status:
    """A social status that the register has of the person, a child; `code` is one of the closed list of benefits."""

    code: str
    number: str
    last_day: date | None = None


@dataclass(frozen=True)
class Form:
    """A medical form of the person, a child; `code` is a kind of papers: FORM_027, FORM_052_2, FORM_065."""

    code: str
    number: str
    issued_on: date
    last_day: date | None = None


KAZAKH = Named("005", "қазақ", "казах")
KAZAKHSTAN = Named("398", "Қазақстан", "Казахстан")


@dataclass(frozen=True)
class Person:
    """One person. Birth date and sex are those of the IIN; telephones are +7 and ten digits."""

    iin: str
    surname: str
    given_name: str
    patronymic: str = ""
    nationality: Named | None = KAZAKH
    citizenship: Named | None = KAZAKHSTAN
    alive: bool = True
    address: Residence | None = None
    phones: tuple[str, ...] = ()
    births: tuple[Birth, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    forms: tuple[Form, ...] = ()
    # None: the register of social statuses does not know the person.
    statuses: tuple[Status, ...] | None = None

    def as_line(self) -> str:
        """The line of the population file, with its line end."""
        return json.dumps(asdict(self), ensure_ascii=False, default=date.isoformat) + "\n"

    @classmethod
    def from_line(cls, line: str) -> "Person":
        """The person of a line. Raises ValueError, TypeError or KeyError for a line that names no valid person."""
        fields: dict[str, Any] = json.loads(line)
        Iin.parse(fields["iin"])
        for name in {"nationality", "citizenship"} & fields.keys():
            fields[name] = Named(**fields[name]) if fields[name] else None
        address = fields.get("address")
        if address:
            named = {name: Named(**address[name]) for name in ("region", "district")}
            fields["address"] = Residence(**{**address, **named})
        fields["phones"] = tuple(fields.get("phones", ()))
        fields["births"] = tuple(
            Birth(**{**birth, "registered_on": date.fromisoformat(birth["registered_on"])})
            for birth in fields.get("births", ())
        )
        fields["conclusions"] = tuple(_conclusion(one) for one in fields.get("conclusions", ()))
        if fields.get("statuses") is not None:
            fields["statuses"] = tuple(_status(one) for one in fields["statuses"])
        fields["forms"] = tuple(_form(one) for one in fields.get("forms", ()))
        return cls(**fields)


def _conclusion(fields: dict[str, Any]) -> Conclusion:
    last = fields.get("last_day")
    issued_on, last_day = date.fromisoformat(fields["issued_on"]), date.fromisoformat(last) if last else None
    return Conclusion(**{**fields, "issued_on": issued_on, "last_day": last_day})


def _form(fields: dict[str, Any]) -> Form:
    last = fields.get("last_day")
    issued_on, last_day = date.fromisoformat(fields["issued_on"]), date.fromisoformat(last) if last else None
    return Form(**{**fields, "issued_on": issued_on, "last_day": last_day})


def _status(fields: dict[str, Any]) -> Status:
    last = fields.get("last_day")
    return Status(**{**fields, "last_day": date.fromisoformat(last) if last else None})


class Population:
    """Finds persons by IIN and telephone; reads the file again when it has changed."""

    def __init__(self, *, file: Path | None, otherwise: Iterable[Person]) -> None:
        self._file = file
        self._otherwise = tuple(otherwise)
        self._lock = Lock()
        self._stamp: tuple[int, int] | None = None
        self._take(self._otherwise)
        self._refresh()

    def __len__(self) -> int:
        self._refresh()
        return len(self._by_iin)

    def person(self, iin: str) -> Person | None:
        """The person of this IIN."""
        self._refresh()
        return self._by_iin.get(iin)

    def owner(self, phone: str) -> Person | None:
        """The person to whom the telephone is registered."""
        self._refresh()
        return self._by_phone.get(phone)

    def _refresh(self) -> None:
        with self._lock:
            stamp = _stamp(self._file)
            if stamp == self._stamp:
                return
            self._stamp = stamp
            if stamp is None or self._file is None:
                self._take(self._otherwise)
                return
            try:
                with self._file.open(encoding="utf-8") as lines:
                    self._take(Person.from_line(line) for line in lines if line.strip())
            except (OSError, ValueError, TypeError, KeyError) as problem:
                # Half-written or broken: the persons read before stay, and the file is read when it changes again.
                print(f"sandbox: {self._file.name} is not read: {problem!r}", file=sys.stderr, flush=True)  # noqa: T201 - a program of its own, which speaks by printing

    def _take(self, persons: Iterable[Person]) -> None:
        by_iin = {person.iin: person for person in persons}
        self._by_phone = {phone: person for person in by_iin.values() for phone in person.phones}
        self._by_iin = by_iin


def write(file: Path, persons: Iterable[Person]) -> int:
    """Put the population file in place whole, so that a reader never sees half of it; returns how many persons."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    count = 0
    with fresh.open("w", encoding="utf-8") as lines:
        for person in persons:
            lines.write(person.as_line())
            count += 1
    fresh.replace(file)
    return count


def _stamp(file: Path | None) -> tuple[int, int] | None:
    try:
        state = file.stat() if file else None
    except FileNotFoundError:
        return None
    return (state.st_mtime_ns, state.st_size) if state else None
