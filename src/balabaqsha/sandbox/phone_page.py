"""The page on which a visitor of the demonstration plays the telephone: what is asked, whose key signs."""

from collections.abc import Callable
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx

from balabaqsha.kernel.iin import Iin, WrongIin
from balabaqsha.sandbox.authority import authority as authorities
from balabaqsha.sandbox.authority.profile import Holder, Usage
from balabaqsha.sandbox.http import Request, Response, Route, route
from balabaqsha.sandbox.pages import page
from balabaqsha.sandbox.phone import Phone, Refused, address_in
from balabaqsha.sandbox.population import Population
from balabaqsha.sandbox.words import WORDS, both

# The telephone of the demonstration asks its own machine only.
_HOME = frozenset({"127.0.0.1", "localhost", "::1"})


class PhonePage:
    """GET shows what the code asks for, POST signs it with the key of the person who is named."""

    def __init__(self, *, population: Population, folder: Path, clock: Callable[[], datetime]) -> None:
        self._population = population
        self._folder = folder
        self._clock = clock

    def paths(self) -> list[Route]:
        """The routes."""
        return [route("GET", "/egov-mobile", self.show), route("POST", "/egov-mobile", self.sign)]

    def show(self, request: Request) -> Response:
        """The code's address, the name of the document, and the fields of the signer."""
        link = request.query.get("link", "")
        told = ""
        if link:
            try:
                told = f"<p><b>{escape(str(self._opened(link)))}</b></p>"
            except (Refused, httpx.HTTPError, ValueError) as problem:
                return _said(f"<p>{escape(str(problem))}</p>", status=400)
        return _said(told + _form(link))

    def sign(self, request: Request) -> Response:
        """Sign with a key of the IIN; the portal's answer is shown as it is."""
        typed = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        try:
            link, key = _own(typed.get("link", "")), self._key(typed)
            reply = Phone().sign(link, key, signed_at=self._clock())
        except (Refused, httpx.HTTPError, ValueError, KeyError) as problem:
            return _said(f"<p>{escape(str(problem))}</p>{_form(typed.get('link', ''))}", status=400)
        if reply.status != httpx.codes.OK:
            return _said(f"<p>{escape(str(reply.fields.get('message', reply.status)))}</p>", status=400)
        return _said(f"<p>{both('phone-signed')}</p>")

    def _opened(self, link: str) -> str:
        told = Phone().open(_own(link))
        return f"{told['organisation']['nameKz']}: {told['description']}"

    def _key(self, typed: dict[str, str]) -> authorities.Key:
        try:
            iin = Iin.parse(typed.get("iin", ""))
        except WrongIin as wrong:
            raise ValueError(f"iin: {wrong.reason}") from None
        person = self._population.person(iin.text)
        organisation_bin = typed.get("bin", "")
        if organisation_bin and not (len(organisation_bin) == len(iin.text) and organisation_bin.isdecimal()):
            raise ValueError("bin: 12 digits")
        holder = Holder(
            iin=iin.text,
            surname=person.surname if person else "СЫНАҚ",
            given_name=person.given_name if person else "АДАМ",
            patronymic=person.patronymic if person else "",
            bin=organisation_bin,
            organisation="СЫНАҚ ҰЙЫМЫ" if organisation_bin else "",
        )
        authority = authorities.open_or_found(self._folder, now=self._clock())
        return authority.issue(holder, Usage(typed.get("usage", "SIGN")))


def _own(link: str) -> str:
    """The link, if it leads to this machine; raises ValueError."""
    parts = urlsplit(address_in(link))
    if parts.scheme not in {"http", "https"} or parts.hostname not in _HOME:
        raise ValueError("link: an address of this machine")
    return link


def _form(link: str) -> str:
    fields = "".join(
        f'<div class="field"><label for="{name}">{both(name)}</label><input id="{name}" name="{name}"{more}></div>'
        for name, more in (("iin", ' required inputmode="numeric" maxlength="12"'), ("bin", ' maxlength="12"'))
    )
    # An option can hold no elements, so the languages stand apart by a stroke.
    usages = "".join(
        f'<option value="{usage}">{" / ".join(WORDS[f"usage-{usage}"])}</option>' for usage in ("SIGN", "AUTH")
    )
    return (
        f'<form method="post" action="/egov-mobile"><div class="field"><label for="link">{both("phone-link")}</label>'
        f'<input id="link" name="link" required value="{escape(link)}"></div>{fields}'
        f'<div class="field"><label for="usage">{both("usage")}</label>'
        f'<select id="usage" name="usage">{usages}</select></div><button>{both("phone-sign")}</button></form>'
    )


def _said(main: str, *, status: int = 200) -> Response:
    return page("phone-app", main, status=status)
