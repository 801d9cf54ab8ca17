"""Two portals in which every page has something to show: the demonstration's town, and one family at every step."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from balabaqsha.accounts import clock, digests
from balabaqsha.accounts import queries as accounts
from balabaqsha.accounts.factors import actions as factors
from balabaqsha.accounts.factors import totp
from balabaqsha.accounts.models import Account, RoleGrant
from balabaqsha.applications.models import Application, ApplicationLink, BenefitClaim, DocumentsCheck
from balabaqsha.applications.states import State
from balabaqsha.config import databases
from balabaqsha.documents import store
from balabaqsha.documents.models import MadeDocument
from balabaqsha.gateways import registry
from balabaqsha.gateways.addresses.fake import InMemoryAddresses
from balabaqsha.gateways.arkotek.fake import InMemoryArkotek
from balabaqsha.gateways.births.port import Children, Parent
from balabaqsha.insight import actions as insight
from balabaqsha.journeys import appealing, changing_regime, distribution, entering, importing, linking, removing
from balabaqsha.journeys import special as journeys
from balabaqsha.kernel.actor import ANONYMOUS, Actor, Role
from balabaqsha.kernel.iin import Iin, Sex
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.actions import NewGroup
from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.law import actions as law
from balabaqsha.law.lists import CaseRejection, RemovalReason
from balabaqsha.locale.texts import LANGUAGES, say_in
from balabaqsha.notices.models import Question
from balabaqsha.notifications import actions as notifications
from balabaqsha.people import actions as people
from balabaqsha.people.models import Kinship
from balabaqsha.people.tests.family import answer, birth, made_up_iin
from balabaqsha.sandbox import town as demonstration
from balabaqsha.signatures import actions as signatures
from balabaqsha.signatures.mobile import actions as errands
from balabaqsha.signatures.models import MobileErrand, SignaturePurpose
from balabaqsha.territories.regimes import Regime
from balabaqsha.transparency import actions as feedback
from balabaqsha.transparency.models import Topic
from balabaqsha.vouchers.models import DistributionRun
from balabaqsha.web.department import tasks
from tests.families import home as homes
from tests.families import special
from tests.importing import lists
from tests.workplaces import world
from tests.workplaces.test_gardens import bin_of

SCALE = 0.03


@dataclass(frozen=True)
class Seen:
    """A page as a person sees it: who, the name of its address, what fills the address, and the query."""

    who: str
    name: str
    keys: tuple[str, ...] = ()
    query: str = ""

    def __str__(self) -> str:
        return " ".join([self.name, *self.keys, self.query]).strip()


@dataclass
class Furnished:
    """A portal that answers, the sessions of its people, and what stands in addresses."""

    address: str
    sessions: dict[str, str] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)

    def path(self, seen: Seen, language: str = "kk") -> str:
        """The path of the page in the language."""
        with translation.override(language):
            return reverse(seen.name, args=[self.known.get(key, key) for key in seen.keys]) + seen.query

    def enter(self, context: BrowserContext, who: str) -> None:
        """Let this browser be the person's, nobody's where they have no session."""
        context.clear_cookies()
        if who in self.sessions:
            context.add_cookies([{"name": "sessionid", "value": self.sessions[who], "url": self.address}])

    def signs_in(self, who: str, actor: Actor) -> None:
        """Keep a session of the actor."""
        client = world.client_of(actor, moment=clock.real_now())
        self.sessions[who] = client.cookies["sessionid"].value

    def sign_in_family_and_staff(self, home: homes.Home) -> None:
        """Keep sessions of the mother, the head and the officer."""
        self.signs_in("mother", home.mother)
        self.signs_in("head", home.town.head)
        self.signs_in("officer", home.town.officer)


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, pytest.MonkeyPatch]]:
    """An empty portal over HTTP with files in the folder; its clock may be set by the patch that comes with the address."""
    changed = {
        "MODE": "demonstration",
        "FILES_ROOT": folder / "files",
        "SIGNATURE_AUTHORITIES": world.authority().trusted,
        "SIGNATURE_AUTHORITY_PINS": frozenset(),
    }
    with (
        pytest.MonkeyPatch.context() as patch,
        databases.scratch_database(),
        override_settings(**changed),
        registry.replaced(addresses=InMemoryAddresses(), arkotek=InMemoryArkotek()),
    ):
        cache.clear()
        server = LiveServer("127.0.0.1")
        try:
            with override_settings(BASE_URL=server.url):
                yield server.url, patch
        finally:
            server.stop()
            cache.clear()


# The town of the demonstration: what visitors, officers and heads see.

TOWN = (
    *(Seen("visitor", name) for name in ("nav.home", "nav.voucher-queue", "nav.catalogue", "nav.free-places")),
    Seen("visitor", "nav.voucher-queue", query="?kind=special&birth_year=2022"),
    Seen("visitor", "nav.voucher-queue", query="?number=123"),
    *(Seen("visitor", name) for name in ("nav.linear-queue", "nav.refusable")),
    *(Seen("visitor", "public.application", (key,)) for key in ("waiting", "offered", "archived", "enrolled")),
    Seen("visitor", "nav.catalogue", query="?origin=kindergarten:garden&languages=kk"),
    Seen("visitor", "nav.catalogue", query="?name=nobody"),
    Seen("visitor", "nav.catalogue", query="?address=Естай 101"),
    Seen("visitor", "nav.catalogue", query="?address=Жоқ көше 7"),
    *(Seen("visitor", name, ("garden",)) for name in ("public.kindergarten", "public.kindergarten-passport")),
    *(
        Seen("visitor", name)
        for name in ("nav.statistics", "nav.protocol", "nav.check-document", "nav.feedback", "crowd.let-in")
    ),
    Seen("visitor", "public.run", ("performed",)),
    Seen("visitor", "public.acts"),
    *(Seen("visitor", name) for name in ("nav.questions", "nav.calendar", "public.feedback-statistics")),
    Seen("visitor", "nav.feedback", query="?topic=COMPLAINT&kindergarten=garden"),
    Seen("visitor", "public.regime", (world.CITY,)),
    Seen("visitor", "public.run", ("performed",), "?reason=LIMIT_REACHED"),
    Seen("visitor", "public.check", ("paper",)),
    Seen("visitor", "public.check-signature"),
    *(Seen("visitor", name) for name in ("nav.data-policy", "header.sign-in", "header.sign-up", "recover.phone")),
    *(Seen("visitor", name) for name in ("signin.code-ask", "signin.eds")),
    *(Seen("phoner", "sign.phone", (key,)) for key in ("errand", "errand-refused")),
    Seen("comer", "signin.code"),
    Seen("first", "signup.first"),
    Seen("comer", "signin.second-set"),
    Seen("returner", "signin.second"),
    Seen("officer", "profile.email"),
    Seen("officer", "profile.safety"),
    Seen("officer", "messages.log"),
    *(Seen(who, "signin.eds-owner") for who in ("comer", "returner")),
    Seen("comer", "signup.code"),
    Seen("comer", "signup.password"),
    Seen("comer", "recover.password"),
    Seen("returner", "recover.code"),
    Seen("returner", "recover.password"),
    Seen("returner", "signup.password"),
    *(
        Seen("officer", name)
        for name in (
            "officer.home",
            "officer.work",
            "officer.contracts",
            "officer.feedback",
            "officer.checks",
            "officer.queue",
            "officer.freeze",
            "officer.systems",
            "officer.undelivered",
            "officer.regime",
            "officer.runs",
            "officer.journal",
            "officer.stop-list",
            "officer.roles",
            "officer.role-give",
            "officer.kindergartens",
            "officer.kindergarten-new",
            "officer.norms",
            "officer.withheld",
            "officer.garden-lists",
            "officer.reports",
            "officer.feedback-statistics",
            "officer.notices",
            "officer.notice-write",
            "officer.questions",
            "officer.question-write",
        )
    ),
    *(Seen("officer", "officer.report", (key,)) for key in ("report-territories", "report-demand", "report-lapses")),
    Seen("officer", "officer.report", ("report-terms",), "?since=02.11.2026&until=01.11.2026"),
    Seen("officer", "officer.report-order", ("report-order",)),
    Seen("officer", "officer.question", ("local-question",)),
    Seen("officer", "officer.feedback", query="?tab=overdue"),
    Seen("officer", "officer.garden-list", ("garden-list",)),
    Seen("officer", "officer.kindergarten", ("garden",)),
    *(
        Seen("officer", f"officer.kindergarten-{name}", ("garden",))
        for name in ("edit", "photos", "groups", "group-open", "staff", "close")
    ),
    Seen("officer", "officer.kindergarten-group", ("garden", "garden-group")),
    *(Seen("head", name) for name in ("kg.passport", "kg.passport-edit", "kg.passport-photos")),
    Seen("officer", "officer.role-take", ("head-role",)),
    Seen("officer", "officer.check", ("claimed",)),
    Seen("officer", "officer.feedback", query="?tab=answered"),
    Seen("officer", "officer.feedback-message", ("asked",)),
    Seen("officer", "officer.feedback-message", ("answered",)),
    *(Seen("visitor", "public.feedback", (key,)) for key in ("asked-token", "answered-token")),
    Seen("officer", "officer.run", ("previewed",)),
    Seen("officer", "officer.run", ("previewed",), "?list=passed"),
    Seen("officer", "officer.run", ("performed",)),
    Seen("officer", "officer.run", ("ordered",)),
    Seen("officer", "officer.run-perform", ("previewed",)),
    Seen("officer", "officer.case", ("enrolled",)),
    Seen("officer", "officer.contacts-open", ("enrolled",)),
    Seen("officer", "officer.work", query="?kind=claim&due=none"),
    *(
        Seen("head", name)
        for name in ("kg.home", "kg.groups", "kg.group-open", "kg.requests", "kg.referrals", "kg.children")
    ),
    *(Seen("head", "kg.contracts", query=f"?tab={tab}") for tab in ("sign", "family", "done")),
    Seen("head", "kg.group-publish", ("group",)),
    Seen("head", "kg.group-recall", ("group",)),
    *(Seen(who, "parent.applications") for who in ("voucher", "contract", "applicant", "special-line")),
    *(Seen("pmpk", name) for name in ("doctor.cases", "doctor.opinions", "doctor.decided")),
    Seen("pmpk", "doctor.case", ("by-paper",)),
    Seen("pmpk", "doctor.ask", ("by-paper",)),
    Seen("pmpk", "doctor.answer", ("asked-about",)),
    Seen("phthisiatrician", "doctor.case", ("sanatorium",)),
)


@contextmanager
def town(folder: Path) -> Iterator[Furnished]:
    """The demonstration's town, a small one, with its people signed in."""
    with served(folder) as (address, patch):
        patch.setattr(clock, "real_now", lambda: world.NOW)
        demonstration.build(seed=1, now=world.NOW, data=folder, scale=SCALE)
        made = Furnished(address)
        for person in accounts.demonstration_persons():
            made.signs_in(person.key, _actor(person.account_id))
        made.sessions |= {"first": _first(), "phoner": _phoner()}
        made.known |= _errands(made.sessions["phoner"])
        made.sessions |= {"comer": _proving("signup", known=False), "returner": _proving("recover", known=True)}
        made.known |= _known_of_the_town(_actor_of(Role.OFFICER))
        yield made


def _actor(account_id: int) -> Actor:
    grant = RoleGrant.objects.select_related("account", "kindergarten").get(account_id=account_id)
    territory = grant.kindergarten.territory_id if grant.kindergarten else grant.territory_id
    return Actor(
        role=Role(grant.role),
        account_id=account_id,
        person_id=grant.account.person_id,
        kindergarten_id=grant.kindergarten_id,
        territory_code=territory,
    )


def _actor_of(role: Role) -> Actor:
    return _actor(RoleGrant.objects.filter(role=role.value).values_list("account_id", flat=True)[0])


def _proving(flow: str, *, known: bool) -> str:
    """A session in which a telephone has been proven, of somebody with an account or without one."""
    with_account = Account.objects.values("person_id")
    people = (
        Kinship.objects.filter(representative_id__in=with_account)
        if known
        else Kinship.objects.exclude(representative_id__in=with_account)
    )
    person = people.select_related("representative").order_by("id")[0].representative
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    asked = {"phone": "+77010000001", "iin": person.iin, "code": None, "person": person.id}
    session["proving.signup"] = session["proving.recover"] = asked
    session["entering.code"] = {"kind": "IIN", "name": person.iin, "code": None, "remember": False, "next": ""}
    owner = {"iin": person.iin, "name": "Сынақ Адам", "organisation": "", "serial": "1", "thumbprint": ""}
    staff = RoleGrant.objects.filter(role=Role.OFFICER.value).values_list("account_id", flat=True)[0]
    account_id = Account.objects.get(person_id=person.id).id if known else staff
    if known:
        secret, now = factors.new_secret(), clock.real_now()
        typed = totp.code(secret, totp.step_at(now))
        factors.set_factor(account_id=account_id, secret=secret, typed=typed, now=now, real_now=now)
    second = {"account": account_id, "number": 1, "way": "PASSWORD", "at": clock.real_now().timestamp(), "next": ""}
    session["entering.second"] = second
    session["entering.owner"] = {"owner": owner, "at": clock.real_now().timestamp(), "next": ""}
    session.save()
    return str(session.session_key)


def _first() -> str:
    """A session in which the telephone on an application of an earlier system has been proven."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["proving.signup"] = {"phone": "+77010000001", "iin": "", "code": None, "accepted": True, "first": True}
    session.save()
    return str(session.session_key)


def _phoner() -> str:
    """A session that waits for a telephone."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.save()
    return str(session.session_key)


def _errands(session: str) -> dict[str, str]:
    """A code that waits for a telephone, and one whose telephone was refused."""
    owner = digests.subject("errand", session)
    titles = {language: say_in(language, "eds.phone-title") for language in LANGUAGES}
    wanted = errands.Wanted(purpose=SignaturePurpose.AUTH, content=b"text", titles=titles, back=reverse("signin.eds"))
    refused, waiting = (errands.begin(wanted, owner=owner, real_now=world.NOW) for _ in range(2))
    MobileErrand.objects.filter(token=refused).update(
        ended_at=None, answered_at=world.NOW, refusal="signature-expired", facts={"date": "2026-01-02"}
    )
    return {"errand": str(waiting), "errand-refused": str(refused)}


def _written_to_the_staff(officer: Actor) -> dict[str, str]:
    """A visitor's message that waits, and one that was answered."""
    asked, answered = (
        feedback.send_feedback(
            writing=feedback.Writing(Topic.QUESTION, text, "+77010000001", "kk", world.CITY),
            actor=ANONYMOUS,
            now=world.NOW,
        )
        for text in ("Ваучер қашан беріледі?", "Шартқа қайда қол қоямын?")
    )
    feedback.settle_feedback(
        number=answered.number, answer="«Шарттар» бетінде қол қоясыз.", actor=officer, now=world.NOW
    )
    return {
        "asked": asked.number,
        "answered": answered.number,
        "asked-token": asked.token,
        "answered-token": answered.token,
    }


def _known_of_the_town(officer: Actor) -> dict[str, str]:
    def number(state: State) -> str:
        return Application.objects.filter(state=state, kind="GENERAL").order_by("id")[0].number

    head = _actor_of(Role.KINDERGARTEN_HEAD)
    ordered, previewed = (
        distribution.preview(territory_code=world.CITY, limit=limit, actor=officer, now=world.NOW)
        for limit in (1, None)
    )
    tasks.order(run_number=ordered.number, actor=officer)
    claim = BenefitClaim.objects.filter(state="UNDECIDED").exclude(
        application__state__in=["ARCHIVED", "DOCUMENTS_CHECK"]
    )
    checks = DocumentsCheck.objects.filter(decided_at=None, application__state=State.DOCUMENTS_CHECK)
    ordering = insight.Ordering(
        ("terms",), officer.territory_code, {"since": "2026-09-01", "until": "2026-11-01"}, "kk"
    )
    report = insight.order_report(ordering=ordering, actor=officer, now=world.NOW)
    return _written_to_the_staff(officer) | {
        **{f"report-{key}": key for key in ("territories", "demand", "lapses", "terms")},
        "report-order": str(report.token),
        "local-question": str(Question.objects.filter(territory__isnull=False)[0].token),
        "by-paper": checks.get(conclusion__upload_id__isnull=False).application.number,
        "sanatorium": checks.filter(decider="PHTHISIATRICIAN")[0].application.number,
        "asked-about": checks.get(opinions__isnull=False).application.number,
        "waiting": number(State.WAITING),
        "offered": number(State.VOUCHER_OFFERED),
        "archived": Application.objects.filter(state=State.ARCHIVED)[0].number,
        "enrolled": number(State.ENROLLED),
        "claimed": claim.select_related("application")[0].application.number,
        "head-role": str(RoleGrant.objects.filter(role=Role.KINDERGARTEN_HEAD.value).order_by("id")[0].id),
        "garden": Kindergarten.objects.order_by("id")[0].code,
        "garden-group": str(Group.objects.filter(kindergarten=Kindergarten.objects.order_by("id")[0])[0].id),
        "garden-list": _garden_list(officer),
        "group": str(Group.objects.filter(kindergarten_id=head.kindergarten_id).order_by("id")[0].id),
        "performed": str(DistributionRun.objects.filter(state="PERFORMED").latest("id").number),
        "previewed": str(previewed.number),
        "ordered": str(ordered.number),
        "paper": MadeDocument.objects.filter(kind="CONTRACT").order_by("id")[0].token,
    }


def _garden_list(officer: Actor) -> str:
    """A list of kindergartens that has been checked: a sound row, and one with faults."""
    lines = ("БСН;Қазақша атауы;Орысша атауы;Меншік нысаны;Елді мекен;Топ;Туған жылы;Оқыту тілі;Орын саны",)
    lines += (f"{bin_of(77)};Шаттық;Шаттык;мемлекеттік;{world.CITY};Гүл;2022;қазақша;20",)
    lines += (f"123;Балдәурен;Балдаурен;мемлекеттік;{world.CITY};Гүл;2022;қазақша;60",)
    sha256 = store.put("\n".join(lines).encode())
    found = entering.begin(
        file=store.path(sha256),
        sha256=sha256,
        file_name="gardens.csv",
        territory_code=world.CITY,
        actor=officer,
        now=world.NOW,
    )
    return str(entering.read(list_id=found.id, file=store.path(sha256), now=world.NOW).token)


# One family at every step of its journey, and what the head and the officer have to do with it.

STEPS = ("child", "kind", "region", "languages", "benefit", "papers", "wishes", "start", "terms")
FAMILY = (
    *(Seen("mother", name) for name in ("parent.profile", "profile.phone", "profile.password")),
    Seen("mother", "profile.phone-code"),
    Seen("mother", "profile.email-code"),
    Seen("mother", "profile.channels"),
    Seen("mother", "profile.safety"),
    *(Seen("mother", name) for name in ("parent.switch-role", "parent.children", "children.add", "children.entrusted")),
    Seen("mother", "children.card", ("kin",)),
    Seen("mother", "children.entrust", ("kin",)),
    Seen("mother", "trust.given"),
    Seen("mother", "application.ready", ("waits",)),
    Seen("mother", "children.guardian"),
    Seen("officer", "officer.guardians"),
    Seen("officer", "officer.phones"),
    Seen("mother", "application.appeal", ("contestable",)),
    Seen("mother", "application.appeal", ("contested",)),
    *(
        Seen("officer", f"officer.{act}", ("waits",))
        for act in ("correct-date", "correct-wish", "correct-name", "merge")
    ),
    Seen("officer", "officer.lengthen", ("offered",)),
    Seen("officer", "officer.bring-back", ("contestable",)),
    Seen("officer", "officer.counter"),
    Seen("officer", "officer.appeals"),
    Seen("officer", "officer.appeal", ("appeal",)),
    Seen("officer", "officer.phone-propose"),
    Seen("officer", "officer.phone", ("lost-phone",)),
    Seen("officer", "officer.guardian", ("guardian-claim",)),
    Seen("mother", "trust.answer", ("offered-trust",)),
    Seen("mother", "trust.revoke", ("given-trust",)),
    Seen("granny", "parent.applications"),
    Seen("granny", "application.page", ("offered",)),
    Seen("granny", "parent.waiting-list"),
    Seen("granny", "parent.switch-role"),
    Seen("mother", "applications.add"),
    *(Seen("mother", "apply.step", ("draft", step)) for step in STEPS),
    Seen("mother", "apply.paper", ("draft", "FORM_027")),
    *(Seen("mother", "apply.step", ("unasked", step)) for step in ("correction", "conclusion")),
    *(Seen("mother", "apply.step", (key, "conclusion")) for key in ("told", "silent")),
    *(Seen("mother", "application.page", (key,)) for key in ("in-check", "not-confirmed")),
    Seen("mother", "application.other-line", ("sent",)),
    Seen("mother", "apply.check", ("draft",)),
    *(
        Seen("mother", name)
        for name in ("parent.applications", "applications.title", "applications.archive", "journal.title")
    ),
    *(
        Seen("mother", "application.page", (key,))
        for key in ("waits", "offered", "active", "chosen", "sent", "lapsed", "archived", "enrolled")
    ),
    Seen("mother", "application.sent", ("waits",)),
    Seen("father", "application.link", (), "?number=10000018"),
    *(Seen("father", name, ("waits",)) for name in ("application.page", "application.unlink")),
    Seen("father", "parent.applications"),
    Seen("mother", "application.withdraw", ("waits",)),
    Seen("mother", "application.benefit", ("waits",)),
    Seen("mother", "application.benefit", ("lapsed",)),
    Seen("mother", "application.benefit-drop", ("waits", "checked")),
    Seen("mother", "application.leave", ("enrolled",)),
    Seen("mother", "application.restore", ("lapsed",)),
    Seen("mother", "voucher.answer", ("offered",)),
    Seen("mother", "voucher.extend", ("active",)),
    Seen("mother", "choice.open", ("active",)),
    Seen("mother", "choice.open", ("enrolled",)),
    Seen("mother", "choice.open", ("active",), "?home=on"),
    Seen("mother", "choice.kindergarten", ("active", "garden")),
    Seen("mother", "choice.cancel", ("chosen",)),
    Seen("mother", "waiting.leave", ("active", "group")),
    Seen("mother", "waiting.accept", ("active", "full")),
    *(Seen("mother", name) for name in ("parent.waiting-list", "parent.contracts", "parent.messages", "messages.log")),
    Seen("mother", "contract.page", ("sent",)),
    Seen("mother", "contract.fill", ("sent",)),
    Seen("mother", "contract.paper", ("sent", "FORM_027")),
    *(Seen("mother", name) for name in ("parent.attendance", "parent.meals", "parent.forecast")),
    Seen("head", "kg.request", ("chosen",)),
    *(Seen("head", name, ("signs",)) for name in ("kg.contract", "kg.contract-return", "kg.contract-refuse")),
    Seen("head", "kg.contract-sign", ("signs",)),
    Seen("head", "kg.contract", ("enrolled",)),
    Seen("officer", "officer.check", ("waits",)),
    Seen("officer", "officer.case", ("sent",)),
    Seen("officer", "officer.case", ("waits",)),
    Seen("officer", "officer.regime", query="?show=1"),
    Seen("visitor", "public.regime", (world.CITY,)),
    *(Seen("officer", name) for name in ("officer.rulebook", "officer.categories", "officer.rights")),
    Seen("officer", "officer.term", ("voucher.confirm",)),
    Seen("officer", "officer.term-proposal", ("term",)),
    Seen("officer", "officer.category-table", ("table",)),
    *(Seen("visitor", name) for name in ("nav.rules", "public.benefits")),
    Seen("visitor", "public.categories", (world.CITY,)),
    *(Seen("ministry", name) for name in ("ministry.home", "ministry.terms", "ministry.calendar")),
    Seen("ministry", "ministry.calendar-change", ("day",)),
    Seen("officer", "officer.remove", ("waits",)),
    Seen("officer", "officer.link-end", ("waits", "link")),
    Seen("officer", "officer.lists"),
    Seen("officer", "officer.list", ("list",)),
    Seen("officer", "officer.list", ("carried",)),
    Seen("officer", "officer.list", ("asked",)),
)


@contextmanager
def family(folder: Path) -> Iterator[Furnished]:
    """A family with a child at every step, in a town with one kindergarten."""
    with served(folder) as (address, patch):
        keep_lists()
        home = homes.build()
        patch.setattr(clock, "real_now", lambda: home.now)
        made = Furnished(address)
        with translation.override("kk"):
            made.known |= furnish(home)
        made.sign_in_family_and_staff(home)
        made.signs_in("father", links_the_last(home))
        plan_another_regime(home)
        made.known |= propose_other_rules(home)
        made.signs_in("ministry", world.staff(made_up_iin(date(1977, 7, 7), serial=7100), Role.MINISTRY))
        made.known["link"] = str(ApplicationLink.objects.get().id)
        made.signs_in("granny", homes.trusted(home, homes.child_of(made.known["offered"])))
        _asks_for_a_telephone(made.sessions["mother"])
        yield made


def plan_another_regime(home: homes.Home) -> None:
    """From next month on the city is to give places along a queue."""
    day = (home.now + timedelta(days=30)).date()
    source = "Павлодар қаласы әкімдігінің 18.11.2026 № 7 қаулысы"
    changing_regime.set_date(
        territory_code=world.CITY,
        regime=Regime.LINEAR,
        in_force_from=day,
        source=source,
        actor=home.town.officer,
        now=home.now,
    )


def propose_other_rules(home: homes.Home) -> dict[str, str]:
    """A term, a table of categories and a day of the calendar that wait for their second person."""
    day, source = (home.now + timedelta(days=30)).date(), "Павлодар қаласы әкімдігінің 18.11.2026 № 8 қаулысы"
    first = Actor(role=Role.OFFICER, account_id=home.town.officer.account_id, territory_code=world.CITY)
    change = law.TermChange("voucher.confirm", world.CITY, 3, day, source)
    term = law.propose_term(change=change, actor=first, now=home.now)
    turned = tuple(number + 1 if number % 2 else number - 1 for number in range(1, 21))
    categories = law.TableChange(world.CITY, turned, day, source)
    table = law.propose_categories(change=categories, actor=first, now=home.now)
    names = law.DayNames("Ауысқан демалыс", "Перенесённый выходной", "Moved day off")
    while day.weekday() > 4:
        day += timedelta(days=1)
    moved = law.propose_day(change=law.DayChange(day, False, names, source), actor=first, now=home.now)
    return {"term": str(term.id), "table": str(table.id), "day": str(moved.id)}


def links_the_last(home: homes.Home) -> Actor:
    """A father who has linked the application that waits; returns him."""
    iin, child = (
        made_up_iin(world.BORN.replace(year=1988), sex=Sex.MALE, serial=7000),
        Application.objects.filter(state=State.WAITING, applicant_id=home.mother.person_id).latest("id").child,
    )
    known = answer(iin, surname="БЕРІКОВ", given_name="ДӘУРЕН")
    person_id = people.keep_person(answer=known, actor=Actor(role=Role.SYSTEM), now=home.now)
    father = homes.with_account(Actor(role=Role.PARENT, person_id=person_id), phone="+77010000009")
    record = birth(Iin.parse(child.iin), iin, Parent.FATHER)
    said = Children(records=(record,), reference="zags-1", asked_at=home.now)
    number = Application.objects.get(child=child).number
    linking.link(number=number, answer=said, actor=father, now=home.now)
    return father


def keep_lists() -> None:
    """The revocation lists of the tests' authority, as the job would have kept them."""
    before = world.NOW - timedelta(hours=1)
    for content in world.authority().revocation_lists(now=before).values():
        signatures.store_revocation_list(content=content, actor=Actor(role=Role.SYSTEM), now=before)


def keep_legacy_lists(town: world.Town) -> dict[str, str]:
    """A list carried over, one to be confirmed, and one whose columns are to be told, each of a city of its own."""
    kept = {}
    with TemporaryDirectory() as folder:
        for key, heading in (("carried", ""), ("list", ""), ("asked", "Код мамы")):
            rows = [lists.row(number + 50 * len(kept)) for number in range(1, 9)]
            wrong = [
                lists.row(number, **changes) for number, (changes, _) in enumerate(lists.FAULTY.values(), start=700)
            ]
            file = lists.csv_file(Path(folder) / f"{key}.csv", rows + wrong)
            if heading:
                file.write_text(file.read_text(encoding="utf-8").replace("ИИН заявителя", heading), encoding="utf-8")
            found = importing.begin(
                file=file,
                file_name=f"kezek-{key}.csv",
                territory_code="551010000" if heading else world.CITY,
                chosen={},
                actor=town.officer,
                now=world.NOW,
            )
            if not heading:
                importing.read(list_id=found.id, file=file, now=world.NOW)
            if key == "carried":
                importing.confirm(list_id=found.id, actor=town.officer, now=world.NOW)
                importing.write(list_id=found.id, actor=town.officer, now=world.NOW)
            kept[key] = str(found.token)
    return kept


def furnish(home: homes.Home) -> dict[str, str]:
    """A case at every step; returns what stands in the addresses of its pages."""
    town, known = home.town, {}
    group = kindergartens.open_group(
        kindergarten=town.kindergarten,
        group=NewGroup(name="Балапан", birth_year=2023, language="kk", capacity=25, published=12, parent_fee=15876),
        actor=town.head,
        now=home.now,
    )
    town.groups[0] = group
    full = kindergartens.open_group(
        kindergarten=town.kindergarten,
        group=NewGroup(name="Жұлдыз", birth_year=2023, language="kk", capacity=1, published=0, parent_fee=15876),
        actor=town.head,
        now=home.now,
    )
    known["enrolled"] = home.is_enrolled()
    home.another_child("АСЕЛЬ")
    known["signs"] = home.is_sent()
    home.fills_contract()
    home.attaches_all()
    home.signs()
    home.another_child("АЙЫМ")
    known["sent"] = home.is_sent()
    home.fills_contract()
    home.attaches_all()
    home.another_child("АСЫЛ")
    known["chosen"] = home.chooses()
    home.another_child("АЙША")
    known["active"] = home.confirms()
    home.post("waiting.join", known["active"], group.id)
    home.post("waiting.join", known["active"], full.id)
    home.another_child("АРУ")
    known["lapsed"] = home.has_voucher()
    known |= _of_the_special_line(home, known["sent"])
    home.later(days=5)
    home.another_child("АНАР")
    known["offered"] = home.has_voucher()
    home.another_child("АИДА")
    town.applies(now=home.now)
    home.later(minutes=3)
    known["waits"] = home.applies(benefit={"benefit": "SERVICE", "paper": homes.picture()})
    home.another_child("АЙКҮМІС")
    known["archived"] = home.applies()
    home.post("application.withdraw", known["archived"])
    known |= _contests(home)
    known |= keep_legacy_lists(town)
    known["draft"] = home.begins()
    home.fills(known["draft"])
    world.publish(full, 1, head=town.head, now=home.now)
    notifications.tell_untold(now=home.now)
    child = Kinship.objects.filter(representative_id=home.mother.person_id).order_by("id")[0]
    entrusted = homes.trusts(home)
    return known | {
        "lost-phone": str(homes.loses_her_phone(home).token),
        "guardian-claim": str(homes.claims_a_ward(home).token),
        "given-trust": str(entrusted.token),
        "offered-trust": str(homes.trusted_with_anothers_child(home).token),
        "kin": str(child.token),
        "garden": town.kindergarten.code,
        "group": str(group.id),
        "full": str(full.id),
    }


def _contests(home: homes.Home) -> dict[str, str]:
    """Two applications closed by an officer: one still to be contested, one whose appeal waits."""
    # Another officer than the one who looks: nobody decides an appeal against their own decision.
    numbers, closing = [], replace(home.town.officer, account_id=None, person_id=None)
    for name in ("АЙСҰЛУ", "АЙНҰР"):
        home.another_child(name)
        numbers.append(home.applies())
        removing.remove(
            application_id=home.application.id,
            because=RemovalReason.DATA_FALSE,
            note="Құжаттар сәйкес келмеді.",
            actor=closing,
            now=home.now,
        )
    filing = appealing.Filing(words="Құжаттардың төлнұсқасын әкеле аламыз.")
    appeal = appealing.file(application_id=home.application.id, filing=filing, actor=home.mother, now=home.now)
    return {"contestable": numbers[0], "contested": numbers[1], "appeal": str(appeal.token)}


def _of_the_special_line(home: homes.Home, placed: str) -> dict[str, str]:
    """Drafts before, after and without an answer of Arkotek; a check that waits and one that was rejected; the other line."""
    arkotek, known = registry.arkotek(), {}
    home.another_child("АЯЛА")
    arkotek.records += special.three(home.child.iin)
    known["not-confirmed"] = special.applies(home)
    verdict = journeys.Verdict(False, because=CaseRejection.INCOMPLETE, note="Логопедтің ұсынымын қосыңыз.")
    doctor = special.decider()
    journeys.decide(application_id=home.application.id, verdict=verdict, actor=doctor, now=home.now)
    known["unasked"] = special.answers_up_to_conclusion(home)
    known["told"] = special.answers_up_to_conclusion(home)
    home.answers(known["told"], "conclusion", fetch="1", consent="on")
    home.another_child("АҚБОТА")
    known["silent"] = special.answers_up_to_conclusion(home)
    arkotek.silent = True
    home.answers(known["silent"], "conclusion", fetch="1", consent="on")
    arkotek.silent = False
    # The child that has a place to sign for stands in the special line too.
    mine, home.child = home.child, Application.objects.get(number=placed).child
    arkotek.records += special.three(home.child.iin)
    known["in-check"] = special.applies(home)
    home.child = mine
    return known


def _asks_for_a_telephone(key: str) -> None:
    session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    session["new-phone"] = {"phone": "+77010000002", "code": None, "use": "MAIN"}
    session["new-email"] = {"email": "mother@example.kz", "code": None, "next": ""}
    session.save()
