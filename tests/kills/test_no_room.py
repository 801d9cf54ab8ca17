"""The disk is full, for files and for PostgreSQL alike: acts are refused honestly, nothing is half done, work goes on."""

import errno
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from PIL import Image

from balabaqsha.locale.texts import say_in
from tests.kills.clients import Claim, Told, Visitor, going_on
from tests.kills.portal import until

FULL_SECONDS = 8

pytestmark = pytest.mark.skipif(
    "BALABAQSHA_KILLS" not in os.environ, reason="kills real processes for many minutes: make kills"
)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Nothing more fits on the disk until the block ends."""
    ballast = disk / "ballast"
    handle = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        for size in (1_000_000, 4096, 1):
            with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
                _writes_on(handle, bytes(size))
        yield
    finally:
        os.close(handle)
        ballast.unlink()


def _writes_on(handle: int, piece: bytes) -> NoReturn:
    while True:
        os.write(handle, piece)


def picture() -> dict[str, tuple[str, bytes, str]]:
    """A paper that was never kept before, too big for what the last page of a file leaves free."""
    content = io.BytesIO()
    Image.frombytes("RGB", (200, 200), os.urandom(120_000)).save(content, "PNG")
    return {"paper": ("paper.png", content.getvalue(), "image/png")}


def test_a_paper_that_does_not_fit_is_refused_and_nothing_of_it_is_left(cramped, small_disk):
    visitor = Visitor(cramped.portal, cramped.town.signers[0])
    path = f"/cabinet/contracts/{visitor.who.number}/papers/FORM_027/"
    rows = "SELECT count(*) FROM documents_upload"
    before = cramped.portal.value(rows), _files(small_disk)

    with filled(small_disk):
        refused = visitor.ask("POST", path, files=picture())
        left = cramped.portal.value(rows), _files(small_disk)

    assert refused is not None
    assert refused.status_code == 503
    assert say_in("kk", "error.503-refresh") in refused.text
    assert left == before
    assert visitor.ask("POST", path, files=picture()).status_code == 302
    assert cramped.portal.value(rows) == before[0] + 1


def _files(disk: Path) -> list[Path]:
    return sorted(one for one in (disk / "data" / "files").rglob("*") if one.is_file())


def test_a_run_and_claims_that_do_not_fit_go_on_when_there_is_room(cramped, small_disk):
    portal, officer = cramped.portal, Visitor(cramped.portal, cramped.town.officer)
    claims = [Claim(portal, family) for family in cramped.town.claimants]
    cramped.cases += claims
    cramped.more_wait(2000)
    previewed = officer.insists("/department/runs/", limit="")
    number = int(previewed.headers["location"].rstrip("/").rpartition("/")[2])
    performed = "SELECT state = 'PERFORMED' FROM vouchers_distributionrun WHERE number = %s"

    with going_on(claims, cramped.town, seed="full", pause=0.2):
        with filled(small_disk):
            ordered, _ = officer.post(f"/department/runs/{number}/perform/")
            time.sleep(FULL_SECONDS)
        if ordered is not Told.DONE:
            officer.insists(f"/department/runs/{number}/perform/")
        until(lambda: portal.value(performed, number), "the run to be performed when there is room")
    cramped.comes_to_rest()

    assert cramped.broken() == []
    assert (
        portal.value(
            "SELECT count(*) FROM vouchers_voucher WHERE run_id ="
            " (SELECT id FROM vouchers_distributionrun WHERE number = %s)",
            number,
        )
        == 2000
    )
