"""The ten statuses as the department reads them: the same table as the public one, with the way to the checks."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_reader
from balabaqsha.kernel.time import localdate
from balabaqsha.web.department import pages
from balabaqsha.web.department.rulebook import asked_territory, governed
from balabaqsha.web.kit import menus, rights


@access(department_reader)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Each status with its act, the paper that shows it, who confirms it, for how long, and its categories."""
    known = governed(request)
    territory = asked_territory(request, known)
    return pages.page(
        request,
        "rights",
        "officer.rights",
        territory=territory,
        territories=known,
        public_url=menus.address("public.benefits"),
        **rights.rights_table(territory, today=localdate(request.now)),
    )
