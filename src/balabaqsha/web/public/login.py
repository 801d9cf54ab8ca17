"""Signing in by a name and a password, signing out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from balabaqsha.accounts import actions, entrance, sessions
from balabaqsha.accounts.access import access, public
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import targets
from balabaqsha.web.public import entering
from balabaqsha.web.public.forms import SignInForm


@sensitive_post_parameters()
@access(public)
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The page that asks who is there."""
    if request.account is not None and request.method == "GET":
        return redirect(entering.home_of(request))
    target = targets.asked_for(request)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            entered = entrance.enter(
                name=form.cleaned_data["who"],
                password=form.cleaned_data["password"],
                address=request.address,
                now=request.now,
                real_now=request.real_now,
            )
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            return entering.welcome(request, entered, remember=form.cleaned_data["remember"], target=target)
    ended = request.session.pop("ended", False)
    return render(request, "public/login.html", {"form": form, "next": target, "ended": ended})


@access(public)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session here; others of the account go on."""
    leave(request)
    return redirect("header.sign-in")


def leave(request: HttpRequest) -> None:
    """End the session of this request, if it is anybody's."""
    if request.account is not None:
        visit_id = sessions.visit_of(request.session)
        actions.sign_out(actor=request.actor, visit_id=visit_id, now=request.now, real_now=request.real_now)
    request.session.flush()
