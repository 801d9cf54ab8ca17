"""Pages for what went wrong: each says what happened to the person's work and what to do next."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from balabaqsha.web.kit import texts

_log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return render(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that stood open too long or came from elsewhere."""
    _log.info("form refused: %s", reason)
    return render(request, "403_csrf.html", status=403)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, alike for what is foreign and what is unknown."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; the number that the person tells support is `request.ref`."""
    ref = getattr(request, "ref", "")
    try:
        return render(request, "500.html", {"ref": ref}, status=500)
    except Exception:  # noqa: BLE001 - whatever failed, the person gets a page
        # What failed may be what every page needs: then the sentence stands alone.
        _log.exception("the page of an error failed")
        sentence = texts.say("refusal.unexpected", ref=ref or "–")
        return HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=500)


def maintenance(request: HttpRequest) -> HttpResponse:
    """503 while the portal is stopped on purpose."""
    return render(request, "503.html", status=503)
