"""Publishing free places of a group and taking them back: one page each, for kindergartens and for the department."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from balabaqsha.admissions import queries as admissions
from balabaqsha.journeys import publishing
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries
from balabaqsha.kindergartens.models import Group, Ownership
from balabaqsha.law import lists
from balabaqsha.line import linear
from balabaqsha.referrals import queries as referrals
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts

# Prints a page of the workplace: its template, the key of its title, what the template takes.
Page = Callable[..., HttpResponse]
_TURNS = "kg.publish-turns"


def count(label: str, **options: int) -> forms.IntegerField:
    """A field for a number of places, of one or more."""
    attrs = {"inputmode": "numeric", "data-width": "iin"}
    return forms.IntegerField(label=label, min_value=1, widget=forms.TextInput(attrs=attrs), **options)


class PublishForm(forms.Form):
    """How many places are opened to families; `seen` is how many were unpublished when the form was shown."""

    places = count("kg.how-many")
    seen = forms.IntegerField(widget=forms.HiddenInput)


class RecallForm(PublishForm):
    """How many free places are taken back from families, and why; `seen` is how many were free."""

    reason = forms.ChoiceField(
        label="kg.recall-reason", choices=[(one.value, f"recall.{one.value}") for one in lists.RecallReason]
    )
    field_order = ("places", "reason", "seen")


def publish(request: HttpRequest, group: Group, *, page: Page, back: str) -> HttpResponse:
    """Open places to families; the waiting list is served first, and the page says so before."""
    seen = queries.unpublished_in_group(group.id)
    waiting = admissions.waiting_by_group([group.id])[group.id]
    form = PublishForm(request.POST or None, initial={"places": seen or "", "seen": seen})
    if request.method == "POST" and form.is_valid():
        places = form.cleaned_data["places"]
        try:
            publishing.publish(
                group_id=group.id, places=places, seen=form.cleaned_data["seen"], actor=request.actor, now=request.now
            )
        except Refusal as refusal:
            _blame(form, refusal)
        else:
            said = texts.say("kg.published", places=places, group=group.name, offered=min(places, waiting))
            messages.success(request, said)
            return redirect(back)
    _show_afresh(form, seen)
    context = {"form": form, "group": group, "seen": seen, "waiting": waiting, "back_url": reverse(back)}
    opens = _opens(group, request)
    return page(request, "publish", "kg.publish", **context, opens=opens, by_turns=opens == _TURNS)


def _opens(group: Group, request: HttpRequest) -> str:
    """The sentence that says to whom a published place is open when nobody is on the waiting list."""
    if territories.regime_on(group.territory_id, localdate(request.now)) != Regime.LINEAR:
        return "kg.publish-open"
    return _TURNS if group.kindergarten.ownership == Ownership.STATE else "kg.publish-private"


def recall(request: HttpRequest, group: Group, *, page: Page, back: str) -> HttpResponse:
    """Take free places back from families, with a reason; a place that a turn was given for stays."""
    seen = queries.free_in_group(group.id, now=request.now)
    form = RecallForm(request.POST or None, initial={"seen": seen})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            publishing.recall(
                group_id=group.id,
                places=typed["places"],
                reason=typed["reason"],
                seen=typed["seen"],
                actor=request.actor,
                now=request.now,
            )
        except Refusal as refusal:
            _blame(form, refusal)
        else:
            messages.success(request, texts.say("kg.recalled", places=typed["places"], group=group.name))
            return redirect(back)
    _show_afresh(form, seen)
    context = {"form": form, "group": group, "seen": seen, "back_url": reverse(back)}
    return page(request, "recall", "kg.recall", **context, **_promised(group))


def _promised(group: Group) -> dict[str, int]:
    """In a linear line: how many of its free places families have turns for."""
    key = linear.key_of_group(group)
    line = linear.row(key) if group.kindergarten.ownership == Ownership.STATE else None
    if line is None:
        return {"turns": 0, "line_free": 0}
    return {"turns": referrals.live_turns_by_line([line.id])[line.id], "line_free": linear.free_state_places(key)}


def _blame(form: PublishForm, refusal: Refusal) -> None:
    beside = refusal.detail in {"capacity-reached", "no-free-place"}
    if refusal.detail == "no-free-place":
        form.add_error("places", "kg.not-so-many-free")
    else:
        kit.blame(form, refusal, "places" if beside else None)


def _show_afresh(form: PublishForm, seen: int) -> None:
    """What stands in the page now is what the next sending is compared with."""
    if form.is_bound:
        form.data = form.data.copy()
        form.data["seen"] = str(seen)
