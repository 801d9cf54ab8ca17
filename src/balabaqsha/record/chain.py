"""The hash chain over the journal: how one entry is bound to all before it."""

import hashlib
import json

from balabaqsha.record.models import JournalEntry

GENESIS = bytes(32)


def canonical(row: JournalEntry) -> bytes:
    """The exact bytes of an entry that the chain binds."""
    content = [row.pk, row.at.timestamp(), row.act, row.actor, row.territory_code, row.application_id, row.facts]
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def link(previous: bytes, row: JournalEntry) -> bytes:
    """The digest that stands for this entry and all sealed before it."""
    return hashlib.sha256(previous + canonical(row)).digest()
