"""«Сұрақ-жауап»: questions of parents and their answers, those of the country and of the chosen territory."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, public
from balabaqsha.kernel.time import localdate
from balabaqsha.law import queries as law
from balabaqsha.notices import queries
from balabaqsha.notices.models import Section
from balabaqsha.web.kit import plain


@access(public)
@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    """Every published question by section; terms in answers are those in force in the chosen territory."""
    code, today = request.location.code, localdate(request.now)
    rulebook, rows = law.rulebook(code), queries.questions(code)
    sections = [
        {
            "code": section.value,
            "questions": [
                {
                    "shown": plain.answer(row, rulebook, on=today),
                    "local": row.territory_id is not None,
                    "anchor": row.token,
                }
                for row in rows
                if row.section == section
            ],
        }
        for section in Section
    ]
    context = {"sections": [one for one in sections if one["questions"]]}
    return render(request, "public/questions.html", context)
