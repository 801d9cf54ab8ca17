"""The person's telephones: a new main one, a further one, and letting one go."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from balabaqsha.accounts import actions, proof, queries
from balabaqsha.accounts.access import access, parent_desk, signed_in_parent
from balabaqsha.accounts.contacts import actions as contacts
from balabaqsha.accounts.models import Purpose
from balabaqsha.accounts.rules import CodeTooSoon
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import queries as people_queries
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import refusals, texts
from balabaqsha.web.parent import frame
from balabaqsha.web.parent.forms import CodeForm, NewPhoneForm

_NEW_PHONE = "new-phone"


@access(parent_desk)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """A new number: it gets a code first."""
    _refuse_at_the_counter(request)
    kept = request.session.get(_NEW_PHONE, {})
    form = NewPhoneForm(request.POST or None, initial={"phone": kept.get("phone", ""), "use": kept.get("use", "MAIN")})
    if request.method == "POST" and form.is_valid():
        asked = {"phone": form.cleaned_data["phone"], "use": form.cleaned_data["use"] or "MAIN"}
        asking = _asking(request, asked["phone"])
        try:
            code_id = _send(request, asking)
        except CodeTooSoon:
            code_id = queries.last_code(subject=asking.subject, purpose=asking.purpose)
        except Refusal as refusal:
            kit.blame(form, refusal, "phone" if refusal.code in {"wrong-phone", "phone-not-in-base"} else None)
            return _page(request, "phone", form=form)
        request.session[_NEW_PHONE] = asked | {"code": code_id}
        return redirect("profile.phone-code")
    return _page(request, "phone", form=form)


@access(parent_desk)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The code that came to the new number."""
    _refuse_at_the_counter(request)
    asked = request.session.get(_NEW_PHONE)
    if asked is None:
        return redirect("profile.phone")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _take_phone(request, asked, form.cleaned_data["code"])
        except Refusal as refusal:
            kit.blame(form, refusal, "code")
        else:
            del request.session[_NEW_PHONE]
            done = "profile.phone-changed" if asked["use"] == "MAIN" else "profile.phone-added"
            messages.success(request, texts.say(done))
            return redirect("applications.add" if request.actor.counter else "parent.profile")
    wait = proof.seconds_to_wait(_asking(request, asked["phone"]), now=request.now, real_now=request.real_now)
    return _page(request, "phone_code", form=form, phone=asked["phone"], use=asked["use"], wait=wait)


@access(signed_in_parent)
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Let a further number go."""
    asked = request.POST.get("phone", "")
    try:
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0  # noqa: PLR2004 - more digits than any id has
        contacts.end_phone(actor=request.actor, phone_id=number, now=request.now)
    except Refusal as refusal:
        messages.warning(request, refusals.explain(request, refusal))
    else:
        messages.success(request, texts.say("profile.phone-ended"))
    return redirect("parent.profile")


def _refuse_at_the_counter(request: HttpRequest) -> None:
    """An officer enters a family's first telephone; to replace one takes two officers (`/department/phones/`)."""
    if request.actor.counter is not None and people_queries.main_phone(request.actor.person_id):
        raise Http404


def _asking(request: HttpRequest, number: str) -> proof.Request:
    iin = Iin.parse(people_queries.iin_of(request.actor.person_id))
    return proof.Request(iin=iin, phone=number, purpose=Purpose.NEW_PHONE, address=request.address)


def _send(request: HttpRequest, asking: proof.Request) -> int:
    return proof.send_code(
        asking,
        write=lambda text: texts.say("message.login-code.sms", code=text),
        actor=request.actor,
        now=request.now,
        real_now=request.real_now,
    )


def _take_phone(request: HttpRequest, asked: dict[str, Any], text: str) -> None:
    actions.accept_code(code_id=asked["code"] or 0, text=text, real_now=request.real_now)
    proven = actions.Proof(code_id=asked["code"], phone=asked["phone"], person_id=request.actor.person_id)
    take = contacts.change_phone if asked["use"] == "MAIN" else contacts.add_phone
    take(actor=request.actor, proof=proven, now=request.now, real_now=request.real_now)


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    trail = (texts.say("parent.profile"), reverse("parent.profile"))
    shared = {"page_title": "profile.change-phone"} | context
    return frame.page(request, name, texts.say("profile.change-phone"), trail, **shared)
