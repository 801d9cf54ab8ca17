"""Whether a conclusion fits an application. No Django."""

from datetime import date

from balabaqsha.kernel.refusal import Refusal


class ConclusionOfAnother(Refusal, code="not-allowed", detail="conclusion-of-another"):
    """The conclusion is not about this child."""


class ConclusionExpired(Refusal, code="certificate-expired", detail="conclusion-expired"):
    """The conclusion is out of date; facts: date, the last day on which it was good."""


class ConclusionNotYet(Refusal, code="not-allowed", detail="conclusion-not-yet"):
    """The day of issue lies ahead."""


class ConclusionOfOtherType(Refusal, code="not-allowed", detail="conclusion-other-type"):
    """The conclusion recommends groups of another type; facts: correction, the code of that type."""


class ConclusionRequired(Refusal, code="pmpk-required"):
    """A case of this type is not taken without a conclusion."""


def refuse_days(*, issued_on: date, last_day: date | None, today: date) -> None:
    """Raise ConclusionNotYet or ConclusionExpired where the conclusion is not good today."""
    if issued_on > today:
        raise ConclusionNotYet
    if last_day is not None and last_day < today:
        raise ConclusionExpired(date=last_day)
