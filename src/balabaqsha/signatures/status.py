"""Whether a certificate was revoked: when the list is enough, when the status service is asked, what both weigh."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.conf import settings

from balabaqsha.gateways import registry
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.signatures import verifier

# Answers of the last minutes by whom they are about: one person signs several papers in a row.
_kept: dict[tuple[bytes, int], tuple[bytes, datetime]] = {}
_MOST_KEPT = 4096


class Policy(StrEnum):
    """LIST_FIRST asks the service where no fresh list is there; STATUS_FIRST asks it always and falls back on the list.

    BOTH must say good; LIST_ONLY never asks. A list or an answer that says «revoked» refuses under every policy.
    """

    LIST_FIRST = "list-first"
    STATUS_FIRST = "status-first"
    BOTH = "both"
    LIST_ONLY = "list-only"


def verify(
    cms: bytes, content: bytes, *, moment: datetime, trust: verifier.TrustStore, **expected: Any
) -> verifier.Verified:
    """Verify under the policy of the settings; `expected` as of `verifier.verify`. Never inside a transaction.

    Raises a subclass of SignatureRefused.
    """
    policy = Policy(settings.SIGNATURE_REVOCATION_POLICY)
    given = {"moment": moment, "trust": trust, **expected}
    if policy in {Policy.STATUS_FIRST, Policy.BOTH}:
        answer = _answer(cms, moment=moment, trust=trust)
        return verifier.verify(cms, content, status_answer=answer, both=policy is Policy.BOTH, **given)
    try:
        return verifier.verify(cms, content, **given)
    except verifier.SignatureNotChecked:
        answer = _answer(cms, moment=moment, trust=trust) if policy is Policy.LIST_FIRST else None
        if answer is None:
            raise
    return verifier.verify(cms, content, status_answer=answer, **given)


def _answer(cms: bytes, *, moment: datetime, trust: verifier.TrustStore) -> bytes | None:
    """A usable answer about the signer, heard a moment ago or now; None where the service is silent or makes no sense."""
    asked = verifier.status_question(cms, moment=moment, trust=trust)
    kept, last = _kept.get(asked.about, (None, None))
    if kept is not None and last is not None and moment <= last:
        return kept
    try:
        answer = registry.status().ask(asked.request)
    except NotAnswering:
        return None
    last = asked.usable_until(answer, moment=moment)
    if last is None:
        return None
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[asked.about] = (answer, last)
    return answer


def forget() -> None:
    """Forget what was heard. For tests."""
    _kept.clear()
