"""Pages of a long list."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True)
class Pager:
    """What ui/pager.html prints; a number without an address is a gap."""

    page: int
    last: int
    numbers: Sequence[tuple[int, str]]
    previous_url: str
    next_url: str


def page_of(request: HttpRequest) -> int:
    """The page that the address asks for; the first where it asks for none or for nonsense."""
    asked = request.GET.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1  # noqa: PLR2004 - more digits than any page has


def pager(request: HttpRequest, *, page: int, total: int, size: int = 50) -> Pager:
    """The pages of a list of `total` rows, `size` a page, with the other parts of the address kept."""
    last = max(1, -(-total // size))
    page = min(page, last)

    def url(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    shown = sorted({1, last, *range(max(1, page - 1), min(last, page + 1) + 1)})
    numbers: list[tuple[int, str]] = []
    for number in shown:
        if numbers and number - numbers[-1][0] > 1:
            numbers.append((number - 1, ""))
        numbers.append((number, url(number)))
    return Pager(
        page=page,
        last=last,
        numbers=tuple(numbers),
        previous_url=url(page - 1) if page > 1 else "",
        next_url=url(page + 1) if page < last else "",
    )
