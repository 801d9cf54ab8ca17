"""One family of a district from its application to an enrolled child: turn, signed choice, referral, visit, contract."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from balabaqsha.gateways.tests import sandbox_process as family
from balabaqsha.journeys import publishing
from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kindergartens.models import Group
from balabaqsha.people.tests.family import made_up_iin
from tests.browser import looking, stage, steps
from tests.browser.visitors import DESK, Visitor, visiting
from tests.workplaces import world

pytestmark = pytest.mark.skipif(looking.CHROMIUM is None, reason="Chromium is not installed")

BAYANAUYL = "553600000"
BIN = "120340005678"
PAPERS = ("REPRESENTATIVE_ID", "BIRTH_CERTIFICATE", "FORM_027", "FORM_052_2")


@dataclass
class District:
    """The portal with its state systems, and in Bayanauyl district one kindergarten whose places are not published yet."""

    portal: stage.Stage
    group: Group
    head: Actor
    officer: Actor


@pytest.fixture
def district(live_portal, settings, tmp_path) -> Iterator[District]:
    with stage.set_up(live_portal, settings, tmp_path) as portal:
        garden, groups = world.kindergarten_of("erketay", BIN, "Еркетай", territory=BAYANAUYL)
        head = world.staff(made_up_iin(date(1981, 4, 4), serial=80), Role.KINDERGARTEN_HEAD, kindergarten_id=garden.id)
        officer = world.staff(made_up_iin(date(1983, 5, 5), serial=90), Role.OFFICER, territory_code=BAYANAUYL)
        publishing.recall(group_id=groups[0].id, places=2, reason="OTHER", actor=head, now=portal.now)
        yield District(portal, groups[0], head, officer)


def test_a_family_of_a_district_waits_for_its_turn_and_leaves_with_a_contract(district):
    portal = district.portal
    with looking.chromium() as browser:
        at = {"address": portal.address, "now": portal.now}
        with (
            visiting(browser, **at) as mother,
            visiting(browser, **at, width=DESK, language="ru") as head,
            visiting(browser, **at, width=DESK, language="ru") as officer,
        ):
            steps.registers(portal, mother)
            steps.adds_her_child(mother)
            number = applies(mother)
            publishes_a_place(district, head)
            is_told_its_turn(portal, mother)
            chooses_and_signs(portal, mother, number)
            saves_the_referral(portal, mother, number)
            registers_the_visit(head, number)
            signs_the_contract(portal, mother, number)
            signs_for_the_kindergarten(district, head, number)
            sees_the_child_enrolled(portal, mother, number)
            sees_what_was_done(district, officer, number)

            assert [visitor.said for visitor in (mother, head, officer)] == [[], [], []]


def applies(mother: Visitor) -> str:
    number = steps.applies(
        mother,
        {
            "child": lambda: mother.ticks(steps.CHILD),
            "kind": lambda: mother.ticks("queue-kind.GENERAL"),
            "region": lambda: mother.page.locator("main select").select_option(BAYANAUYL),
            "languages": lambda: mother.ticks("language.kk"),
            "benefit": lambda: mother.page.locator("main select").select_option("NONE"),
            "terms": lambda: mother.ticks("apply.agree"),
        },
    )
    mother.opens(f"/cabinet/applications/{number}/")
    assert mother.say("state.WAITING") in mother.text
    assert mother.page.locator(".place__num").inner_text() == "1"
    return number


def publishes_a_place(district: District, head: Visitor) -> None:
    steps.enters(district.portal, head, district.head)
    head.opens(f"/kindergarten/groups/{district.group.id}/publish/")
    head.page.locator("main input[name=places]").fill("1")
    head.presses("kg.publish")


def is_told_its_turn(portal: stage.Stage, mother: Visitor) -> None:
    """The message comes at once; two days later the turn still stands, with its strip of days."""
    portal.works()
    assert any("кезе" in text.casefold() for text in portal.messages(family.MOTHER_PHONE)[:1])
    portal.passes(days=1)
    mother.page.clock.set_fixed_time(portal.now)
    mother.opens("/cabinet/applications/")
    assert mother.say("state.TURN_OFFERED") in mother.text


def chooses_and_signs(portal: stage.Stage, mother: Visitor, number: str) -> None:
    mother.follows("referral.choose-place")
    assert mother.say("turn.before-title") in mother.text
    mother.follows("turn.ok")
    mother.page.locator("main table a").first.click()
    assert number in mother.text
    steps.signs_with_her_key(portal, mother)
    assert mother.say("turn.issued") in mother.text
    assert mother.say("state.REFERRAL_ISSUED") in mother.text
    assert mother.overflow() == 0


def saves_the_referral(portal: stage.Stage, mother: Visitor, number: str) -> None:
    saving = mother.page.locator("#documents a").filter(has_text=mother.say("papers.download"))
    with mother.page.expect_download() as coming:
        saving.filter(has_text=mother.say("paper.REFERRAL")).click()
    path = portal.folder / "referral.pdf"
    coming.value.save_as(path)
    text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
    assert family.DAUGHTER in text
    assert number in text
    assert "Еркетай" in text


def registers_the_visit(head: Visitor, number: str) -> None:
    """The family came with every paper: the visit is registered and the contract sent."""
    head.opens("/kindergarten/referrals/")
    head.page.locator("main table a").first.click()
    for paper in PAPERS:
        head.ticks(f"paper.{paper}")
    head.presses("kg.register")
    expect(head.page.locator(".notice[data-tone=ok]").first).to_be_visible()
    assert number in head.page.url
    steps.sends_the_contract(head)


def signs_the_contract(portal: stage.Stage, mother: Visitor, number: str) -> None:
    mother.opens(f"/cabinet/contracts/{number}/")
    steps.attaches(portal, mother, PAPERS)
    steps.fills_and_signs(portal, mother)


def signs_for_the_kindergarten(district: District, head: Visitor, number: str) -> None:
    head.opens(f"/kindergarten/contracts/{number}/")
    steps.signs_for_the_kindergarten(district.portal, head, district.head, BIN)


def sees_the_child_enrolled(portal: stage.Stage, mother: Visitor, number: str) -> None:
    portal.works()
    assert any("қабылда" in text.casefold() for text in portal.messages(family.MOTHER_PHONE)[:1])
    mother.opens(f"/cabinet/applications/{number}/")
    assert mother.say("state.ENROLLED") in mother.text


def sees_what_was_done(district: District, officer: Visitor, number: str) -> None:
    steps.enters(district.portal, officer, district.officer)
    officer.opens(f"/department/cases/{number}/")
    assert officer.say("state.ENROLLED.officer") in officer.text
