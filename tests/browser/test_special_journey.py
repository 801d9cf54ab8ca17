"""The special line in a real browser: a family on a telephone with Arkotek behind it, a specialist at a desk by keyboard."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from balabaqsha.applications.models import Application
from balabaqsha.gateways.tests import sandbox_process as family
from balabaqsha.kernel.actor import SYSTEM, Role
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.actions import NewGroup
from balabaqsha.people.tests.family import made_up_iin
from tests.browser import looking, stage, steps
from tests.browser.steps import CHILD
from tests.browser.test_journey import performs_a_run, says_yes
from tests.browser.visitors import DESK, Visitor, visiting
from tests.workplaces import world
from tests.workplaces.test_doctor import applies as another_applies

pytestmark = pytest.mark.skipif(looking.CHROMIUM is None, reason="Chromium is not installed")

CASES = 10


@pytest.fixture
def portal(live_portal, settings, tmp_path) -> Iterator[stage.Stage]:
    """The portal with its state systems, a small town, groups of two types, and conclusions about the child."""
    with stage.set_up(live_portal, settings, tmp_path) as made:
        for name, correction in (("Логопед", "SPEECH_SEVERE"), ("Көру", "LOW_VISION")):
            new = NewGroup(
                name=name, birth_year=2023, language="kk", capacity=5, correction=correction, published=2, parent_fee=0
            )
            kindergartens.open_group(kindergarten=made.town.kindergarten, group=new, actor=SYSTEM, now=made.now)
        concludes(made)
        yield made


def concludes(portal: stage.Stage) -> None:
    """Arkotek has one conclusion that fits, and one that has run out."""
    file = portal.folder / "data" / "sandbox" / "population.jsonl"
    persons = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    today = portal.now.date()
    known = [
        {"number": number, "correction": "SPEECH_SEVERE", "issued_on": str(begins), "last_day": str(ends)}
        for number, begins, ends in (
            ("PMPK-GOOD", today - timedelta(days=30), today + timedelta(days=300)),
            ("PMPK-OVER", today - timedelta(days=800), today - timedelta(days=400)),
        )
    ]
    for person in persons:
        if person["iin"] == family.DAUGHTER:
            person["conclusions"] = known
    file.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in persons), encoding="utf-8")


def test_a_family_comes_to_a_group_that_its_child_needs(portal):
    pmpk = world.staff(made_up_iin(date(1979, 4, 4), serial=510), Role.PMPK_OFFICER, territory_code=world.CITY)
    with looking.chromium() as browser:
        at = {"address": portal.address, "now": portal.now}
        with (
            visiting(browser, **at) as mother,
            visiting(browser, **at, width=DESK) as specialist,
            visiting(browser, **at, width=DESK, language="ru") as officer,
        ):
            steps.registers(portal, mother)
            steps.adds_her_child(mother)
            number = applies(portal, mother)
            assert mother.say("state.DOCUMENTS_CHECK") in mother.text
            for _ in range(CASES - 1):
                another_applies(portal.town, now=portal.now)
            steps.enters(portal, specialist, pmpk)
            decides_all_without_a_mouse(specialist, number)
            reads_the_words_of_the_source(portal, mother)
            performs_a_run(portal, officer_at(portal, officer), given=2)
            says_yes(portal, mother, number)
            chooses_the_only_suitable_group(mother)
            mother.follows("application.withdraw")
            mother.presses("application.withdraw")
            assert mother.say("reason.WITHDRAWN") in mother.text

            assert [visitor.said for visitor in (mother, specialist, officer)] == [[], [], []]


def applies(portal: stage.Stage, mother: Visitor) -> str:
    answers = {
        "child": lambda: mother.ticks(CHILD),
        "kind": lambda: mother.ticks("queue-kind.SPECIAL"),
        "correction": lambda: mother.ticks("correction.SPEECH_SEVERE"),
        "conclusion": lambda: brings_the_conclusion(portal, mother),
        "region": lambda: mother.page.locator("main select").select_option(world.CITY),
        "languages": lambda: mother.ticks("language.kk"),
        "wishes": lambda: mother.page.locator("main select").first.select_option(index=1),
        "terms": lambda: mother.ticks("apply.agree"),
    }
    return steps.applies(mother, answers)


def brings_the_conclusion(portal: stage.Stage, mother: Visitor) -> None:
    """Arkotek is down at first; asked again, it tells two, of which one has run out."""
    with portal.sandbox.behaving("arkotek", "down"):
        mother.ticks("conclusion.consent")
        mother.presses("conclusion.fetch")
    assert mother.say("conclusion.silent") in mother.text
    assert mother.overflow() == 0
    mother.follows("conclusion.fetch-again")
    mother.ticks("conclusion.consent")
    mother.presses("conclusion.fetch")
    mother.ticks("PMPK-OVER")
    mother.presses("action.continue")
    expect(mother.page.locator("#id_conclusion-err")).to_be_visible()
    mother.ticks("PMPK-GOOD")


def decides_all_without_a_mouse(specialist: Visitor, first: str) -> None:
    """From the list by Enter; each decision opens the next case."""
    page = specialist.page
    specialist.opens("/doctor/")
    page.locator("main").get_by_role("link", name=first, exact=True).focus()
    page.keyboard.press("Enter")
    for _ in range(CASES):
        expect(page.locator("form#decide")).to_be_visible()
        page.locator("main").get_by_role("link", name=specialist.say("checks.decide"), exact=True).focus()
        page.keyboard.press("Enter")
        goes_to(specialist, "document.activeElement.name === 'verdict'")
        page.keyboard.press("Space")
        goes_to(specialist, "document.activeElement.type === 'submit' && document.activeElement.closest('#decide')")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.get_by_text(specialist.say("doctor.none-title"))).to_be_visible()
    assert not Application.objects.filter(state="DOCUMENTS_CHECK").exists()


def goes_to(visitor: Visitor, condition: str) -> None:
    """Press Tab until the focus stands there."""
    for _ in range(12):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate(f"() => Boolean({condition})"):
            return
    raise AssertionError(condition)


def reads_the_words_of_the_source(portal: stage.Stage, mother: Visitor) -> None:
    portal.works()
    said = "Сіздің ваучер алу өтініміңіз расталды. Кезектегі орныңыз: "
    assert any(text.startswith(said) for text in portal.messages(family.MOTHER_PHONE))
    mother.opens("/cabinet/messages/")
    assert said in mother.text


def officer_at(portal: stage.Stage, officer: Visitor) -> Visitor:
    steps.enters(portal, officer, portal.town.officer)
    return officer


def chooses_the_only_suitable_group(mother: Visitor) -> None:
    mother.follows("choice.open")
    mother.page.locator("main .garden h3 a").first.click()
    groups = mother.page.locator("main input[name=group]")
    assert groups.count() == 1
    assert "Логопед" in mother.text
    groups.first.check()
    mother.presses("action.confirm")
    assert mother.say("state.CONTRACT_AWAITED") in mother.text
