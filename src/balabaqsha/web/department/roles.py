"""Who holds which role here: the list, giving a role, taking one away. Departments, heads and the ministry alike."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts.access import access, get_or_404, role_giver
from balabaqsha.accounts.models import RoleGrant
from balabaqsha.accounts.roles import actions, queries, rules
from balabaqsha.kernel.actor import Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.kindergartens.models import Kindergarten
from balabaqsha.locale import written
from balabaqsha.territories import queries as territories
from balabaqsha.web.department import pages
from balabaqsha.web.department.forms import RoleForm, TakeRoleForm
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts
from balabaqsha.web.kit.pages import page_of, pager

SIZE = 50
_BESIDE = {
    "wrong-iin": "iin",
    "nobody-to-give-to": "iin",
    "role-to-oneself": "iin",
    "role-held": "role",
    "may-not-give": "role",
    "role-ends-too-soon": "last_day",
}


@access(role_giver)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Everybody who holds a role that the actor may give, from when until when, given by whom and why."""
    found = queries.holders(role_giver.scope(request.actor, RoleGrant.objects.all()), now=request.now)
    total = found.count()
    shown = pager(request, page=page_of(request), total=total, size=SIZE)
    start = (shown.page - 1) * SIZE
    keys = ("who", "role", "of", "span", "given-by", "reason")
    context = {
        "columns": [texts.say(f"roles.{key}") for key in keys],
        "rows": [_row(queries.holder(row)) for row in found[start : start + SIZE]],
        "pager": shown,
    }
    return _page(request, "roles", "officer.roles", **context)


@access(role_giver)
@require_http_methods(["GET", "POST"])
def give(request: HttpRequest) -> HttpResponse:
    """Give a role to somebody who has an account; what the role lets them do is said before."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_role(gift=_gift(request, form), actor=request.actor, now=request.now)
        except Refusal as refusal:
            place = "territory" if form.cleaned_data["role"] in rules.OF_TERRITORIES else "kindergarten"
            beside = (
                place if refusal.detail == "role-bounds" else _BESIDE.get(refusal.detail, _BESIDE.get(refusal.code))
            )
            kit.blame(form, refusal, beside if beside in form.fields else None)
        else:
            messages.success(request, texts.say("roles.given"))
            return redirect("officer.roles")
    means = [
        {"label": texts.say(f"role.{role}"), "value": texts.say(f"role.{role}.means")}
        for role in rules.may_give(request.actor.role)
    ]
    return _page(request, "role_give", "officer.role-give", trail=("officer.roles",), form=form, means=means)


@access(role_giver)
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, grant_id: int) -> HttpResponse:
    """Take a role away at once, with a reason that its holder reads."""
    live = queries.holders(RoleGrant.objects.all(), now=request.now)
    row: RoleGrant = get_or_404(role_giver, request.actor, live, pk=grant_id)
    form = TakeRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_role(grant_id=row.id, reason=form.cleaned_data["reason"], actor=request.actor, now=request.now)
        except Refusal as refusal:
            kit.blame(form, refusal)
        else:
            messages.success(request, texts.say("roles.taken"))
            return redirect("officer.roles")
    context = {"form": form, "row": _row(queries.holder(row))}
    return _page(request, "role_take", "officer.role-take", trail=("officer.roles",), **context)


def _form(request: HttpRequest) -> RoleForm:
    roles = rules.may_give(request.actor.role)
    return RoleForm(
        request.POST if request.method == "POST" else None,
        initial={"kindergarten": request.GET.get("kindergarten", "")},
        roles=roles,
        kindergartens=_kindergartens(request) if request.actor.role is Role.OFFICER else [],
        territories=_territories(request) if set(roles) & rules.OF_TERRITORIES else [],
    )


def _gift(request: HttpRequest, form: RoleForm) -> actions.Gift:
    typed, role = form.cleaned_data, Role(form.cleaned_data["role"])
    kindergarten = typed.get("kindergarten") or (request.actor.kindergarten_id or "")
    of_kindergarten, of_territory = role in rules.OF_KINDERGARTENS, role in rules.OF_TERRITORIES
    return actions.Gift(
        role=role,
        iin=typed["iin"],
        surname=typed["surname"],
        reason=typed["reason"].strip(),
        kindergarten_id=int(kindergarten) if of_kindergarten and kindergarten else None,
        territory_code=(typed.get("territory") or None) if of_territory else None,
        first_day=typed["first_day"],
        last_day=typed["last_day"],
    )


def _kindergartens(request: HttpRequest) -> list[tuple[str, str]]:
    rows = Kindergarten.objects.filter(territory__in=territories.subtree(request.actor.territory_code or ""))
    named = [(str(row.id), pages.kindergarten_name(row)) for row in rows]
    return sorted(named, key=lambda one: written.sort_key(one[1]))


def _territories(request: HttpRequest) -> list[tuple[str, str]]:
    """The officer's own territory and those right below; for the ministry every region with its districts."""
    own = request.actor.territory_code
    above = [place.code for place in territories.regions()] if own is None else [own]
    codes = [code for one in above for code in (one, *(place.code for place in territories.children(one)))]
    names = territories.spoken_names(set(codes), texts.language())
    return [(code, names.get(code, code)) for code in codes]


def _row(one: queries.Holder) -> dict[str, Any]:
    bound = one.kindergarten or one.territory
    of = (bound.name_ru if texts.language() == "ru" else bound.name_kk) if bound else "–"
    until = texts.say("roles.until", date=one.last_day) if one.last_day else texts.say("roles.no-end")
    return {
        "holder": one,
        "role": texts.say(f"role.{one.role}"),
        "of": of,
        "span": f"{written.day(one.first_day)} – {until}",
        "url": reverse("officer.role-take", args=[one.grant_id]),
    }


def _page(request: HttpRequest, name: str, title: str, *, trail: tuple[str, ...] = (), **context: Any) -> HttpResponse:
    if request.actor.role is Role.OFFICER:
        return pages.page(request, name, title, trail=trail, **context)
    # Others have no department around this page.
    crumbs = [{"text": texts.say(key), "url": reverse(key)} for key in trail]
    shown = [*crumbs, {"text": texts.say(title), "url": ""}] if crumbs else []
    return render(request, f"department/{name}.html", {"page_title": title, "crumbs": shown} | context)
