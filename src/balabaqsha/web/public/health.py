"""Whether this portal can serve people, for whoever watches over it: a load balancer, the launcher."""

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from balabaqsha.accounts.access import access, public


@access(public)
@never_cache
def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - every view gets the request
    """200 while the database answers, otherwise 503; one word in plain text, for programs only."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")
