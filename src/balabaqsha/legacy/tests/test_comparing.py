"""The causes of a different place add up, whatever the list was like."""

from hypothesis import given
from hypothesis import strategies as st

from balabaqsha.legacy.comparing import Carried, Cause, compare


@given(
    before=st.lists(st.integers(1, 40), min_size=1, max_size=25),
    others=st.sets(st.integers(1, 60), max_size=20),
    line=st.lists(st.sampled_from("ab"), min_size=25, max_size=25),
    left_out=st.lists(st.integers(1, 40), max_size=8),
    order=st.randoms(use_true_random=False),
)
def test_the_causes_of_each_place_add_up(before, others, line, left_out, order):
    """Places of the portal's own are taken first, the list's are dealt over the rest in any order."""
    places = {name: [place for place in range(1, 100) if place not in others] for name in "ab"}
    numbers = list(range(len(before)))
    order.shuffle(numbers)
    carried = [Carried(number, line[number], before[number], places[line[number]].pop(0)) for number in numbers]

    told = {one.id: one for one in compare(carried, left_out=left_out)}

    assert len(told) == len(before)
    for one in carried:
        assert sum(moved for _, moved in told[one.id].causes) == one.after - one.before


def test_says_what_each_cause_is():
    rows = [Carried(1, "x", 1, 2), Carried(2, "x", 2, 1), Carried(3, "y", 3, 1), Carried(4, "x", 6, 4)]

    told = {one.id: dict(one.causes) for one in compare(rows, left_out=[4])}

    assert told[1] == {Cause.OVERTAKEN: 1}
    assert told[2] == {Cause.FELL_BEHIND: -1}
    assert told[3] == {Cause.OTHER_LINE: -2}
    assert told[4] == {Cause.OTHERS_AHEAD: 1, Cause.NOT_CARRIED: -1, Cause.OTHER_LINE: -1, Cause.UNLISTED: -1}
