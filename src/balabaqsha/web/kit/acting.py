"""Who did it, in words: the role, and both names where somebody acted on a parent's behalf."""

from typing import Any

from balabaqsha.people import queries as people
from balabaqsha.web.kit import texts


def said(actor: dict[str, Any], *, named: bool = True) -> str:
    """The actor of the journal as a telling of a case names them; officers and heads by their role alone.

    `named` False: so is whoever acted on a parent's behalf, for somebody who need not know whom the parent trusts.
    """
    role = str(actor.get("role", ""))
    words = texts.say(f"role.{role}") if texts.knows(f"role.{role}") else role
    if "officer" in actor and named:
        officer = people.person_card(actor["officer"]).short_name
        return texts.say("counter.who", name=people.person_card(actor["person"]).short_name, officer=officer)
    if "for" not in actor or not named:
        return words
    name, giver = (people.person_card(actor[key]).short_name for key in ("person", "for"))
    return texts.say("trust.who", role=words, name=name, giver=giver)
