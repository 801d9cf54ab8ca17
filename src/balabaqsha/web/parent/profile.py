"""The person's own data: contacts, language, telephone, password, roles."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from balabaqsha.accounts import actions, entrance, passwords, proof, queries, sessions
from balabaqsha.accounts.access import access, signed_in, signed_in_parent
from balabaqsha.accounts.factors import queries as factors
from balabaqsha.accounts.rules import STAFF
from balabaqsha.kernel.iin import Iin
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import actions as people
from balabaqsha.people import queries as people_queries
from balabaqsha.people import registers
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import menus, refusals, texts
from balabaqsha.web.parent import menu
from balabaqsha.web.parent.forms import AddressForm, ChangePasswordForm, ContactsForm


@access(signed_in)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page of whoever is signed in."""
    links = {link.key: link.url for link in menus.cabinet(request)}
    first = links.get("parent.applications") or next(iter(links.values()), reverse("parent.switch-role"))
    return redirect(first)


@access(signed_in_parent)
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Who the register says the person is, and how they are reached."""
    person = people_queries.person_card(request.actor.person_id)
    kind = ContactsForm if person.address_kk else AddressForm
    start = {
        "email": person.email,
        "second_email": people_queries.second_email(person.id),
        "language": request.account.language,
        "address": person.stated_address,
    }
    form = kind(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            language = _keep(request, form.cleaned_data)
        except Refusal as refusal:
            kit.blame(form, refusal, "email")
        else:
            with override(language):
                messages.success(request, texts.say("profile.saved"))
                return redirect("parent.profile")
    context = {
        "form": form,
        "person": person,
        "address": person.address(texts.language()),
        "nationality": person.nationality(texts.language()),
        "phone": people_queries.main_phone(person.id),
        "further": people_queries.further_phones(person.id),
        "tabs": menu.family_tabs("profile"),
    }
    return _page(request, "profile", "parent.profile", **context)


@access(signed_in_parent)
@require_http_methods(["POST"])
def refresh(request: HttpRequest) -> HttpResponse:
    """Ask the register anew: a new surname, a new address."""
    iin = Iin.parse(people_queries.iin_of(request.actor.person_id))
    try:
        actions.count_tries(tries=proof.tries_of_register(iin), real_now=request.real_now)
        answer = registers.find_person(iin=iin, now=request.now)
        people.keep_person(answer=answer, actor=request.actor, now=request.now)
    except Refusal as refusal:
        messages.error(request, refusals.explain(request, refusal))
    else:
        messages.success(request, texts.say("profile.refreshed"))
    return redirect("parent.profile")


@sensitive_post_parameters()
@access(signed_in)
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other session of the account ends."""
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            number = _change_password(request, form.cleaned_data)
        except Refusal as refusal:
            fields = {"sign-in-failed": "present", "password-mismatch": "repeated", "weak-password": "password"}
            if refusal.code == "sign-in-failed":
                form.add_error("present", "profile.present-wrong")
            else:
                kit.blame(form, refusal, fields.get(refusal.code))
        else:
            sessions.renumber(request.session, number)
            messages.success(request, texts.say("profile.password-changed"))
            return redirect("parent.home")
    # For password managers: which log-in the new password belongs to.
    log_in = people_queries.iin_of(request.actor.person_id)
    return _page(request, "password", "profile.change-password", form=form, log_in=log_in)


@access(signed_in)
@require_http_methods(["GET", "POST"])
def roles(request: HttpRequest) -> HttpResponse:
    """The roles of the account; one of them is in force."""
    account_id = request.account.account_id
    choices = queries.roles_of(account_id, now=request.now)
    if request.method == "POST":
        chosen = next((one for one in choices if str(one.grant_id) == request.POST.get("role")), None)
        if chosen is None:
            raise Http404
        if chosen.role in STAFF and not sessions.is_whole(request.session) and factors.is_needed(account_id):
            # The role came after the sign-in: the second factor is shown at the next one.
            messages.warning(request, texts.say("roles.second-needed"))
            return redirect("parent.switch-role")
        actions.switch_role(actor=request.actor, grant_id=chosen.grant_id, now=request.now)
        sessions.act_in(request.session, grant_id=chosen.grant_id, role=chosen.role)
        return redirect("parent.home")
    rows = [
        {"id": one.grant_id, "role": one.role.value, "of": one.name_ru if texts.language() == "ru" else one.name_kk}
        for one in choices
    ]
    return _page(request, "roles", "parent.switch-role", rows=rows, now_in=request.account.grant_id)


@access(signed_in_parent)
@require_GET
def later(request: HttpRequest, key: str) -> HttpResponse:
    """An entry of the menu whose page is still to come: what it will hold, and what to use until then."""
    return _page(request, "later", key, text=f"later.{key.partition('.')[2]}")


def _keep(request: HttpRequest, typed: dict[str, Any]) -> str:
    people.change_contacts(
        actor=request.actor,
        email=typed["email"],
        second_email=typed["second_email"],
        stated_address=typed.get("address"),
        now=request.now,
    )
    actions.choose_language(actor=request.actor, language=typed["language"], now=request.now)
    return str(typed["language"])


def _change_password(request: HttpRequest, typed: dict[str, str]) -> int:
    person = people_queries.person_card(request.actor.person_id)
    entrance.check_password(
        actor_iin=person.iin,
        password=typed["present"],
        address=request.address,
        now=request.now,
        real_now=request.real_now,
    )
    known = (person.iin, person.surname, person.given_name, people_queries.main_phone(person.id).lstrip("+"))
    passwords.check_new(typed["password"], typed["repeated"], known=known)
    return actions.change_password(
        actor=request.actor,
        password=passwords.hashed(typed["password"]),
        visit_id=sessions.visit_of(request.session),
        now=request.now,
        real_now=request.real_now,
    )


def _page(request: HttpRequest, name: str, title: str, **context: Any) -> HttpResponse:
    crumbs = [{"text": texts.say("page.cabinet"), "url": reverse("parent.home")}, {"text": texts.say(title), "url": ""}]
    return render(request, f"parent/{name}.html", {"page_title": title, "crumbs": crumbs} | context)
