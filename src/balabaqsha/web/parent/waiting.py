"""«Күту парағындағы өтініштер»: standing in waiting lists of groups, and the places offered from them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balabaqsha.accounts.access import access, application_to_choose, family_desk
from balabaqsha.admissions import queries as admissions
from balabaqsha.admissions.models import WaitingListEntry, WaitingListOffer
from balabaqsha.journeys import choosing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens.models import Group
from balabaqsha.people import queries as people
from balabaqsha.web.kit import texts
from balabaqsha.web.kit.deadlines import EveryDay, deadline
from balabaqsha.web.parent import cards, frame


@access(family_desk)
@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """Every list in which an application of the family stands, offers with their term."""
    own = [one.id for one in frame.applications(request)]
    offers = admissions.offers_to(own)
    rows = [_row(request, entry, offers.get(entry.id)) for entry in admissions.standing_in_lists(own)]
    return frame.page(request, "waiting", texts.say("parent.waiting-list"), rows=rows)


def _row(request: HttpRequest, entry: WaitingListEntry, offer: WaitingListOffer | None) -> dict[str, Any]:
    number = entry.application.number
    args = [number, entry.group_id]
    leave = cards.Action(texts.say("waiting.leave"), reverse("waiting.leave", args=args), "quiet")
    accept = cards.Action(texts.say("waiting.accept"), reverse("waiting.accept", args=args), icon="check")
    return {
        "id": f"w{entry.id}",
        "kindergarten": frame.name(entry.group.kindergarten),
        "group": entry.group.name,
        "child": people.card(entry.application.child).full_name,
        "number": number,
        "url": reverse("application.page", args=[number]),
        "joined_at": entry.joined_at,
        "place": admissions.place_in_list(entry),
        "state": "OFFERED" if offer else "STANDING",
        "deadline": _strip(request, offer) if offer else None,
        "actions": [one for one in ([accept, leave] if offer else [leave]) if frame.is_open(one.url, request.actor)],
    }


def _strip(request: HttpRequest, offer: WaitingListOffer) -> Any:
    return deadline(
        id=f"offer-{offer.id}",
        title=f"{texts.say('rulebook.waiting_list.answer')}, {offer.entry.group.name}",
        started=offer.offered_at,
        due=offer.due_at,
        now=request.now,
        calendar=EveryDay(),
        live=False,
    )


@access(application_to_choose)
@require_POST
def join(request: HttpRequest, number: str, group_id: int) -> HttpResponse:
    """Stand in the waiting list of a group."""
    return _perform(request, number, group_id, choosing.join_waiting_list, "waiting.joined")


@access(application_to_choose)
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, number: str, group_id: int) -> HttpResponse:
    """Leave a waiting list; the place in it is lost."""
    if request.method == "POST":
        return _perform(request, number, group_id, choosing.leave_waiting_list, "waiting.left")
    dialog = {
        "title": texts.say("waiting.leave-question"),
        "no_title": texts.say("waiting.leave-if"),
        "no_text": texts.say("waiting.leave-text"),
        "no": texts.say("waiting.leave"),
    }
    return _ask(request, number, group_id, "waiting.leave", dialog)


@access(application_to_choose)
@require_http_methods(["GET", "POST"])
def accept(request: HttpRequest, number: str, group_id: int) -> HttpResponse:
    """Take the place that is offered."""
    if request.method == "POST":
        return _perform(request, number, group_id, choosing.accept_offer, "waiting.accepted")
    dialog = {
        "title": texts.say("waiting.accept-question"),
        "yes_title": texts.say("waiting.accept-if"),
        "yes_text": texts.say("waiting.accept-text"),
        "yes": texts.say("waiting.accept"),
    }
    return _ask(request, number, group_id, "waiting.accept", dialog)


def _perform(request: HttpRequest, number: str, group_id: int, act: Callable[..., object], done: str) -> HttpResponse:
    found = frame.application(request, number)
    if not Group.objects.filter(id=group_id, territory_id=found.territory_id).exists():
        return _to_lists()
    try:
        act(application_id=found.id, group_id=group_id, actor=request.actor, now=request.now)
    except Refusal as refusal:
        return frame.refused(request, found, refusal)
    messages.success(request, texts.say(done))
    return redirect("application.page", number=number) if done == "waiting.accepted" else _to_lists()


def _to_lists() -> HttpResponse:
    return redirect("parent.waiting-list")


def _ask(request: HttpRequest, number: str, group_id: int, title: str, dialog: dict[str, str]) -> HttpResponse:
    found = frame.application(request, number)
    entry = next((one for one in admissions.standing_in_lists([found.id]) if one.group_id == group_id), None)
    offer = admissions.open_offer(application_id=found.id, group_id=group_id)
    if entry is None or (title == "waiting.accept" and offer is None):
        # Gone meanwhile: the list shows how things stand.
        return _to_lists()
    dialog |= {
        "id": "waiting",
        "text": f"{frame.name(entry.group.kindergarten)}, {entry.group.name}",
        "action": request.path,
        "back_url": reverse("parent.waiting-list"),
    }
    strip = _strip(request, offer) if offer else None
    trail = (texts.say("parent.waiting-list"), reverse("parent.waiting-list"))
    return frame.page(
        request, "consequence", texts.say(title), trail, dialog=dialog, child=frame.child_name(found), deadline=strip
    )
