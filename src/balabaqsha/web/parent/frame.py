"""What the family's pages share: whose application it is, how names are told, the frame of a page."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils.datastructures import MultiValueDict

from balabaqsha.accounts.access import (
    Policy,
    application_in_sight,
    application_to_act_on,
    application_to_see,
    get_or_404,
)
from balabaqsha.applications.models import Application
from balabaqsha.documents.rules import initials
from balabaqsha.journeys import sweep
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.law import rules as law_rules
from balabaqsha.law.lists import BenefitStatus
from balabaqsha.line import queries as lines
from balabaqsha.people import queries as people
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.web.kit import recent, refusals, texts


class Named(Protocol):
    """Whatever has a Kazakh and a Russian name."""

    name_kk: str
    name_ru: str


class HasNames(Protocol):
    """Whoever has a surname and a given name."""

    @property
    def surname(self) -> str: ...

    @property
    def given_name(self) -> str: ...


def name(thing: Named) -> str:
    """The name in the language of the page; Kazakh where there is no other."""
    return (thing.name_ru if texts.language() == "ru" else "") or thing.name_kk


def address(kindergarten: Any) -> str:
    """The address of a kindergarten in the language of the page."""
    return str((kindergarten.address_ru if texts.language() == "ru" else "") or kindergarten.address_kk)


def application(request: HttpRequest, number: str) -> Application:
    """The application of this number as it stands at this moment, what fell due included; 404 beyond the page's policy."""
    rows = Application.objects.select_related("child", "territory", "settlement")
    found: Application = get_or_404(request.policy, request.actor, rows, number=number)
    return caught_up(request, found)


def in_sight(request: HttpRequest) -> list[Application]:
    """All applications that the person sees: their own, and those linked to their IIN."""
    return applications(request, application_in_sight)


def is_applicant(request: HttpRequest, found: Application) -> bool:
    """Whether the application stands in the name of the reader, or of the parent for whom the reader acts."""
    trusted = request.actor.trusted
    return bool(found.applicant_id == (trusted.giver_id if trusted else request.actor.person_id))


def to_act_on(request: HttpRequest, found: Iterable[Application]) -> set[int]:
    """Ids of those on which the reader may still act: a guardian whose decision has ended only sees what they filed."""
    rows = Application.objects.filter(pk__in=[one.pk for one in found])
    return set(application_to_act_on.scope(request.actor, rows).values_list("id", flat=True))


def applicant(request: HttpRequest, found: Application) -> str:
    """Whose application it is: masked where it is the other parent's, for a family may keep apart."""
    person = people.person_card(found.applicant_id)
    return person.full_name if is_applicant(request, found) else masked(person)


def masked(person: HasNames) -> str:
    """The initials of a name, unbroken in a narrow column."""
    return initials(surname=person.surname, given_name=person.given_name).replace(" ", "\N{NO-BREAK SPACE}")


def applications(request: HttpRequest, policy: Policy = application_to_see) -> list[Application]:
    """All applications of the person, or all that the policy lets them see, the latest first, each as it stands now."""
    rows = policy.scope(request.actor, Application.objects.select_related("child", "territory", "settlement"))
    found = list(rows.order_by("-original_at", "-id"))
    if not sweep.is_anything_due([one.id for one in found], now=request.now):
        return found
    return [caught_up(request, one) for one in found]


def caught_up(request: HttpRequest, found: Application) -> Application:
    """The same application after what fell due in it has happened: nobody sees a lapsed offer as an open one."""
    changed = True
    with suppress(OperationalError):
        # Somebody else holds the locks, so the same lapse is being performed there; the page shows what stands so far.
        changed = sweep.catch_up(now=request.now, application_id=found.id)
    if changed:
        found.refresh_from_db()
    return found


def child_name(found: Application) -> str:
    """The child's full name."""
    return people.card(found.child).full_name


def settlement(found: Application) -> str:
    """Where the family wants a place: the settlement, else the territory of the line."""
    code = found.settlement_id or found.territory_id
    return recent.shared(lambda: territories.spoken_name(code, texts.language()), "spoken name", code)


def languages(codes: Iterable[str]) -> str:
    """Languages of instruction in words."""
    return ", ".join(texts.say(f"language.{code}") for code in codes)


def priority(found: Application) -> str:
    """The category in words, as 001 writes it: the status and the age band."""
    if found.regime == Regime.LINEAR:
        status = BenefitStatus(found.benefit)
        return f"{texts.say(f'benefit.{status}')}, {texts.say(f'tier.{status.tier}')}"
    # By the band, not by the number: a table of categories may put several into one.
    year = recent.shared(
        lambda: lines.counting(found.territory_id, found.kind).intake_year,
        "intake year",
        found.territory_id,
        found.kind,
    )
    band = law_rules.age_band(found.born_on, year)
    return f"{texts.say(f'benefit.{BenefitStatus(found.benefit)}')}, {texts.say(f'age-band.{band}')}"


def inner_list(found: Application) -> str:
    """What the number within the line is called: a category's, or that of one of the three lists of a linear line."""
    if found.regime == Regime.LINEAR:
        return texts.say(f"place.in-list-{BenefitStatus(found.benefit).tier}")
    return texts.say("place.in-category")


def crumbs(title: str, *trail: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page: the cabinet, the pages between (text, address), this page."""
    way = [{"text": texts.say("page.cabinet"), "url": reverse("parent.home")}]
    return [*way, *({"text": text, "url": url} for text, url in trail), {"text": title, "url": ""}]


def page(request: HttpRequest, template: str, title: str, *trail: tuple[str, str], **context: Any) -> HttpResponse:
    """A page of the cabinet; `title` is its heading, in words."""
    shared = {"title": title, "crumbs": crumbs(title, *trail), "on_behalf": _on_behalf(request.actor)}
    return render(request, f"parent/{template}.html", shared | context)


def _on_behalf(actor: Actor) -> str:
    """For whom a trusted person acts, in words."""
    if actor.trusted is None:
        return ""
    giver, child = (people.person_card(one).short_name for one in (actor.trusted.giver_id, actor.trusted.child_id))
    return texts.say("trust.on-behalf", giver=giver, child=child)


def posted(request: HttpRequest) -> QueryDict | None:
    """What was typed, or nothing where the page is only looked at; an empty form that was sent is sent all the same."""
    return request.POST if request.method == "POST" else None


def sent_files(request: HttpRequest) -> MultiValueDict[str, UploadedFile] | None:
    """The files that came with it."""
    return request.FILES if request.method == "POST" else None


def is_open(url: str, actor: Actor) -> bool:
    """Whether the page at the address of this portal lets the actor in: a trusted person is shown no closed door."""
    # Most who look act for themselves, and whatever their application offers is theirs to press: nothing is resolved.
    acts_for_another = actor.role is Role.TRUSTED_PERSON or actor.counter is not None
    return not acts_for_another or bool(resolve(url).func.policy.admits(actor))


def trail_to(found: Application) -> tuple[tuple[str, str], tuple[str, str]]:
    """The way from the cabinet to the page of an application, for pages below it."""
    return (
        (texts.say("parent.applications"), reverse("parent.applications")),
        (f"№ {found.number}", reverse("application.page", args=[found.number])),
    )


def refused(request: HttpRequest, found: Application, refusal: Refusal) -> HttpResponse:
    """Back to the application, which shows how things stand now, the sentence of the refusal on top."""
    messages.error(request, refusals.explain(request, refusal))
    return redirect("application.page", number=found.number)
