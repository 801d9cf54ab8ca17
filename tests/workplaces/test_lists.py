"""A list of an earlier system at the department's pages: uploaded, checked, confirmed, carried over, compared."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django import app

from balabaqsha.accounts import clock
from balabaqsha.applications.models import Application
from balabaqsha.legacy.models import LegacyList
from tests.importing import lists
from tests.workplaces import world


@pytest.fixture
def town(fresh_database, settings, tmp_path, monkeypatch) -> world.Town:
    monkeypatch.setattr(clock, "real_now", lambda: world.NOW)
    settings.FILES_ROOT = tmp_path / "files"
    return world.build()


def work() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def file_of(tmp_path, rows, *, heading="ИИН заявителя") -> SimpleUploadedFile:
    content = lists.csv_file(tmp_path / "list.csv", rows).read_text(encoding="utf-8")
    return SimpleUploadedFile("list.csv", content.replace("ИИН заявителя", heading).encode(), "text/csv")


def sends(town, file) -> str:
    answer = town.as_officer().post(reverse("officer.lists"), {"territory": world.CITY, "list": file})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url


def page(town, address) -> str:
    return town.as_officer().get(address).content.decode()


def rows(count=12):
    return [lists.row(number) for number in range(1, count + 1)]


def test_is_checked_then_confirmed_then_compared(town, tmp_path):
    address = sends(town, file_of(tmp_path, [*rows(), lists.row(20, **{"Дата создания": "31.02.2024"})]))
    work()

    read = page(town, address)
    assert "31.02.2024" in read
    assert not Application.objects.exists()

    found = LegacyList.objects.get()
    town.as_officer().post(reverse("officer.list-confirm", args=[found.token]))
    assert "progress" in page(town, address)
    work()

    assert Application.objects.count() == 12
    places = page(town, reverse("officer.list-places", args=[found.token]))
    assert places.count("УО.2024.") == 12
    faults = page(town, reverse("officer.list-faults", args=[found.token]))
    assert "УО.2024.000020.1" in faults
    assert "31.02.2024" in faults


def test_asks_for_a_column_that_has_no_known_heading(town, tmp_path):
    address = sends(town, file_of(tmp_path, rows(), heading="Код мамы"))
    work()
    found = LegacyList.objects.get()
    assert found.state == "UPLOADED"
    assert "Код мамы" in page(town, address)

    refused = town.as_officer().post(reverse("officer.list-columns", args=[found.token]), {})
    assert refused.status_code == 200
    taken = town.as_officer().post(reverse("officer.list-columns", args=[found.token]), {"applicant_iin": "Код мамы"})
    work()

    assert LegacyList.objects.get(token=taken.url.rstrip("/").rsplit("/", 1)[-1]).state == "READ"


@pytest.mark.parametrize(("content", "said"), [(b"%PDF-1.7\x00\x01", "ашылмайды"), (b"PK\x03\x04broken", "ашылмайды")])
def test_says_beside_the_field_what_is_no_list(town, content, said):
    answer = town.as_officer().post(
        reverse("officer.lists"), {"territory": world.CITY, "list": SimpleUploadedFile("a.xlsx", content)}
    )

    assert said in answer.content.decode()
    assert answer.status_code == 200
    assert not LegacyList.objects.exists()


def test_can_be_dropped_before_it_is_confirmed(town, tmp_path):
    address = sends(town, file_of(tmp_path, rows()))
    work()

    town.as_officer().post(reverse("officer.list-drop", args=[LegacyList.objects.get().token]))

    assert town.as_officer().get(address).status_code == 404
    assert not Application.objects.exists()
