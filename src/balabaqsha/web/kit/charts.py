"""Charts that the server draws: numbers in, coordinates and written values out. Each has its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, log10

from balabaqsha.locale import written
from balabaqsha.web.kit import texts

_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 341, 20, 170
_MOST_LABELS = 6
# Columns and rows of the tile map: the regions of the Republic about where they lie.
_TILES: dict[str, tuple[int, int]] = {
    "59": (3, 0), "27": (0, 1), "39": (2, 1), "11": (3, 1), "71": (4, 1), "55": (5, 1),
    "23": (0, 2), "15": (1, 2), "62": (3, 2), "35": (4, 2), "10": (5, 2), "63": (6, 2),
    "47": (0, 3), "43": (2, 3), "61": (3, 3), "31": (4, 3), "19": (5, 3), "33": (6, 3),
    "79": (3, 4), "75": (5, 4),
}  # fmt: skip


@dataclass(frozen=True)
class Series:
    """One line: its name and one value for every month."""

    name: str
    values: Sequence[int | float]


@dataclass(frozen=True)
class Line:
    name: str
    points: str
    area: str


@dataclass(frozen=True)
class Mark:
    x: str
    y: str
    text_y: str
    text: str


@dataclass(frozen=True)
class Row:
    name: str
    values: Sequence[str]


@dataclass(frozen=True)
class LineChart:
    """What ui/chart_line.html prints."""

    id: str
    title: str
    description: str
    axis: str
    lines: Sequence[Line]
    ticks: Sequence[Mark]
    months: Sequence[Mark]
    rows: Sequence[Row]
    peak: Mark | None


@dataclass(frozen=True)
class Bar:
    name: str
    width: str
    text: str


@dataclass(frozen=True)
class BarChart:
    """What ui/chart_bars.html prints."""

    title: str
    axis: str
    unit: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Region:
    """One region of the tile map; `code` is the first two digits of its KATO code."""

    code: str
    short: str
    name: str
    value: int | float
    url: str


@dataclass(frozen=True)
class Tile:
    url: str
    short: str
    name: str
    written: str
    level: int
    x: int
    y: int
    middle: str
    name_y: int
    value_y: int
    current: bool


@dataclass(frozen=True)
class Step:
    level: int
    text: str


@dataclass(frozen=True)
class TileMap:
    """What ui/tile_map.html prints."""

    title: str
    unit: str
    tiles: Sequence[Tile]
    legend: Sequence[Step]


def line_chart(
    *,
    id: str,
    title: str,
    description: str,
    months: Sequence[str],
    series: Sequence[Series],
) -> LineChart:
    """One or two lines over months; `months` are written names. The description says the chart in a sentence."""
    top = _round_up(max((value for line in series for value in line.values), default=0))
    xs = [_LEFT + (_RIGHT - _LEFT) * place / max(1, len(months) - 1) for place in range(len(months))]
    lines = [_line(one, xs, top) for one in series]
    every = ceil(len(months) / _MOST_LABELS)
    return LineChart(
        id=id,
        title=title,
        description=description,
        axis=texts.say("chart.month"),
        lines=lines,
        ticks=[_tick(top * part / 3, top) for part in range(4)],
        months=[_mark(xs[place], 0, 0, months[place]) for place in range(0, len(months), every)],
        rows=[
            Row(name=month, values=[_say(line.values[place]) for line in series]) for place, month in enumerate(months)
        ],
        peak=_peak(series[0], xs, top) if series and series[0].values else None,
    )


def bar_chart(*, title: str, axis: str, unit: str, values: Sequence[tuple[str, int | float]]) -> BarChart:
    """Bars in the order given; the longest value fills the width."""
    longest = max((value for _, value in values), default=0) or 1
    return BarChart(
        title=title,
        axis=axis,
        unit=unit,
        bars=[Bar(name=name, width=f"{100 * value / longest:.1f}", text=_say(value)) for name, value in values],
    )


def tile_map(
    *,
    title: str,
    unit: str,
    regions: Sequence[Region],
    steps: Sequence[int],
    current: str = "",
) -> TileMap:
    """The regions as tiles; four `steps` divide the values into five levels; `current` is the code of one's own."""
    return TileMap(
        title=title,
        unit=unit,
        tiles=[_tile(region, steps, region.code == current) for region in regions if region.code in _TILES],
        legend=[Step(level=level, text=text) for level, text in _legend(steps).items()],
    )


def _line(series: Series, xs: Sequence[float], top: float) -> Line:
    points = " ".join(f"{x:.1f},{_y(value, top):.1f}" for x, value in zip(xs, series.values, strict=True))
    return Line(
        name=series.name,
        points=points,
        area=f"{xs[0]:.1f},{_BOTTOM} {points} {xs[-1]:.1f},{_BOTTOM}",
    )


def _tick(value: float, top: float) -> Mark:
    y = _y(value, top)
    return Mark(x="30", y=f"{y:.1f}", text_y=f"{y + 4:.1f}", text=_say(round(value)))


def _peak(series: Series, xs: Sequence[float], top: float) -> Mark:
    place = max(range(len(series.values)), key=lambda index: series.values[index])
    y = _y(series.values[place], top)
    return _mark(xs[place], y, y - 10, _say(series.values[place]))


def _mark(x: float, y: float, text_y: float, text: str) -> Mark:
    return Mark(x=f"{x:.1f}", y=f"{y:.1f}", text_y=f"{text_y:.1f}", text=text)


def _y(value: float, top: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * value / top


def _round_up(value: float) -> float:
    """The least number of the form 3, 6, 9, 12, 15 or 30 times a power of ten that is not below the value."""
    if value <= 3:  # noqa: PLR2004 - so few need no steps
        return 3
    power: int = 10 ** max(0, int(log10(value)) - 1)
    return next(step * power for step in (3, 6, 9, 12, 15, 18, 24, 30, 45, 60, 75, 90, 120) if step * power >= value)


def _tile(region: Region, steps: Sequence[int], current: bool) -> Tile:
    column, row = _TILES[region.code]
    x, y = 2 + 51 * column, 2 + 51 * row
    return Tile(
        url=region.url,
        short=region.short,
        name=region.name,
        written=_say(region.value),
        level=1 + sum(region.value >= step for step in steps),
        x=x,
        y=y,
        middle=f"{x + 23.5}",
        name_y=y + 20,
        value_y=y + 36,
        current=current,
    )


def _legend(steps: Sequence[int]) -> Mapping[int, str]:
    between = {place + 1: f"{_say(low)}–{_say(high)}" for place, (low, high) in enumerate(pairwise(steps), 1)}
    return {1: f"< {_say(steps[0])}"} | between | {len(steps) + 1: f"≥ {_say(steps[-1])}"}


def _say(value: float) -> str:
    return written.number(value, texts.language())
