"""Who did it, in words: the role, and both names where somebody acted on a parent's behalf."""

from collections.abc import Iterable, Mapping
from typing import Any

from balabaqsha.people import queries as people
from balabaqsha.people.queries import PersonCard
from balabaqsha.web.kit import texts

Cards = Mapping[int, PersonCard]


def cards_of(actors: Iterable[dict[str, Any]]) -> Cards:
    """The two persons of each act that was done on somebody's behalf. One query for a whole page, none without such acts."""
    return people.person_cards(actor[key] for actor in actors for key in _both(actor))


def _both(actor: dict[str, Any]) -> tuple[str, ...]:
    """Under which keys the journal has whoever acted and whose act it was: a trusted person, or an officer at the counter."""
    if "for" in actor:
        return ("person", "for")
    return ("officer", "person") if "officer" in actor else ()


def said(actor: dict[str, Any], cards: Cards, *, named: bool = True) -> str:
    """The actor of the journal as a telling of a case names them; officers and heads by their role alone.

    `cards` are those of `cards_of`. `named` False: whoever acted on a parent's behalf is called by the role too, for
    somebody who need not know whom the parent trusts.
    """
    role = str(actor.get("role", ""))
    words = texts.say(f"role.{role}") if texts.knows(f"role.{role}") else role
    if not (named and _both(actor)):
        return words
    acting, whose = (cards[actor[key]].short_name for key in _both(actor))
    if "officer" in actor:
        return texts.say("counter.who", name=whose, officer=acting)
    return texts.say("trust.who", role=words, name=acting, giver=whose)
