"""The two calls of eGov Mobile as JSON: what the telephone is told, and what it brings back. Pure.

Call 1: who asks, until when, and where the documents are. Call 2: the documents; the same form with signatures comes back.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from balabaqsha.kernel.time import local
from balabaqsha.signatures import verifier

PDF = "@file/pdf"
# The document is not sent back: the portal has it, and only the signature is of interest.
_METHOD = "CMS_SIGN_ONLY"
_ONLY = 1


@dataclass(frozen=True)
class Organisation:
    """Who asks for the signature, as the telephone shows it."""

    names: Mapping[str, str]
    bin: str


def code_text(address: str) -> str:
    """What the QR code says: eGov Mobile knows its own errands by the scheme."""
    return f"mobileSign:{address}"


def deep_link(address: str) -> str:
    """The link that opens the application on the same telephone."""
    link = quote(address, safe="")
    return f"https://m.egov.kz/mobileSign?link={link}&isi=1476128386&ibi=kz.egov.mobile&apn=kz.mobile.mgov"


def first_answer(
    *, titles: Mapping[str, str], expires_at: datetime, organisation: Organisation, uri: str, token: str
) -> dict[str, Any]:
    """The answer to call 1."""
    return {
        "description": titles["kk"],
        "expiry_date": local(expires_at).isoformat(timespec="milliseconds"),
        "organisation": {
            "nameKz": organisation.names["kk"],
            "nameRu": organisation.names["ru"],
            "nameEn": organisation.names["en"],
            "bin": organisation.bin,
        },
        "document": {"uri": uri, "auth_type": "Token", "auth_token": token},
    }


def documents(*, titles: Mapping[str, str], content: bytes, media_type: str) -> dict[str, Any]:
    """The answer to call 2: one document, its bytes in base64."""
    file = {"mime": media_type, "data": base64.b64encode(content).decode()}
    named = {"nameKz": titles["kk"], "nameRu": titles["ru"], "nameEn": titles["en"]}
    return {"signMethod": _METHOD, "documentsToSign": [{"id": _ONLY, **named, "meta": [], "document": {"file": file}}]}


def read_signature(body: bytes) -> bytes:
    """The signature in what the telephone brought back; raises SignatureUnreadable."""
    try:
        (signed,) = json.loads(body)["documentsToSign"]
        identity, text = signed["id"], signed["document"]["file"]["data"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise verifier.SignatureUnreadable(reason="answer of the telephone") from None
    if identity != _ONLY or not isinstance(text, str):
        raise verifier.SignatureUnreadable(reason="another document")
    return verifier.read_posted(text)
