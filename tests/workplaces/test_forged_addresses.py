"""Whoever writes another's number, token or id into an address learns nothing: the answer is that for what does not exist."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from balabaqsha.accounts import access, clock
from balabaqsha.accounts.models import RoleGrant
from balabaqsha.applications.links import _steps as links
from balabaqsha.applications.models import Appeal
from balabaqsha.documents import queries as documents
from balabaqsha.documents import store
from balabaqsha.documents.models import Upload
from balabaqsha.insight import actions as insight
from balabaqsha.insight.models import ReportOrder
from balabaqsha.journeys import appealing, distribution, entering, importing, removing
from balabaqsha.kernel.actor import ANONYMOUS, Actor, Role
from balabaqsha.kernel.time import localdate
from balabaqsha.law import actions as law
from balabaqsha.law.lists import DocumentKind, RemovalReason
from balabaqsha.notices import actions as notices
from balabaqsha.notices.models import Kind, Notice, Question, Section
from balabaqsha.people.models import GuardianClaim, Kinship, PhoneReturn
from balabaqsha.people.tests.family import made_up_iin
from balabaqsha.record.models import JournalEntry
from balabaqsha.transparency import actions as feedback
from balabaqsha.transparency.models import Topic
from tests.families import home as homes
from tests.importing import lists
from tests.workplaces import world
from tests.workplaces.world import client_of

CABINETS = {"cabinet/": "family", "kindergarten/": "head", "department/": "officer", "doctor/": "doctor"}
# What stands in addresses, by the name of the blank: a thing of others that is there, and one that nobody has.
NOBODYS = {
    "number": "10999994",
    "token": str(uuid4()),
    "name": "child",
    "code": "FORM_027",
    "kind": "FORM_027",
    "group_id": 999_999,
    "proposal_id": 999_999,
    "table_id": 999_999,
    "link_id": 999_999,
    "grant_id": 999_999,
    "side": "parent",
    "which": "checked",
}
# What they hold is the same for whoever may open them.
OF_EVERYBODY = {"officer.report", "officer.report-xlsx"}


@dataclass
class Others:
    """Two of everybody: the town with its family, and strangers who do the same work elsewhere."""

    home: homes.Home
    clients: dict[str, Client]
    known: dict[str, object]
    stranger: int


@pytest.fixture
def others(db, settings, tmp_path, monkeypatch) -> Others:
    settings.FILES_ROOT = tmp_path
    world.trust(settings)
    home = homes.build()
    monkeypatch.setattr(clock, "real_now", lambda: home.now)
    number = home.is_sent()
    home.fills_contract()
    home.attaches_all()
    home.signs()
    town = home.town
    far = world.kindergarten_of("gulder", "120340005678", "Гүлдер", world.OTHER_CITY)[0]
    parent, _ = town.family(given_name="БӨТЕН")
    run = distribution.preview(territory_code=world.CITY, limit=None, actor=town.officer, now=home.now)
    iin = [made_up_iin(world.BORN.replace(year=1975), serial=serial) for serial in (310, 320, 330)]
    strangers = {
        "family": homes.with_account(parent, phone=""),
        "head": world.staff(iin[0], Role.KINDERGARTEN_HEAD, kindergarten_id=far.id),
        "officer": world.staff(iin[1], Role.OFFICER, territory_code=world.OTHER_CITY),
        "doctor": world.staff(iin[2], Role.PMPK_OFFICER, territory_code=world.OTHER_CITY),
    }
    made = documents.made_of(application_id=home.application.id, kind=DocumentKind.CONTRACT)[0]
    message = feedback.send_feedback(
        writing=feedback.Writing(Topic.QUESTION, "Ваучер қашан беріледі?", "", "kk", world.CITY),
        actor=ANONYMOUS,
        now=home.now,
    )
    tells(town.officer)
    contests(town)
    homes.claims_a_ward(home)
    homes.loses_her_phone(home)
    known = {
        "number": number,
        "message": message.number,
        "run": run.number,
        "draft": home.begins(),
        "kin": Kinship.objects.get(child=home.child).token,
        "trust": homes.trusts(home).token,
        "upload": Upload.objects.filter(owner_person_id=home.mother.person_id)[0].token,
        "made": made.token,
        "group_id": town.group.id,
        "list": listed(town, tmp_path),
        "gardens": gardens_listed(town.officer),
        **proposed(town.officer),
        "link_id": links.link(
            application_id=home.application.id,
            person_id=town.family(given_name="БІРГЕ")[0].person_id,
            reference="1",
            now=home.now,
        ).id,
    }
    clients = {who: client_of(actor, moment=home.now) for who, actor in strangers.items()}
    return Others(home, clients, known, parent.person_id)


def tells(officer: Actor) -> None:
    """A report that the officer ordered, a notice and a question that the officer wrote."""
    ordering = insight.Ordering(("terms",), world.CITY, {}, "kk")
    insight.order_report(ordering=ordering, actor=officer, now=world.NOW)
    day = localdate(world.NOW)
    told = notices.Told(Kind.CALENDAR, world.CITY, day, day, "Күн", "День", "", "", "", "")
    notices.write_notice(told=told, actor=officer, now=world.NOW)
    answer = notices.Answer(Section.LINE, 0, True, "Сұрақ?", "Вопрос?", "", "Жауап.", "Ответ.", "")
    notices.ask_question(answer=answer, territory_code=world.CITY, actor=officer, now=world.NOW)


def proposed(officer: Actor) -> dict[str, object]:
    """A term and a table of categories that wait for another officer."""
    day, source = localdate(world.NOW) + timedelta(days=30), "Қаулы № 1"
    change = law.TermChange("voucher.confirm", world.CITY, 3, day, source)
    turned = tuple(number + 1 if number % 2 else number - 1 for number in range(1, 21))
    table = law.TableChange(world.CITY, turned, day, source)
    return {
        "proposal_id": law.propose_term(change=change, actor=officer, now=world.NOW).id,
        "table_id": law.propose_categories(change=table, actor=officer, now=world.NOW).id,
    }


def gardens_listed(officer: Actor) -> str:
    """The token of a list of kindergartens that was sent."""
    sha256 = store.put("БСН;Қазақша атауы\n123;Балдәурен\n".encode())
    found = entering.begin(
        file=store.path(sha256),
        sha256=sha256,
        file_name="gardens.csv",
        territory_code=world.CITY,
        actor=officer,
        now=world.NOW,
    )
    return str(found.token)


def contests(town: world.Town) -> None:
    """A family contests that its application was closed."""
    case = town.applies()
    removing.remove(
        application_id=case.id, because=RemovalReason.DATA_FALSE, note="Қате.", actor=town.officer, now=world.NOW
    )
    appealing.file(application_id=case.id, filing=appealing.Filing(words="Қате жоқ."), actor=case.parent, now=world.NOW)


def listed(town: world.Town, folder: Path) -> str:
    """The token of a list of an earlier system that waits to be confirmed."""
    file = lists.csv_file(folder / "list.csv", [lists.row(1), lists.row(2, **{"Дата создания": "31.02.2024"})])
    found = importing.begin(
        file=file, file_name="list.csv", territory_code=world.CITY, chosen={}, actor=town.officer, now=world.NOW
    )
    importing.read(list_id=found.id, file=file, now=world.NOW)
    return str(found.token)


def forged() -> list[tuple[str, str, tuple[str, ...]]]:
    """Every address below the cabinets with a blank in it: whose, its name, the names of its blanks."""
    found = []
    for cabinet in get_resolver().url_patterns[0].url_patterns:
        whose = CABINETS.get(str(cabinet.pattern)) if isinstance(cabinet, URLResolver) else None
        for one in cabinet.url_patterns if whose else ():
            blanks = tuple(one.pattern.regex.groupindex) if isinstance(one, URLPattern) else ()
            if blanks and one.name not in OF_EVERYBODY:
                found.append((whose, one.name, blanks))
    return found


def filled(name: str, blanks: tuple[str, ...], known: dict[str, object]) -> list[object]:
    """What another's address of this name holds."""
    if name == "officer.phone":
        return [PhoneReturn.objects.get().token]
    if name == "officer.appeal":
        return [Appeal.objects.get().token]
    if name.startswith("officer.guardian"):
        return [GuardianClaim.objects.get().token]
    if name.startswith("officer.role-"):
        return [RoleGrant.objects.filter(role=Role.OFFICER.value).order_by("id")[0].id]
    if name.startswith("officer.report"):
        return [ReportOrder.objects.get().token]
    if name.startswith("officer.notice"):
        return [Notice.objects.get().token]
    if name.startswith("officer.question"):
        return [Question.objects.get(territory_id=world.CITY).token]
    if name.startswith("trust."):
        return [known["trust"]]
    tokens = {"apply": "draft", "children": "kin", "officer": "upload"}
    special = {"parent.file": "upload", "parent.made": "made", "parent.signature": "made"}
    values = (
        dict(NOBODYS)
        | known
        | {"code": "balapan" if name.startswith(("choice.", "officer.kindergarten")) else "FORM_027"}
    )
    values["token"] = known[special.get(name) or tokens.get(name.split(".", maxsplit=1)[0], "upload")]
    if name.startswith("officer.feedback"):
        values["number"] = known["message"]
    if name.startswith("officer.list"):
        values["token"] = known["list"]
    if name.startswith("officer.garden-list"):
        values["token"] = known["gardens"]
    if name.startswith("officer.run"):
        values["number"] = known["run"]
    return [values[blank] for blank in blanks]


def plain(page: str) -> str:
    """A page without what differs between any two: its own address and its tokens."""
    return re.sub(r"(/ru|/en)?/[\w/.-]+|\w{30,}", "", page)


def test_a_forged_address_answers_as_if_there_were_nothing(others):
    told = {}
    for whose, name, blanks in forged():
        real = filled(name, blanks, others.known)
        unknown = [999_999 if blank == "number" and "run" in name else NOBODYS[blank] for blank in blanks]
        for method in ("get", "post"):
            ask = getattr(others.clients[whose], method)
            answers = [ask(reverse(name, args=arguments), follow=True) for arguments in (real, unknown)]
            if {answer.status_code for answer in answers} not in ({404}, {405}):
                told[name, method] = [answer.status_code for answer in answers]
            elif len({plain(answer.content.decode()) for answer in answers}) != 1:
                told[name, method] = "the pages differ"

    assert told == {}


def test_a_visitor_is_led_to_sign_in_whatever_the_address(others, client):
    answers = {name: client.get(reverse(name, args=filled(name, blanks, others.known))) for _, name, blanks in forged()}

    assert {answer.url.partition("?")[0] for answer in answers.values()} == {"/login/"}


# What the other parent, who has linked the application to their own IIN, reads; and the end of it, which is theirs.
IN_SIGHT = {"application.page", "application.unlink", "parent.made"}


def by_number(name: str, blanks: tuple[str, ...]) -> bool:
    """Whether the address is of an application or of its papers, and not of the reader's own child, draft or upload."""
    return "number" in blanks or name in {"parent.made", "parent.signature"}


def linked(others: Others) -> Client:
    """The stranger has linked the application and sees it."""
    home, person_id = others.home, others.stranger
    links.link(application_id=home.application.id, person_id=person_id, reference="1", now=home.now)
    Kinship.objects.create(
        representative_id=person_id, child=home.child, relation="FATHER", source="BIRTHS", confirmed_at=home.now
    )
    return others.clients["family"]


def test_who_has_linked_an_application_reads_it_and_does_nothing_to_it(others):
    client, before = linked(others), others.home.state
    acts = list(JournalEntry.objects.exclude(act="READ").values_list("id", flat=True))
    told = {}
    for whose, name, blanks in forged():
        if whose != "family" or not by_number(name, blanks) or name == "application.unlink":
            continue
        address = reverse(name, args=filled(name, blanks, others.known))
        told[name] = {ask(address, follow=True).status_code for ask in (client.get, client.post)}

    # The paper known here is a contract, which bears the applicant's address.
    assert {name for name, statuses in told.items() if statuses - {404, 405}} == {"application.page"}
    assert told["application.page"] == {200, 405}
    assert others.home.state == before
    assert list(JournalEntry.objects.exclude(act="READ").values_list("id", flat=True)) == acts


def test_nothing_else_opens_to_who_has_linked_an_application():
    views = [
        one
        for cabinet in get_resolver().url_patterns[0].url_patterns
        if isinstance(cabinet, URLResolver)
        for one in cabinet.url_patterns
        if isinstance(one, URLPattern)
    ]

    in_sight = {access.seen_application, access.application_in_sight}
    assert {one.name for one in views if one.callback.policy in in_sight} == IN_SIGHT
