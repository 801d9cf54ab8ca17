"""The sandbox's telephone with eGov Mobile, for tests that ask the portal without a network."""

import base64
import re
from collections.abc import Mapping
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client

from balabaqsha.sandbox.phone import Phone, Reply


def phone() -> Phone:
    """A telephone that is nobody's session."""
    client = Client()

    def ask(method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        answer = client.generic(method, urlsplit(url).path, body, headers={**headers}, content_type="application/json")
        return Reply(answer.status_code, answer.content)

    return Phone(ask=ask)


def link_on(page: HttpResponse) -> str:
    """The link on the page that opens the application: it holds the address that the QR code holds."""
    return unescape(re.search(r'href="(https://m\.egov\.kz/[^"]+)"', page.content.decode()).group(1))


def content(documents: Mapping[str, Any]) -> bytes:
    """The bytes of the one document."""
    return base64.b64decode(documents["documentsToSign"][0]["document"]["file"]["data"])
