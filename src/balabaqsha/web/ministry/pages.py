"""The frame of every page of the ministry's workplace."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from balabaqsha.law import queries as law
from balabaqsha.web.kit import texts


def page(request: HttpRequest, name: str, title: str, *, trail: tuple[str, ...] = (), **context: Any) -> HttpResponse:
    """A page in the frame of the workplace; `trail` names the pages above this one."""
    request.menu_counts = {"ministry.calendar": law.open_days().count()}
    crumbs = [{"text": texts.say(key), "url": reverse(key)} for key in trail]
    shared = {
        "page_title": title,
        "cabinet_title": texts.say("role.MINISTRY"),
        "crumbs": [*crumbs, {"text": context.get("heading") or texts.say(title), "url": ""}] if crumbs else [],
    }
    return render(request, f"ministry/{name}.html", shared | context)
