"""Checking a paper of the portal: by the address behind its QR code, or by its number."""

import re
from collections.abc import Callable
from contextlib import suppress

from django import forms
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from balabaqsha.accounts import rules
from balabaqsha.accounts.access import access, public
from balabaqsha.documents import queries as documents
from balabaqsha.documents.queries import CheckAnswer
from balabaqsha.journeys import sweep
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.kit.forms import blame
from balabaqsha.web.public import limits

_TOKEN = re.compile(r"^[A-Za-z0-9_-]{22}$")
_ADDRESS = re.compile(r"/check/([A-Za-z0-9_-]{22})/?$")


class CheckForm(forms.Form):
    """A number as printed on the paper, or the address behind its QR code."""

    document = forms.CharField(label="check.document", help_text="check.document-hint", max_length=200)
    document.widget.attrs |= {"autocomplete": "off"}

    def clean_document(self) -> str:
        return "".join(self.cleaned_data["document"].split()).removeprefix("№").replace("\x00", "")


@access(public)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask which paper is to be checked, and say what is known of one named by its number."""
    form = CheckForm(request.GET if "document" in request.GET else None)
    if not form.is_bound or not form.is_valid():
        return render(request, "public/check.html", {"form": form})
    typed = form.cleaned_data["document"]
    token = _ADDRESS.search(typed)
    if token or _TOKEN.match(typed):
        return redirect("public.check", token=token.group(1) if token else typed)
    found = None
    try:
        limits.count(request, rules.LOOKUPS_OF_ADDRESS)
        found = _caught_up(request, documents.check_number, typed)
        if found is None:
            form.add_error("document", ValidationError("check.unknown"))
    except Refusal as refusal:
        blame(form, refusal)
    return _page(request, form, found, status=200 if found else 404)


@access(public)
def check(request: HttpRequest, token: str) -> HttpResponse:
    """What is known of the paper behind a QR code."""
    form = CheckForm({"document": request.build_absolute_uri(reverse("public.check", args=[token]))})
    form.is_valid()
    try:
        limits.count(request, rules.LOOKUPS_OF_ADDRESS)
    except Refusal as refusal:
        blame(form, refusal)
        return _page(request, form, None, status=429)
    found = _caught_up(request, documents.check, token) if _TOKEN.match(token) else None
    if found is None:
        form.add_error("document", ValidationError("check.unknown"))
    return _page(request, form, found, status=200 if found else 404)


def _caught_up(request: HttpRequest, look: Callable[[str], CheckAnswer | None], asked: str) -> CheckAnswer | None:
    """What is known after what fell due has happened: a paper whose case has lapsed is not shown as good."""
    found = look(asked)
    if found is None or not found.valid or found.application_id is None:
        return found
    with suppress(OperationalError):
        # Somebody else holds the locks, so the same lapse is being performed there.
        sweep.catch_up(now=request.now, application_id=found.application_id)
    return look(asked)


def _page(request: HttpRequest, form: CheckForm, found: CheckAnswer | None, *, status: int) -> HttpResponse:
    context = {"form": form, "found": found, "as_of": request.now}
    return render(request, "public/check.html", context, status=status)
