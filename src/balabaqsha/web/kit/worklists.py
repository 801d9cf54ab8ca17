"""What the work lists of all workplaces share: a masked name, a row with its term."""

from typing import Any

from balabaqsha.documents.rules import initials
from balabaqsha.people.models import Person
from balabaqsha.web.kit import due, texts


def masked(person: Person) -> str:
    """A name as lists show it before the case is opened, unbroken in a narrow column."""
    return initials(surname=person.surname, given_name=person.given_name).replace(" ", "\N{NO-BREAK SPACE}")


def work(
    number: str, url: str, cells: list[str], standing: due.Due, *, action: str = "department.open"
) -> dict[str, Any]:
    """A row of ui/worklist.html: the number leads to the page, and so does the action at its end."""
    return {
        "id": number,
        "name": number,
        "url": url,
        "cells": cells,
        "left": standing.left,
        "tone": standing.tone,
        "action": {"text": texts.say(action), "url": url, "size": "s", "kind": "secondary", "of": number},
    }
