"""Any stretch of the merged order is made of one stretch of each tier."""

from hypothesis import given
from hypothesis import strategies as some

from balabaqsha.law.lists import Tier
from balabaqsha.line import rules

counts = some.integers(min_value=0, max_value=30)


@given(
    line=some.builds(rules.Standing, counts, counts, counts),
    cycle=some.builds(rules.Cycle, some.integers(1, 3), some.integers(1, 4)),
    slot=some.integers(min_value=0, max_value=1),
    first=some.integers(min_value=1, max_value=100),
    size=some.integers(min_value=1, max_value=50),
)
def test_the_tiers_of_a_stretch_have_exactly_its_places(line, cycle, slot, first, size):
    found = [
        rules.place(tier, ahead, line=line, slot=slot, cycle=cycle)
        for tier in Tier
        for ahead in rules.stretch(tier, first, first + size - 1, line=line, slot=slot, cycle=cycle)
    ]

    assert sorted(found) == [place for place in range(first, first + size) if place <= line.waiting]
