"""Signing in by a code: a name, then the digits that came. The pages say the same whether anybody has the name or not."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from balabaqsha.accounts import names, proof, queries, tasks
from balabaqsha.accounts.access import access, public
from balabaqsha.accounts.codes import sending
from balabaqsha.accounts.models import Purpose
from balabaqsha.accounts.rules import CodeTooSoon
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import targets, texts
from balabaqsha.web.public import entering, register
from balabaqsha.web.public.forms import AskCodeForm, CodeForm

ASKED = "entering.code"


@access(public)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Who wants to be let in; orders the code."""
    if request.account is not None:
        return redirect(entering.home_of(request))
    target = targets.asked_for(request)
    form = AskCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["who"]
        asked = {"kind": name.kind.value, "name": name.text, "remember": form.cleaned_data["remember"], "next": target}
        try:
            request.session[ASKED] = asked | {"code": order(request, name)}
        except CodeTooSoon:
            # A double click, a way back: the code that was sent still counts, so the page that takes it follows.
            last = queries.last_code(subject=sending.subject_of(name), purpose=Purpose.SIGN_IN)
            request.session[ASKED] = asked | {"code": last}
        except Refusal as refusal:
            kit.blame(form, refusal)
        if not form.errors:
            return redirect("signin.code")
    return _page(request, "ask", form=form, next=target)


@access(public)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """The code that came; with the right one the person is in."""
    asked = request.session.get(ASKED)
    if asked is None:
        return redirect("signin.code-ask")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            entered = sending.enter(
                code_id=asked["code"] or 0,
                text=form.cleaned_data["code"],
                now=request.now,
                real_now=request.real_now,
            )
        except Refusal as refusal:
            kit.blame(form, refusal, "code")
        else:
            if isinstance(entered, sending.Newcomer):
                return register.begin_proven(request, iin=entered.iin, phone=entered.phone, code_id=entered.code_id)
            return entering.welcome(request, entered, remember=asked["remember"], target=asked["next"])
    return _code_page(request, asked, form)


@access(public)
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """A new code for the same name."""
    asked = request.session.get(ASKED)
    if asked is None:
        return redirect("signin.code-ask")
    try:
        request.session[ASKED] = asked | {"code": order(request, _name(asked))}
    except Refusal as refusal:
        form = CodeForm({"code": ""})
        form.errors.clear()
        kit.blame(form, refusal)
        return _code_page(request, asked, form)
    messages.success(request, texts.say("signin.code-ordered-again"))
    return redirect("signin.code")


def order(request: HttpRequest, name: names.Name) -> int:
    """Reserve a code for this name and let the worker send it; returns its id. Raises CodeTooSoon, TooManyCodes."""
    code_id = sending.ask(name=name, address=request.address, now=request.now, real_now=request.real_now)
    tasks.order(code_id=code_id, language=texts.language())
    return code_id


def _name(asked: dict[str, Any]) -> names.Name:
    return names.Name(names.Kind(asked["kind"]), asked["name"])


def _code_page(request: HttpRequest, asked: dict[str, Any], form: CodeForm) -> HttpResponse:
    wait = sending.seconds_to_wait(name=_name(asked), now=request.now, real_now=request.real_now)
    return _page(request, "enter", form=form, wait=wait, promised=proof.seconds_promised(request.now))


def _page(request: HttpRequest, name: str, **context: object) -> HttpResponse:
    return render(request, f"public/by_code_{name}.html", context)
