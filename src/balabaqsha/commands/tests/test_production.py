"""What production has not: the clock, the sandbox, the demonstration town."""

from datetime import timedelta

import pytest

from balabaqsha.accounts.models import ClockShift
from balabaqsha.commands import starting
from balabaqsha.config import env
from balabaqsha.config.tests.test_env import PRODUCTION


@pytest.fixture
def production(settings, tmp_path):
    settings.MODE = env.PRODUCTION
    settings.ENVIRONMENT = env.read({**PRODUCTION, "BALABAQSHA_DATA": str(tmp_path)})


def test_refuses_the_commands_of_the_demonstration(production):
    with pytest.raises(starting.Stop, match="the clock exists in the demonstration only"):
        starting.set_up_for_demonstration("the clock")


@pytest.mark.django_db
def test_refuses_a_database_whose_clock_was_shifted(production, settings, tmp_path):
    settings.SIGNATURE_AUTHORITIES = tmp_path
    ClockShift.objects.create(pk=1, seconds=timedelta(days=1).total_seconds())

    with pytest.raises(starting.Stop, match="shifted clock") as refused:
        starting.refuse_unfit()

    # All at once: the missing authorities and the missing key of the state gateway are named with it.
    assert "authority" in str(refused.value)
    assert "portal.pem" in str(refused.value)


@pytest.mark.django_db
def test_the_demonstration_may_start():
    starting.refuse_unfit()


def test_the_whole_of_the_settings_fits_production(tmp_path):
    import subprocess
    import sys

    checks = "import django; django.setup(); from django.conf import settings as s; print(s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_SECURE)"
    told = subprocess.run(
        [sys.executable, "-c", checks],
        env=env.changed(
            **PRODUCTION, BALABAQSHA_DATA=str(tmp_path), DJANGO_SETTINGS_MODULE="balabaqsha.config.settings"
        ),
        capture_output=True,
        text=True,
    )

    assert told.stdout == f"{365 * 24 * 3600} True\n", told.stderr
