"""A third portal: a family in a linear territory with a child at every step, and what the head has to do with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from django.utils import translation

from balabaqsha.accounts import clock
from balabaqsha.applications.models import Application
from balabaqsha.journeys import publishing, referring, sweep
from balabaqsha.kernel.actor import SYSTEM
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.actions import NewGroup
from balabaqsha.kindergartens.models import Group, Kindergarten, Ownership
from balabaqsha.law import actions as law
from balabaqsha.law.actions import TermChange
from balabaqsha.law.lists import DocumentKind
from balabaqsha.notifications import actions as notifications
from tests.browser import furnished
from tests.browser.furnished import Furnished, Seen
from tests.families import home as homes
from tests.workplaces import world

OLDER = date(2022, 5, 5)

DISTRICT = (
    Seen("visitor", "nav.linear-queue"),
    Seen("visitor", "nav.linear-queue", query="?year=2022"),
    *(Seen("visitor", "public.application", (key,)) for key in ("turn", "issued", "registered", "stopped", "waits")),
    *(Seen("mother", name) for name in ("parent.applications", "parent.contracts", "parent.messages")),
    *(
        Seen("mother", "application.page", (key,))
        for key in ("turn", "issued", "registered", "sent", "stopped", "waits", "sealed")
    ),
    *(Seen("mother", "turn.places", (key,)) for key in ("turn", "waits", "sealed")),
    *(Seen("mother", "turn.places", (key,), "?ok=1") for key in ("turn", "waits", "sealed")),
    Seen("mother", "turn.choose", ("turn", "group")),
    Seen("mother", "turn.private", ("turn",)),
    Seen("mother", "turn.private", ("turn",), "?ok=1"),
    Seen("mother", "turn.choose", ("turn", "private")),
    Seen("mother", "referral.after", ("issued",)),
    Seen("mother", "referral.give-back", ("issued",)),
    Seen("mother", "referral.extend", ("issued",)),
    Seen("mother", "referral.papers-time", ("registered",)),
    Seen("mother", "contract.page", ("sent",)),
    Seen("mother", "apply.step", ("draft", "terms")),
    Seen("head", "kg.home"),
    Seen("head", "kg.referrals"),
    Seen("head", "kg.referral", ("issued",)),
    Seen("head", "kg.request", ("registered",)),
    Seen("head", "kg.contract", ("sent",)),
    *(
        Seen("officer", f"officer.{name}")
        for name in ("home", "turns", "extensions", "free-choice", "stop-list", "places", "journal")
    ),
    Seen("officer", "officer.extension", ("extended",)),
    Seen("officer", "officer.case", ("extended",), "?tab=history"),
    Seen("officer", "officer.case", ("issued",), "?tab=documents"),
    Seen("officer", "officer.place-publish", ("group",)),
    Seen("officer", "officer.place-recall", ("group",)),
)
MAIN = (
    Seen("mother", "turn.places", ("turn",), "?ok=1"),
    Seen("mother", "referral.after", ("issued",)),
)


@contextmanager
def district(folder: Path) -> Iterator[Furnished]:
    """The family of the other portal, in a linear territory."""
    with furnished.served(folder) as (address, patch):
        furnished.keep_lists()
        home = homes.build()
        patch.setattr(clock, "real_now", lambda: home.now)
        made = Furnished(address)
        with translation.override("kk"):
            made.known |= furnish(home)
        made.sign_in_family_and_staff(home)
        yield made


def furnish(home: homes.Home) -> dict[str, str]:
    """A case at every step; returns what stands in the addresses of its pages."""
    home.linear()
    town, group = home.town, home.town.group
    private, large = _private_group(), _large_group(town)
    publishing.recall(group_id=town.groups[1].id, places=1, reason="OTHER", actor=town.head, now=home.now)
    known = {"stopped": home.applies()}
    home.takes(group)
    home.another_child("ӘСЕЛЬ")
    known["turn"] = home.applies()
    sealed = _sealed_a_day_later(home)
    # The turn lapses and its place is open to free choice; then the referral lapses, and its place gives a turn anew.
    home.now = Application.objects.get(number=known["stopped"]).due_at + timedelta(seconds=1)
    sweep.sweep(before=home.now)
    known["registered"] = _has_referral(home, "АЙЫМ", large)
    brought = (DocumentKind.BIRTH_CERTIFICATE,)
    referring.register(application_id=home.application.id, brought=brought, actor=town.head, now=home.now)
    known["sent"] = _has_referral(home, "АСЫЛ", large)
    referring.register(application_id=home.application.id, actor=town.head, now=home.now)
    home.gets_contract()
    known["issued"] = _has_referral(home, "АРУ", large)
    known["extended"] = _has_extended(home, "АРАЙ", large)
    home.another_child("АНАР")
    known["waits"] = home.applies()
    home.another_child("АИДА")
    known["draft"] = home.begins()
    home.fills(known["draft"])
    notifications.tell_untold(now=home.now)
    return known | {"sealed": sealed, "group": str(group.id), "private": str(private.id)}


def _private_group() -> Group:
    """A private kindergarten with places by state order."""
    row, groups = world.kindergarten_of("kunshuaq", "120340005678", "Күншуақ")
    Kindergarten.objects.filter(id=row.id).update(ownership=Ownership.PRIVATE, phone="+7 7182 30 00 07")
    return groups[0]


def _large_group(town: world.Town) -> Group:
    """Where the children of this portal go, all but the first."""
    new = NewGroup(name="Балапан", birth_year=2023, language="kk", capacity=20, published=0, parent_fee=15876)
    return kindergartens.open_group(kindergarten=town.kindergarten, group=new, actor=town.head, now=world.NOW)


def _has_referral(home: homes.Home, given_name: str, group: Group) -> str:
    """One more child, for which a place is opened and taken."""
    home.another_child(given_name)
    world.publish(group, 1, head=home.town.head, now=home.now)
    number = home.applies()
    home.takes(group)
    assert home.state == "REFERRAL_ISSUED"
    return number


def _has_extended(home: homes.Home, given_name: str, group: Group) -> str:
    """A referral that the family has extended, not yet looked at by an officer."""
    number, case = _has_referral(home, given_name, group), home.application
    proof = home.town.upload(home.mother, case.child, DocumentKind.EXTENSION_PROOF, world.picture())
    referring.extend(
        application_id=case.id, days=14, reason="HOSPITAL", upload_id=proof, actor=home.mother, now=home.now
    )
    return number


def _sealed_a_day_later(home: homes.Home) -> str:
    """A child of the year before whose turn will lapse when the territory has come to collect wishes."""
    home.later(days=1)
    change = TermChange("free_choice.mode", world.CITY, "sealed", (home.now + timedelta(days=5)).date(), "сынақ")
    law.install_term(change=change, proposed_by=1, approved_by=2, actor=SYSTEM, now=home.now)
    home.another_child("ІҢКӘР", born_on=OLDER)
    return home.applies()
