"""Pages for what went wrong: each says what happened to the person's work and what to do next."""

import errno
import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from balabaqsha.web.kit import texts

_log = logging.getLogger(__name__)

# PostgreSQL is away, starting, full, or keeps us waiting too long; the folder of files is full or cannot be written.
_DATABASE_AWAY = (OperationalError, InterfaceError)
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_AGAIN_AFTER_SECONDS = 10


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
    """500; the number that the person tells support is `request.ref`. 503 where only time is needed."""
    if _passes_by_itself(sys.exception()):
        return unavailable(request)
    ref = getattr(request, "ref", "")
    try:
        return render(request, "500.html", {"ref": ref}, status=500)
    except Exception:  # noqa: BLE001 - whatever failed, the person gets a page
        # What failed may be what every page needs: then the sentence stands alone.
        _log.exception("the page of an error failed")
        sentence = texts.say("refusal.unexpected", ref=ref or "–")
        return HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: nothing of the request was acknowledged, and all of it may be sent again. The page asks the database nothing."""
    sent = request.method not in {"GET", "HEAD"}
    context = {"site": {"language": texts.language()}, "sent": sent, "address": request.get_full_path()}
    response = HttpResponse(render_to_string("503.html", context), status=503)
    response.headers["Retry-After"] = str(_AGAIN_AFTER_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _passes_by_itself(problem: BaseException | None) -> bool:
    return isinstance(problem, _DATABASE_AWAY) or (isinstance(problem, OSError) and problem.errno in _NO_ROOM)
