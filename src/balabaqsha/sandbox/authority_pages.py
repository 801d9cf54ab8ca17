"""The development authority's files and lists, and the page on which a key file is asked for."""

from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from balabaqsha.sandbox.authority import authority
from balabaqsha.sandbox.authority.routes import routes as authority_routes
from balabaqsha.sandbox.http import Request, Response, Route, plain, route
from balabaqsha.sandbox.modes import Systems
from balabaqsha.sandbox.pages import page
from balabaqsha.sandbox.words import WORDS, both

_FIELDS = {
    "iin": True,
    "surname": True,
    "given_name": True,
    "patronymic": False,
    "bin": False,
    "organisation": False,
}
"""The fields of a key's holder, and whether they are required."""


def authority_paths(*, folder: Path, systems: Systems, clock: Callable[[], datetime], address: str) -> list[Route]:
    """The routes under /authority. The lists obey the behaviour of the system `revocation`.

    `address` is that of the sandbox: the certificates name it as the place of their lists.
    """
    answers = authority_routes(folder, clock=clock, address=address)

    def answer(request: Request) -> Response:
        given = answers[request.path](request.query)
        name = given.file_name
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"} if name else {}
        return Response(given.status, given.content_type, given.body, headers)

    def served(request: Request) -> Response:
        if request.path.endswith(".crl"):
            return systems.behave("revocation", lambda: answer(request))
        return answer(request)

    def status(request: Request) -> Response:
        authority_now = authority.open_or_found(folder, now=clock(), address=address)
        try:
            told = authority_now.status(request.body, now=clock())
        except ValueError:
            return plain(400, "no request of the status service")
        return Response(200, "application/ocsp-response", told)

    files = [path for path in answers if path != "/authority/key"]
    shown = _page(files)
    return [
        route("GET", "/authority", lambda request: shown),  # noqa: ARG005 - every route gets the request
        route("POST", "/authority/ocsp", lambda request: systems.behave("status", lambda: status(request))),
        *(route("GET", path.replace(".", r"\."), served) for path in answers),
    ]


def _page(files: list[str]) -> Response:
    links = "".join(f'<li><a href="{escape(path)}">{escape(path.rpartition("/")[2])}</a></li>' for path in files)
    fields = "".join(
        f'<div class="field"><label for="{name}">{both(name)}</label>'
        f'<input id="{name}" name="{name}"{" required" if required else ""}></div>'
        for name, required in _FIELDS.items()
    )
    # An option can hold no elements, so the languages stand apart by a stroke.
    usages = "".join(
        f'<option value="{usage}">{" / ".join(WORDS[f"usage-{usage}"])}</option>' for usage in ("SIGN", "AUTH")
    )
    return page(
        "authority",
        f"<h2>{both('files')}</h2><ul>{links}</ul><h2>{both('get-key')}</h2>"
        f"<p>{both('password')}: <code>{escape(authority.PASSWORD)}</code></p>"
        f'<form action="/authority/key">{fields}<div class="field"><label for="usage">{both("usage")}</label>'
        f'<select id="usage" name="usage">{usages}</select></div><button>{both("get-key")}</button></form>',
    )
