"""A key of EDS: a one-time text, its signature, then the entrance."""

import base64

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from balabaqsha.accounts.eds import checking
from balabaqsha.accounts.eds.checking import Owner
from balabaqsha.api import door, entering
from balabaqsha.locale import written
from balabaqsha.web.public import by_key


class AnswerForm(forms.Form):
    """The signature over the challenge: CMS in base64."""

    cms = forms.CharField()


@door.programs("POST")
def challenge(request: HttpRequest) -> HttpResponse:
    """A fresh text to sign, bound to this session; the earlier one stops counting."""
    door.nothing(request)
    made = by_key.ask(request)
    said = {"content": base64.b64encode(bytes(made.content)).decode(), "expiresAt": made.expires_at.isoformat()}
    return JsonResponse(said)


@door.programs("POST")
def answer(request: HttpRequest) -> HttpResponse:
    """The signature over the text; answers whose key it was. The text is used up, however it ends."""
    said = door.typed(request, AnswerForm)
    return shown(request, by_key.check(request, said["cms"]))


def shown(request: HttpRequest, owner: Owner) -> HttpResponse:
    """Keep the owner of the key for the entrance, and show whose key it is."""
    by_key.keep_owner(request, owner)
    said = {
        "name": owner.name,
        "iin": written.iin_masked(owner.iin),
        "organisation": owner.organisation,
        "known": checking.account_of(owner, now=request.now) is not None,
    }
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


@door.programs("POST")
def enter(request: HttpRequest) -> HttpResponse:
    """Enter as the owner of the key that was checked, or go on to registration with the checked IIN."""
    door.nothing(request)
    owner = by_key.checked_owner(request)
    if owner is None:
        raise door.NothingBegun
    if checking.account_of(owner, now=request.now) is None:
        by_key.begin_sign_up(request, owner)
        return entering.step(entering.SIGN_UP, url=reverse("header.sign-up"))
    return entering.welcome(request, checking.enter(owner, now=request.now))
