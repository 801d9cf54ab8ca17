"""Tables to download: CSV that spreadsheets open in the right letters and never run."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from django.http import HttpResponse

# A cell that begins so is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK = "\ufeff"


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """The table as a file of this name: UTF-8 with its mark, commas, numbers as they are."""
    text = StringIO()
    writer = csv.writer(text)
    for row in (head, *rows):
        writer.writerow([guarded(cell) for cell in row])
    response = HttpResponse(_BYTE_ORDER_MARK + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def guarded(cell: object) -> object:
    """The cell so that a spreadsheet shows it as text; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
