"""Counts over whole territories, made at most once a minute and told with the moment at which they were made."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.core.cache import cache

Counted = TypeVar("Counted")
FRESH = timedelta(minutes=1)


def counted(key: str, count: Callable[[datetime], Counted], *, now: datetime) -> tuple[Counted, datetime]:
    """What `count` gives, and as of which moment: of now, or of up to a minute ago.

    After the demonstration's clock has jumped it is counted anew. Each web process keeps its own.
    """
    kept: tuple[Counted, datetime] | None = cache.get(key)
    if kept is None or not kept[1] <= now < kept[1] + FRESH:
        kept = (count(now), now)
        cache.set(key, kept, FRESH.total_seconds())
    return kept
