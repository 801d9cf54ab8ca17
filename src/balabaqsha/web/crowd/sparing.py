"""Who does not wait: staff, and families one of whose terms ends within the hour (docs/decisions/crowd.md)."""

import logging
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.db import Error
from django.db.models import Q

from balabaqsha.accounts import clock, rules, sessions
from balabaqsha.admissions import queries as admissions
from balabaqsha.applications import queries as applications
from balabaqsha.web.crowd.rules import DUE_SECONDS

_log = logging.getLogger(__name__)

_SOON = timedelta(seconds=DUE_SECONDS)


def is_spared(session_key: str, *, real_now: datetime) -> bool:
    """Whether the person of this session goes in at once. Three queries, when a number is drawn and every few minutes."""
    try:
        return _is_spared(session_key, real_now)
    except Error:
        _log.warning("whether somebody may go in at once cannot be read", exc_info=True)
        return False


def _is_spared(session_key: str, real_now: datetime) -> bool:
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    found = sessions.glance(session)
    if found is None:
        return False
    account_id, role = found
    return role in rules.STAFF or ends_soon(Q(applicant__account=account_id), now=clock.shifted(real_now))


def ends_soon(whose: Q, *, now: datetime) -> bool:
    """Whether a term that one of these applications must keep ends within the hour. At most two queries."""
    return applications.has_term_ending(whose, since=now, until=now + _SOON) or admissions.has_offer_ending(
        whose, since=now, until=now + _SOON
    )
