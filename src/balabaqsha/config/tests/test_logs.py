import inspect
import io
import json
import logging

import pytest
import structlog

from balabaqsha.commands import serving
from balabaqsha.config import env, logs


@pytest.fixture
def written():
    """Logs as production writes them, into a text; afterwards as before."""
    logs.configure(logs.plan(level="INFO", as_json=True))
    (handler,) = logging.getLogger().handlers
    handler.stream = io.StringIO()
    yield handler.stream
    structlog.reset_defaults()
    logs.configure(logs.plan(level=env.current().log_level, as_json=False))


def test_an_event_is_one_line_of_json(written):
    structlog.get_logger("balabaqsha.test").info("place given", application=17)

    event = json.loads(written.getvalue())
    assert (event["event"], event["application"], event["level"]) == ("place given", 17, "info")


def test_personal_values_are_struck_out(written):
    structlog.get_logger("balabaqsha.test").info("signed in", iin="210220550811", phone="+77010000101")

    assert "210220550811" not in written.getvalue()
    assert "+7701" not in written.getvalue()


@pytest.mark.parametrize(
    "path", ["mgov/8c2b/0f3e2d1c", "mgov/8c2b/0f3e2d1c/documents", "feedback/XyZ12/", "sign/8c2b/state"]
)
def test_what_an_address_opens_is_struck_out(written, path):
    logging.getLogger("django.request").error("%s: %s", "Internal Server Error", f"/{path}")
    structlog.get_logger("balabaqsha.test").warning("failed", url=f"https://portal.example/ru/{path}?a=1")

    first, second = written.getvalue().splitlines()
    kind = path.split("/")[0]
    assert json.loads(first)["event"] == f"Internal Server Error: /{kind}/***"
    assert json.loads(second)["url"] == f"https://portal.example/ru/{kind}/***?a=1"


def test_the_server_keeps_no_log_of_addresses():
    """Its own lines would have the secrets of whoever was given an address; a proxy before it is told in docs/operations.md."""
    source = inspect.getsource(serving)

    assert "log_access=False" in source


def test_loggers_of_libraries_write_the_same_lines(written):
    logging.getLogger("some.library").warning("slow")

    assert json.loads(written.getvalue())["event"] == "slow"
