"""The register of kindergartens: the list, entering one, its page with history, editing, photos, who works there."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, department_officer, department_reader, get_or_404
from balabaqsha.accounts.models import RoleGrant
from balabaqsha.accounts.roles import queries as roles
from balabaqsha.kernel.actor import Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens import queries as groups_of
from balabaqsha.kindergartens.models import Kindergarten, Ownership
from balabaqsha.kindergartens.registry import actions, queries
from balabaqsha.locale import written
from balabaqsha.territories import queries as territories
from balabaqsha.web.department import pages
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import gardens, texts
from balabaqsha.web.kit.garden_forms import GardenForm, NewGardenForm, place_of, said_of
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50


class GardensForm(forms.Form):
    """Which kindergartens are shown."""

    name = forms.CharField(label="garden.search", required=False, max_length=80)
    ownership = forms.ChoiceField(
        label="garden.ownership",
        required=False,
        choices=[("", "department.all"), *((one.value, f"ownership.{one.value}") for one in Ownership)],
    )
    state = forms.ChoiceField(
        label="garden.state",
        required=False,
        choices=[("", "garden.state-open"), ("closed", "garden.state-closed"), ("all", "department.all")],
    )


@access(department_reader)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Kindergartens of the territory, by name."""
    form = GardensForm(request.GET)
    typed: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    found = _filtered(department_reader.scope(request.actor, Kindergarten.objects.all()), typed)
    total = found.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    ordered = queries.with_numbers(found.select_related("settlement")).order_by("name_kk", "id")
    context = {
        "form": form,
        "chosen": sum(1 for value in typed.values() if value),
        "total": total,
        "pager": shown,
        "rows": [_row(one) for one in ordered[start : start + SIZE]],
    }
    return pages.page(request, "gardens", "officer.kindergartens", may_edit=_may_edit(request), **context)


def _filtered(found: QuerySet[Kindergarten], typed: dict[str, Any]) -> QuerySet[Kindergarten]:
    if typed.get("state") != "all":
        found = found.filter(closed_at__isnull=typed.get("state") != "closed")
    if typed.get("ownership"):
        found = found.filter(ownership=typed["ownership"])
    for word in typed.get("name", "").split():
        found = found.filter(Q(name_kk__icontains=word) | Q(name_ru__icontains=word) | Q(bin__startswith=word))
    return found


def _row(garden: Kindergarten) -> dict[str, Any]:
    settlement = garden.settlement
    place = (settlement.name_ru if texts.language() == "ru" else settlement.name_kk) if settlement else "–"
    return {
        "garden": garden,
        "name": pages.kindergarten_name(garden),
        "settlement": place,
        "groups": getattr(garden, "open_groups", 0),
        "url": reverse("officer.kindergarten", args=[garden.code]),
    }


def _may_edit(request: HttpRequest) -> bool:
    return request.actor.role is Role.OFFICER


def of_officer(request: HttpRequest, code: str) -> Kindergarten:
    """A kindergarten that the officer may change, else 404."""
    rows = Kindergarten.objects.select_related("territory", "settlement")
    found: Kindergarten = get_or_404(department_officer, request.actor, rows, code=code)
    return found


@access(department_officer)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a kindergarten; its groups are opened afterwards."""
    known = pages.own_territories(request)
    if not known:
        raise Http404
    asked = request.POST.get("territory") or request.GET.get("territory") or known[0][0]
    territory = asked if asked in dict(known) else known[0][0]
    form = NewGardenForm(
        request.POST or None,
        territories=known,
        settlements=_settlements([code for code, _ in known]),
        territory=territory,
        initial={"territory": territory, "stay_hours": 10.5, "ownership": Ownership.STATE.value},
    )
    if request.method == "POST" and form.is_valid() and gardens.found(request, form, territory):
        try:
            garden = actions.enter(
                bin_=form.cleaned_data["bin"],
                territory_code=form.cleaned_data["territory"],
                facts=actions.Facts(**form.facts()),
                actor=request.actor,
                now=request.now,
            )
        except Refusal as refusal:
            kit.blame(form, refusal, place_of(form, refusal))
        except IntegrityError:
            # Another officer has entered it at this very moment.
            form.add_error("bin", ValidationError("bin-taken"))
        else:
            messages.success(request, texts.say("garden.entered"))
            return redirect("officer.kindergarten", code=garden.code)
    back = reverse("officer.kindergartens")
    trail = ("officer.kindergartens",)
    return pages.page(request, "garden_edit", "officer.kindergarten-new", trail=trail, form=form, back_url=back)


def _settlements(codes: list[str]) -> list[tuple[str, str]]:
    """The territories and every settlement below them, by name."""
    rows = {row.code: row for code in codes for row in territories.subtree(code)}
    russian = texts.language() == "ru"
    named = [(code, row.name_ru if russian else row.name_kk) for code, row in rows.items()]
    return sorted(named, key=lambda one: (written.sort_key(one[1]), one[0]))


@access(department_reader)
@require_GET
def garden(request: HttpRequest, code: str) -> HttpResponse:
    """What the register says of a kindergarten, its groups in short, and its history."""
    rows = Kindergarten.objects.select_related("territory", "settlement")
    found: Kindergarten = get_or_404(department_reader, request.actor, rows, code=code)
    open_groups = groups_of.group_rows(found.groups.filter(closed_at=None), now=request.now)
    names = dict(found.groups.values_list("id", "name"))
    totals = {name: sum(getattr(row, name) for row in open_groups) for name in _TOTALS}
    context = {
        "facts": facts(found),
        "photos": [gardens.photo_row(found, one) for one in queries.photos(found)],
        "stats": [
            {"label": texts.say("catalogue.groups"), "value": len(open_groups), "note": ""},
            *({"label": texts.say(f"kg.places-{name}"), "value": value, "note": ""} for name, value in totals.items()),
        ],
        "events": gardens.history(found, names),
        "closed_reason": texts.say(f"closing.{found.closed_because}") if found.closed_because else "",
        "may_edit": _may_edit(request) and found.closed_at is None,
        "is_officer": _may_edit(request),
    }
    return page(request, "garden", "officer.kindergarten", garden=found, **context)


_TOTALS = ("enrolled", "held", "free", "unpublished")


def facts(garden: Kindergarten) -> list[dict[str, str]]:
    """The facts of a kindergarten in words; what is not on record is left out."""
    settlement, russian = garden.settlement, texts.language() == "ru"
    point = f"{garden.latitude:.5f}, {garden.longitude:.5f}" if garden.latitude is not None else ""
    licence = f"{garden.licence_number}, {written.day(garden.licence_on)}" if garden.licence_on else ""
    said = [
        ("garden.bin", garden.bin),
        ("garden.ownership", texts.say(f"ownership.{garden.ownership}")),
        ("garden.type", texts.say(f"garden-type.{garden.type}")),
        ("garden.licence", licence),
        ("garden.settlement", (settlement.name_ru if russian else settlement.name_kk) if settlement else ""),
        ("catalogue.address", garden.address_ru if russian else garden.address_kk),
        ("catalogue.coordinates", point),
        ("catalogue.phone", garden.phone),
        ("catalogue.email", garden.email),
        ("catalogue.head", garden.head_name),
        ("catalogue.stay", texts.say("catalogue.hours", hours=written.number(garden.stay_hours, texts.language()))),
        ("garden.opens-on", written.day(garden.opens_on) if garden.opens_on else ""),
    ]
    return [{"label": texts.say(key), "value": value} for key, value in said if value]


@access(department_officer)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Change what the register says."""
    found = of_officer(request, code)
    form = GardenForm(
        request.POST or None,
        settlements=_settlements([found.territory_id]),
        territory=found.territory_id,
        initial=said_of(found),
    )
    back = reverse("officer.kindergarten", args=[found.code])
    return gardens.edit(request, found, form, page=page, title="officer.kindergarten-edit", back=back)


@access(department_officer)
@require_http_methods(["GET", "POST"])
def photos(request: HttpRequest, code: str) -> HttpResponse:
    """The photos that everybody sees."""
    found = of_officer(request, code)
    back = reverse("officer.kindergarten-photos", args=[found.code])
    return gardens.photos(request, found, page=page, title="officer.kindergarten-photos", back=back)


@access(department_officer)
@require_GET
def staff(request: HttpRequest, code: str) -> HttpResponse:
    """Who works in a kindergarten in which role, from when until when; those whose role has ended below."""
    found = of_officer(request, code)
    grants = RoleGrant.objects.filter(kindergarten=found)
    live = roles.holders(grants, now=request.now)
    ended = roles.former(grants, now=request.now)
    context = {
        "rows": [_holder(roles.holder(one)) for one in live[:SIZE]],
        "former": [_holder(roles.holder(one), ended_on=one.ended) for one in ended[:SIZE]],
        "give_url": f"{reverse('officer.role-give')}?kindergarten={found.id}",
    }
    return page(request, "garden_staff", "officer.kindergarten-staff", garden=found, **context)


def _holder(one: roles.Holder, *, ended_on: Any = None) -> dict[str, Any]:
    until = texts.say("roles.until", date=one.last_day) if one.last_day else texts.say("roles.no-end")
    if ended_on is not None:
        until = written.day(localdate(ended_on - timedelta(microseconds=1)))
    return {
        "holder": one,
        "role": texts.say(f"role.{one.role}"),
        "span": f"{written.day(one.first_day)} – {until}",
        "url": reverse("officer.role-take", args=[one.grant_id]),
    }


def page(request: HttpRequest, name: str, title: str, *, garden: Kindergarten, **context: Any) -> HttpResponse:
    """A page about one kindergarten, below the register and its own page."""
    own = {"text": pages.kindergarten_name(garden), "url": reverse("officer.kindergarten", args=[garden.code])}
    top = {"text": texts.say("officer.kindergartens"), "url": reverse("officer.kindergartens")}
    is_own = title == "officer.kindergarten"
    context |= {
        "garden": garden,
        "heading": own["text"] if is_own else texts.say(title),
        "garden_name": own["text"],
        "crumbs": [top, own | {"url": ""}] if is_own else [top, own, {"text": texts.say(title), "url": ""}],
    }
    return pages.framed(request, name, title, **context)
