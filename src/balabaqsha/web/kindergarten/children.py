"""The enrolled children: by group, by name, and as a sheet to take away."""

import io
from typing import Any

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, kindergarten_roll
from balabaqsha.admissions import queries
from balabaqsha.admissions.models import Admission
from balabaqsha.kernel.time import localdate
from balabaqsha.locale import written
from balabaqsha.people.queries import card
from balabaqsha.web.kindergarten import pages
from balabaqsha.web.kindergarten.forms import ChildrenForm
from balabaqsha.web.kit import texts

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SORTS = {
    "name": lambda one: (written.sort_key(card(one.application.child).full_name), one.id),
    "born": lambda one: (one.application.born_on, one.id),
    "enrolled": lambda one: (one.enrolled_at, one.id),
}
_COLUMNS = ("kg.child", "signin.tab-iin", "person.birth-date", "places.group", "kg.enrolled-on")
_WIDTHS = (38, 16, 16, 24, 18)


@access(kindergarten_roll)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Children enrolled here, in the Kazakh alphabet unless another order is asked for."""
    form = _form(request)
    rows = _children(request, form)
    asked = request.GET.get("sort", "name")
    sorts = {name: _sort(request, asked, name) for name in _SORTS}
    shown = [{"admission": one, "child": card(one.application.child)} for one in rows]
    chosen = sum(1 for name in ("group", "name") if request.GET.get(name))
    query = request.GET.copy()
    query.pop("sort", None)
    context = {"form": form, "rows": shown, "sorts": sorts, "chosen": chosen, "query": query.urlencode()}
    return pages.page(request, "children", "kg.children", **context)


@access(kindergarten_roll)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same list as a spreadsheet: every cell is text or a day, so that nothing in a name can act as a formula."""
    rows = _children(request, _form(request))
    answer = HttpResponse(_sheet(rows), content_type=_SHEET)
    answer["Content-Disposition"] = 'attachment; filename="children.xlsx"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _sheet(rows: list[Admission]) -> bytes:
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet()
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy"})
        for column, (key, width) in enumerate(zip(_COLUMNS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, texts.say(key), bold)
        for line, one in enumerate(rows, start=1):
            child = card(one.application.child)
            sheet.write_string(line, 0, child.full_name)
            sheet.write_string(line, 1, child.iin)
            sheet.write_datetime(line, 2, child.born_on, day)
            sheet.write_string(line, 3, one.group.name)
            if one.enrolled_at is not None:
                sheet.write_datetime(line, 4, localdate(one.enrolled_at), day)
        sheet.freeze_panes(1, 0)
    return content.getvalue()


def _form(request: HttpRequest) -> ChildrenForm:
    groups = [(group.id, group.name) for group in pages.groups(request).order_by("name", "id")]
    return ChildrenForm(request.GET, groups=groups)


def _children(request: HttpRequest, form: ChildrenForm) -> list[Admission]:
    found = queries.enrolled(pages.admissions(request))
    typed: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    if typed.get("group"):
        found = found.filter(group_id=typed["group"])
    wanted = str(typed.get("name", "")).casefold().split()
    rows = [one for one in found if all(part in card(one.application.child).full_name.casefold() for part in wanted)]
    asked = request.GET.get("sort", "name")
    rows.sort(key=_SORTS.get(asked.lstrip("-"), _SORTS["name"]), reverse=asked.startswith("-"))
    return rows


def _sort(request: HttpRequest, asked: str, name: str) -> dict[str, str]:
    query = request.GET.copy()
    query["sort"] = f"-{name}" if asked == name else name
    return {"url": f"?{query.urlencode()}", "order": {name: "ascending", f"-{name}": "descending"}.get(asked, "")}
