"""The frame of every act: first what fell due happens, then the act itself, whole or not at all."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from django.db import IntegrityError, OperationalError, transaction
from psycopg import errors

from balabaqsha.journeys import sweep
from balabaqsha.journeys._case import Busy

Answer = TypeVar("Answer")

_LOST_THE_RACE = (errors.LockNotAvailable, errors.DeadlockDetected, errors.UniqueViolation)


def or_busy(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """A lock that does not come, or a constraint that a rival met first, is the refusal Busy."""

    @wraps(function)
    def perform(**arguments: Any) -> Answer:
        try:
            return function(**arguments)
        except (OperationalError, IntegrityError) as error:
            if isinstance(error.__cause__, _LOST_THE_RACE):
                raise Busy from error
            raise

    return perform


def act(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """Make a keyword-only function an act on `application_id`, and on `group_id` where it has one.

    Lets what fell due in them happen first, in transactions of its own, then runs the function in one durable
    transaction. May refuse with Busy (`or_busy`).
    """

    @or_busy
    @wraps(function)
    def perform(
        *, now: datetime, application_id: int | None = None, group_id: int | None = None, **rest: Any
    ) -> Answer:
        known = {"application_id": application_id, "group_id": group_id}
        arguments = rest | {name: value for name, value in known.items() if value is not None}
        sweep.catch_up(now=now, application_id=application_id, group_ids=[] if group_id is None else [group_id])
        with transaction.atomic(durable=True):
            return function(now=now, **arguments)

    return perform
