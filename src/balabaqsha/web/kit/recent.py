"""What everybody sees alike is made once for all who ask within a second, while the portal is busy.

A quiet portal shows every number as it stands at this very moment; a busy one at most a second later, and the page says
the moment at which it was counted.
"""

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar, cast

from balabaqsha.web.kit.texts import language

_SECONDS = 1.0
_AT_MOST = 500

Made = TypeVar("Made")

_busy: ContextVar[bool] = ContextVar("busy", default=False)
_made: dict[Hashable, tuple[float, object]] = {}


@contextmanager
def busy(is_busy: bool) -> Iterator[None]:
    """Within the block the portal counts as busy, or not."""
    before = _busy.set(is_busy)
    try:
        yield
    finally:
        _busy.reset(before)


def shared(make: Callable[[], Made], *key: Hashable) -> Made:
    """What `make` returns, perhaps made for somebody else less than a second ago.

    It must be the same for everybody with this key and the language of the page, and nobody may change it.
    """
    if not _busy.get():
        return make()
    now = time.monotonic()
    found = _made.get((language(), *key))
    if found is None or now - found[0] >= _SECONDS:
        if len(_made) >= _AT_MOST:
            _made.clear()
        found = _made[language(), *key] = now, make()
    return cast("Made", found[1])
