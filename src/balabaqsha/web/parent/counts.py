"""How many unread messages stand beside the menu of a family's cabinet."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from balabaqsha.kernel.actor import Role
from balabaqsha.notifications import queries as notifications


def counts(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: `menu_counts` on the request of a parent, counted only by a page that prints its menu."""

    def handle(request: HttpRequest) -> HttpResponse:
        actor = request.actor
        if actor.role == Role.PARENT and actor.person_id is not None:
            person_id = actor.person_id
            request.menu_counts = SimpleLazyObject(lambda: {"parent.messages": notifications.unread(person_id)})
        return get_response(request)

    return handle
