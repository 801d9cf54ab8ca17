"""What follows every way in: the session under a new key, then the page that the person was going to."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import override

from balabaqsha.accounts import entrance, queries, rules, sessions
from balabaqsha.accounts.factors import queries as factors
from balabaqsha.accounts.proof import term
from balabaqsha.accounts.visits import actions as visits
from balabaqsha.accounts.visits import devices
from balabaqsha.web.kit import menus, texts

# As long as browsers keep a cookie at all.
_MARK_SECONDS = 400 * 24 * 60 * 60
# A key is a thing and a password in one; the bar's persons are made up, and there is no bar outside the demonstration.
_WHOLE = frozenset({entrance.Way.EDS, entrance.Way.DEMONSTRATION})
SECOND = "entering.second"


def welcome(request: HttpRequest, entered: entrance.Entered, *, remember: bool, target: str = "") -> HttpResponse:
    """Start the session of whoever has just proven who they are and lead them on; staff show a second factor first."""
    if needs_second(entered):
        return redirect("signin.second" if hold_for_second(request, entered, target) else "signin.second-set")
    return admit(request, entered, remember=remember, target=target)


def admit(request: HttpRequest, entered: entrance.Entered, *, remember: bool, target: str = "") -> HttpResponse:
    """Start the session, all steps being done, and lead on."""
    mark = begin(request, entered, remember=remember)
    answer = redirect(target or _in_their_language(request, entered.language))
    keep_mark(answer, mark)
    return answer


def keep_mark(answer: HttpResponse, mark: str) -> None:
    """Let the browser keep the mark by which it is known again."""
    answer.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        mark,
        max_age=_MARK_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def needs_second(entered: entrance.Entered) -> bool:
    """Whether the first step alone does not let in: a role of staff, and no key of EDS."""
    return entered.way not in _WHOLE and factors.is_needed(entered.account_id)


def hold_for_second(request: HttpRequest, entered: entrance.Entered, target: str) -> bool:
    """Keep in the session that the first step is done; returns whether the account has a second factor to show."""
    # Under a new key: whoever knew the old one would only have to guess the second code.
    request.session.flush()
    request.session[SECOND] = {
        "account": entered.account_id,
        "number": entered.session_number,
        "way": entered.way.value,
        "at": request.real_now.timestamp(),
        "next": target,
    }
    return factors.has_one(entered.account_id)


def begin(request: HttpRequest, entered: entrance.Entered, *, remember: bool) -> str:
    """Start the session of whoever has just entered, under a new key, and let this request go on as theirs.

    Returns the mark by which this browser is known again.
    """
    kept = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    mark = kept if devices.is_mark(kept) else devices.new_mark()
    until = rules.after(request.real_now, term("login.remembered", request.now)) if remember else None
    until = None if entered.role in rules.STAFF else until
    agent = request.headers.get("User-Agent", "")
    visit_id = visits.open_visit(
        account_id=entered.account_id,
        device=devices.device(mark=mark, agent=agent, address=request.address),
        way=entered.way.value,
        remembered_until=until,
        quiet=entered.way is entrance.Way.DEMONSTRATION,
        now=request.now,
        real_now=request.real_now,
    )
    sessions.begin(
        request.session,
        account_id=entered.account_id,
        grant_id=entered.grant_id,
        session_number=entered.session_number,
        role=entered.role,
        visit_id=visit_id,
        whole=entered.way in _WHOLE or "second" in entered.facts,
        remembered_until=until,
        real_now=request.real_now,
    )
    rotate_token(request)
    entrance.note(entered, now=request.now)
    request.account = queries.entry(
        account_id=entered.account_id, grant_id=entered.grant_id, visit_id=visit_id, now=request.now
    )
    request.actor = request.account.actor
    return mark


def home_of(request: HttpRequest) -> str:
    """Where whoever is signed in begins: applications for a parent, the first errand for staff."""
    pages = {link.key: link.url for link in menus.cabinet(request)}
    return pages.get("parent.applications") or next(iter(pages.values()), "") or reverse("parent.switch-role")


def _in_their_language(request: HttpRequest, language: str) -> str:
    """The first page; whoever came by the address without a language gets the one they chose for good."""
    spoken = texts.language()
    with override(language if spoken == "kk" else spoken):
        return home_of(request)
