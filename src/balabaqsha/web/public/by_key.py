"""Signing in by EDS: the key of sign-in signs a one-time text, the owner is shown, then «Кіру»."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balabaqsha.accounts import actions
from balabaqsha.accounts.access import access, public
from balabaqsha.accounts.eds import actions as challenges
from balabaqsha.accounts.eds import checking
from balabaqsha.accounts.eds.checking import Owner
from balabaqsha.accounts.models import Challenge
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.locale.texts import LANGUAGES, say_in
from balabaqsha.people import queries as people
from balabaqsha.signatures.mobile.rules import LIFE as PHONE_LIFE
from balabaqsha.signatures.models import SignaturePurpose
from balabaqsha.web.kit import phone, refusals, targets
from balabaqsha.web.public import entering
from balabaqsha.web.public.register import SIGN_UP

# The program of the national authority listens on the visitor's own machine.
_LAYER = "wss://127.0.0.1:13579"
_ASKED, _CHECKED = "entering.challenge", "entering.owner"
# Between the check of the key and «Кіру»: time to read a name, not to leave the machine.
_CHECKED_LIFE = timedelta(minutes=5)


@access(public)
@require_http_methods(["GET", "POST"])
@csp_update({"connect-src": ["'self'", _LAYER]})
def sign_in(request: HttpRequest) -> HttpResponse:
    """The panel with which the key signs; takes what was signed."""
    if request.account is not None:
        return redirect(entering.home_of(request))
    target, status = targets.asked_for(request), ""
    if request.method == "POST":
        try:
            if phone.is_asked(request):
                return phone.begin(request, wanted(request))
            owner = _check(request)
        except Refusal as refusal:
            status = refusals.explain(request, refusal)
        else:
            keep_owner(request, owner, target=target)
            return redirect("signin.eds-owner")
    action = reverse("signin.eds") + (f"?{urlencode({'next': target})}" if target else "")
    context = {
        "action": action,
        "content_url": reverse("signin.eds-challenge"),
        "purpose": "auth",
        "authorities": "any" if settings.MODE == "demonstration" else "",
        "stamped": False,
        "status": status,
    }
    return render(request, "public/by_key.html", context)


@access(public)
@require_GET
@never_cache
def challenge(request: HttpRequest) -> HttpResponse:
    """A fresh text to sign, bound to this session; the earlier one stops counting."""
    try:
        made = ask(request)
    except Refusal:
        return HttpResponse(status=429)
    return HttpResponse(bytes(made.content), content_type="application/json")


def ask(request: HttpRequest) -> Challenge:
    """A fresh challenge for the session of this request; raises TooManyAttempts."""
    actions.count_tries(tries=checking.tries_of(request.address), real_now=request.real_now)
    if not request.session.session_key:
        request.session.create()
    made = challenges.make_challenge(
        session_key=request.session.session_key, audience=settings.BASE_URL, real_now=request.real_now
    )
    request.session[_ASKED] = made.id
    return made


def keep_owner(request: HttpRequest, owner: Owner, *, target: str = "") -> None:
    """Keep whose key was checked, for «Кіру», under a new key of the session."""
    # Whoever knew the key of this session before has proven nothing.
    request.session.cycle_key()
    request.session[_CHECKED] = {"owner": asdict(owner), "at": request.real_now.timestamp(), "next": target}


@access(public)
@require_GET
def owner(request: HttpRequest) -> HttpResponse:
    """Whose key it is, before anything is entered; without an account, the way to registration."""
    checked = checked_owner(request)
    if checked is None:
        return redirect("signin.eds")
    found = checking.account_of(checked, now=request.now)
    return render(request, "public/by_key_owner.html", {"owner": checked, "known": found is not None})


@access(public)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """«Кіру»: begin the session of the owner, or lead to registration with the checked IIN."""
    checked = checked_owner(request)
    if checked is None:
        return redirect("signin.eds")
    if checking.account_of(checked, now=request.now) is None:
        begin_sign_up(request, checked)
        return redirect("header.sign-up")
    target = request.session[_CHECKED]["next"]
    try:
        entered = checking.enter(checked, now=request.now)
    except Refusal as refusal:
        # An account that has lost its last role.
        messages.error(request, refusals.explain(request, refusal))
        return redirect("header.sign-in")
    if challenges.note_first(account_id=entered.account_id, now=request.now) and not _has_email(checked):
        # Whoever enters by key alone may have no telephone here: an address is asked for, once.
        target = reverse("profile.email") + (f"?{urlencode({'next': target})}" if target else "")
    return entering.welcome(request, entered, remember=False, target=target)


def begin_sign_up(request: HttpRequest, checked: Owner) -> None:
    """Let registration begin with the checked IIN."""
    kept = request.session.get(SIGN_UP.key, {})
    request.session[SIGN_UP.key] = {"iin": checked.iin, "phone": kept.get("phone", "")}


def _has_email(owner: Owner) -> bool:
    person_id = people.person_id_of(owner.iin)
    return person_id is not None and bool(people.contacts(person_id).email)


def wanted(request: HttpRequest) -> phone.Wanted:
    """A one-time text for the telephone, to be taken at the address of this request; it lives as long as the QR code."""
    text = challenges.text_to_sign(
        audience=settings.BASE_URL, expires_at=request.real_now + PHONE_LIFE, real_now=request.real_now
    )
    titles = {language: say_in(language, "eds.phone-title") for language in LANGUAGES}
    return phone.Wanted(purpose=SignaturePurpose.AUTH, content=text, titles=titles, back=request.get_full_path())


def _check(request: HttpRequest) -> Owner:
    if "errand" in request.POST:
        content, cms = phone.taken(request)
        return checking.judge(content=content, cms=cms, now=request.now)
    return check(request, request.POST.get("cms", ""))


def check(request: HttpRequest, cms: str) -> Owner:
    """Whose key answered the challenge of this session, which is used up; raises as `checking.check_answer`."""
    return checking.check_answer(
        challenge_id=request.session.pop(_ASKED, 0),
        session_key=request.session.session_key or "",
        posted=cms,
        now=request.now,
        real_now=request.real_now,
    )


def checked_owner(request: HttpRequest) -> Owner | None:
    """Whose key was checked in this session a moment ago."""
    kept: dict[str, Any] | None = request.session.get(_CHECKED)
    if kept is None or request.real_now.timestamp() - kept["at"] >= _CHECKED_LIFE.total_seconds():
        return None
    return Owner(**kept["owner"])
