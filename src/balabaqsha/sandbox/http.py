"""Requests and answers of the sandbox, and how a path finds its function."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request, read whole; header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """One answer."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class HangUp(Exception):
    """The connection ends without an answer."""


Answerer = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """A method, a pattern of the whole path and the function that gets the request and the pattern's groups."""

    method: str
    pattern: re.Pattern[str]
    answer: Answerer


def route(method: str, pattern: str, answer: Answerer) -> Route:
    """A route by its pattern as text."""
    return Route(method, re.compile(pattern), answer)


def dispatch(routes: list[Route], request: Request) -> Response:
    """The answer of the first route that fits; HEAD is answered as GET."""
    method = "GET" if request.method == "HEAD" else request.method
    other_method = False
    for candidate in routes:
        found = candidate.pattern.fullmatch(request.path)
        if found and candidate.method == method:
            return candidate.answer(request, **found.groupdict())
        other_method = other_method or bool(found)
    return plain(405 if other_method else 404, "method not allowed" if other_method else "not found")


def plain(status: int, text: str) -> Response:
    """An answer of one line, or of none."""
    return Response(status, "text/plain; charset=utf-8", f"{text}\n".encode() if text else b"")


def as_json(status: int, value: Any) -> Response:
    """An answer for programs."""
    return Response(status, "application/json", json.dumps(value, ensure_ascii=False).encode())


def see_other(address: str) -> Response:
    """Go on to another page after a form."""
    return Response(303, "text/plain; charset=utf-8", b"", {"Location": address})
