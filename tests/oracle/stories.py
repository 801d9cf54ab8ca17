"""Random stories that aim at the edges: due moments to the second, weekends, birthdays, small terms, few children.

The oracle's own world tells which acts are sensible and when something is due; the same seed tells the same story.
"""

import random
from datetime import date, datetime, timedelta
from typing import Any

from tests.oracle import acts, days, lapses, simulator
from tests.oracle.world import World

# Around these the calendar, the intake year or the age changes.
TURNING_POINTS = (
    "2024-03-05 2024-04-30 2024-05-03 2024-06-28 2024-08-29 2024-09-28 2024-10-23 2024-12-13 2024-12-30 2025-01-03 "
    "2025-03-19 2025-04-29 2025-06-29 2025-08-28 2025-10-01 2026-02-27 2026-05-06 2026-06-30 2026-08-31 2026-12-15 2027-02-26"
).split()
CORRECTIONS = ("speech", "vision")
# Which values a story may give a term; numbers near nought and near one another bring terms together.
OVERRIDES: dict[str, tuple[Any, ...]] = {
    "voucher.confirm": (0, 1, 3),
    "voucher.choose_and_sign": (0, 1, 2),
    "voucher.extension": (0, 1, 5),
    "voucher.min_age": (0, 12, 24, 36),
    "voucher.restore_within": (0, 1, 3),
    "turn.min_age": (0, 1, 3),
    "turn.choose": (0, 1, 2),
    "free_choice.collect": (0, 2, 3),
    "referral.validity": (0, 1, 2),
    "referral.give_back": (0, 1, 48),
    "referral.pause_after_give_back": (0, 2, 4),
    "referral.extension_max": (0, 3),
    "referral.papers_time": (0, 1),
    "stop_list.length": (0, 1, 3),
    "referral.misses_to_remove": (0, 1, 3),
    "private_place.min_age": (0, 2, 4),
    "waiting_list.answer": (0, 2, 3),
    "contract.least_time_with_family": (0, 2, 3),
    "certificate.validity": (0, 2),
}


def story(seed: int, *, regime: str) -> dict[str, Any]:
    """The story of this seed."""
    chance = random.Random(seed)  # noqa: S311 - the same seed must tell the same story
    start = date.fromisoformat(chance.choice(TURNING_POINTS)) + timedelta(days=chance.randint(-1, 3))
    kindergartens = _kindergartens(chance, chance.sample(_birth_years(start), k=chance.choice((1, 1, 1, 1, 1, 2))))
    years = [group["birth_year"] for kindergarten in kindergartens for group in kindergarten["groups"]]
    told: dict[str, Any] = {
        "territory": {"code": "551010000" if regime == "voucher" else "553600000", "regime": regime},
        "terms": _terms(chance, regime),
        "calendar": _calendar(chance, start),
        "kindergartens": kindergartens,
    }
    settlements = [k["settlement"] for k in kindergartens if "settlement" in k]
    cast = acts.Cast(chance, regime, years, start, settlements, size=chance.choice((2, 4, 5, 6, 7)))
    at = datetime.combine(start, datetime.min.time(), days.ALMATY) + timedelta(
        minutes=chance.choice((0, 540, 601, 930))
    )
    told["steps"] = list(cast.opening(at))
    world = simulator.begin(told)
    for step in told["steps"]:
        simulator.attempt(world, step)
        cast.has_done(step)
    for _ in range(chance.choice((10, 15, 20, 20, 30, 45))):
        told["steps"].append(_next_step(chance, cast, world))
        cast.has_done(told["steps"][-1])
    return told


def _birth_years(start: date) -> list[int]:
    """Ages of the kindergarten; who ages out soon only before September."""
    return [start.year - age for age in ((2, 3, 4, 6, 6) if start.month == 8 else (1, 2, 3, 3, 4, 5))]


def _terms(chance: random.Random, regime: str) -> dict[str, Any]:
    terms = {code: chance.choice(values) for code, values in OVERRIDES.items() if chance.random() < 0.08}
    if regime == "linear" and chance.random() < 0.4:
        terms["free_choice.mode"] = "sealed"
    return terms


def _calendar(chance: random.Random, start: date) -> dict[str, list[str]]:
    near = [start + timedelta(days=day) for day in range(-1, 20)]
    changed = chance.sample(near, k=chance.choice((0, 0, 0, 2, 5)))
    off = sum(chance.random() < 0.5 for _ in changed)
    return {"days_off": [str(day) for day in changed[:off]], "working_days": [str(day) for day in changed[off:]]}


def _kindergartens(chance: random.Random, years: list[int]) -> list[dict[str, Any]]:
    made = []
    for number in range(1, chance.choice((2, 3, 3))):
        groups = [
            _group(chance, f"K{number}.{letter}", chance.choice(years), 0.1)
            for letter in "abc"[: chance.choice((1, 1, 2, 2, 3))]
        ]
        kindergarten: dict[str, Any] = {
            "id": f"K{number}",
            "ownership": chance.choice(("state", "state", "state", "private")),
        }
        if chance.random() < 0.3:
            kindergarten["settlement"] = chance.choice(("Kenzhekol", "Moyildy"))
        made.append(kindergarten | {"groups": groups})
    return made


def _group(chance: random.Random, name: str, year: int, special: float) -> dict[str, Any]:
    capacity = chance.choice((1, 1, 2, 2, 3))
    return {
        "id": name,
        "birth_year": year,
        "language": chance.choice(("kk", "ru")),
        "capacity": capacity,
        "correction": chance.choice(CORRECTIONS) if chance.random() < special else None,
        "published": chance.choice((0, 1, 1, capacity)),
    }


def _next_step(chance: random.Random, cast: acts.Cast, world: World) -> dict[str, Any]:
    """A step that most often the oracle accepts; a refused one changes nothing, so another may be tried."""
    at = _moment(chance, world)
    if chance.random() < 0.15:
        step = cast.some(world, at)
        simulator.attempt(world, step)
        return step
    while True:
        for step in cast.wished(world, at):
            if simulator.attempt(world, step) is None:
                return step
        at = _moment(chance, world)


def _moment(chance: random.Random, world: World) -> datetime:
    """The same second, some time later, or a due moment to the second."""
    later = world.now + chance.choice(
        (
            timedelta(),
            timedelta(seconds=1),
            timedelta(minutes=7),
            timedelta(minutes=30),
            timedelta(hours=1),
            timedelta(hours=3),
            timedelta(hours=9),
            timedelta(days=1),
        )
    )
    due = sorted({moment for moment in lapses.moments(world) if moment >= world.now})
    if not due or chance.random() < 0.8:
        return later
    aimed = due[0] if chance.random() < 0.7 else chance.choice(due[:4])
    if (aimed - world.now).days > 200:
        return later
    return max(world.now, aimed + timedelta(seconds=chance.choice((-1, 0, 0, 1, 1, 3600))))
