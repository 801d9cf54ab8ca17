"""What families, heads and officers do at their pages in the journeys of both regimes."""

import base64
import re
from collections.abc import Callable, Mapping

from playwright.sync_api import expect

from balabaqsha.accounts import clock
from balabaqsha.accounts.factors import totp
from balabaqsha.gateways.tests import sandbox_process as family
from balabaqsha.kernel.actor import Actor
from balabaqsha.sandbox.authority.authority import PASSWORD as KEY_PASSWORD
from balabaqsha.web.parent.wizard_steps import STEPS
from tests.browser import stage
from tests.browser.visitors import Visitor

CHILD = "Айлин"


def registers(portal: stage.Stage, mother: Visitor) -> None:
    mother.opens("/")
    mother.opens("/register/")
    mother.fills("signin.tab-phone", family.MOTHER_PHONE.removeprefix("+7"))
    mother.fills("signup.iin", family.MOTHER)
    mother.ticks("signup.policy")
    mother.presses("signup.send-code")
    expect(mother.page.locator("[data-timer] b")).to_be_visible()
    mother.fills("signup.code", portal.code(family.MOTHER_PHONE))
    mother.presses("action.send")
    assert "Серікова" in mother.text
    mother.fills("signup.new-password", stage.PASSWORD)
    mother.fills("signup.repeat-password", stage.PASSWORD)
    mother.presses("action.save")
    assert mother.say("signup.done") in mother.text


def adds_her_child(mother: Visitor) -> None:
    mother.opens("/cabinet/children/")
    mother.follows("children.add")
    mother.fills("child.iin", family.DAUGHTER)
    mother.presses("child.check-iin")
    assert CHILD in mother.text
    mother.presses("action.save")
    assert mother.say("children.added") in mother.text


def applies(mother: Visitor, answers: Mapping[str, Callable[[], object]]) -> str:
    """Through the wizard; `answers` says what is done on a step, by its name. Returns the number that the last page shows."""
    mother.opens("/cabinet/apply/")
    mother.presses("apply.begin")
    for step in STEPS:
        if mother.page.url.endswith(f"/{step.name}/"):
            answers.get(step.name, lambda: None)()
            mother.presses("action.continue")
    mother.presses("action.send")
    assert mother.say("sent.title") in mother.text
    number = re.search(r"\b\d{8,12}\b", mother.text)
    assert number, mother.text
    return number.group()


def attaches(portal: stage.Stage, mother: Visitor, kinds: tuple[str, ...]) -> None:
    """Each paper on a page of its own: photographs and PDF in turn."""
    for place, kind in enumerate(kinds):
        mother.follows("upload.attach", of=mother.say(f"paper.{kind}"))
        mother.attaches(portal.scan(f"{kind}.{('pdf', 'jpg')[place % 2]}"))
        mother.presses("upload.attach")
        assert mother.say("upload.kept") in mother.text


def enters(portal: stage.Stage, visitor: Visitor, actor: Actor) -> None:
    """Staff sign in by password, and set their second step."""
    visitor.opens("/login/")
    visitor.fills("signin.who", portal.log_in_of(actor))
    visitor.fills("signin.password", stage.PASSWORD)
    visitor.presses("signin.submit")
    sets_the_second_step(visitor)


def sets_the_second_step(visitor: Visitor) -> None:
    """What staff do once: the application on their telephone reads the secret and shows a code."""
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(visitor.say("second.set-title"))
    typed = visitor.page.locator("main b.num").inner_text().replace(" ", "")
    visitor.fills("second.code", totp.code(base64.b32decode(typed), totp.step_at(clock.real_now())))
    visitor.presses("action.continue")
    visitor.follows("second.codes-kept")


def sends_the_contract(head: Visitor) -> None:
    """From the page of the request."""
    head.fills("kg.stay-hours", "9")
    head.fills("kg.parent-fee", "21 500")
    head.presses("kg.send-now")
    expect(head.page.locator(".notice[data-tone=ok]").first).to_be_visible()


def fills_and_signs(portal: stage.Stage, mother: Visitor) -> None:
    """From the page of the contract to which every paper is attached."""
    mother.follows("contract.fill")
    mother.presses("contract.make")
    signs_with_her_key(portal, mother)
    assert mother.say("contract.signed") in mother.text
    assert mother.say("state.CONTRACT_WITH_KINDERGARTEN") in mother.text


def signs_with_her_key(portal: stage.Stage, mother: Visitor) -> None:
    mother.signs(portal.key_file(iin=family.MOTHER, surname="СЕРІКОВА", given_name="ӘСЕМ"), KEY_PASSWORD)


def signs_for_the_kindergarten(portal: stage.Stage, head: Visitor, actor: Actor, organisation_bin: str) -> None:
    """From the page of a contract that the family has signed."""
    head.follows("kg.sign")
    organisation = {"bin": organisation_bin, "organisation": "БАЛАПАН"}
    iin = portal.log_in_of(actor)
    head.signs(portal.key_file(iin=iin, surname="СЫНАҚ", given_name="АДАМ", **organisation), KEY_PASSWORD)
    expect(head.page.locator(".notice[data-tone=ok]").first).to_be_visible()
