"""Menus by role. An item is a glossary key; the page of the same URL name is where it leads.

An item whose page has no address in this installation is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import get_language

from balabaqsha.kernel.actor import ANONYMOUS, Role
from balabaqsha.territories.regimes import Regime

# More than this a menu does not count out.
MOST_IN_MENU = 999


@dataclass(frozen=True)
class Item:
    """An entry of a menu: its text and URL name, its icon, the short text of the tab bar (empty: not there).

    With a `regime` it is shown where the chosen territory gives places by it.
    """

    key: str
    icon: str
    short: str = ""
    regime: Regime | None = None


@dataclass(frozen=True)
class Link:
    """An entry as the page prints it."""

    key: str
    url: str
    icon: str = ""
    short: str = ""
    current: bool = False
    count: int = 0

    @property
    def more(self) -> bool:
        """Whether there are more than the menu counts out."""
        return self.count > MOST_IN_MENU


PUBLIC = (
    Item("nav.voucher-queue", "ticket"),
    Item("nav.linear-queue", "list-ordered", regime=Regime.LINEAR),
    Item("nav.catalogue", "school"),
    Item("nav.free-places", "door-open"),
    Item("nav.statistics", "chart-column"),
    Item("nav.feedback", "message-circle"),
)
FOR_PARENTS = (
    Item("nav.voucher-queue", ""),
    Item("nav.linear-queue", "", regime=Regime.LINEAR),
    Item("public.benefits", ""),
    Item("nav.refusable", ""),
    Item("nav.questions", ""),
    Item("nav.calendar", ""),
    Item("nav.feedback", ""),
)
OPEN_DATA = (
    Item("nav.free-places", ""),
    Item("nav.protocol", ""),
    Item("nav.statistics", ""),
    Item("nav.rules", ""),
)
ABOUT = (
    Item("nav.check-document", ""),
    Item("nav.accessibility", ""),
    Item("nav.data-policy", ""),
    Item("nav.work-state", ""),
)
PARENT = (
    Item("parent.profile", "user"),
    Item("parent.children", "baby", "tabbar.children"),
    Item("parent.applications", "file-text", "tabbar.applications"),
    Item("parent.waiting-list", "hourglass"),
    Item("parent.contracts", "file-pen-line", "tabbar.contracts"),
    Item("parent.attendance", "calendar-check"),
    Item("parent.meals", "utensils"),
    Item("parent.forecast", "trending-up"),
    Item("parent.messages", "mail", "tabbar.messages"),
    Item("parent.switch-role", "repeat"),
)
KINDERGARTEN = (
    Item("kg.home", "house", "tabbar.today"),
    Item("kg.requests", "file-text", "tabbar.requests"),
    Item("kg.referrals", "ticket"),
    Item("kg.contracts", "file-pen-line", "tabbar.contracts"),
    Item("kg.groups", "users", "tabbar.groups"),
    Item("kg.children", "baby"),
    Item("officer.roles", "users"),
    Item("kg.attendance", "calendar-check", "tabbar.sheet"),
    Item("kg.meals", "utensils"),
    Item("kg.passport", "school"),
    Item("profile.safety", "shield-check"),
    Item("parent.switch-role", "repeat"),
)
OFFICER = (
    Item("officer.home", "house", "tabbar.today"),
    Item("officer.work", "list-ordered"),
    Item("officer.checks", "file-check", "tabbar.checks"),
    Item("officer.counter", "users"),
    Item("officer.guardians", "hand-helping"),
    Item("officer.appeals", "scale"),
    Item("officer.queue", "list-ordered", "tabbar.queue"),
    Item("officer.runs", "play", "tabbar.runs"),
    Item("officer.turns", "ticket"),
    Item("officer.extensions", "calendar-clock"),
    Item("officer.free-choice", "hand-helping"),
    Item("officer.stop-list", "hourglass"),
    Item("officer.contracts", "file-pen-line"),
    Item("officer.feedback", "message-circle"),
    Item("officer.notices", "bell"),
    Item("officer.questions", "circle-help"),
    Item("officer.undelivered", "mail"),
    Item("officer.places", "door-open", "tabbar.places"),
    Item("officer.kindergartens", "school"),
    Item("officer.complaints", "scale"),
    Item("officer.rulebook", "landmark"),
    Item("officer.categories", "list-ordered"),
    Item("officer.rights", "hand-helping"),
    Item("officer.freeze", "calendar-clock"),
    Item("officer.regime", "repeat"),
    Item("officer.lists", "upload"),
    Item("officer.systems", "wifi-off"),
    Item("officer.journal", "file-clock"),
    Item("officer.phones", "phone"),
    Item("officer.roles", "users"),
    Item("officer.reports", "chart-column"),
    Item("profile.safety", "shield-check"),
    Item("parent.switch-role", "repeat"),
)
DOCTOR = (
    Item("doctor.cases", "stethoscope", "tabbar.checks"),
    Item("doctor.opinions", "message-circle", "tabbar.opinions"),
    Item("doctor.decided", "file-check", "tabbar.decided"),
    Item("profile.safety", "shield-check"),
    Item("parent.switch-role", "repeat"),
)
MINISTRY = (
    Item("ministry.home", "house", "tabbar.today"),
    Item("ministry.calendar", "calendar-check"),
    Item("ministry.terms", "landmark"),
    Item("officer.feedback", "message-circle"),
    Item("officer.notices", "bell"),
    Item("officer.questions", "circle-help"),
    Item("officer.roles", "users"),
    Item("officer.reports", "chart-column"),
    Item("profile.safety", "shield-check"),
    Item("parent.switch-role", "repeat"),
)
# Of every workplace.
_OWN = frozenset({"profile.safety", "parent.switch-role"})


def _part(menu: tuple[Item, ...], *keys: str) -> tuple[Item, ...]:
    """These entries of a menu, and what everybody in office has."""
    return tuple(item for item in menu if item.key in _OWN | set(keys))


# On behalf of one parent for one child: what has to be answered and chosen, the waiting lists, the way back.
TRUSTED_PERSON = tuple(
    item for item in PARENT if item.key in {"parent.applications", "parent.waiting-list", "parent.switch-role"}
)
# At the counter: what a family comes for; its account, messages and trust stay its own.
AT_THE_COUNTER = tuple(
    item
    for item in PARENT
    if item.key in {"parent.applications", "parent.children", "parent.waiting-list", "parent.contracts"}
)
BY_ROLE = {
    Role.PARENT: PARENT,
    Role.TRUSTED_PERSON: TRUSTED_PERSON,
    Role.KINDERGARTEN_HEAD: KINDERGARTEN,
    Role.OFFICER: OFFICER,
    Role.DOCTOR: DOCTOR,
    Role.PMPK_OFFICER: DOCTOR,
    Role.EDUCATOR: _part(KINDERGARTEN, "kg.children"),
    Role.INSPECTOR: _part(
        OFFICER,
        "officer.queue",
        "officer.free-choice",
        "officer.stop-list",
        "officer.kindergartens",
        "officer.rulebook",
        "officer.categories",
        "officer.rights",
        "officer.journal",
        "officer.reports",
    ),
    Role.SUPPORT: _part(OFFICER, "officer.feedback", "officer.questions"),
    Role.MINISTRY: MINISTRY,
}


def links(request: HttpRequest, items: Iterable[Item]) -> list[Link]:
    """The items that lead somewhere, the one that holds this page marked, with the counts of `request.menu_counts`."""
    counts = getattr(request, "menu_counts", {})
    found = [(item, address(item.key)) for item in items if item.regime in {None, _regime(request)}]
    here = max(
        (url for _, url in found if url and request.path.startswith(url)),
        key=len,
        default="",
    )
    return [
        Link(
            key=item.key,
            url=url,
            icon=item.icon,
            short=item.short,
            current=url == here,
            count=counts.get(item.key, 0),
        )
        for item, url in found
        if url
    ]


def _regime(request: HttpRequest) -> Regime | None:
    return getattr(getattr(request, "location", None), "regime", None)


def cabinet(request: HttpRequest) -> list[Link]:
    """The side menu of whoever is signed in; empty for others."""
    actor = getattr(request, "actor", ANONYMOUS)
    items = AT_THE_COUNTER if actor.counter else BY_ROLE.get(actor.role, ())
    several = getattr(getattr(request, "account", None), "roles", 1) > 1
    without = getattr(request, "menu_without", frozenset()) | (frozenset() if several else {"parent.switch-role"})
    return links(request, [item for item in items if item.key not in without])


def address(key: str, *arguments: object) -> str:
    """The address of the page with this URL name, or nothing where the portal has no such page."""
    return _address(get_language(), get_script_prefix(), key, arguments)


@lru_cache(maxsize=1_000)
def _address(_language: str | None, _prefix: str, key: str, arguments: tuple[object, ...]) -> str:
    # Menus ask for some thirty addresses on every page.
    try:
        return reverse(key, args=arguments)
    except NoReverseMatch:
        return ""
