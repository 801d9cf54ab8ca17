"""What officers did, what became of the stop list, where benefits came from, and territories side by side."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, F, Max, Q, Value, When
from django.db.models.fields.json import KT

from balabaqsha.admissions.models import Admission
from balabaqsha.applications.models import Application, BenefitClaim, ClaimState
from balabaqsha.applications.states import State
from balabaqsha.insight.reports.asked import Asked, Row
from balabaqsha.kernel.actor import DECIDERS, Role
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens.models import Group
from balabaqsha.record.models import JournalEntry
from balabaqsha.referrals.models import Referral
from balabaqsha.territories.models import Territory
from balabaqsha.vouchers.models import Voucher

OFFICES = sorted({role.value for role in DECIDERS | {Role.OFFICER, Role.INSPECTOR, Role.SUPPORT, Role.MINISTRY}})
# Of whoever signs in, not of their office.
_PRIVATE = ("signed-in", "signed-out", "role-switched", "session-ended", "sessions-ended", "language-chosen")
_ENTERS, _RETURNS = ("lapse_offer", "lapse_referral"), ("restore", "leave_stop_list")
DOCUMENT, REGISTER = "DOCUMENT", "REGISTER"


def acts(asked: Asked) -> list[Row]:
    """What each officer did in the period: account, act, times, last day. One query.

    Acts on no application count where neither a regime nor a birth year is asked for.
    """
    rows = asked.during(_journal(asked), "at").filter(actor__role__in=OFFICES).exclude(act__in=_PRIVATE)
    found = rows.annotate(account=KT("actor__account")).values_list("account", "act")
    counted = found.annotate(n=Count("id"), last=Max("at")).filter(account__isnull=False)
    done = [(int(account), act, n, localdate(last)) for account, act, n, last in counted]
    return sorted(done, key=lambda row: (row[0], -row[2], row[1]))


def _journal(asked: Asked) -> Any:
    rows = JournalEntry.objects.all()
    if asked.codes is not None:
        rows = rows.filter(territory_code__in=asked.codes)
    if asked.regime or asked.birth_year is not None:
        rows = rows.filter(application_id__in=asked.applications().values("id"))
    return rows


def stop_list(asked: Asked) -> list[Row]:
    """The stop list by birth year: on it now, and in the period: came onto it, went back into the line, lost. Two queries."""
    now = asked.applications().filter(state=State.STOP_LISTED).values_list("birth_year").annotate(n=Count("id"))
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for year, n in now:
        counts[year]["now"] = n
    moved = asked.journal(*_ENTERS, *_RETURNS, "lapse_restoring").values_list("act", "application_id")
    cases = list(moved)
    years = dict(asked.applications().filter(id__in={case for _, case in cases}).values_list("id", "birth_year"))
    for act, case in cases:
        if case in years:
            counts[years[case]][_stop_list_move(act)] += 1
    return [(year, *(counts[year][name] for name in ("now", "came", "back", "lost"))) for year in sorted(counts)]


def _stop_list_move(act: str) -> str:
    return "came" if act in _ENTERS else "back" if act in _RETURNS else "lost"


def benefits(asked: Asked) -> list[Row]:
    """Benefits claimed in the period by where their proof comes from: benefit, source, all, and what became of them. One query.

    A claim with papers attached is proven by the family, one without by a register of the state.
    """
    rows = asked.during(asked.of_cases(BenefitClaim.objects.all(), "application__"), "claimed_at")
    source = Case(When(upload_ids__len__gt=0, then=Value(DOCUMENT)), default=Value(REGISTER))
    found = rows.annotate(proven_by=source).values_list("benefit", "proven_by")
    counted = found.annotate(
        n=Count("id"), **{f"of_{state.value.lower()}": Count("id", filter=Q(state=state)) for state in CLAIM_STATES}
    )
    return sorted(counted)


CLAIM_STATES = (
    ClaimState.CONFIRMED,
    ClaimState.REJECTED,
    ClaimState.UNDECIDED,
    ClaimState.LAPSED,
    ClaimState.DROPPED,
)


def territories(asked: Asked) -> list[Row]:
    """Territories of the next level side by side: code, waiting, free places, vouchers, referrals given, children enrolled.

    What is of the asked territory itself and of nothing below it stands under its own code. Six queries.
    """
    waiting = asked.applications().filter(state=State.WAITING)
    free = asked.within(kindergartens.free_places(asked.now), "group__territory")
    if asked.birth_year is not None:
        free = free.filter(group__birth_year=asked.birth_year)
    sources = {
        "waiting": (waiting, "territory_id"),
        "free": (free, "group__territory_id"),
        "vouchers": (_given(asked, Voucher.objects.all(), "offered_at"), "application__territory_id"),
        "referrals": (_given(asked, Referral.objects.all(), "issued_at"), "application__territory_id"),
        "enrolled": (_enrolled(asked), "application__territory_id"),
    }
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for name, (rows, field) in sources.items():
        for code, n in rows.order_by().annotate(key=F(field)).values_list("key").annotate(n=Count("id")):
            counts[code][name] = n
    together: dict[str, Counter[str]] = defaultdict(Counter)
    for code, branch in branches(counts, top=asked.top).items():
        together[branch].update(counts[code])
    return [(code, *(together[code][name] for name in sources)) for code in sorted(together)]


def branches(codes: Iterable[str], *, top: str | None) -> dict[str, str]:
    """For each territory the one right below `top` (None: the region) that it is or lies in, or `top` itself. One query."""
    paths = dict(Territory.objects.filter(code__in=list(codes)).values_list("code", "path"))
    found = {}
    for code, path in paths.items():
        steps = path.split("/")
        place = 0 if top is None else steps.index(top) + 1
        found[code] = steps[place] if place < len(steps) else code
    return found


def _given(asked: Asked, rows: Any, field: str) -> Any:
    return asked.during(asked.of_cases(rows, "application__"), field)


def _enrolled(asked: Asked) -> Any:
    return _given(asked, Admission.objects.filter(is_transfer=False), "enrolled_at")


def parts(codes: Iterable[str] | None, *, top: str | None) -> list[str]:
    """The territories of the next level in which somebody applied or a group is open, by code. Two queries."""
    rows = Territory.objects.filter(
        Q(code__in=Application.objects.values("territory")) | Q(code__in=Group.objects.values("territory"))
    )
    if codes is not None:
        rows = rows.filter(code__in=list(codes))
    return sorted(set(branches(rows.values_list("code", flat=True), top=top).values()))
