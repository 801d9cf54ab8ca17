"""Sealing of secrets that have to be read again: a copy of the database alone opens none."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.crypto import salted_hmac

_NONCE = 12


def seal(secret: bytes, *, owner: str) -> bytes:
    """The secret as it is kept; `owner` binds it to its row."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_key()).encrypt(nonce, secret, owner.encode())


def unseal(kept: bytes, *, owner: str) -> bytes | None:
    """The secret, or None where there is none, the key has changed or the row was exchanged."""
    if len(kept) <= _NONCE:
        return None
    try:
        return AESGCM(_key()).decrypt(kept[:_NONCE], kept[_NONCE:], owner.encode())
    except InvalidTag:
        return None


def _key() -> bytes:
    return salted_hmac("balabaqsha.accounts.factors", "key", algorithm="sha256").digest()
