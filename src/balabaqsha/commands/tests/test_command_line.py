"""The command line as it is typed."""

import subprocess
import sys

import pytest

from balabaqsha.config import env


def typed(*words, **environment):
    told = subprocess.run(
        [sys.executable, "-m", "balabaqsha.commands.main", *words],
        env=env.changed(**environment),
        capture_output=True,
        text=True,
        timeout=120,
    )
    return told.returncode, told.stdout, told.stderr


class TestHelp:
    def test_lists_every_command(self):
        status, out, _ = typed("--help")

        assert status == 0
        for word in (
            "up",
            "web",
            "worker",
            "sandbox",
            "demo",
            "clock",
            "rehearse",
            "deadline",
            "iin",
            "check",
            "journal",
        ):
            assert f"\n    {word} " in out

    @pytest.mark.parametrize("words", [["up"], ["demo"], ["check"], ["journal", "verify"], ["territories", "import"]])
    def test_explains_each(self, words):
        status, out, _ = typed(*words, "--help")

        assert status == 0
        assert out.startswith(f"usage: balabaqsha {' '.join(words)}")


class TestWrongUse:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ([], "COMMAND"),
            (["fly"], "'fly'"),
            (["up", "--port", "http"], "'http' is not a port"),
            (["up", "--port", "65534"], "not a port from 1 to 65533"),
            (["deadline", "yesterday", "5wd"], "'yesterday' is no moment"),
            (["deadline", "2024-09-30T15:37:26", "5wd"], "lacks its offset"),
            (["deadline", "2024-09-30T15:37:26+05:00", "5 days"], "'5 days' is no length"),
            (["clock", "2wd"], "'2wd' is no shift"),
            (["clock", "+2weeks"], "'2weeks' is no length"),
            (["territories", "import", "no-such-file.csv"], "there is no file no-such-file.csv"),
        ],
    )
    def test_gets_one_line_and_status_2(self, words, said):
        status, out, complaint = typed(*words)

        assert (status, out) == (2, "")
        assert said in complaint
        assert complaint.count("\n") == 1


class TestIin:
    def test_says_what_a_valid_number_holds(self):
        assert typed("iin", "210220550811")[:2] == (0, "valid, born 2021-02-20, male\n")

    @pytest.mark.parametrize(
        ("number", "reason"),
        [
            ("21022055081", "twelve digits"),
            ("21022055081x", "digits only"),
            ("210220950811", "seventh digit"),
            ("211320550811", "not a date"),
            ("210220550812", "last digit"),
        ],
    )
    def test_says_why_another_is_not(self, number, reason):
        status, out, _ = typed("iin", number)

        assert status == 1
        assert reason in out


class TestDeadline:
    def test_of_the_source_is_told_day_by_day(self):
        status, out, _ = typed("deadline", "2024-09-30T15:37:26+05:00", "5wd", DATABASE_URL=None)

        lines = out.splitlines()
        assert status == 0
        assert lines[0] == "2024-10-07T15:37:26+05:00"
        assert "2024-10-05 Sat  not counted" in lines[6]
        assert "2024-10-07 Mon  day 5" in lines[8]

    def test_names_the_day_off(self):
        _, out, _ = typed("deadline", "2025-12-15T10:00:00+05:00", "2wd", DATABASE_URL=None)

        assert "2025-12-16 Tue  not counted: " in out
        assert "Independence" in out


class TestWithoutServer:
    def test_says_so_in_one_line(self, tmp_path):
        status, _, complaint = typed("journal", "verify", DATABASE_URL=None, BALABAQSHA_DATA=str(tmp_path))

        assert status == 1
        assert complaint.startswith("balabaqsha: no database answers")
        assert complaint.count("\n") == 1


class TestProduction:
    def test_names_everything_that_is_missing(self, tmp_path):
        status, _, complaint = typed(
            "web", BALABAQSHA_MODE="production", BALABAQSHA_DATA=str(tmp_path), DATABASE_URL=None
        )

        assert status == 2
        for name in ("DATABASE_URL", "BALABAQSHA_SECRET_KEY", "BALABAQSHA_HOSTS", "BALABAQSHA_GATEWAY_SMS_URL"):
            assert f"{name} is missing" in complaint
