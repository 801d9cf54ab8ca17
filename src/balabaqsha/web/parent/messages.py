"""«Хабарламалар»: the inbox with the fate of each SMS, and the log of what was done in the account."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, seen_application, signed_in, signed_in_parent
from balabaqsha.applications.models import Application
from balabaqsha.kernel.actor import Role
from balabaqsha.locale import texts as all_texts
from balabaqsha.notifications import actions, queries
from balabaqsha.record import queries as record
from balabaqsha.record.queries import Event
from balabaqsha.web.kit import acting, pages, texts
from balabaqsha.web.parent import frame

_PAGE = 20
# The acts that mean something to whoever did them; each has the text log.<act>.
LOGGED = (
    "account-registered",
    "counter-opened",
    "counter-closed",
    "signed-in",
    "signed-out",
    "session-ended",
    "sessions-ended",
    "password-changed",
    "password-recovered",
    "login-chosen",
    "phone-changed",
    "phone-added",
    "phone-ended",
    "email-confirmed",
    "person-kept",
    "second-factor-set",
    "second-factor-ended",
    "recovery-code-used",
    "contacts-changed",
    "channels-chosen",
    "language-chosen",
    "role-switched",
    "trust-given",
    "trust-accepted",
    "trust-declined",
    "trust-revoked",
    "trust-given-up",
    "guardian-claimed",
    "child-added",
    "photo-changed",
    "paper_attached",
    "form-consent",
    "form-told",
    "status-asked",
    "status-told",
    "conclusion-consent",
    "conclusion-told",
    "conclusion-attached",
    "paper_removed",
    "draft-started",
    "draft-dropped",
    "apply",
    "link_application",
    "unlink_application",
    "claim_benefit",
    "drop_benefit",
    "withdraw",
    "confirm_interest",
    "decline",
    "restore",
    "extend",
    "choose",
    "unchoose",
    "join_waiting_list",
    "leave_waiting_list",
    "accept_offer",
    "fill_contract",
    "attach_paper",
    "sign_by_parent",
    "leave",
)


@access(signed_in_parent)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """«Кіріс»: every message, the new ones marked; seeing the page makes them read."""
    person_id, page = request.actor.person_id, pages.page_of(request)
    found = queries.inbox(
        person_id, language=texts.language(), base_url=settings.BASE_URL, first=(page - 1) * _PAGE, count=_PAGE
    )
    seen = _in_sight(request, [entry.application_number for entry in found if entry.application_number])
    letters = [_letter(entry, seen) for entry in found]
    total = queries.count(person_id)
    if any(entry.is_new for entry in found):
        actions.read_messages(person_id=person_id, now=request.now)
    pager = pages.pager(request, page=page, total=total, size=_PAGE)
    return _page(request, "inbox", letters=letters, pager=pager, total=total)


def _in_sight(request: HttpRequest, numbers: list[str]) -> set[str]:
    """Those of the numbers whose page the reader may open: the sight of a linked application may have ended."""
    rows = seen_application.scope(request.actor, Application.objects.filter(number__in=numbers))
    return set(rows.values_list("number", flat=True)) if numbers else set()


def _letter(entry: queries.InboxEntry, seen: set[str]) -> dict[str, Any]:
    number = entry.application_number
    return {
        "icon": "bell" if entry.is_new else "mail",
        "text": entry.text,
        "at": entry.at,
        "unread": entry.is_new,
        "delivery": texts.say(f"sms-state.{entry.sms}") if entry.sms else "",
        "url": reverse("application.page", args=[number]) if number in seen else "",
        "about": f"№ {number}" if number else "",
    }


@access(signed_in)
@require_GET
def log(request: HttpRequest) -> HttpResponse:
    """«Пайдаланушы журналы»: what was done in this account, in plain words."""
    person_id, page = request.actor.person_id, pages.page_of(request)
    whose = {"person_id": person_id, "account_id": request.actor.account_id, "acts": LOGGED}
    events = record.log_of(**whose, first=(page - 1) * _PAGE, count=_PAGE)
    total = record.count_log_of(**whose)
    pager = pages.pager(request, page=page, total=total, size=_PAGE)
    persons = acting.cards_of(event.actor for event in events)
    return _page(request, "log", events=[_event(event, person_id, persons) for event in events], pager=pager)


def _event(event: Event, reader: int, persons: acting.Cards) -> dict[str, Any]:
    title = texts.say(f"log.{event.act}")
    kind = event.facts.get("kind", "")
    if event.act in {"paper_attached", "paper_removed", "attach_paper"} and all_texts.knows(f"paper.{kind}"):
        title = f"{title}: {texts.say(f'paper.{kind}')}"
    if event.act == "signed-in" and "way" in event.facts:
        title = f"{title}: {texts.say('way.' + event.facts['way'])}"
    if event.act in {"role-granted", "role-ended"}:
        title = f"{title}{_role(event)}"
    if event.act == "contacts-opened":
        title = f"{title}: {texts.say('contact-reason.' + event.facts['because'])}"
    title = _both_named(title, event, reader, persons)
    return {"at": event.at, "title": title, "who": "", "tone": "warn" if event.act == "sign-in-failed" else ""}


def _both_named(title: str, event: Event, reader: int, persons: acting.Cards) -> str:
    """An act on somebody's behalf names the other of the two to each of them."""
    officer = event.actor.get("officer")
    if officer is not None:
        return texts.say("counter.log", title=title, name=persons[officer].full_name)
    giver, doer = event.actor.get("for"), event.actor.get("person")
    if giver is None:
        return title
    key, other = ("log.by-trusted", doer) if reader == giver else ("log.for-parent", giver)
    return texts.say(key, title=title, name=persons[other].full_name)


def _role(event: Event) -> str:
    role = event.facts.get("role")
    return f": {texts.say(f'role.{role}')}" if role else ""


def _page(request: HttpRequest, tab: str, **context: Any) -> HttpResponse:
    names = {"inbox": "parent.messages", "log": "messages.log"}
    if request.actor.role is not Role.PARENT:
        # Staff have no inbox here; the log of their account they have.
        return frame.page(request, f"messages_{tab}", texts.say(f"messages.tab-{tab}"), tabs=[], **context)
    tabs = [
        {"text": texts.say(f"messages.tab-{name}"), "url": reverse(page), "current": name == tab, "count": None}
        for name, page in names.items()
    ]
    return frame.page(request, f"messages_{tab}", texts.say("messages.title"), tabs=tabs, **context)
