"""One family from nothing to an enrolled child, through the real pages, with the people who decide along the way."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from balabaqsha.gateways.tests import sandbox_process as family
from tests.browser import looking, stage, steps
from tests.browser.steps import CHILD
from tests.browser.visitors import DESK, Visitor, visiting
from tests.workplaces import world

pytestmark = pytest.mark.skipif(looking.CHROMIUM is None, reason="Chromium is not installed")

PAPERS = ("FORM_027", "BIRTH_CERTIFICATE", "REPRESENTATIVE_ID", "FORM_052_2", "FORM_065")
IN_ADVANCE = PAPERS[:2]


@pytest.fixture
def portal(live_portal, settings, tmp_path) -> Iterator[stage.Stage]:
    """The portal with its state systems and a small town."""
    with stage.set_up(live_portal, settings, tmp_path) as made:
        yield made


def test_a_family_comes_with_nothing_and_leaves_with_a_contract(portal):
    with looking.chromium() as browser:
        at = {"address": portal.address, "now": portal.now}
        with (
            visiting(browser, **at) as mother,
            visiting(browser, **at, width=DESK, language="ru") as officer,
            visiting(browser, **at, width=DESK, language="ru") as head,
            visiting(browser, **at) as stranger,
        ):
            steps.registers(portal, mother)
            steps.adds_her_child(mother)
            number = applies(portal, mother)
            sees_the_state_without_names(stranger, number, "WAITING")
            confirms_the_benefit(portal, officer, number)
            performs_a_run(portal, officer)
            says_yes(portal, mother, number)
            chooses(mother, number)
            sends_the_contract(portal, head)
            fills_and_signs(portal, mother, number)
            opens_the_papers_and_signs(portal, head, number)
            document = sees_the_child_enrolled(portal, mother, number)
            sees_the_state_without_names(stranger, number, "ENROLLED")
            finds_the_contract_valid(stranger, document)

            assert [visitor.said for visitor in (mother, officer, head, stranger)] == [[], [], [], []]


def applies(portal: stage.Stage, mother: Visitor) -> str:
    """Through the wizard with everything that it asks for; returns the number that the last page shows."""
    answers = {
        "child": lambda: mother.ticks(CHILD),
        "kind": lambda: mother.ticks("queue-kind.GENERAL"),
        "region": lambda: mother.page.locator("main select").select_option(world.CITY),
        "languages": lambda: (mother.ticks("language.kk"), mother.ticks("language.ru")),
        "benefit": lambda: claims_a_benefit(portal, mother),
        "papers": lambda: steps.attaches(portal, mother, IN_ADVANCE),
        "wishes": lambda: mother.page.locator("main select").first.select_option(index=1),
        "terms": lambda: mother.ticks("apply.agree"),
    }
    return steps.applies(mother, answers)


def claims_a_benefit(portal: stage.Stage, mother: Visitor) -> None:
    mother.page.locator("main select").select_option("TEACHER")
    mother.attaches(portal.scan("work.jpg"))


def sees_the_state_without_names(stranger: Visitor, number: str, state: str) -> None:
    stranger.opens("/queue/")
    stranger.page.locator("main input[name=number]").first.fill(number)
    stranger.page.locator("main input[name=number]").first.press("Enter")
    expect(stranger.page.get_by_role("heading", level=1)).to_contain_text(number)
    assert stranger.say(f"state.{state}") in stranger.text
    for known in (CHILD, "Нұрлан", "Серікова", family.DAUGHTER, family.MOTHER, family.MOTHER_PHONE[2:]):
        assert known.upper() not in stranger.page.content().upper()


def confirms_the_benefit(portal: stage.Stage, officer: Visitor, number: str) -> None:
    steps.enters(portal, officer, portal.town.officer)
    officer.opens("/department/checks/")
    officer.page.locator("main").get_by_role("link", name=re.compile(number)).first.click()
    expect(officer.page.locator("main img").first).to_be_visible()
    officer.page.locator("input[name=verdict][value=confirm]").check()
    officer.presses("checks.decide-now")
    expect(officer.page.locator(".notice[data-tone=ok]").first).to_be_visible()


def performs_a_run(portal: stage.Stage, officer: Visitor, *, given: int = 1) -> None:
    officer.opens("/department/runs/")
    officer.presses("runs.preview")
    officer.follows("runs.perform")
    officer.presses("runs.perform-now", n=given)
    portal.works()
    # The page that waits asks again by itself, by the clock that it shares with the portal.
    officer.page.clock.run_for(5_000)
    expect(officer.page.get_by_role("link", name=officer.say("runs.public"))).to_be_visible()


def says_yes(portal: stage.Stage, mother: Visitor, number: str) -> None:
    assert any("ваучер" in text.casefold() for text in portal.messages(family.MOTHER_PHONE))
    mother.opens("/cabinet/applications/")
    assert mother.say("state.VOUCHER_OFFERED") in mother.text
    mother.follows("voucher.confirm-interest")
    assert mother.say("voucher.if-no") in mother.text
    mother.presses("action.yes")
    assert mother.say("state.VOUCHER_ACTIVE") in mother.text
    assert number in mother.text


def chooses(mother: Visitor, number: str) -> None:
    mother.follows("choice.open")
    mother.page.locator("main .garden h3 a").first.click()
    mother.page.locator("main input[name=group]").first.check()
    mother.presses("action.confirm")
    assert mother.say("state.CONTRACT_AWAITED") in mother.text
    assert number in mother.text


def sends_the_contract(portal: stage.Stage, head: Visitor) -> None:
    steps.enters(portal, head, portal.town.head)
    head.opens("/kindergarten/requests/")
    head.page.locator("main th a").first.click()
    steps.sends_the_contract(head)


def fills_and_signs(portal: stage.Stage, mother: Visitor, number: str) -> None:
    mother.opens(f"/cabinet/contracts/{number}/")
    assert mother.say("contract.about") in mother.text
    assert mother.say("contract.only") in mother.text
    assert re.search(r"21.500", mother.text)
    mother.presses("upload.reuse-all")
    steps.attaches(portal, mother, PAPERS[len(IN_ADVANCE) :])
    steps.fills_and_signs(portal, mother)


def opens_the_papers_and_signs(portal: stage.Stage, head: Visitor, number: str) -> None:
    head.opens(f"/kindergarten/contracts/{number}/")
    opened = [link.get_attribute("href") for link in head.page.locator("main .docs a").all()]
    assert len(opened) == 1 + len(PAPERS)
    for address in opened:
        answer = head.context.request.get(portal.address + address)
        assert answer.ok
        assert answer.body()[:4] in {b"%PDF", b"\xff\xd8\xff\xe0"}
    steps.signs_for_the_kindergarten(portal, head, portal.town.head, world.BIN)


def sees_the_child_enrolled(portal: stage.Stage, mother: Visitor, number: str) -> Path:
    """Her page, the message, and the contract as a PDF; returns the saved file."""
    portal.works()
    assert any("қабылда" in text.casefold() for text in portal.messages(family.MOTHER_PHONE)[:1])
    mother.opens(f"/cabinet/applications/{number}/")
    assert mother.say("state.ENROLLED") == "Балабақшаға қабылданды"
    assert mother.say("state.ENROLLED") in mother.text
    mother.opens("/cabinet/contracts/")
    path = portal.folder / "saved.pdf"
    mother.saves("contract.pdf").save_as(path)
    text = "\n".join(page.extract_text() for page in PdfReader(path).pages)
    assert family.DAUGHTER in text
    assert number in text
    return path


def finds_the_contract_valid(stranger: Visitor, document: Path) -> None:
    """The address that stands in the paper leads to the page that says so."""
    text = "".join(page.extract_text() for page in PdfReader(document).pages)
    address = re.search(r"/check/[\w-]+", text)
    assert address, text
    stranger.opens(address.group())
    assert stranger.say("check.valid") in stranger.text
    assert CHILD not in stranger.text
    assert family.DAUGHTER not in stranger.text
