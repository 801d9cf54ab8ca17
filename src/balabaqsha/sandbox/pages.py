"""The pages of the sandbox: systems and their modes, telephones, letters. Plain HTML, every value escaped."""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import parse_qsl, quote

from balabaqsha.kernel.time import local
from balabaqsha.sandbox.http import Request, Response, plain, see_other
from balabaqsha.sandbox.messages import MOST_KEPT, Message, Messages, Way
from balabaqsha.sandbox.modes import Behaviour, Mode, Systems
from balabaqsha.sandbox.population import Population
from balabaqsha.sandbox.words import WORDS, both, kk

_HERE = Path(__file__).parent
_NAMES = {"phones": "phones-base"}
_MENU = (
    ("/", "systems"),
    ("/phones", "phones"),
    ("/mail", "mail"),
    ("/authority", "authority"),
    ("/egov-mobile", "phone-app"),
)


def page(title: str, main: str, *, status: int = 200, live: bool = False) -> Response:
    """A whole page; `title` is a key of the words, a live page renews itself where scripts run."""
    menu = "".join(f'<a href="{path}">{both(key)}</a>' for path, key in _MENU)
    script = '<script src="/refresh.js" defer></script>' if live else ""
    html = (
        f'<!doctype html><html lang="kk"><head><meta charset="utf-8"><title>{kk(title)} – {kk("title")}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="/style.css">{script}</head><body>'
        f'<header><p class="brand">{both("title")}</p><nav aria-label="{kk("title")}">{menu}</nav>'
        f'<p class="note">{both("made-up")}</p></header>'
        f"<main><h1>{both(title)}</h1>{main}</main></body></html>"
    )
    return Response(status, "text/html; charset=utf-8", html.encode())


class Pages:
    """The functions behind the addresses."""

    def __init__(self, *, systems: Systems, messages: Messages, population: Population) -> None:
        self._systems = systems
        self._messages = messages
        self._population = population

    def home(self, request: Request) -> Response:  # noqa: ARG002 - every route gets the request
        """Each system, its mode and the form that changes it."""
        cards = "".join(self._card(name, behaviour) for name, behaviour in self._systems.all().items())
        return page(
            "systems", f'<p>{both("persons")}: <b>{len(self._population)}</b></p><ul class="messages">{cards}</ul>'
        )

    def set_mode(self, request: Request, name: str) -> Response:
        """Take the form of one system."""
        fields = dict(parse_qsl(request.body.decode("ascii", "replace")))
        if name not in self._systems.all() or fields.get("mode") not in set(Mode):
            return plain(400, "no such system or mode")
        self._systems.set(name, mode=Mode(fields["mode"]))
        return see_other("/")

    def phones(self, request: Request) -> Response:  # noqa: ARG002 - every route gets the request
        """The telephones that got messages, the latest first."""
        latest: dict[str, list[Message]] = {}
        for message in self._messages.find(way=Way.SMS, limit=MOST_KEPT):
            latest.setdefault(message.to, []).append(message)
        items = "".join(
            f'<li><a href="/phones/{quote(phone)}">{escape(phone)}</a> '
            f"<span>{len(found)}</span><p>{escape(found[0].text)}</p>{_time(found[0])}</li>"
            for phone, found in latest.items()
        )
        return page("phones", _list(items, "/phones"), live=True)

    def phone(self, request: Request, number: str) -> Response:  # noqa: ARG002 - every route gets the request
        """The messages of one telephone."""
        found = self._messages.find(way=Way.SMS, to=number)
        back = f'<p><a href="/phones">{both("all-phones")}</a></p><h2>{escape(number)}</h2>'
        return page("messages", back + _list(_bubbles(found), f"/phones/{quote(number)}"), live=True)

    def mail(self, request: Request) -> Response:  # noqa: ARG002 - every route gets the request
        """The letters of everybody."""
        items = "".join(
            f"<li><h2>{escape(letter.subject)}</h2><p>{both('to')}: {escape(letter.to)} · "
            f"{both('from')}: {escape(letter.sender)}</p><pre>{escape(letter.text)}</pre>{_time(letter)}</li>"
            for letter in self._messages.find(way=Way.EMAIL)
        )
        return page("mail", _list(items, "/mail"), live=True)

    def _card(self, name: str, behaviour: Behaviour) -> str:
        words = _NAMES.get(name, name)
        # An option can hold no elements, so the languages stand apart by a stroke.
        options = "".join(
            f'<option value="{mode}"{" selected" if mode is behaviour.mode else ""}>{" / ".join(WORDS[mode])}</option>'
            for mode in Mode
        )
        return (
            f'<li class="system"><div><h2>{both(words)}</h2><p><b data-mode="{behaviour.mode}">{both(behaviour.mode)}</b></p>'
            f"<p>{both('asked')}: {behaviour.asked}</p></div>"
            f'<form method="post" action="/systems/{name}"><label for="mode-{name}">{both("mode")}</label>'
            f'<select id="mode-{name}" name="mode">{options}</select><button>{both("change")}</button></form></li>'
        )


def static(request: Request) -> Response:
    """The style and the script of the pages."""
    kind = "text/css" if request.path.endswith(".css") else "text/javascript"
    return Response(200, f"{kind}; charset=utf-8", (_HERE / request.path.lstrip("/")).read_bytes())


def _list(items: str, address: str) -> str:
    again = f'<p><a href="{address}">{both("refresh")}</a></p>'
    return again + (f'<ul class="messages">{items}</ul>' if items else f"<p>{both('no-messages')}</p>")


def _bubbles(messages: Iterable[Message]) -> str:
    return "".join(
        f"<li><p><b>{escape(message.sender)}</b></p><p>{escape(message.text)}</p>{_time(message)}</li>"
        for message in messages
    )


def _time(message: Message) -> str:
    moment = local(datetime.fromisoformat(message.at))
    return f'<time datetime="{escape(message.at)}">{moment:%d.%m.%Y %H:%M:%S}</time>'
