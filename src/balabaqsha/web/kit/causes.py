"""Why a place in line changed, in words: the causes of one change joined into a sentence."""

from balabaqsha.transparency.ledger import Cause, LedgerLine
from balabaqsha.web.kit.texts import say

# A benefit is nobody else's business: to others its causes tell of the category or the list only.
_OF_THE_FAMILY = {
    "OWN_BENEFIT_CONFIRMED": "queue.own-category",
    "OWN_BENEFIT_ENDED": "queue.own-category",
    "OWN_BENEFIT_DROPPED": "queue.own-category",
    "OWN_LIST_GAINED": "queue.own-list",
    "OWN_LIST_LOST": "queue.own-list",
}


def sentence(line: LedgerLine, *, for_the_family: bool) -> str:
    """The causes of a change; several of a linear line each say by how many places, so that they can be added up."""
    several = len(line.causes) > 1
    return "; ".join(_written(cause, for_the_family=for_the_family, with_number=several) for cause in line.causes)


def _written(cause: Cause, *, for_the_family: bool, with_number: bool) -> str:
    key = f"cause.{cause.code}" if for_the_family else _OF_THE_FAMILY.get(cause.code, f"cause.{cause.code}")
    said = say(key, n=cause.n, category=cause.category)
    # Minus as it is written, not as a hyphen.
    return say("cause.by", cause=said, by=f"{cause.by:+d}".replace("-", "−")) if with_number and cause.by else said
