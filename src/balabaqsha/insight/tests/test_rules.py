"""Distances and the drawn map."""

from itertools import combinations
from math import hypot

import pytest

from balabaqsha.insight import rules
from balabaqsha.insight.rules import Point


def test_distance_is_that_of_the_globe():
    pavlodar, astana = Point(52.2873, 76.9674), Point(51.1694, 71.4491)

    assert rules.distance_km(pavlodar, astana) == pytest.approx(400, abs=10)
    assert rules.distance_km(astana, astana) == 0


def test_north_is_up_and_pins_never_cover_each_other():
    same = [Point(52.3, 77.0)] * 6
    places = rules.on_map([*same, Point(52.4, 77.0), Point(52.2, 77.1)])

    assert places[-2][1] < places[-1][1]
    assert all(hypot(a[0] - b[0], a[1] - b[1]) > 55 for a, b in combinations(places, 2))
    assert all(0 < x < rules.WIDTH and 0 < y < rules.HEIGHT for x, y in places)


def test_nothing_is_drawn_of_nothing():
    assert rules.on_map([]) == []
