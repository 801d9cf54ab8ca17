"""How the children of one room are shared among the groups in it. Pure."""

from collections.abc import Sequence


def shares(capacities: Sequence[int], most: int | None) -> list[int]:
    """How many places each group of a room keeps when together they may have no more than `most`; None: no limit.

    Shared by the capacities that they have, the largest remainder first, each with one place at least while there are
    enough for that; a group that none is left for has 0.
    """
    total = sum(capacities)
    if most is None or total <= most:
        return list(capacities)
    whole = [capacity * most // total for capacity in capacities]
    by_remainder = sorted(range(len(capacities)), key=lambda one: (-(capacities[one] * most % total), one))
    for one in by_remainder[: most - sum(whole)]:
        whole[one] += 1
    for empty in [one for one, places in enumerate(whole) if not places]:
        largest = max(range(len(whole)), key=lambda one: (whole[one], -one))
        if whole[largest] > 1:
            whole[largest] -= 1
            whole[empty] = 1
    return whole
