"""Where those who were carried over stood before and stand now, and every cause of the difference. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why a place differs; the causes of one application add up to the difference. Label keys `legacy.cause.<value>`."""

    OTHERS_AHEAD = "OTHERS_AHEAD"  # stood in the portal's line before
    OVERTAKEN = "OVERTAKEN"  # of the list, put ahead by their category, tier or moment
    FELL_BEHIND = "FELL_BEHIND"  # of the list, put behind by the same
    NOT_CARRIED = "NOT_CARRIED"  # of the list, left out for a fault
    OTHER_LINE = "OTHER_LINE"  # of the list, stand in the line of another birth year or kind
    UNLISTED = "UNLISTED"  # counted by the earlier system and not in the list


@dataclass(frozen=True)
class Carried:
    """An application of the list: `line` tells its line from others, `after` is None where it stands in none now."""

    id: int
    line: object
    before: int | None
    after: int | None


@dataclass(frozen=True)
class Difference:
    """The two places of one application, and how many places each cause moved it, down the line being more."""

    id: int
    after: int | None
    causes: tuple[tuple[Cause, int], ...]


def compare(carried: Sequence[Carried], *, left_out: Sequence[int]) -> Iterator[Difference]:
    """The difference of each application; `left_out` are the earlier places of the rows with a fault."""
    lines: dict[object, list[Carried]] = {}
    for one in carried:
        lines.setdefault(one.line, []).append(one)
    listed = sorted(one.before for one in carried if one.before is not None)
    absent = sorted(left_out)
    for rows in lines.values():
        yield from _of_a_line(rows, listed, absent)


def _of_a_line(rows: list[Carried], listed: Sequence[int], absent: Sequence[int]) -> Iterator[Difference]:
    standing = sorted((one for one in rows if one.after is not None), key=lambda one: one.after or 0)
    own = sorted(one.before for one in rows if one.before is not None)
    passed = _Counted(own)
    for ahead, one in enumerate(standing):
        if one.before is None or one.after is None:
            yield Difference(one.id, one.after, ())
            continue
        own_before = bisect_left(own, one.before)
        still_ahead = passed.below(own_before)
        causes = {
            Cause.OTHERS_AHEAD: one.after - 1 - ahead,
            Cause.OVERTAKEN: ahead - still_ahead,
            Cause.FELL_BEHIND: still_ahead - own_before,
            Cause.NOT_CARRIED: -bisect_left(absent, one.before),
            Cause.OTHER_LINE: own_before - bisect_left(listed, one.before),
            Cause.UNLISTED: bisect_left(listed, one.before) + bisect_left(absent, one.before) - (one.before - 1),
        }
        yield Difference(one.id, one.after, _told(causes))
        passed.add(own_before)
    for one in rows:
        if one.after is None:
            yield Difference(one.id, None, ())


def _told(causes: Mapping[Cause, int]) -> tuple[tuple[Cause, int], ...]:
    return tuple((cause, moved) for cause, moved in causes.items() if moved)


class _Counted:
    """How many of the earlier places met so far lie below one: a binary indexed tree, as lists have a million rows."""

    def __init__(self, places: Sequence[int]) -> None:
        self._counts = [0] * (len(places) + 1)

    def add(self, rank: int) -> None:
        """Note a place of this rank, from 0."""
        rank += 1
        while rank < len(self._counts):
            self._counts[rank] += 1
            rank += rank & -rank

    def below(self, rank: int) -> int:
        """How many noted places have a smaller rank."""
        count = 0
        while rank:
            count += self._counts[rank]
            rank -= rank & -rank
        return count
