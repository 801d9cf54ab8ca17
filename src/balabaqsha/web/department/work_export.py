"""The work list as a spreadsheet, written to a file row by row: its length costs no memory."""

from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, HttpRequest
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, department_officer
from balabaqsha.desk import actions
from balabaqsha.desk.queries import Asked, Task
from balabaqsha.kernel.time import local
from balabaqsha.law import queries as law
from balabaqsha.web.department import work, work_words
from balabaqsha.web.kit import texts

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Rows whose names are looked up together.
_CHUNK = 1_000
_WIDTHS = (16, 34, 18, 40, 26, 30, 18, 24)
# Each row goes to the disk as it is written, and no text of the data acts as anything but a text.
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@access(department_officer)
@require_GET
def export(request: HttpRequest) -> FileResponse:
    """The list as the page shows it, names masked, all of its rows; that it is taken away is journalled first."""
    asked = work.form_of(request).asked()
    file: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed with the answer
    rows = _write(file, request, asked)
    facts = {"due": asked.due, "holder": asked.holder, "kinds": ",".join(asked.kinds), "within": asked.territory_code}
    actions.note_export(
        rows=rows, asked={name: value for name, value in facts.items() if value}, actor=request.actor, now=request.now
    )
    file.seek(0)
    answer = FileResponse(file, as_attachment=True, filename="work.xlsx", content_type=_SHEET)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _write(file: IO[bytes], request: HttpRequest, asked: Asked) -> int:
    """Write the list into the file; returns how many rows it has."""
    calendar, desk, written, waiting = law.calendar(), work.desk(request), 0, []
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        sheet = book.add_worksheet()
        bold, moment = book.add_format({"bold": True}), book.add_format({"num_format": "dd.mm.yyyy hh:mm"})
        for column, (key, width) in enumerate(
            zip((*work_words.COLUMNS, "worklist.due", "work.left"), _WIDTHS, strict=True)
        ):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, texts.say(key), bold)
        sheet.freeze_panes(1, 0)

        def flush(tasks: list[Task]) -> int:
            lines = work_words.lines(tasks, now=request.now, calendar=calendar)
            for number, line in enumerate(lines, start=written + 1):
                _line(sheet, number, line, moment)
            return len(lines)

        for task in desk.all(asked):
            waiting.append(task)
            if len(waiting) == _CHUNK:
                written += flush(waiting)
                waiting = []
        written += flush(waiting)
    return written


def _line(sheet: Any, number: int, line: work_words.Line, moment: Any) -> None:
    for column, cell in enumerate(line.cells):
        sheet.write_string(number, column, cell)
    if line.task.due_at is not None:
        sheet.write_datetime(number, len(line.cells), local(line.task.due_at).replace(tzinfo=None), moment)
    sheet.write_string(number, len(line.cells) + 1, line.standing.left)
