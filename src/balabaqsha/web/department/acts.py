"""The acts that an officer may do on a case. Another act is one line of `ACTS`: its page, its text and when it is offered."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from balabaqsha.accounts.access import department_officer
from balabaqsha.applications.appeals import queries as appeals
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import MAY_BE_REMOVED
from balabaqsha.web.department import mending, pages
from balabaqsha.web.kit import texts


@dataclass(frozen=True)
class CaseAct:
    """One act: the URL name of its page, which takes the number of the case or its own `key`; `waited_for`: the case waits for it."""

    page: str
    text: str
    icon: str
    offered: Callable[[HttpRequest, Application], bool]
    waited_for: bool = False
    key: Callable[[Application], object] = attrgetter("number")
    """What stands in the address of the page."""


def _claim_waits(request: HttpRequest, application: Application) -> bool:
    return pages.claims(request).filter(application=application).exists()


def _extension_waits(request: HttpRequest, application: Application) -> bool:
    return pages.extensions(request).filter(application=application).exists()


def _appeal_waits(_: HttpRequest, application: Application) -> bool:
    return appeals.open_appeal(application.id) is not None


def _appeal(application: Application) -> object:
    appeal = appeals.open_appeal(application.id)
    return appeal and appeal.token


def _mending(key: str, icon: str) -> CaseAct:
    return CaseAct(
        f"officer.{key}", f"decision.{key}.button", icon, lambda _, application: mending.PERMITTED[key](application)
    )


def _may_be_removed(_: HttpRequest, application: Application) -> bool:
    return application.state in MAY_BE_REMOVED


ACTS = (
    CaseAct("officer.appeal", "officer.appeal", "scale", _appeal_waits, waited_for=True, key=_appeal),
    CaseAct("officer.check", "department.decide-claim", "file-check", _claim_waits, waited_for=True),
    CaseAct("officer.extension", "officer.extension", "calendar-clock", _extension_waits, waited_for=True),
    _mending("lengthen", "calendar-clock"),
    _mending("correct-date", "calendar-check"),
    _mending("correct-wish", "file-pen-line"),
    _mending("correct-name", "user"),
    _mending("merge", "file-text"),
    _mending("bring-back", "repeat"),
    CaseAct("officer.remove", "decision.remove.button", "file-x", _may_be_removed),
)


def offered(request: HttpRequest, application: Application) -> list[dict[str, Any]]:
    """The acts that may be done on the case as it stands; none for whoever only reads."""
    if not department_officer.admits(request.actor):
        return []
    return [
        {
            "text": texts.say(act.text),
            "url": reverse(act.page, args=[act.key(application)]),
            "icon": act.icon,
            "waited_for": act.waited_for,
        }
        for act in ACTS
        if act.offered(request, application)
    ]
