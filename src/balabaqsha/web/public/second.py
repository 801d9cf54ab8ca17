"""The second step of staff: a code of their application or a recovery code; the application set at the first time."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts import entrance, queries
from balabaqsha.accounts.access import access, public
from balabaqsha.accounts.factors import actions as factors
from balabaqsha.accounts.factors import queries as factor_queries
from balabaqsha.accounts.factors import sealing, totp
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import queries as people
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.public import entering
from balabaqsha.web.public.forms import CodeForm, SecondForm

# Between the two steps: time to find the telephone.
_STEP_SECONDS = 10 * 60
_SECRET = "entering.secret"  # noqa: S105 - a name in the session


@sensitive_post_parameters()
@access(public)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """A code of the application, or one of the recovery codes."""
    found = first_step(request)
    if found is None:
        return redirect("header.sign-in")
    if not factor_queries.has_one(found.account_id):
        return redirect("signin.second-set")
    form = SecondForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            factors.take(
                account_id=found.account_id,
                typed=form.cleaned_data["code"],
                address=request.address,
                now=request.now,
                real_now=request.real_now,
            )
        except Refusal as refusal:
            kit.blame(form, refusal, "code")
        else:
            target = request.session[entering.SECOND]["next"]
            return entering.admit(request, entered_by(request, found), remember=False, target=target)
    return render(request, "public/second.html", {"form": form})


@sensitive_post_parameters()
@access(public)
@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Set the application: the picture to scan, a code to prove it, then the recovery codes, once."""
    found = first_step(request)
    if found is None:
        return redirect("header.sign-in")
    if factor_queries.has_one(found.account_id):
        return redirect("signin.second")
    secret = _secret(request, found)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = factors.set_factor(
                account_id=found.account_id,
                secret=secret,
                typed=form.cleaned_data["code"],
                now=request.now,
                real_now=request.real_now,
            )
        except factors.FactorSetAlready:
            return redirect("signin.second")
        except Refusal as refusal:
            kit.blame(form, refusal, "code")
        else:
            return _codes_page(request, found, codes)
    picture = segno.make(_address(secret, found), error="m", micro=False).svg_inline(scale=5, border=4, light="white")
    context = {"form": form, "picture": mark_safe(picture), "secret": totp.as_text(secret)}  # noqa: S308 - drawn by this view, no word of a visitor in it
    return render(request, "public/second_set.html", context)


def _codes_page(request: HttpRequest, found: queries.LogIn, codes: list[str]) -> HttpResponse:
    target = request.session[entering.SECOND]["next"]
    mark = entering.begin(request, entered_by(request, found), remember=False)
    context = {"codes": codes, "onward": target or entering.home_of(request)}
    answer = render(request, "public/second_codes.html", context)
    entering.keep_mark(answer, mark)
    return answer


def first_step(request: HttpRequest) -> queries.LogIn | None:
    """Whose first step was done in this session, a moment ago and with the password that still holds."""
    kept = request.session.get(entering.SECOND)
    if kept is None or request.real_now.timestamp() - kept["at"] >= _STEP_SECONDS:
        return None
    found = queries.log_in_of_account(kept["account"], now=request.now)
    # A role that was taken away meanwhile ends the way here, as a new password does.
    lives = found is not None and found.grant_id is not None and found.session_number == kept["number"]
    return found if lives else None


def entered_by(request: HttpRequest, found: queries.LogIn) -> entrance.Entered:
    """Both steps together, as the session begins."""
    way = entrance.Way(request.session[entering.SECOND]["way"])
    return entrance.enter_account(found, way=way, facts={"second": "TOTP"})


def _secret(request: HttpRequest, found: queries.LogIn) -> bytes:
    """The secret that the page shows; the same one until it is set, so that a wrong code costs no new scan."""
    owner = f"session {found.account_id}"
    kept = sealing.unseal(bytes.fromhex(request.session.get(_SECRET, "")), owner=owner)
    if kept is None:
        kept = factors.new_secret()
        request.session[_SECRET] = sealing.seal(kept, owner=owner).hex()
    return kept


def _address(secret: bytes, found: queries.LogIn) -> str:
    person_id = queries.person_id_of(found.account_id)
    issuer = "Balabaqsha" if settings.MODE == "production" else f"Balabaqsha {settings.MODE}"
    return totp.address(secret, issuer=issuer, name=people.person_card(person_id).short_name)
