"""What the pages of lists from files share: taking the file, and asking again while the worker is at it."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from balabaqsha.documents import http
from balabaqsha.documents.http import Received
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.legacy.models import ListState
from balabaqsha.legacy.reading import ListUnreadable
from balabaqsha.web.kit import forms as kit

_WORKING = frozenset({ListState.UPLOADED, ListState.CONFIRMED})
_List = TypeVar("_List")


def taken(request: HttpRequest, form: Form, begin: Callable[[Received], _List]) -> _List | None:
    """What `begin` made of the file that the form brought; None when something stands against it, said beside the field."""
    valid = form.is_valid()
    try:
        sent = http.received(request, "list")
        if sent is None:
            form.add_error("list", ValidationError("field-required"))
        return begin(sent) if sent is not None and valid else None
    except ListUnreadable as broken:
        form.add_error("list", ValidationError(f"legacy.unreadable.{broken.facts['why']}"))
    except Refusal as refusal:
        kit.blame(form, refusal, "list")
    return None


def is_working(found: Any) -> bool:
    """Whether the worker is at this list, or will be."""
    return found.state in _WORKING and not found.unreadable


def progress(request: HttpRequest, found: Any, template: str) -> HttpResponse:
    """The part of the page that asks again; once the worker is done the whole page is loaded anew."""
    if is_working(found):
        return render(request, template, {"list": found})
    answer = HttpResponse(status=204)
    answer["HX-Refresh"] = "true"
    return answer
