"""Registration and recovery of a password: the telephone, its code, then the password."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balabaqsha.accounts import actions, entrance, passwords, policy, proof, queries
from balabaqsha.accounts.access import access, public
from balabaqsha.accounts.models import Purpose
from balabaqsha.accounts.rules import CodeTooSoon
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.people import actions as people
from balabaqsha.people import queries as people_queries
from balabaqsha.people import registers, rules
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import refusals, texts
from balabaqsha.web.public import entering
from balabaqsha.web.public.forms import CodeForm, PasswordForm, PhoneForm, PolicyForm

_FIELDS = {"wrong-iin": "iin", "wrong-phone": "phone", "phone-not-in-base": "phone"}


@dataclass(frozen=True)
class Flow:
    """One of the two ways through the same three pages; `name` begins the names of its pages and texts."""

    name: str
    purpose: Purpose
    first: str

    @property
    def key(self) -> str:
        return f"proving.{self.name}"

    @property
    def again_name(self) -> str:
        return f"{self.name}.again"


SIGN_UP = Flow("signup", Purpose.SIGN_UP, "header.sign-up")
RECOVERY = Flow("recover", Purpose.RECOVERY, "recover.phone")


@access(public)
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, flow: Flow) -> HttpResponse:
    """Step 1: who asks, and the consent; sends the code."""
    if request.account is not None:
        return redirect(entering.home_of(request))
    kept = request.session.get(flow.key, {})
    form = PhoneForm(request.POST or None, initial={"phone": kept.get("phone", ""), "iin": kept.get("iin", "")})
    if request.method == "POST" and form.is_valid():
        asked = {"phone": form.cleaned_data["phone"], "iin": form.cleaned_data["iin"]}
        try:
            rules.representative_iin(asked["iin"], today=localdate(request.now))
            request.session[flow.key] = asked | {"code": _send(request, flow, asked)}
        except CodeTooSoon:
            # A double click, a way back: the code that was sent still counts, so the page that takes it follows.
            request.session[flow.key] = asked | {"code": _last_code(request, flow, asked)}
        except Refusal as refusal:
            kit.blame(form, refusal, _FIELDS.get(refusal.code))
            return _page(request, flow, "phone", step=1, form=form)
        return redirect(f"{flow.name}.code")
    return _page(request, flow, "phone", step=1, form=form)


def begin_proven(request: HttpRequest, *, iin: str, phone: str, code_id: int) -> HttpResponse:
    """Go on with a telephone that a code of sign-in has proven; the consent is still to be given."""
    # Whoever knew the key of this session before has proven nothing.
    request.session.cycle_key()
    request.session[SIGN_UP.key] = {"iin": iin, "phone": phone, "code": code_id, "accepted": True, "first": True}
    return redirect("signup.first")


@access(public)
@require_http_methods(["GET", "POST"])
def first(request: HttpRequest) -> HttpResponse:
    """The first entrance of a family whose application is here already: the consent, then the register is asked."""
    asked = request.session.get(SIGN_UP.key)
    if asked is None or not asked.get("first"):
        return redirect(SIGN_UP.first)
    form = PolicyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person_id = _prove(request, SIGN_UP, asked, "")
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            request.session[SIGN_UP.key] = asked | {"person": person_id}
            return redirect("signup.password")
    return _page(request, SIGN_UP, "first", step=2, form=form, phone=asked["phone"])


@access(public)
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest, flow: Flow) -> HttpResponse:
    """Step 2: the code that came; with the right one the register is asked whose telephone it is."""
    asked = request.session.get(flow.key)
    if asked is None:
        return redirect(flow.first)
    if asked.get("first"):
        return redirect("signup.first")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person_id = _prove(request, flow, asked, form.cleaned_data["code"])
        except Refusal as refusal:
            kit.blame(form, refusal, "code" if refusal.code.startswith("code-") else None)
        else:
            request.session[flow.key] = asked | {"accepted": True, "person": person_id}
            return redirect(f"{flow.name}.password")
    return _code_page(request, flow, asked, form)


@access(public)
@require_POST
def again(request: HttpRequest, flow: Flow) -> HttpResponse:
    """A new code to the same telephone."""
    asked = request.session.get(flow.key)
    if asked is None:
        return redirect(flow.first)
    form = CodeForm()
    try:
        request.session[flow.key] = asked | {"code": _send(request, flow, asked), "accepted": False}
    except Refusal as refusal:
        form = CodeForm({"code": ""})
        form.errors.clear()
        kit.blame(form, refusal)
        return _code_page(request, flow, asked, form)
    messages.success(request, texts.say("signup.sent-again"))
    return redirect(f"{flow.name}.code")


@sensitive_post_parameters()
@access(public)
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest, flow: Flow) -> HttpResponse:
    """Step 3: the person as the register knows them, and a password."""
    asked = request.session.get(flow.key)
    if asked is None or "person" not in asked:
        return redirect(flow.first)
    account = queries.account_id_of(asked["person"])
    if (account is None) == (flow is RECOVERY):
        return _page(request, flow, "other", step=3, person=people_queries.person_card(asked["person"]))
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _finish(request, flow, asked, form)
        except actions.ProofSpent as spent:
            messages.error(request, refusals.explain(request, spent))
            return redirect(flow.first)
        except Refusal as refusal:
            kit.blame(form, refusal, "repeated" if refusal.code == "password-mismatch" else "password")
    person = people_queries.person_card(asked["person"])
    return _page(request, flow, "password", step=3, form=form, person=person)


@access(public)
@require_POST
def turn(request: HttpRequest, flow: Flow) -> HttpResponse:
    """Who registers has an account, who recovers has none: what they proved serves the other way."""
    asked = request.session.pop((RECOVERY if flow is SIGN_UP else SIGN_UP).key, None)
    if asked is None or "person" not in asked:
        return redirect(flow.first)
    request.session[flow.key] = asked
    return redirect(f"{flow.name}.password")


@access(public)
@require_GET
def data_policy(request: HttpRequest) -> HttpResponse:
    """What is kept of whom, and why."""
    return render(request, "public/data_policy.html", {"version": policy.VERSION, "sections": policy.sections()})


def _send(request: HttpRequest, flow: Flow, asked: dict[str, Any]) -> int:
    return proof.send_code(
        _asking(request, flow, asked),
        write=lambda text: texts.say("message.login-code.sms", code=text),
        actor=request.actor,
        now=request.now,
        real_now=request.real_now,
    )


def _last_code(request: HttpRequest, flow: Flow, asked: dict[str, Any]) -> int | None:
    return queries.last_code(subject=_asking(request, flow, asked).subject, purpose=flow.purpose)


def _prove(request: HttpRequest, flow: Flow, asked: dict[str, Any], text: str) -> int:
    # A register that was silent after a right code is asked again without another code.
    if not asked.get("accepted"):
        actions.accept_code(code_id=int(asked["code"] or 0), text=text, real_now=request.real_now)
        request.session[flow.key] = asked | {"accepted": True}
        # Whoever knew the key of this session before has proven nothing.
        request.session.cycle_key()
    answer = registers.find_person(iin=Iin.parse(asked["iin"]), now=request.now)
    return people.keep_person(answer=answer, actor=request.actor, now=request.now)


def _finish(request: HttpRequest, flow: Flow, asked: dict[str, Any], form: PasswordForm) -> HttpResponse:
    person = people_queries.person_card(int(asked["person"]))
    typed = form.cleaned_data
    known = (person.iin, asked["phone"].lstrip("+"), person.surname, person.given_name)
    passwords.check_new(typed["password"], typed["repeated"], known=known)
    proven = actions.Proof(code_id=int(asked["code"]), phone=asked["phone"], person_id=person.id)
    shared = {"proof": proven, "password": passwords.hashed(typed["password"])}
    shared |= {"now": request.now, "real_now": request.real_now}
    if flow is SIGN_UP:
        account_id = actions.register(**shared, policy_version=policy.VERSION, language=texts.language())
    else:
        account_id = actions.recover_password(**shared)
    found = queries.log_in_of_account(account_id, now=request.now)
    entered = entrance.enter_account(found, way=entrance.Way.PROVEN)
    messages.success(request, texts.say(f"{flow.name}.done"))
    return entering.welcome(request, entered, remember=False)


def _asking(request: HttpRequest, flow: Flow, asked: dict[str, Any]) -> proof.Request:
    return proof.Request(
        iin=Iin.parse(asked["iin"]), phone=asked["phone"], purpose=flow.purpose, address=request.address
    )


def _code_page(request: HttpRequest, flow: Flow, asked: dict[str, Any], form: CodeForm) -> HttpResponse:
    wait = proof.seconds_to_wait(_asking(request, flow, asked), now=request.now, real_now=request.real_now)
    return _page(request, flow, "code", step=2, form=form, phone=asked["phone"], wait=wait)


def _page(request: HttpRequest, flow: Flow, name: str, *, step: int, **context: object) -> HttpResponse:
    shared = {
        "flow": flow,
        "step": step,
        "page_title": f"{flow.name}.title",
        "promised": proof.seconds_promised(request.now),
    }
    return render(request, f"public/register_{name}.html", shared | context)
