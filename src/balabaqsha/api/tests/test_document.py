"""What is answered is what the document says, whatever is sent: made-up requests by schemathesis."""

import re

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import get_resolver
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks

from balabaqsha.accounts import clock
from balabaqsha.accounts.tests.doors import account_of, world
from balabaqsha.api import document
from balabaqsha.people.tests.family import MOTHER
from balabaqsha.signatures.mobile import actions as errands
from balabaqsha.signatures.mobile import queries
from balabaqsha.signatures.models import SignaturePurpose
from tests.workplaces.world import NOW, trust

schemathesis.checks.load_all_checks()
WSGI = get_wsgi_application()
SCHEMA = schemathesis.openapi.from_dict(document.written())
# What the document promises; that its own examples are welcome is not asked, for nobody has the names that are made up.
PROMISED = [
    checks.not_a_server_error,
    *(
        checks.CHECKS.get_one(name)
        for name in (
            "status_code_conformance",
            "content_type_conformance",
            "response_schema_conformance",
            "negative_data_rejection",
        )
    ),
]


@pytest.fixture(autouse=True)
def portal(db, settings, monkeypatch):
    trust(settings)
    settings.EGOV_MOBILE_BIN = "990740000000"
    settings.ALLOWED_HOSTS = ["*"]
    monkeypatch.setattr(clock, "real_now", lambda: NOW)
    # As the client of Django's own tests does: the connection of the test is that of its requests.
    ends = [one for one in (request_started, request_finished) if one.disconnect(close_old_connections)]
    with world():
        account_of(MOTHER)
        yield
    for one in ends:
        one.connect(close_old_connections)


def errand():
    """The address of a QR code that waits for a telephone."""
    wanted = errands.Wanted(
        purpose=SignaturePurpose.AUTH, content=b"{}", titles={"kk": "а", "ru": "а", "en": "a"}, back="/"
    )
    return errands.begin(wanted, owner=b"x" * 32, real_now=NOW)


@SCHEMA.parametrize()
@settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_one_of_those_that_the_document_names(case):
    if case.operation.path.startswith("/mgov/"):
        token = errand()
        case.path_parameters = {"token": str(token), "secret": queries.code_secret(token)}
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {queries.bearer(token)}"}
    response = case.call(app=WSGI, base_url="http://localhost")

    case.validate_response(response, checks=PROMISED)


def test_every_address_for_programs_stands_in_the_document_and_the_other_way_round():
    pattern = next(one for one in get_resolver().url_patterns if "api/v1" in str(one.pattern))
    addresses = {"/api/v1/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(one.pattern)) for one in pattern.url_patterns}
    said = {path for path in document.written()["paths"] if path.startswith("/api/")}

    assert said == addresses - {"/api/v1/openapi.json"}
