"""Jobs of the signatures."""

import logging
from datetime import UTC, datetime

from django.conf import settings
from procrastinate.contrib.django import app

from balabaqsha.gateways import registry
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.signatures import actions, verifier

logger = logging.getLogger(__name__)


@app.periodic(cron="*/15 * * * *")
@app.task(name="signatures.refresh_revocation_lists", queueing_lock="signatures.refresh_revocation_lists")
def refresh_revocation_lists(timestamp: int) -> None:
    """Fetch the revocation lists of all pinned authorities; `timestamp` is the second for which the job was due."""
    refresh(now=datetime.fromtimestamp(timestamp, UTC))


def refresh(*, now: datetime) -> int:
    """Fetch and keep each list; returns how many could not be had. A silent server does not keep the others waiting."""
    failed = 0
    for address in settings.SIGNATURE_REVOCATION_LISTS:
        try:
            content = registry.revocation().fetch(address)
            actions.store_revocation_list(content=content, actor=SYSTEM, now=now)
        except (NotAnswering, verifier.UnusableList) as error:
            failed += 1
            logger.warning("revocation list of %s: %s", address, error)
    return failed
