"""Pages of the register of kindergartens that the department and the heads share: editing, photos, a new group, history."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from balabaqsha.documents import http as files
from balabaqsha.gateways.port import NotAnswering
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.models import Group, Kindergarten, KindergartenPhoto
from balabaqsha.kindergartens.registry import actions, queries
from balabaqsha.locale import written
from balabaqsha.record.queries import Event
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import nearby, refusals, texts
from balabaqsha.web.kit.garden_forms import ContactsForm, GardenForm, GroupForm, PhotoForm, place_of

Page = Callable[..., HttpResponse]
_MOST_MEANT = 4


def edit(
    request: HttpRequest, garden: Kindergarten, form: ContactsForm, *, page: Page, title: str, back: str
) -> HttpResponse:
    """Change what the register says; `back` is the address to return to."""
    if request.method == "POST" and form.is_valid() and found(request, form, garden.territory_id):
        try:
            changed = actions.change(
                kindergarten_id=garden.id, changes=form.facts(), actor=request.actor, now=request.now
            )
        except Refusal as refusal:
            kit.blame(form, refusal, place_of(form, refusal))
        else:
            messages.success(request, texts.say("garden.saved" if changed else "garden.unchanged"))
            return redirect(back)
    return page(request, "garden_edit", title, form=form, garden=garden, back_url=back)


def found(request: HttpRequest, form: ContactsForm, territory: str) -> bool:
    """Look the address up that the form asks to find; what is found stands in the form, what is not is said beside it."""
    asked = form.cleaned_data.get("register_address", "")
    if not asked or not isinstance(form, GardenForm):
        return True
    try:
        meant = nearby.meant(asked, within=territory, now=request.now)
    except NotAnswering:
        form.add_error("register_address", "nearby.silent")
        return False
    if len(meant) != 1:
        words = "; ".join(one.text_ru if texts.language() == "ru" else one.text_kk for one in meant[:_MOST_MEANT])
        key = "garden.address-several" if meant else "garden.address-unknown"
        form.add_error("register_address", ValidationError(key, params={"text": words or asked}))
        return False
    one = meant[0]
    form.cleaned_data |= {
        "address_kk": one.text_kk[:300],
        "address_ru": one.text_ru[:300],
        "latitude": one.latitude,
        "longitude": one.longitude,
    }
    return True


def photos(request: HttpRequest, garden: Kindergarten, *, page: Page, title: str, back: str) -> HttpResponse:
    """The photos that everybody sees: one more, or one less; `back` is the name of this very address with its key."""
    form = PhotoForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        try:
            said = _photo(request, garden, form)
        except Refusal as refusal:
            kit.blame(form, refusal, "photo")
        else:
            if said:
                messages.success(request, texts.say(said))
                return redirect(back)
    shown = [photo_row(garden, one) for one in queries.photos(garden)]
    return page(request, "garden_photos", title, form=form, garden=garden, photos=shown)


def _photo(request: HttpRequest, garden: Kindergarten, form: PhotoForm) -> str:
    """Keep or remove a photo; the key of what is then said, nothing where no file was chosen."""
    removed = request.POST.get("remove", "")
    who: dict[str, Any] = {"kindergarten_id": garden.id, "actor": request.actor, "now": request.now}
    if removed.isascii() and removed.isdecimal():
        actions.remove_photo(photo_id=int(removed[:18]), **who)
        return "garden.photo-removed"
    form.is_valid()
    sent = files.received(request, "photo")
    if sent is None:
        form.add_error("photo", ValidationError("field-required"))
        return ""
    actions.add_photo(content=sent.content, **who)
    return "garden.photo-added"


def photo_row(garden: Kindergarten, photo: KindergartenPhoto) -> dict[str, Any]:
    """A photo as ui/garden_photos.html prints it."""
    url = reverse("public.kindergarten-photo", args=[garden.code, photo.id])
    return {"id": photo.id, "url": url, "added_at": photo.added_at}


def open_group(
    request: HttpRequest, garden: Kindergarten, groups: Sequence[Group], *, page: Page, title: str, back: str
) -> HttpResponse:
    """Open one more group; `groups` are the open ones, those with a correction may be joined; `back` is an address."""
    form = GroupForm(request.POST or None, today=localdate(request.now), special=_special(groups))
    if request.method == "POST" and form.is_valid():
        try:
            group = _open(request, garden, form.cleaned_data)
        except Refusal as refusal:
            kit.blame(form, refusal, place_of(form, refusal))
        except IntegrityError:
            form.add_error("name", "kg.name-taken")
        else:
            messages.success(request, texts.say("kg.group-opened", group=group.name))
            return redirect(back)
    return page(request, "group_open", title, form=form, back_url=back)


def _special(groups: Sequence[Group]) -> list[tuple[int, str]]:
    """Groups with a correction, which another one may be combined with."""
    rows = sorted((row for row in groups if row.correction), key=lambda row: (-row.birth_year, row.name, row.id))
    return [(row.id, f"{row.name}, {row.birth_year}, {texts.say(f'correction.{row.correction}')}") for row in rows]


def _open(request: HttpRequest, garden: Kindergarten, typed: dict[str, Any]) -> Group:
    names = ("name", "birth_year", "language", "capacity", "published", "parent_fee", "school_year")
    new = kindergartens.NewGroup(
        correction=typed["correction"] or None,
        combined_with_id=typed.get("combined_with"),
        **{name: typed[name] for name in names},
    )
    return kindergartens.open_group(kindergarten=garden, group=new, actor=request.actor, now=request.now)


def history(garden: Kindergarten, groups: dict[int, str]) -> list[dict[str, Any]]:
    """What ui/timeline.html prints of a kindergarten; `groups` names its groups by id."""
    return [
        {"at": event.at, "title": _told(event, groups), "who": texts.say(f"role.{event.actor['role']}"), "tone": ""}
        for event in queries.history(garden)
    ]


def _told(event: Event, groups: dict[int, str]) -> str:
    words = texts.say(f"garden-act.{event.act}")
    if event.facts.get("group") in groups:
        words = f"{words}: {groups[event.facts['group']]}"
    if event.facts.get("because"):
        words = f"{words}: {texts.say('closing.' + event.facts['because'])}"
    changed = [_changed(name, pair) for name, pair in event.facts.get("changed", {}).items()]
    return f"{words}. {'; '.join(changed)}" if changed else words


def _changed(name: str, pair: Sequence[Any]) -> str:
    label = texts.say(_FIELDS.get(name, "garden.settlement"))
    if not pair:
        return label
    before, after = (_value(name, one) for one in pair)
    return f"{label}: {before} → {after}"


def _value(name: str, value: Any) -> str:
    if value in (None, ""):
        return "–"
    prefix = {"ownership": "ownership", "type": "garden-type", "language": "language"}.get(name)
    if prefix:
        return texts.say(f"{prefix}.{value}")
    return written.number(value, texts.language()) if isinstance(value, (int, float)) else str(value)


_FIELDS = {
    "name": "kg.group-name",
    "language": "application.language",
    "capacity": "places.capacity",
    "parent_fee": "kg.parent-fee",
    "name_kk": "garden.name-kk",
    "name_ru": "garden.name-ru",
    "ownership": "garden.ownership",
    "type": "garden.type",
    "licence_number": "garden.licence-number",
    "licence_on": "garden.licence-on",
    "settlement_id": "garden.settlement",
    "address_kk": "garden.address-kk",
    "address_ru": "garden.address-ru",
    "latitude": "garden.latitude",
    "longitude": "garden.longitude",
    "phone": "catalogue.phone",
    "email": "catalogue.email",
    "head_name": "catalogue.head",
    "stay_hours": "catalogue.stay",
    "opens_on": "garden.opens-on",
}


def refused(request: HttpRequest, refusal: Refusal, back: str) -> HttpResponse:
    """Say a refusal at the top of the page at `back`."""
    messages.error(request, refusals.explain(request, refusal))
    return redirect(back)
