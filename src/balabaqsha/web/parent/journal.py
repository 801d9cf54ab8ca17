"""«Өтініштер журналы» of 003 in the family's cabinet: nine columns, sorted by each, with a search."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, signed_in_parent
from balabaqsha.applications.models import Application
from balabaqsha.line import queries as lines
from balabaqsha.locale import written
from balabaqsha.people.queries import PersonCard, card
from balabaqsha.web.kit import journal, pages, texts
from balabaqsha.web.parent import applications, cards, frame

SIZE = 20


@access(signed_in_parent)
@require_http_methods(["GET", "POST"])
def table(request: HttpRequest) -> HttpResponse:
    """Every application that the person sees, archived ones too; the family's own names stand in full, the other parent's is masked.

    What is searched for may be a name or an IIN, so it is posted and stands in no address.
    """
    asked = " ".join(request.POST.get("q", "").split())[:80]
    order = journal.order(request)
    rows = [_Row(one, frame.applicant(request, one)) for one in frame.in_sight(request)]
    found = [row for row in rows if row.holds(asked)]
    found.sort(key=lambda row: row.key(order.column), reverse=order.reverse)
    page = pages.page_of(request)
    shown = pages.pager(request, page=page, total=len(found), size=SIZE)
    start = (shown.page - 1) * SIZE
    context = {
        "q": asked,
        "columns": journal.heads(request, order),
        "rows": [row.printed() for row in found[start : start + SIZE]],
        "total": len(found),
        "tabs": applications.tabs("journal", request.actor),
        "pager": shown,
        "caption": texts.say("journal.title"),
    }
    above = (texts.say("parent.applications"), reverse("parent.applications"))
    return frame.page(request, "journal", texts.say("journal.title"), above, **context)


class _Row:
    """One application with what its row prints. A family has few: each asks for its own place."""

    def __init__(self, application: Application, applicant: str) -> None:
        self.application = application
        self.child: PersonCard = card(application.child)
        self.applicant = applicant
        place = lines.place_in_line(application)
        self.place = place.number if place else None
        self.status = texts.say(f"reason.{application.reason}" if application.reason else f"state.{application.state}")
        self.benefit = texts.say(f"benefit.{application.benefit}")

    def holds(self, asked: str) -> bool:
        """Whether every word that was asked for stands in the row."""
        names = f"{self.child.full_name} {self.applicant}"
        said = f"{self.application.number} {names} {self.child.iin} {self.status}".casefold()
        return all(word in said for word in asked.casefold().split())

    def key(self, column: str) -> Any:
        """What the row is sorted by; whoever stands in no line comes after those who do."""
        one = self.application
        keys: dict[str, Any] = {
            "number": one.number,
            "child": self.child.full_name.casefold(),
            "iin": self.child.iin,
            "place": (self.place is None, self.place or 0),
            "applicant": self.applicant.casefold(),
            "created": one.original_at,
            "status": self.status.casefold(),
            "benefit": self.benefit.casefold(),
            "born": one.born_on,
        }
        return keys[column]

    def printed(self) -> dict[str, Any]:
        """As ui/table.html takes it."""
        one = self.application
        look = cards.states.LOOKS[one.state]
        return {
            "url": reverse("application.page", args=[one.number]),
            "cells": [
                one.number,
                self.child.full_name,
                self.child.iin,
                self.place,
                self.applicant,
                written.moment_full(one.original_at),
                {"badge": self.status, "tone": look.tone, "icon": look.icon},
                self.benefit,
                written.day(one.born_on),
            ],
        }
