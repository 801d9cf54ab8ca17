"""What every address for programs does first and last: reads JSON, keeps other sites out, puts refusals into JSON."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.translation import get_language_from_request, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables

from balabaqsha.accounts.access import access, public
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import refusals

# A signature with its certificates fits well; nothing else that is sent here is longer.
LONGEST = 256 * 1024
# What programs are told by the code of a refusal. Whatever is not named here was understood, and is not possible: 422.
_STATUS = {
    "not-found": 404,
    "sign-in-failed": 401,
    "code-wrong": 403,
    "code-expired": 409,
    "mobile-refused": 409,
    "nothing-begun": 409,
    "code-too-soon": 429,
    "too-many-attempts": 429,
    "state-system-silent": 503,
}

View = Callable[..., HttpResponse]


class Unreadable(Exception):
    """The body is not what the document asks for: a status and the detail of its sentence."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class NothingBegun(Refusal, code="nothing-begun"):
    """The step before this one was not done in this session, or too long ago."""


def programs(*methods: str) -> Callable[[View], View]:
    """Make an address for programs of a view: open to everybody, these methods only, refusals as JSON, nothing cached.

    No token of forms is asked for. In its place a request that changes something has to be JSON, which another site's
    page cannot send without asking first (and nobody answers that question here), and must not name another origin.
    """

    def make(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            with override(get_language_from_request(request)):
                try:
                    _refuse_other_sites(request)
                    return view(request, *args, **kwargs)
                except Unreadable as wrong:
                    return _error("field-wrong", refusals.sentence(wrong.detail, {}), status=wrong.status)
                except Refusal as refusal:
                    return _refused(request, refusal)

        return csrf_exempt(access(public)(never_cache(answered)))  # JSON alone, no foreign Origin: no forged form

    return make


def _refuse_other_sites(request: HttpRequest) -> None:
    origin = request.headers.get("Origin")
    ours = {settings.BASE_URL, f"{request.scheme}://{request.get_host()}"}
    if origin is not None and request.method not in {"GET", "HEAD"} and origin not in ours:
        raise Unreadable(403, "foreign-origin")


@sensitive_variables()
def typed(request: HttpRequest, kind: type[forms.Form]) -> dict[str, Any]:
    """What the body says, judged by the form that the page has too; raises Unreadable, WrongFields."""
    said = _body(request)
    fields = kind.base_fields
    if set(said) - set(fields):
        raise Unreadable(422, "unknown-field")
    for name, value in said.items():
        expected = bool if isinstance(fields[name], forms.BooleanField) else str
        if not isinstance(value, expected):
            raise Unreadable(422, "field-wrong")
    form = kind(said)
    if not form.is_valid():
        raise WrongFields({bound.name: kit.errors_of(bound)[0] for bound in form if bound.errors})
    return form.cleaned_data


def nothing(request: HttpRequest) -> None:
    """That the body is an empty object; raises Unreadable."""
    if _body(request):
        raise Unreadable(422, "unknown-field")


class WrongFields(Refusal, code="field-wrong"):
    """Some fields are wrong; `fields` has a sentence for each."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__()
        self.fields = fields


@sensitive_variables()
def _body(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise Unreadable(415, "json-wanted")
    try:
        body = request.body
    except RequestDataTooBig:
        raise Unreadable(413, "body-too-long") from None
    if len(body) > LONGEST:
        raise Unreadable(413, "body-too-long")
    try:
        said = json.loads(body)
        # Half of a pair of code units is a text that nothing can write down.
        json.dumps(said, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Unreadable(400, "json-wanted") from None
    if not isinstance(said, dict):
        raise Unreadable(422, "json-wanted")
    return said


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    status = _STATUS.get(refusal.code, 422)
    fields = refusal.fields if isinstance(refusal, WrongFields) else {}
    answer = _error(refusal.code, refusals.explain(request, refusal), status=status, fields=fields)
    seconds = refusal.facts.get("seconds") or int(refusal.facts.get("minutes", 0)) * 60
    if seconds:
        answer.headers["Retry-After"] = str(seconds)
    return answer


def _error(code: str, message: str, *, status: int, fields: dict[str, str] | None = None) -> HttpResponse:
    error: dict[str, Any] = {"code": code, "message": message}
    if fields:
        error["fields"] = fields
    return JsonResponse({"error": error}, status=status, json_dumps_params={"ensure_ascii": False})
