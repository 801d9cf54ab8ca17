"""The home page: what the portal is, the numbers of today, where to go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from balabaqsha.accounts.access import access, public
from balabaqsha.admissions.models import Admission
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import State
from balabaqsha.kernel.time import localdate, start_of
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.notices import queries as notices
from balabaqsha.referrals.models import Referral
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers.models import Voucher
from balabaqsha.web.kit import menus, plain, states
from balabaqsha.web.kit.texts import say
from balabaqsha.web.public import kept

_STEP_NOTES = (
    "home.step-queue",
    "home.step-waiting",
    "home.step-choice",
    "home.step-funding",
    "home.step-enrolment",
)


@dataclass(frozen=True)
class HomeNumbers:
    """What the home page shows of one territory; `as_of` is the moment at which the numbers were counted."""

    as_of: datetime
    free_places: int
    waiting: int
    admitted_today: int
    vouchers_this_month: int
    referrals_this_month: int
    kindergartens: int


@access(public)
def home(request: HttpRequest) -> HttpResponse:
    """The home page with the numbers of the chosen territory, as of the last seconds."""
    code = request.location.code
    numbers, _ = kept.counted(f"home:{code}", lambda now: count(territory_code=code, now=now), now=request.now)
    rows, _ = kept.counted(
        f"told:{code}", lambda now: notices.announcements([code], on=localdate(now)), now=request.now
    )
    told = plain.shown(rows, code, on=localdate(request.now))
    return home_page(
        request, numbers=numbers, place=request.location.name, regime=request.location.regime, announcements=told
    )


def home_page(
    request: HttpRequest,
    *,
    numbers: HomeNumbers,
    place: str,
    regime: Regime | None,
    announcements: Sequence[plain.Shown] = (),
) -> HttpResponse:
    """The page with the numbers given; `place` is the written name of the territory, empty for the country.

    `regime` is the territory's; None where the law names none, or where both stand below it.
    """
    context = _context(numbers, place, regime) | {"announcements": announcements}
    return render(request, "public/home.html", context)


def count(*, territory_code: str | None, now: datetime) -> HomeNumbers:
    """The numbers of the territory and everything below it, or of the country. Six queries, one more for a territory."""
    free, waiting = kindergartens.free_places(now), Application.objects.filter(state=State.WAITING)
    month = start_of(localdate(now).replace(day=1)), now
    vouchers = Voucher.objects.filter(offered_at__range=month)
    referrals = Referral.objects.filter(issued_at__range=month)
    admitted = Admission.objects.filter(
        enrolled_at__gte=start_of(localdate(now)), enrolled_at__lte=now, is_transfer=False
    )
    gardens = Kindergarten.objects.filter(groups__closed_at__isnull=True, closed_at__isnull=True).distinct()
    if territory_code:
        within = list(territories.subtree(territory_code).values_list("code", flat=True))
        free, gardens = free.filter(group__territory__in=within), gardens.filter(territory__in=within)
        waiting, vouchers = waiting.filter(territory__in=within), vouchers.filter(territory__in=within)
        referrals = referrals.filter(application__territory__in=within)
        admitted = admitted.filter(group__territory__in=within)
    return HomeNumbers(
        as_of=now,
        free_places=free.count(),
        waiting=waiting.count(),
        admitted_today=admitted.count(),
        vouchers_this_month=vouchers.count(),
        referrals_this_month=referrals.count(),
        kindergartens=gardens.count(),
    )


def _context(numbers: HomeNumbers, place: str, regime: Regime | None) -> dict[str, object]:
    return {
        "wide_data": True,
        "place": place,
        "numbers": numbers,
        "stats": _stats(numbers, regime),
        "stages": [
            {"key": key, "step": "next", "note": say(note)}
            for key, note in zip(states.STAGES, _STEP_NOTES, strict=True)
        ],
        "queues": [
            {
                "title": say(f"home.{kind}-title"),
                "text": say(f"home.{kind}-text"),
                "icon": icon,
                "url": menus.address(page),
            }
            for kind, icon, page in (
                ("voucher", "ticket", "nav.voucher-queue"),
                ("linear", "list-ordered", "nav.linear-queue"),
                ("special", "stethoscope", "nav.special-queue"),
            )
        ],
        "apply_url": menus.address("applications.add") or menus.address("header.sign-up"),
        "catalogue_url": menus.address("nav.catalogue"),
        "search_url": menus.address("nav.voucher-queue"),
        "check_url": menus.address("nav.check-document"),
        "papers_url": menus.address("nav.refusable"),
        "feedback_url": f"{menus.address('nav.feedback')}?topic=UNLAWFUL_DEMAND",
        "questions": [(say(f"home.q-{name}"), say(f"home.a-{name}")) for name in ("back", "phone", "lapse")],
    }


def _stats(numbers: HomeNumbers, regime: Regime | None) -> list[dict[str, object]]:
    given = [
        (Regime.VOUCHER, {"label": say("home.vouchers"), "value": numbers.vouchers_this_month}),
        (Regime.LINEAR, {"label": say("home.referrals"), "value": numbers.referrals_this_month}),
    ]
    return [
        {"label": say("home.free-places"), "value": numbers.free_places},
        {"label": say("home.waiting"), "value": numbers.waiting},
        {"label": say("queue.admitted-today"), "value": numbers.admitted_today},
        *(stat for of, stat in given if regime in {None, of}),
        {"label": say("home.kindergartens"), "value": numbers.kindergartens},
    ]
