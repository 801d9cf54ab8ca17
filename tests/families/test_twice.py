"""The main errands of a family sent twice, from a second tab, after the back button, and by somebody else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from balabaqsha.admissions import queries as admissions
from balabaqsha.applications.models import Application
from balabaqsha.documents.models import MadeDocument
from balabaqsha.kindergartens.models import Hold
from balabaqsha.record.models import JournalEntry
from balabaqsha.signatures.models import Signature
from tests.families import home as homes
from tests.families.home import Home
from tests.workplaces import world


@dataclass
class Errand:
    """One form: `ready` brings the family to it and gives what stands in its address, `typed` what the form says."""

    page: str
    ready: Callable[[Home], list[object]]
    after: str
    typed: Callable[[Home], dict[str, Any]] = lambda _: {}


def _draft(home: Home) -> list[object]:
    token = home.begins()
    home.fills(token)
    return [token]


def _on_the_last_day(home: Home) -> list[object]:
    number = home.confirms()
    home.now = home.application.due_at - timedelta(hours=2)
    return [number]


def _stop_listed(home: Home) -> list[object]:
    number = home.has_voucher()
    home.later(days=7)
    assert home.get("application.page", number).status_code == 200
    assert home.state == "STOP_LISTED"
    return [number]


def _ready_to_sign(home: Home) -> list[object]:
    number = home.is_sent()
    home.fills_contract()
    home.attaches_all()
    return [number]


ERRANDS = {
    "apply": Errand("apply.check", _draft, "WAITING"),
    "confirm": Errand(
        "voucher.answer", lambda home: [home.has_voucher()], "VOUCHER_ACTIVE", lambda _: {"answer": "yes"}
    ),
    "decline": Errand("voucher.answer", lambda home: [home.has_voucher()], "ARCHIVED", lambda _: {"answer": "no"}),
    "restore": Errand("application.restore", _stop_listed, "WAITING"),
    "extend": Errand("voucher.extend", _on_the_last_day, "VOUCHER_ACTIVE"),
    "choose": Errand(
        "choice.kindergarten",
        lambda home: [home.confirms(), home.town.kindergarten.code],
        "CONTRACT_AWAITED",
        lambda home: {"group": home.town.group.id},
    ),
    "unchoose": Errand("choice.cancel", lambda home: [home.chooses()], "VOUCHER_ACTIVE"),
    "fill": Errand(
        "contract.fill",
        lambda home: [home.is_sent()],
        "CONTRACT_WITH_PARENT",
        lambda _: {"address": "Сынақ к-сі, 7", "phone": "701 000 00 01"},
    ),
    "sign": Errand(
        "contract.sign", _ready_to_sign, "CONTRACT_WITH_KINDERGARTEN", lambda home: {"cms": home.cms(home.document())}
    ),
    "withdraw": Errand("application.withdraw", lambda home: [home.applies()], "ARCHIVED"),
    "leave": Errand("application.leave", lambda home: [home.is_enrolled()], "ARCHIVED", lambda _: {"reason": "MOVED"}),
}
# Filling anew makes the paper anew: it is journalled again, and everything else stands as it stood.
MAY_BE_REPEATED = {"fill"}
# What a second tab still offers after the first was used.
RIVALS = [
    ("confirm", "decline"),
    ("decline", "confirm"),
    ("withdraw", "confirm"),
    ("unchoose", "fill"),
    ("unchoose", "sign"),
    ("sign", "unchoose"),
    ("sign", "fill"),
    ("restore", "confirm"),
    ("leave", "choose"),
]


def stands(home: Home) -> dict[str, Any]:
    """Everything that an errand changes."""
    found = Application.objects.filter(applicant_id=home.mother.person_id)
    admission = admissions.open_admission(home.application.id) if found else None
    contract = admissions.live_contract(admission.id) if admission else None
    return {
        "applications": list(found.order_by("id").values_list("number", "state", "reason", "due_at", "extended")),
        "place": admission and (admission.id, admission.group_id, admission.stage),
        "held": Hold.objects.filter(child=home.child).count(),
        "contract": contract and (contract.id, contract.terms, contract.parent_signature_id),
        "papers in force": MadeDocument.objects.filter(
            application_id__in=found.values("id"), superseded_at=None, void_at=None
        ).count(),
        "signatures": Signature.objects.count(),
    }


def sent(home: Home, errand: Errand, address: str, typed: dict[str, Any], client: Client | None = None):
    return (client or home.client).post(address, typed, follow=True)


@pytest.mark.parametrize("name", sorted(ERRANDS))
def test_sent_twice_is_done_once_and_the_second_answer_says_so(home, name):
    errand = ERRANDS[name]
    address, typed = reverse(errand.page, args=errand.ready(home)), errand.typed(home)
    first = sent(home, errand, address, typed)
    assert (first.status_code, home.state) == (200, errand.after)
    after, journal = stands(home), JournalEntry.objects.count()

    second = sent(home, errand, address, typed)

    assert second.status_code in {200, 409}
    assert stands(home) == after
    assert name in MAY_BE_REPEATED or JournalEntry.objects.count() == journal
    assert 'class="notice"' in second.content.decode() or 'role="alert"' in second.content.decode()
    # The back button: the page of the form once more.
    back = home.client.get(address, follow=True)
    assert back.status_code in {200, 405}
    assert stands(home) == after


@pytest.mark.parametrize("name", sorted(ERRANDS))
def test_sent_by_another_family_there_is_nothing(home, name):
    errand = ERRANDS[name]
    address, typed = reverse(errand.page, args=errand.ready(home)), errand.typed(home)
    parent, _ = home.town.family(given_name="БӨТЕН")
    stranger = world.client_of(homes.with_account(parent, phone=""), moment=home.now)
    before, journal = stands(home), JournalEntry.objects.count()

    assert sent(home, errand, address, typed, stranger).status_code == 404
    assert stands(home) == before
    assert JournalEntry.objects.count() == journal


@pytest.mark.parametrize(("first", "second"), RIVALS)
def test_a_second_tab_that_is_late_changes_nothing_and_is_told(home, first, second):
    done, late = ERRANDS[first], ERRANDS[second]
    arguments = done.ready(home)
    typed, number = done.typed(home), home.number
    assert sent(home, done, reverse(done.page, args=arguments), typed).status_code == 200
    after = stands(home)
    address = [number, home.town.kindergarten.code] if late.page == "choice.kindergarten" else [number]
    typed = {"cms": "MA=="} if second == "sign" else late.typed(home)

    answer = sent(home, late, reverse(late.page, args=address), typed)

    assert answer.status_code in {200, 404, 409}
    assert stands(home) == after
