"""Signing in by IIN and password, signing out."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from balabaqsha.accounts import actions, entrance, queries, sessions
from balabaqsha.accounts.access import access, public
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import menus, texts
from balabaqsha.web.kit.context import in_language
from balabaqsha.web.public.forms import SignInForm


@sensitive_post_parameters()
@access(public)
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page that asks who is there."""
    if request.account is not None and request.method == "GET":
        return redirect(home_of(request))
    target = _safe(request.POST.get("next") or request.GET.get("next") or "")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            entered = entrance.enter(
                iin=form.cleaned_data["iin"],
                password=form.cleaned_data["password"],
                address=request.address,
                now=request.now,
                real_now=request.real_now,
            )
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            begin(request, entered, remember=form.cleaned_data["remember"])
            return redirect(target or _in_their_language(request, entered.language))
    ended = request.session.pop("ended", False)
    return render(request, "public/login.html", {"form": form, "next": target, "ended": ended})


@access(public)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here; others of the account go on."""
    if request.account is not None:
        actions.sign_out(actor=request.actor, now=request.now)
    request.session.flush()
    return redirect("header.sign-in")


def begin(request: HttpRequest, entered: entrance.Entered, *, remember: bool) -> None:
    """Start the session of whoever has just entered, under a new key, and let this request go on as theirs."""
    sessions.begin(
        request.session,
        account_id=entered.account_id,
        grant_id=entered.grant_id,
        session_number=entered.session_number,
        role=entered.role,
        remember=remember,
        real_now=request.real_now,
    )
    rotate_token(request)
    request.account = queries.entry(account_id=entered.account_id, grant_id=entered.grant_id)
    request.actor = request.account.actor


def home_of(request: HttpRequest) -> str:
    """Where whoever is signed in begins: applications for a parent, the first errand for staff."""
    pages = {link.key: link.url for link in menus.cabinet(request)}
    return pages.get("parent.applications") or next(iter(pages.values()), "") or reverse("parent.switch-role")


def _in_their_language(request: HttpRequest, language: str) -> str:
    """The first page; whoever came by the address without a language gets the one they chose for good."""
    spoken = texts.language()
    with override(language if spoken == "kk" else spoken):
        return home_of(request)


def _safe(target: str) -> str:
    """The address to go on to, if it is a page of this portal; anything else leads nowhere."""
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None) or not target.startswith("/"):
        return ""
    try:
        resolve(in_language(urlsplit(target).path, texts.language()))
    except Resolver404:
        return ""
    return target
