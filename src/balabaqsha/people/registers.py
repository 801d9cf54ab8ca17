"""Asking the state registers about a family. Never inside a transaction; what they say is kept by `actions`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from balabaqsha.gateways import registry
from balabaqsha.gateways.births.port import Children, Kinship
from balabaqsha.gateways.population.port import PersonRecord
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.people import queries, rules


class IinNotFound(Refusal, code="iin-not-found"):
    """The population register knows no living person of this IIN."""


class KinshipNotFound(Refusal, code="kinship-not-found"):
    """The register of births does not name the person as a parent of the child."""


class ChildAlreadyAdded(Refusal, code="child-already-added"):
    """The child is in the family's list; facts: token of its card."""


class SilentNow(Refusal, code="state-system-silent", detail="system-silent-now"):
    """A state system gave no answer while the person waits; nothing is asked again by itself; facts: system, reason."""


@contextmanager
def while_they_wait() -> Iterator[None]:
    """Within the block a silent system is a reason to try again by hand: raises SilentNow for NotAnswering."""
    try:
        yield
    except NotAnswering as silent:
        raise SilentNow(**silent.facts) from silent


@dataclass(frozen=True)
class FoundChild:
    """A child of the asker, as two registers know it."""

    person: PersonRecord
    kinship: Kinship


def find_person(*, iin: Iin, now: datetime) -> PersonRecord:
    """Whom the population register has for this IIN, asked with the person's consent.

    Raises IinNotFound, SilentNow.
    """
    with while_they_wait():
        answer = registry.population().person(iin, consent=True, now=now)
    if answer is None or not answer.alive:
        raise IinNotFound
    return _as_people_write(answer)


def find_child(*, representative_id: int, iin_text: str, now: datetime) -> FoundChild:
    """The child of this IIN, if the registers know it and name the representative as its parent.

    Data of a child are given out only after the kinship is confirmed. Raises IinNotValid, IinNotChild,
    ChildAlreadyAdded, IinNotFound, KinshipNotFound, SilentNow.
    """
    iin = rules.child_iin(iin_text, today=localdate(now))
    token = queries.token_of_child(representative_id, iin.text, now=now)
    if token is not None:
        raise ChildAlreadyAdded(token=token)
    representative = Iin.parse(queries.iin_of(representative_id))
    with while_they_wait():
        kinship = registry.births().kinship(representative, iin, now=now)
    if not kinship.confirmed:
        # Whether such an IIN exists is not said about other people's children, nor is the register asked about them.
        raise KinshipNotFound
    return FoundChild(person=find_person(iin=iin, now=now), kinship=kinship)


def children_of(*, person_id: int, now: datetime) -> Children:
    """All records of birth that name the person as a parent. Raises SilentNow."""
    parent = Iin.parse(queries.iin_of(person_id))
    with while_they_wait():
        return registry.births().children(parent, now=now)


def _as_people_write(answer: PersonRecord) -> PersonRecord:
    return replace(
        answer,
        surname=rules.name_in_title_case(answer.surname),
        given_name=rules.name_in_title_case(answer.given_name),
        patronymic=rules.name_in_title_case(answer.patronymic),
    )
