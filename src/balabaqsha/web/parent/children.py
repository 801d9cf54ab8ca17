"""The family's children: the list, adding one, the card with its photo."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts import actions as accounts
from balabaqsha.accounts import digests, rules
from balabaqsha.accounts.access import access, own_child, parent_desk
from balabaqsha.documents import http as files
from balabaqsha.documents import queries as documents
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import actions, queries, registers
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts
from balabaqsha.web.parent import guardianship, menu
from balabaqsha.web.parent.forms import ChildForm, PhotoForm

_BESIDE_IIN = {"wrong-iin", "iin-not-found", "kinship-not-found", "child-already-added"}


@access(parent_desk)
@require_GET
def children(request: HttpRequest) -> HttpResponse:
    """The children whom the person represents."""
    found = queries.children_of(request.actor.person_id, now=request.now)
    claims = guardianship.shown(request.actor.person_id)
    return _page(request, "children", "parent.children", children=found, claims=claims, tabs=_tabs(request))


@access(parent_desk)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """The IIN is checked first, then what the registers know is shown, then it is saved."""
    form = ChildForm(request.POST or None)
    target = _safe(request.POST.get("next") or request.GET.get("next") or "")
    found = None
    if request.method == "POST" and form.is_valid():
        try:
            found = _find(request, form.cleaned_data["iin"])
            # Only what was shown is saved: a number changed after the check is checked first.
            if request.POST.get("checked") == found.person.iin:
                return _save(request, found, target)
        except Refusal as refusal:
            kit.blame(form, refusal, "iin" if refusal.code in _BESIDE_IIN else None)
            return _add_page(request, form, None, target, unconfirmed=refusal.code == "kinship-not-found")
    return _add_page(request, form, found, target)


@access(own_child)
@require_http_methods(["GET", "POST"])
def child(request: HttpRequest, token: UUID) -> HttpResponse:
    """The card of one child; a photo may be sent."""
    found = _own(request, token)
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if request.method == "POST" and form.is_valid():
        try:
            _take_photo(request, found)
        except Refusal as refusal:
            kit.blame(form, refusal, "photo")
        except ValidationError as error:
            form.add_error("photo", error)
        else:
            messages.success(request, texts.say("child.photo-saved"))
            return redirect("children.card", token=token)
    context = {
        "child": found,
        "form": form,
        "address": found.person.address(texts.language()),
        "nationality": found.person.nationality(texts.language()),
        "tabs": _tabs(request),
    }
    return _page(request, "child", "child.title", **context)


@access(own_child)
@require_GET
def photo(request: HttpRequest, token: UUID) -> HttpResponse:
    """The photo of one's own child."""
    found = _own(request, token)
    kept = documents.file_by_digest(found.person.photo_sha256) if found.person.photo_sha256 else None
    if kept is None:
        raise Http404
    return files.response(opened=kept.open(), media_type=kept.media_type, name="photo", inline=True)


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """The family's other pages; at the counter they stay its own."""
    return [] if request.actor.counter else menu.family_tabs("own")


def _own(request: HttpRequest, token: UUID) -> queries.ChildCard:
    found = queries.child_by_token(request.actor.person_id, token, now=request.now)
    if found is None:
        raise Http404
    return found


def _find(request: HttpRequest, iin: str) -> registers.FoundChild:
    # Without a limit the answers would tell which IINs belong together.
    # One family at the counter does not use up what the next may try.
    counter = request.actor.counter
    whose = ("counter", counter.session_id) if counter else ("account", request.actor.account_id)
    tries = [(rules.CHILD_CHECKS, digests.subject(whose[0], str(whose[1])))]
    accounts.count_tries(tries=tries, real_now=request.real_now)
    return registers.find_child(representative_id=request.actor.person_id, iin_text=iin, now=request.now)


def _save(request: HttpRequest, found: registers.FoundChild, target: str) -> HttpResponse:
    kinship = actions.add_child(
        actor=request.actor,
        child_iin=found.person.iin,
        population_answer=found.person,
        kinship_answer=found.kinship,
        now=request.now,
    )
    messages.success(request, texts.say("children.added"))
    return redirect(target or reverse("children.card", args=[kinship.token]))


def _take_photo(request: HttpRequest, found: queries.ChildCard) -> None:
    sent = files.received(request, "photo")
    if sent is None:
        raise ValidationError("field-required")
    actions.set_photo(actor=request.actor, child_id=found.person.id, content=sent.content, now=request.now)


def _safe(target: str) -> str:
    inside = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if inside else ""


def _add_page(
    request: HttpRequest,
    form: ChildForm,
    found: registers.FoundChild | None,
    target: str,
    *,
    unconfirmed: bool = False,
) -> HttpResponse:
    person = found.person if found else None
    people = person.nationality if person else None
    nationality = (people.name_ru if texts.language() == "ru" else people.name_kk) if people else ""
    context = {
        "form": form,
        "person": person,
        "relation": found.kinship.record.role.value if found and found.kinship.record else "",
        "nationality": nationality,
        "next": target,
        "unconfirmed": unconfirmed,
    }
    return _page(request, "child_add", "children.add", **context)


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    crumbs = [{"text": texts.say("page.cabinet"), "url": reverse("parent.home")}]
    if title != "parent.children":
        crumbs.append({"text": texts.say("parent.children"), "url": reverse("parent.children")})
    crumbs.append({"text": texts.say(title), "url": ""})
    return render(request, f"parent/{name}.html", {"page_title": title, "crumbs": crumbs} | context)
