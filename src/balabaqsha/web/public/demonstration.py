"""The bar of the demonstration: who one is, the clock, and both changed by one press. Production has no such pages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property, wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from balabaqsha.accounts import actions, clock, entrance, queries
from balabaqsha.accounts.access import access, public
from balabaqsha.accounts.models import DemonstrationNewcomer
from balabaqsha.law import queries as law
from balabaqsha.web.kit import menus, recent
from balabaqsha.web.public import entering

WORKING_DAYS = {"1wd": 1, "2wd": 2, "5wd": 5}
CALENDAR_DAYS = {"1d": 1, "28d": 28}
STEPS = (*WORKING_DAYS, *CALENDAR_DAYS)


class Bar:
    """What the bar shows; each part is asked for only when a page prints it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def now(self) -> datetime:
        return self._request.now

    @property
    def name(self) -> str:
        return getattr(self._request, "person_name", "")

    @property
    def next(self) -> str:
        return self._request.get_full_path()

    @property
    def clock_url(self) -> str:
        return menus.address("demo.clock")

    @property
    def person_url(self) -> str:
        return menus.address("demo.person")

    @property
    def phones_url(self) -> str:
        """The page of the state systems' process that shows what came to the telephones."""
        sms = urlsplit(settings.GATEWAYS["sms_url"])
        return f"{sms.scheme}://{sms.netloc}/phones"

    @property
    def keys_url(self) -> str:
        """The page of the same process that gives out keys to sign with."""
        sms = urlsplit(settings.GATEWAYS["sms_url"])
        return f"{sms.scheme}://{sms.netloc}/authority"

    @property
    def steps(self) -> list[dict[str, str]]:
        return [{"step": step, "key": f"demo.step.{step}"} for step in STEPS]

    @cached_property
    def persons(self) -> list[dict[str, Any]]:
        current = self._request.account.account_id if self._request.account else None
        return [
            {
                "key": person.key,
                "title": f"demo.{person.key}.title",
                "todo": f"demo.{person.key}.todo",
                "name": person.name,
                "login": person.login,
                "password": person.password,
                "current": person.account_id == current,
            }
            for person in recent.shared(queries.demonstration_persons, "demonstration persons")
        ]

    @cached_property
    def newcomers(self) -> list[DemonstrationNewcomer]:
        return recent.shared(queries.demonstration_newcomers, "demonstration newcomers")


def bar(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `demo` on every page of the demonstration, nothing anywhere else."""
    ready = hasattr(request, "now") and hasattr(request, "account")
    return {"demo": Bar(request)} if clock.is_demonstration() and ready else {}


def _demonstration_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not clock.is_demonstration():
            raise Http404
        return view(request)

    return guarded


@access(public)
@require_POST
@_demonstration_only
def move_clock(request: HttpRequest) -> HttpResponse:
    """Let the portal's clock jump ahead by the posted step; working days are counted by the national calendar."""
    step = request.POST.get("step", "")
    if step not in STEPS:
        raise Http404
    actions.move_clock(by=_length(step, request.now), actor=request.actor, now=request.now)
    return redirect(_back(request))


def _length(step: str, now: datetime) -> timedelta:
    if step in CALENDAR_DAYS:
        return timedelta(days=CALENDAR_DAYS[step])
    return law.calendar().add(now, working_days=WORKING_DAYS[step]) - now


@access(public)
@require_POST
@_demonstration_only
def become(request: HttpRequest) -> HttpResponse:
    """Sign in as a made-up person, whose password stands on the page anyway."""
    wanted = request.POST.get("person", "")
    person = next((person for person in queries.demonstration_persons() if person.key == wanted), None)
    found = queries.log_in_of_account(person.account_id, now=request.now) if person else None
    if found is None:
        raise Http404
    entered = entrance.enter_account(found, way=entrance.Way.DEMONSTRATION)
    entering.begin(request, entered, remember=False)
    return redirect(entering.home_of(request))


def _back(request: HttpRequest) -> str:
    """The page that one came from, where it is one of this portal."""
    target = request.POST.get("next", "")
    ours = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if ours else menus.address("nav.home") or "/"
