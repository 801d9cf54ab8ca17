"""Keyed digests: what is looked up again but need not be read again."""

from django.utils.crypto import salted_hmac


def subject(*parts: str) -> bytes:
    """What stands for a telephone, an IIN or an address outside `people`."""
    return salted_hmac("balabaqsha.accounts.subject", "\x1f".join(parts), algorithm="sha256").digest()


def code(text: str, owner: bytes) -> bytes:
    """What stands for a code sent to the owner."""
    return salted_hmac("balabaqsha.accounts.code", f"{owner.hex()}:{text}", algorithm="sha256").digest()
