"""Choosing a kindergarten and a group: the catalogue with the places free now, the choice, choosing anew or none."""

from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, application_to_choose
from balabaqsha.admissions import queries as admissions
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import MAY_CHOOSE, State
from balabaqsha.journeys import choosing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.kindergartens._steps import NoFreePlace
from balabaqsha.kindergartens.models import Group, Kindergarten, KindergartenType, Ownership
from balabaqsha.locale import written
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kit import brief, nearby, pages, recent, refusals, texts, years
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit.nearby import Whence
from balabaqsha.web.parent import cards, frame, home
from balabaqsha.web.parent.forms import CatalogueForm, GroupForm

_PAGE = 20
# Ids have fewer digits than this.
_LONGEST_ID = 18
_KINDS = {
    KindergartenType.MINI_CENTRE: ("term.mini-centre", "sprout"),
    KindergartenType.SPECIAL: ("term.special-kindergarten", "stethoscope"),
    KindergartenType.SANATORIUM: ("term.sanatorium-kindergarten", "stethoscope"),
}


@dataclass
class Offer:
    """A kindergarten with its groups that suit an application, each with its places free now."""

    kindergarten: Kindergarten
    groups: list[tuple[Group, int]] = field(default_factory=list)

    @property
    def free(self) -> int:
        return sum(free for _, free in self.groups)

    @property
    def languages(self) -> list[str]:
        return sorted({group.language for group, _ in self.groups})


@access(application_to_choose)
@require_GET
def catalogue(request: HttpRequest, number: str) -> HttpResponse:
    """Kindergartens of the territory with a group for this child, filtered and ordered by the address."""
    found = frame.application(request, number)
    if not may_choose(found):
        return redirect("application.page", number=number)
    asked = CatalogueForm(request.GET or None, territory=found.territory_id)
    wanted = asked.cleaned_data if asked.is_bound and asked.is_valid() else {}
    whence = home.whence(
        request, found.territory_id, typed=str(wanted.get("address", "")), home=bool(wanted.get("home"))
    )
    sort = str(wanted.get("sort") or ("near" if whence.point else ""))
    shown = ordered(_filtered(offers(request, found), wanted), found, sort, whence)
    page = pages.page_of(request)
    context = {
        "form": asked,
        "chosen": sum(bool(wanted.get(name)) for name in ("q", "language", "free", "address", "home")),
        "whence": whence,
        "home_url": "" if wanted.get("home") else home.link(request),
        "gardens": [_card(offer, found, whence) for offer in shown[(page - 1) * _PAGE : page * _PAGE]],
        "count": len(shown),
        "free": sum(offer.free for offer in shown),
        "pager": pages.pager(request, page=page, total=len(shown), size=_PAGE),
        "deadline": cards.term_strip(found, now=request.now),
        "child": frame.child_name(found),
        "born_on": found.born_on,
        "present": _present(found),
        "is_transfer": found.state == State.ENROLLED,
    }
    return frame.page(request, "choose", texts.say("choice.open"), *frame.trail_to(found), **context)


@access(application_to_choose)
@require_http_methods(["GET", "POST"])
def kindergarten(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """«Қабылдану»: the child, the groups of one kindergarten, «Растау»; and their waiting lists."""
    answered = _claimed(request, number) if request.method == "POST" else None
    if answered is not None:
        return answered
    found = frame.application(request, number)
    if not may_choose(found):
        return redirect("application.page", number=number)
    offer = next((one for one in offers(request, found) if one.kindergarten.code == code), None)
    if offer is None:
        raise Http404
    free = [(group.id, _label(request, group, count)) for group, count in offer.groups if count]
    form = GroupForm(frame.posted(request), groups=free, initial={"group": free[0][0] if len(free) == 1 else None})
    if request.method == "POST":
        refused = _take(request, found, offer, form)
        if refused is None:
            messages.success(request, texts.say("choice.done"))
            return redirect("application.page", number=number)
        offer = next(one for one in offers(request, found) if one.kindergarten.code == code)
    return _group_page(request, found, offer, form)


def _claimed(request: HttpRequest, number: str) -> HttpResponse | None:
    """The answer to a choice that is made, or that comes too late; None for any other, which the form explains.

    A loser gets a page of a few lines: at the hour when places open thousands come for one, and most of them lose.
    """
    asked = request.POST.get("group", "")
    mine = application_to_choose.scope(request.actor, Application.objects.filter(number=number))
    application_id = next(iter(mine.values_list("id", flat=True)), None)
    if application_id is None or not (asked.isascii() and asked.isdecimal() and len(asked) < _LONGEST_ID):
        return None
    try:
        choosing.choose(application_id=application_id, group_id=int(asked), actor=request.actor, now=request.now)
    except NoFreePlace as refusal:
        context = {
            "text": refusals.explain(request, refusal),
            "again_url": request.path,
            "back_url": reverse("choice.open", args=[number]),
            "home_url": reverse("nav.home"),
        }
        return brief.page("parent/too_late.html", context, status=HTTPStatus.CONFLICT)
    except Refusal:
        return None
    messages.success(request, texts.say("choice.done"))
    return redirect("application.page", number=number)


def _take(request: HttpRequest, found: Application, offer: Offer, form: GroupForm) -> GroupForm | None:
    """Make the choice; the form with what stands against it, or None when it is made."""
    asked = request.POST.get("group", "")
    known = {str(group.id) for group, _ in offer.groups}
    if asked in known and asked not in dict(form.fields["group"].choices):
        # Free when the page was shown: the answer is that of the act, not of the list.
        form.fields["group"].choices = [*form.fields["group"].choices, (asked, asked)]
    if not form.is_valid():
        return form
    try:
        choosing.choose(
            application_id=found.id, group_id=int(form.cleaned_data["group"]), actor=request.actor, now=request.now
        )
    except Refusal as refusal:
        kit.blame(form, refusal, "group")
        form.fields["group"].choices = [pair for pair in form.fields["group"].choices if pair[0] != pair[1]]
        return form
    return None


@access(application_to_choose)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, number: str) -> HttpResponse:
    """Give the chosen place up before signing."""
    found = frame.application(request, number)
    if request.method == "POST":
        try:
            choosing.unchoose(application_id=found.id, actor=request.actor, now=request.now)
        except Refusal as refusal:
            return frame.refused(request, found, refusal)
        messages.success(request, texts.say("choice.cancelled"))
        return redirect("application.page", number=number)
    admission = admissions.open_admission(found.id)
    if admission is None:
        return redirect("application.page", number=number)
    lost = "choice.cancel-transfer" if admission.is_transfer else "choice.cancel-text"
    dialog = {
        "id": "cancel",
        "title": texts.say("choice.cancel-question"),
        "text": f"{frame.name(admission.group.kindergarten)}, {admission.group.name}",
        "no_title": texts.say("choice.cancel-if"),
        "no_text": texts.say(lost),
        "action": request.path,
        "no": texts.say("choice.cancel"),
        "back_url": reverse("application.page", args=[number]),
    }
    context = {"dialog": dialog, "child": frame.child_name(found), "deadline": cards.term_strip(found, now=request.now)}
    return frame.page(request, "consequence", texts.say("choice.cancel"), *frame.trail_to(found), **context)


def may_choose(found: Application) -> bool:
    """Whether the application can choose now: a running voucher, or an enrolled child that moves."""
    return (found.regime == Regime.VOUCHER and found.state in MAY_CHOOSE) or found.state == State.ENROLLED


def offers(request: HttpRequest, found: Application) -> list[Offer]:
    """Kindergartens with groups of the child's birth year and kind in the territory, in a crowd as of a second ago.

    Whoever chooses is judged by what stands then. Two queries.
    """
    key = (found.territory_id, found.birth_year, found.correction)
    return recent.shared(lambda: _offers(found, now=request.now), "offers", *key)


def _offers(found: Application, *, now: datetime) -> list[Offer]:
    groups = Group.objects.filter(
        territory_id=found.territory_id,
        birth_year=found.birth_year,
        correction=found.correction,
        closed_at__isnull=True,
        kindergarten__closed_at__isnull=True,
    )
    free = kindergartens.free_by_group(groups, now=now)
    found_in: dict[int, Offer] = {}
    for group in groups.select_related("kindergarten__settlement").order_by("name", "id"):
        offer = found_in.setdefault(group.kindergarten_id, Offer(group.kindergarten))
        offer.groups.append((group, free[group.id]))
    return list(found_in.values())


def _filtered(found: list[Offer], wanted: dict[str, Any]) -> list[Offer]:
    words = str(wanted.get("q", "")).casefold().split()
    spoken = set(wanted.get("language", ()))
    return [
        offer
        for offer in found
        if all(word in _searched(offer.kindergarten) for word in words)
        and (not spoken or spoken & set(offer.languages))
        and (offer.free or not wanted.get("free"))
    ]


def _searched(row: Kindergarten) -> str:
    return f"{row.name_kk} {row.name_ru} {row.address_kk} {row.address_ru}".casefold()


def ordered(found: list[Offer], application: Application, sort: str, whence: Whence) -> list[Offer]:
    """By free places unless asked otherwise; wished kindergartens first, then those of the family's settlement.

    By distance where it is known from where.
    """
    wished = dict(application.wishes.values_list("kindergarten_id", "rank"))

    def key(offer: Offer) -> tuple[Any, ...]:
        by_name = written.sort_key(frame.name(offer.kindergarten))
        if sort == "name":
            return (by_name,)
        rank = wished.get(offer.kindergarten.id, len(wished) + 1)
        if sort == "near" and whence.point:
            km = whence.km_to(offer.kindergarten.latitude, offer.kindergarten.longitude)
            return (km is None, km or 0.0, by_name)
        far = offer.kindergarten.settlement_id != application.settlement_id
        return (far, rank, -offer.free, by_name) if sort == "near" else (rank, -offer.free, far, by_name)

    return sorted(found, key=key)


def kind_of(row: Kindergarten) -> tuple[str, str]:
    """The kind of a kindergarten in words, and its icon."""
    private = row.ownership == Ownership.PRIVATE
    plain = ("term.private-kindergarten", "building-2") if private else ("term.state-kindergarten", "school")
    key, icon = _KINDS.get(KindergartenType(row.type), plain)
    return texts.say(key), icon


def _card(offer: Offer, found: Application, whence: Whence) -> dict[str, Any]:
    row = offer.kindergarten
    kind, icon = kind_of(row)
    url = reverse("choice.kindergarten", args=[found.number, row.code])
    suits = bool(set(offer.languages) & set(found.languages)) or not found.languages
    return {
        "name": frame.name(row),
        "url": url,
        "kind": kind[:1].upper() + kind[1:],
        "kind_icon": icon,
        "suits": texts.say("choose.suits") if suits else "",
        "free": offer.free,
        "by_year": texts.say_count("count.group", len(offer.groups)),
        "address": nearby.card_lines(whence.km_to(row.latitude, row.longitude), frame.address(row)),
        "languages": frame.languages(offer.languages),
        "hours": texts.say("choose.hours", hours=row.stay_hours),
        "action": cards.Action(texts.say("choice.enrol"), url, size="s", of=frame.name(row)),
    }


def _label(request: HttpRequest, group: Group, free: int) -> str:
    said = texts.say_count("count.free-place", free)
    later = years.note(group.school_year, on=localdate(request.now))
    return ", ".join(filter(None, [f"{group.name}: {texts.say(f'language.{group.language}')}", said, later]))


def _present(found: Application) -> str:
    """The place held now, which a new choice would free."""
    admission = admissions.open_admission(found.id)
    return f"{frame.name(admission.group.kindergarten)}, {admission.group.name}" if admission else ""


def _group_page(request: HttpRequest, found: Application, offer: Offer, form: GroupForm) -> HttpResponse:
    row = offer.kindergarten
    kind, _ = kind_of(row)
    facts = [("choose.kind", kind), ("choose.address", frame.address(row)), ("choose.phone", row.phone)]
    facts += [("choose.stay", texts.say("choose.hours", hours=row.stay_hours))]
    listed = {entry.group_id for entry in admissions.entries(found.id)}
    present = {one.group_id for one in admissions.holding(found.id)}
    context = {
        "form": form,
        "can_choose": bool(form.fields["group"].choices),
        "kindergarten": frame.name(row),
        "facts": [{"label": texts.say(key), "value": value} for key, value in facts if value],
        "groups": [
            {
                "id": group.id,
                "name": group.name,
                "later": years.note(group.school_year, on=localdate(request.now)),
                "language": texts.say(f"language.{group.language}"),
                "unwished": bool(found.languages) and group.language not in found.languages,
                "capacity": group.capacity,
                "free": free,
                "fee": group.parent_fee,
                "listed": group.id in listed,
                "own": group.id in present,
            }
            for group, free in offer.groups
        ],
        "may_join": found.state == State.VOUCHER_ACTIVE or (found.state == State.ENROLLED and not _present(found)),
        "number": found.number,
        "child": frame.child_name(found),
        "present": _present(found),
        "is_transfer": found.state == State.ENROLLED,
        "deadline": cards.term_strip(found, now=request.now),
        "back_url": reverse("choice.open", args=[found.number]),
    }
    trail = (texts.say("choice.open"), reverse("choice.open", args=[found.number]))
    return frame.page(request, "choose_group", frame.name(row), *frame.trail_to(found), trail, **context)
