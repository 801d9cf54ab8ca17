"""The hour when places are published: 2,000 signed-in families at once for five minutes, then five times as many.

Each opens home, its applications, the catalogue and the choice in turn, with pauses as people make them. What the portal
cannot serve well it keeps waiting in the order of arrival; nobody may see an error or be overtaken.
"""

import asyncio
import random
import sys
from collections.abc import Sequence

import city
import crowd_town
from crowd_town import Portal
from crowd_visitors import Line, Seen, Wait, overtaken, visit

AT_ONCE, BEYOND = 2_000, 5
SECONDS, COMING_SECONDS = 300.0, 30.0
PAUSE = (5.0, 55.0)
# Another process may have seen the line this much earlier; a page takes its time.
SLACK = 1.0


async def crowd(portal: Portal, families: int, *, seconds: float, pause: tuple[float, float]) -> Seen:
    """So many families come within half a minute and stay."""
    seen, line = Seen(), Line(portal.port)
    rush = random.Random(1)
    visits = [
        visit(
            portal,
            family,
            line,
            seen,
            comes=rush.uniform(0, COMING_SECONDS),
            stays=seconds,
            pause=lambda: random.uniform(*pause),
        )
        for family in portal.families[:families]
    ]
    watch = asyncio.create_task(_watch(seen))
    await asyncio.gather(*visits)
    watch.cancel()
    line.close()
    return seen


async def _watch(seen: Seen) -> None:
    while True:
        await asyncio.sleep(10)
        pages = [second for name, seconds in seen.seconds.items() if name != "static" for second in seconds]
        waiting = sum(wait.entered is None for wait in seen.waits)
        city.say(
            f"  {len(pages)} pages, p95 of the last {percentile(pages[-500:], 95):.0f} ms, "
            f"{waiting} wait, errors {dict(seen.errors)}"
        )


def told(seen: Seen, seconds: float) -> dict[str, object]:
    """The phase in numbers."""
    pages = {name: times for name, times in seen.seconds.items() if name != "static"}
    every = [second for times in pages.values() for second in times]
    in_at_last = [wait for wait in seen.waits if wait.entered is not None]
    return {
        "p95_ms": percentile(every, 95),
        "pages_per_second": round(len(every) / (seconds + COMING_SECONDS), 1),
        "errors": dict(seen.errors),
        "by_page_ms": {
            name: {f"p{share}": percentile(times, share) for share in (50, 95, 99)} for name, times in pages.items()
        },
        "waited": len(seen.waits),
        "got_in": len(in_at_last),
        "waited_s": {
            f"p{share}": percentile([_length(w) for w in in_at_last], share) / 1000 for share in (50, 95, 100)
        },
        "waiting_page_p95_ms": percentile(seen.held_seconds, 95),
        "waiting_pages": len(seen.held_seconds),
        "overtaken": overtaken(seen.waits, seen.at_once, slack=SLACK),
    }


def _length(wait: Wait) -> float:
    return (wait.entered or wait.last) - wait.first


def percentile(seconds: Sequence[float], share: int) -> float:
    """In milliseconds; 0 where nothing was measured."""
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, len(ordered) * share // 100)], 1) if ordered else 0.0


def main() -> None:
    quick = "--quick" in sys.argv
    families = AT_ONCE // 10 if quick else AT_ONCE
    # A tenth of the families, each ten times as hasty: as much to serve, for a fifth of the time.
    pause = (PAUSE[0] / 10, PAUSE[1] / 10) if quick else PAUSE
    seconds = SECONDS / 5 if quick else SECONDS
    with crowd_town.portal(vouchers=families, families=families * BEYOND) as portal:
        alone = asyncio.run(crowd(portal, 1, seconds=10, pause=(0, 0.1)))
        floor = percentile(
            [second for name, times in alone.seconds.items() if name != "static" for second in times], 95
        )
        city.say(f"one family alone: p95 {floor} ms; now {families} families")
        first = told(asyncio.run(crowd(portal, families, seconds=seconds, pause=pause)), seconds)
        city.say(f"{first}\nnow {families * BEYOND} families")
        second = told(asyncio.run(crowd(portal, families * BEYOND, seconds=seconds, pause=pause)), seconds)
    value = float(str(first["p95_ms"]))
    city.answer("crowd", value, "ms", floor=floor, ratio=floor / value, families=families, at_once=first, beyond=second)


main()
