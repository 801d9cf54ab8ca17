import io
import json
import logging

import pytest
import structlog

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


def test_loggers_of_libraries_write_the_same_lines(written):
    logging.getLogger("some.library").warning("slow")

    assert json.loads(written.getvalue())["event"] == "slow"
