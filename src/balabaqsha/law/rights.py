"""The ten statuses as reference data: by which act, shown by which paper, confirmed by whom, for how long. No Django."""

from dataclasses import dataclass

from balabaqsha.law.lists import OUT_OF_TURN, PROOF, STATUS_ORDER, BenefitStatus, DocumentKind, Tier


@dataclass(frozen=True)
class Right:
    """What one status needs to count. `basis` and `source` are codes: their words are `right-basis.*` and `source.*`.

    `has_base` says that a state base may know it; `assumed` that no act could be read. `officers` confirm it, none needs be.
    """

    status: BenefitStatus
    tier: Tier
    basis: str
    source: str
    paper: DocumentKind | None
    has_base: bool
    officers: int
    lapses: bool
    assumed: bool


# From public explanations of education departments and service pages; the acts behind them could not be read whole.
_BASIS = {
    BenefitStatus.SERVICE: ("law-561", "public", False),
    BenefitStatus.SPECIAL_BODIES: ("law-552", "public", False),
    BenefitStatus.ORPHAN: ("order-518", "public", False),
    BenefitStatus.CHILD_DISABILITY: ("order-518", "public", True),
    BenefitStatus.PARENT_DISABILITY: ("order-518", "public", False),
    BenefitStatus.SPECIAL_NEEDS: ("order-518", "public", False),
    BenefitStatus.LARGE_FAMILY: ("order-518", "001", False),
    BenefitStatus.SIBLING_DISABILITY: ("none", "assumed", True),
    BenefitStatus.TEACHER: ("none", "gov.kz", True),
    BenefitStatus.NONE: ("none", "assumed", False),
}
_IN_A_BASE = frozenset(
    {
        BenefitStatus.ORPHAN,
        BenefitStatus.CHILD_DISABILITY,
        BenefitStatus.PARENT_DISABILITY,
        BenefitStatus.LARGE_FAMILY,
        BenefitStatus.SIBLING_DISABILITY,
    }
)


def rights() -> tuple[Right, ...]:
    """Every status in the order of the list, the one without a benefit last."""
    return tuple(
        Right(
            status=status,
            tier=status.tier,
            basis=_BASIS[status][0],
            source=_BASIS[status][1],
            paper=PROOF.get(status),
            has_base=status in _IN_A_BASE,
            officers=(2 if status in OUT_OF_TURN else 1) if status.needs_proof else 0,
            lapses=status.needs_certificate,
            assumed=_BASIS[status][2],
        )
        for status in STATUS_ORDER
    )
