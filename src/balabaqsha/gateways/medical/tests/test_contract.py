"""The promises of the port of medical forms, kept by the client (against the sandbox) and by the fake."""

from datetime import date

import pytest

from balabaqsha.gateways.medical.fake import InMemoryMedical
from balabaqsha.gateways.medical.port import MedicalForm
from balabaqsha.gateways.tests.sandbox_process import DAUGHTER, SON
from balabaqsha.kernel.iin import Iin
from balabaqsha.law.lists import DocumentKind

KNOWN = {
    SON: tuple(
        MedicalForm(DocumentKind.FORM_027, number, day, last, "№ 4 емхана", "Поликлиника № 4", b"\xff\xd8paper")
        for number, day, last in (
            ("027-1", date(2025, 3, 1), date(2025, 8, 31)),
            ("027-2", date(2026, 3, 20), date(2026, 9, 19)),
        )
    )
}


@pytest.fixture(params=["client", "fake"])
def system(request):
    return request.getfixturevalue("clients")["medical"] if request.param == "client" else InMemoryMedical(KNOWN)


def test_gives_the_newest_form_with_its_paper(system, now):
    answer = system.form(DocumentKind.FORM_027, Iin.parse(SON), now=now)

    form = answer.form
    assert (form.number, form.issued_on, form.last_day) == ("027-2", date(2026, 3, 20), date(2026, 9, 19))
    assert form.content.startswith(b"\xff\xd8")
    assert (answer.asked_at, bool(answer.reference)) == (now, True)


@pytest.mark.parametrize(("child", "kind"), [(SON, DocumentKind.FORM_065), (DAUGHTER, DocumentKind.FORM_027)])
def test_gives_none_where_there_is_none(system, now, child, kind):
    assert system.form(kind, Iin.parse(child), now=now).form is None
