"""The job of a run, done by the worker itself."""

import pytest
from procrastinate.contrib.django import app

from balabaqsha.accounts import clock
from balabaqsha.journeys import distribution
from balabaqsha.vouchers.models import DistributionRun, Voucher
from balabaqsha.web.department import tasks
from tests.workplaces import world


@pytest.fixture
def town(fresh_database, settings, tmp_path, monkeypatch) -> world.Town:
    monkeypatch.setattr(clock, "real_now", lambda: world.NOW)
    settings.FILES_ROOT = tmp_path / "files"
    return world.build()


def work() -> None:
    with app.replace_connector(app.connector.get_worker_connector()) as worker:
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def test_performs_an_ordered_run_once(town):
    town.applies()
    run = distribution.preview(territory_code=world.CITY, limit=None, actor=town.officer, now=world.NOW)

    tasks.order(run_number=run.number, actor=town.officer)
    tasks.order(run_number=run.number, actor=town.officer)
    assert tasks.standing(run.number) == tasks.Order(waits=True, failed=False)
    work()
    tasks.order(run_number=run.number, actor=town.officer)
    work()

    assert tasks.standing(run.number) == tasks.Order(waits=False, failed=False)
    assert DistributionRun.objects.get(number=run.number).state == "PERFORMED"
    assert Voucher.objects.count() == 1
