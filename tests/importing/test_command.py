"""`balabaqsha import-queue`: its words and its status."""

import csv

import pytest

from balabaqsha.applications.models import Application
from balabaqsha.commands import main, starting
from tests.importing import lists


@pytest.fixture
def run(fresh_database, tmp_path, monkeypatch):
    monkeypatch.setattr(starting, "set_up", lambda: None)
    file = lists.csv_file(
        tmp_path / "list.csv", [lists.row(1), lists.row(2), lists.row(3, **{"Дата создания": "31.02.2024"})]
    )
    return lambda *more: main.main(["import-queue", str(file), "--territory", "551010000", *map(str, more)])


def test_says_what_is_wrong_and_writes_nothing(run, tmp_path, capsys):
    assert run("--report", tmp_path / "faults.csv") == 1

    said = capsys.readouterr().out
    assert "3 rows read, 2 sound, 1 with faults" in said
    assert "nothing has been carried over" in said
    report = list(csv.reader((tmp_path / "faults.csv").open(encoding="utf-8-sig")))
    assert report[1][:2] == ["4", "УО.2024.000003.1"]
    assert "31.02.2024" in report[1][2]
    assert not Application.objects.exists()


def test_carries_over_what_it_checked_before_once_it_is_confirmed(run, tmp_path, capsys):
    run()
    assert run("--confirm", "--comparison", tmp_path / "places.csv") == 1

    assert "2 applications carried over" in capsys.readouterr().out
    assert Application.objects.count() == 2
    assert len(list(csv.reader((tmp_path / "places.csv").open(encoding="utf-8-sig")))) == 3


def test_refuses_in_words(fresh_database, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(starting, "set_up", lambda: None)
    (tmp_path / "a.csv").write_bytes(b"\x89PNG\x00\x00")

    assert main.main(["import-queue", str(tmp_path / "a.csv"), "--territory", "551010000"]) == 2
    assert "does not open as a table" in capsys.readouterr().err
