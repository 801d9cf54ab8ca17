"""What the portal tells whoever watches over it."""

from django.db import Error, connection, transaction
from django.test import Client, RequestFactory

from balabaqsha.kernel.actor import ANONYMOUS
from balabaqsha.web.public.health import health


class TestHealth:
    def test_is_good_while_the_database_answers(self, db):
        answer = Client().get("/health")

        assert (answer.status_code, answer.content) == (200, b"ok\n")
        assert "no-store" in answer["Cache-Control"]

    def test_is_not_good_while_the_database_refuses(self, db):
        with transaction.atomic():
            try:
                connection.cursor().execute("SELECT nothing")
            except Error:
                request = RequestFactory().get("/health")
                request.actor = ANONYMOUS
                answer = health(request)
            transaction.set_rollback(True)

        assert (answer.status_code, answer.content) == (503, b"no database\n")
