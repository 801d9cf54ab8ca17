"""What every page knows: languages, menus, who is signed in, the mode of the portal."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix

from balabaqsha.kernel.actor import ANONYMOUS, Role
from balabaqsha.locale.texts import LANGUAGES, say_in
from balabaqsha.people import queries as people
from balabaqsha.web.kit import menus, texts


@dataclass(frozen=True)
class Language:
    """An entry of the language switch; `url` is this same page in that language."""

    code: str
    name: str
    short: str
    url: str
    current: bool


class Site:
    """The surroundings of a page; each part is worked out when a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def language(self) -> str:
        return texts.language()

    @cached_property
    def languages(self) -> list[Language]:
        return [
            Language(
                code=code,
                name=say_in(code, "header.language"),
                short=say_in(code, "language.short"),
                url=in_language(self._request.get_full_path(), code),
                current=code == texts.language(),
            )
            for code in LANGUAGES
        ]

    @cached_property
    def nav(self) -> list[menus.Link]:
        return menus.links(self._request, menus.PUBLIC)

    @cached_property
    def for_parents(self) -> list[menus.Link]:
        return menus.links(self._request, menus.FOR_PARENTS)

    @cached_property
    def open_data(self) -> list[menus.Link]:
        return menus.links(self._request, menus.OPEN_DATA)

    @cached_property
    def about(self) -> list[menus.Link]:
        return menus.links(self._request, menus.ABOUT)

    @cached_property
    def menu(self) -> list[menus.Link]:
        return menus.cabinet(self._request)

    @cached_property
    def tabbar(self) -> list[menus.Link]:
        return [link for link in self.menu if link.short]

    @cached_property
    def signed_in(self) -> bool:
        return getattr(self._request, "actor", ANONYMOUS).role not in {
            Role.ANONYMOUS,
            Role.SYSTEM,
        }

    @cached_property
    def cabinet_url(self) -> str:
        """The first page of the cabinet: applications for a parent, else the first entry of the menu."""
        preferred = {link.key: link.url for link in self.menu}
        return preferred.get("parent.applications") or next(iter(preferred.values()), "")

    @cached_property
    def home_url(self) -> str:
        return menus.address("nav.home") or in_language("/", texts.language())

    @cached_property
    def sign_in_url(self) -> str:
        return menus.address("header.sign-in")

    @cached_property
    def sign_up_url(self) -> str:
        return menus.address("header.sign-up")

    @cached_property
    def sign_out_url(self) -> str:
        return menus.address("site.sign-out")

    @cached_property
    def person_name(self) -> str:
        """The short name of whoever is signed in, as `accounts` put it on the request."""
        return getattr(self._request, "person_name", "")

    @cached_property
    def role(self) -> str:
        """The role in which the person acts, for the header; whoever has but one needs no name for it."""
        account = getattr(self._request, "account", None)
        several = account is not None and account.roles > 1
        return texts.say(f"role.{account.actor.role}") if several else ""

    @cached_property
    def counter(self) -> dict[str, Any] | None:
        """The bar of an officer who serves a family at the counter: for whom, until when, the way to end it."""
        account = getattr(self._request, "account", None)
        if account is None or account.actor.counter is None:
            return None
        person = people.person_card(account.actor.person_id).full_name
        left = account.counter_ends_at - self._request.real_now
        minutes = max(1, round(left.total_seconds() / 60))
        return {"text": texts.say("counter.bar", name=person, n=minutes), "url": menus.address("counter.end")}

    @cached_property
    def roles_url(self) -> str:
        return menus.address("parent.switch-role")

    @cached_property
    def location(self) -> Any:
        """What the chooser of a region shows: `name`, `action`, `choices` (code, name, current); or nothing."""
        return getattr(self._request, "location", None)

    @cached_property
    def demonstration(self) -> bool:
        return getattr(settings, "MODE", "demonstration") == "demonstration"

    @cached_property
    def egov_mobile(self) -> bool:
        """Whether a telephone with eGov Mobile may sign here."""
        return bool(settings.EGOV_MOBILE_BIN)

    @cached_property
    def no_key_files(self) -> bool:
        """Whether a key file may not be opened in a page."""
        return not settings.KEY_FILES


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `site` in every template."""
    return {"site": Site(request)}


def in_language(path: str, code: str) -> str:
    """The address of the same page in the language: Kazakh has no prefix, others have /ru/ and /en/."""
    root = get_script_prefix()
    rest = path.removeprefix(root)
    head, _, tail = rest.partition("/")
    if head in LANGUAGES:
        rest = tail
    return f"{root}{rest}" if code == "kk" else f"{root}{code}/{rest}"
