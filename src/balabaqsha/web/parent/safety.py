"""«Қауіпсіздік»: where the account is open, and by what it is entered."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from balabaqsha.accounts import entrance, queries, sessions
from balabaqsha.accounts.access import access, signed_in
from balabaqsha.accounts.actions import SignInFailed
from balabaqsha.accounts.contacts import actions as contacts
from balabaqsha.accounts.factors import actions as factors
from balabaqsha.accounts.factors import queries as factor_queries
from balabaqsha.accounts.visits import actions as visits
from balabaqsha.accounts.visits import queries as visit_queries
from balabaqsha.accounts.visits.actions import NoSuchVisit
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import queries as people
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts
from balabaqsha.web.parent import frame
from balabaqsha.web.parent.forms import LoginForm, PresentForm


@access(signed_in)
@require_http_methods(["GET", "POST"])
def safety(request: HttpRequest) -> HttpResponse:
    """Open sessions, the name to enter by, the password."""
    form = LoginForm(frame.posted(request), initial={"login": queries.login_of(request.account.account_id)})
    if request.method == "POST" and form.is_valid():
        try:
            contacts.choose_login(actor=request.actor, login=form.cleaned_data["login"], now=request.now)
        except Refusal as refusal:
            kit.blame(form, refusal, "login")
        else:
            messages.success(request, texts.say("profile.saved"))
            return redirect("profile.safety")
    return _page(request, form=form)


@sensitive_post_parameters()
@access(signed_in)
@require_POST
def end_second(request: HttpRequest) -> HttpResponse:
    """Let the application of the second factor go; whoever only found the machine open does not know the password."""
    form = PresentForm(request.POST)
    if form.is_valid():
        try:
            entrance.check_password(
                actor_iin=people.iin_of(request.actor.person_id),
                password=form.cleaned_data["present"],
                address=request.address,
                now=request.now,
                real_now=request.real_now,
            )
        except SignInFailed:
            form.add_error("present", "profile.present-wrong")
        except Refusal as refusal:
            kit.blame(form, refusal)
    if form.errors:
        return _page(request, present=form)
    factors.end_factor(actor=request.actor, now=request.now)
    messages.success(request, texts.say("safety.second-ended"))
    return redirect("profile.safety")


@access(signed_in)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End one session, or all but this one."""
    asked, this = request.POST.get("visit", ""), sessions.visit_of(request.session)
    when: dict[str, Any] = {"now": request.now, "real_now": request.real_now}
    if asked == "others":
        visits.end_others(actor=request.actor, visit_id=this, **when)
        messages.success(request, texts.say("safety.others-ended"))
        return redirect("profile.safety")
    try:
        visits.end_visit(actor=request.actor, visit_id=_number(asked), **when)
    except NoSuchVisit:
        # Another tab ended it, or it is somebody else's: it stands on no list.
        messages.warning(request, texts.say("safety.not-there"))
    else:
        messages.success(request, texts.say("safety.ended"))
    return redirect("profile.safety")


def _page(request: HttpRequest, *, form: LoginForm | None = None, present: PresentForm | None = None) -> HttpResponse:
    account_id = request.account.account_id
    context = {
        "form": form or LoginForm(initial={"login": queries.login_of(account_id)}),
        "present": present or PresentForm(),
        "visits": _visits(request),
        "second": factor_queries.has_one(account_id),
        "codes_left": factor_queries.recovery_codes_left(account_id),
    }
    return frame.page(request, "safety", texts.say("profile.safety"), **context)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004 - more digits than any id has
        raise Http404
    return int(text)


def _visits(request: HttpRequest) -> list[visit_queries.LiveVisit]:
    return visit_queries.live(
        account_id=request.account.account_id,
        visit_id=sessions.visit_of(request.session),
        real_now=request.real_now,
    )
