"""Before the turn comes (001 and 004): what of the data, telephones and papers of an application is there and what lacks."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, own_application
from balabaqsha.applications.models import Application
from balabaqsha.kernel.time import localdate
from balabaqsha.law import lists
from balabaqsha.people import queries as people
from balabaqsha.people.rules import Lack
from balabaqsha.web.kit import texts
from balabaqsha.web.parent import frame, papers

# Where what lacks is put right.
_MENDED_AT = {
    Lack.APPLICANT_DATA: "parent.profile",
    Lack.APPLICANT_ADDRESS: "parent.profile",
    Lack.APPLICANT_PHONE: "profile.phone",
    Lack.APPLICANT_EMAIL: "profile.email",
    Lack.CHILD_DATA: "parent.children",
    Lack.CHILD_KINSHIP: "children.add",
}


@access(own_application)
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that a voucher or referral will ask for within days, looked at while there is time."""
    found = frame.application(request, number)
    rows = [*_data(request, found), *_papers(request, found)]
    context = {
        "rows": rows,
        "lacking": sum(not row["there"] for row in rows),
        "child": frame.child_name(found),
        "back_url": reverse("application.page", args=[number]),
    }
    return frame.page(request, "ready", texts.say("ready.title"), *frame.trail_to(found), **context)


def _data(request: HttpRequest, found: Application) -> list[dict[str, Any]]:
    lacks = people.lacking(request.actor.person_id, found.child_id, now=request.now)
    rows = [
        _row(texts.say(f"ready.{lack.value}"), there=lack not in lacks, url=reverse(mended))
        for lack, mended in _MENDED_AT.items()
    ]
    second = bool(people.second_phone(request.actor.person_id))
    return [*rows, _row(texts.say("ready.second-phone"), there=second, url=reverse("profile.phone"))]


def _papers(request: HttpRequest, found: Application) -> list[dict[str, Any]]:
    """The required papers of the closed list. They are attached to the contract, so nothing leads from here to a form."""
    kept, today = papers.of_child(request.actor.person_id, found.child_id), localdate(request.now)
    rows = []
    for paper in lists.admission_papers(found.regime):
        upload = kept.get(paper.kind)
        stale = upload is not None and upload.is_out_of_date(today)
        if paper.required:
            note = texts.say("kg.out-of-date") if stale else "" if upload else texts.say("ready.prepare")
            rows.append(_row(texts.say(f"paper.{paper.kind}"), there=upload is not None and not stale, note=note))
    return rows


def _row(name: str, *, there: bool, url: str = "", note: str = "") -> dict[str, Any]:
    return {"name": name, "there": there, "url": "" if there else url, "note": note}
