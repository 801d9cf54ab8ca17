"""The family's registered address as the place from which distances are counted: one tap, nothing typed."""

from django.http import HttpRequest

from balabaqsha.people import queries as people
from balabaqsha.web.kit import nearby, texts
from balabaqsha.web.kit.nearby import Whence


def whence(request: HttpRequest, territory: str, *, typed: str = "", home: bool = False) -> Whence:
    """From the address that was typed, else from the registered one if that is wished; from nowhere otherwise."""
    if typed:
        return nearby.locate(request, typed, within=territory)
    if not home:
        return Whence()
    card = people.person_card(request.actor.person_id)
    registered = card.address("kk")
    if not registered:
        return Whence(problem=texts.say("nearby.no-home"))
    return nearby.locate(request, registered, within=card.territory_code or territory)


def link(request: HttpRequest) -> str:
    """The address of this page with distances from home, its filters kept."""
    query = request.GET.copy()
    query["home"] = "on"
    for name in ("page", "address", "sort"):
        query.pop(name, None)
    return f"?{query.urlencode()}"
