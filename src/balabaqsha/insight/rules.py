"""Distances and the drawn map. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import asin, ceil, cos, hypot, radians, sin, sqrt

_EARTH_KM = 6371.0088
WIDTH, HEIGHT = 560, 420
_MARGIN = 40
_APART = 60.0
_ROUNDS = 120


@dataclass(frozen=True)
class Point:
    """A place on earth, in degrees."""

    latitude: float
    longitude: float


def distance_km(one: Point, other: Point) -> float:
    """The straight way between two points, in kilometres."""
    a, b = radians(one.latitude), radians(other.latitude)
    across = radians(other.longitude - one.longitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(across / 2) ** 2
    return 2 * _EARTH_KM * asin(sqrt(half))


def centre(points: Sequence[Point]) -> Point:
    """The middle of some points; at least one is needed."""
    count = len(points)
    return Point(sum(point.latitude for point in points) / count, sum(point.longitude for point in points) / count)


def on_map(points: Sequence[Point]) -> list[tuple[int, int]]:
    """Where the points lie on a drawing of WIDTH by HEIGHT: north up, true proportions, pins moved apart just enough."""
    if not points:
        return []
    middle = centre(points)
    shrink = cos(radians(middle.latitude))
    flat = [((p.longitude - middle.longitude) * shrink, middle.latitude - p.latitude) for p in points]
    scale = min(
        (WIDTH / 2 - _MARGIN) / max(*(abs(x) for x, _ in flat), 1e-6),
        (HEIGHT / 2 - _MARGIN) / max(*(abs(y) for _, y in flat), 1e-6),
    )
    return _apart([(WIDTH / 2 + x * scale, HEIGHT / 2 + y * scale) for x, y in flat])


def _apart(places: list[tuple[float, float]]) -> list[tuple[int, int]]:
    """Push pins that cover each other apart, the same way every time."""
    moved = list(places)
    for _ in range(_ROUNDS):
        before = list(moved)
        for i in range(len(moved)):
            for j in range(i):
                moved[i], moved[j] = _pushed(moved[i], moved[j], i)
        # Every further round would leave them where they are.
        if moved == before:
            break
    return [(ceil(x), ceil(y)) for x, y in moved]


def _pushed(
    one: tuple[float, float], other: tuple[float, float], turn: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    dx, dy = one[0] - other[0], one[1] - other[1]
    gap = hypot(dx, dy)
    if gap >= _APART:
        return one, other
    if gap < 1:
        dx, dy, gap = (1.0, 0.0, 1.0) if turn % 2 else (0.0, 1.0, 1.0)
    step = (_APART - gap) / 2
    by = (dx / gap * step, dy / gap * step)
    return _inside(one[0] + by[0], one[1] + by[1]), _inside(other[0] - by[0], other[1] - by[1])


def _inside(x: float, y: float) -> tuple[float, float]:
    return min(max(x, _MARGIN), WIDTH - _MARGIN), min(max(y, _MARGIN), HEIGHT - _MARGIN)
