"""Counts over whole territories, made once in some seconds and told with the moment at which they were made."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.core.cache import cache

Counted = TypeVar("Counted")
# Short enough to be "as it stands now", long enough to serve a crowd.
FRESH = timedelta(seconds=5)


def counted(key: str, count: Callable[[datetime], Counted], *, now: datetime) -> tuple[Counted, datetime]:
    """What `count` gives, and as of which moment: of now, or of up to five seconds ago.

    After the demonstration's clock has jumped it is counted anew. Each web process keeps its own.
    """
    kept: tuple[Counted, datetime] | None = cache.get(key)
    if kept is None or not kept[1] <= now < kept[1] + FRESH:
        kept = (count(now), now)
        cache.set(key, kept, FRESH.total_seconds())
    return kept
