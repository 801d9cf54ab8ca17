"""«Өтініштер журналы» of 003: its nine columns, each of which sorts the list."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from balabaqsha.web.kit import texts

# In the order of figure 5.
COLUMNS = ("number", "child", "iin", "place", "applicant", "created", "status", "benefit", "born")
NEWEST_FIRST = "-created"


@dataclass(frozen=True)
class Order:
    """By which column the list is sorted, and whether from its end."""

    column: str
    reverse: bool


def order(request: HttpRequest) -> Order:
    """The order that the address asks for; the newest first where it asks for none or for nonsense."""
    asked = request.GET.get("sort", "")
    if asked.removeprefix("-") not in COLUMNS:
        asked = NEWEST_FIRST
    return Order(asked.removeprefix("-"), asked.startswith("-"))


def heads(request: HttpRequest, current: Order) -> list[dict[str, Any]]:
    """The heads of ui/table.html: a second click on a column turns the order round."""
    return [_head(request, name, current) for name in COLUMNS]


def _head(request: HttpRequest, name: str, current: Order) -> dict[str, Any]:
    query = request.GET.copy()
    query.pop("page", None)
    here = current.column == name
    query["sort"] = f"-{name}" if here and not current.reverse else name
    sorted_ = ("descending" if current.reverse else "ascending") if here else ""
    return {
        "label": texts.say(f"journal.col-{name}"),
        "number": name == "place",
        "sort_url": f"?{query.urlencode()}",
        "sorted": sorted_,
    }
