"""The public protocol of officers' acts in the chosen territory: what, when, why; nobody is named."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from balabaqsha.accounts.access import access, public
from balabaqsha.transparency import acts
from balabaqsha.transparency.acts import OfficerAct
from balabaqsha.web.kit import menus, pages
from balabaqsha.web.kit.texts import say
from balabaqsha.web.public.catalogue import name_of

SIZE = 50


@access(public)
def officers_acts(request: HttpRequest) -> HttpResponse:
    """Acts of the last year, newest first."""
    code = request.location.code
    pager = pages.pager(request, page=pages.page_of(request), total=acts.count(code, now=request.now), size=SIZE)
    found = acts.page(code, now=request.now, first=(pager.page - 1) * SIZE, size=SIZE)
    context = {
        "wide_data": True,
        "acts": [_row(one) for one in found],
        "pager": pager,
        "protocols_url": menus.address("nav.protocol"),
    }
    return render(request, "public/acts.html", context)


def _row(one: OfficerAct) -> dict[str, Any]:
    words = say(f"public-act.{one.act}")
    if one.outcome:
        words = f"{words}: {say(f'extension-review.{one.outcome}')}"
    group = f"{name_of(one.group.kindergarten)}, {one.group.name}" if one.group and one.places else ""
    return {
        "at": one.at,
        "act": words,
        "what": say("public-act.places", n=one.places, group=group) if one.places else "–",
        "reason": say(one.reason) if one.reason else "–",
    }
