"""How a way in ends for a program: signed in, or told which step comes next."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from balabaqsha.accounts import entrance
from balabaqsha.web.public import entering as pages

DONE, SECOND, SET_SECOND, SIGN_UP = "done", "second", "set-second", "sign-up"


def welcome(request: HttpRequest, entered: entrance.Entered, *, remember: bool = False) -> HttpResponse:
    """Begin the session, or hold the first step for the second one of staff; to set that one needs a page."""
    if pages.needs_second(entered):
        if pages.hold_for_second(request, entered, ""):
            return step(SECOND)
        return step(SET_SECOND, url=reverse("signin.second-set"))
    return admit(request, entered, remember=remember)


def admit(request: HttpRequest, entered: entrance.Entered, *, remember: bool = False) -> HttpResponse:
    """Begin the session, all steps being done."""
    answer = step(DONE)
    pages.keep_mark(answer, pages.begin(request, entered, remember=remember))
    return answer


def step(name: str, *, url: str = "") -> HttpResponse:
    """The answer that names the step, with the address of its page where only a page serves."""
    return JsonResponse({"step": name, "url": url} if url else {"step": name})
