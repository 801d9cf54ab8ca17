"""«Өтінішті ата-ананың ЖСН-ға біріктіру»: the other parent's application, seen from one's own cabinet."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts import actions as accounts
from balabaqsha.accounts import digests, rules
from balabaqsha.accounts.access import access, seen_application, signed_in_parent
from balabaqsha.applications.models import Application
from balabaqsha.journeys import linking
from balabaqsha.journeys.linking import AlreadyLinked, OwnApplication
from balabaqsha.kernel import number as numbers
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people import registers
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import refusals, texts
from balabaqsha.web.parent import frame
from balabaqsha.web.parent.forms import LinkForm


@access(signed_in_parent)
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """What linking gives and what it does not, and the number; `?number=` has it typed already."""
    asked = request.GET.get("number", "")
    form = LinkForm(frame.posted(request), initial={"number": asked if numbers.is_valid(asked) else ""})
    if request.method == "POST" and form.is_valid():
        try:
            found = _link(request, form.cleaned_data["number"])
        except (OwnApplication, AlreadyLinked) as there:
            messages.info(request, refusals.explain(request, there))
            return redirect("application.page", number=there.facts["number"])
        except Refusal as refusal:
            kit.blame(form, refusal, "number" if refusal.code == "not-allowed" else None)
        else:
            messages.success(request, texts.say("link.done", number=found.number))
            return redirect("application.page", number=found.number)
    trail = (texts.say("parent.applications"), reverse("parent.applications"))
    return frame.page(request, "link", texts.say("link.title"), trail, form=form, back_url=trail[1])


def _link(request: HttpRequest, number: str) -> Application:
    # Without a limit the answers would tell which applications are of whose children.
    tries = [(rules.CHILD_CHECKS, digests.subject("account", str(request.actor.account_id)))]
    accounts.count_tries(tries=tries, real_now=request.real_now)
    answer = registers.children_of(person_id=request.actor.person_id, now=request.now)
    return linking.link(number=number, answer=answer, actor=request.actor, now=request.now)


@access(seen_application)
@require_http_methods(["GET", "POST"])
def unlink(request: HttpRequest, number: str) -> HttpResponse:
    """See the other parent's application no longer; what it costs is said first."""
    found = frame.application(request, number)
    if frame.is_applicant(request, found):
        raise Http404
    if request.method == "POST":
        try:
            linking.unlink(application_id=found.id, actor=request.actor, now=request.now)
        except Refusal as refusal:
            messages.error(request, refusals.explain(request, refusal))
        else:
            messages.success(request, texts.say("unlink.done", number=number))
        return redirect("parent.applications")
    dialog = {
        "id": "unlink",
        "title": texts.say("unlink.question", number=number),
        "text": texts.say("unlink.text"),
        "no_title": texts.say("unlink.if"),
        "no_text": texts.say("unlink.loses"),
        "action": request.path,
        "no": texts.say("application.unlink"),
        "back_url": reverse("application.page", args=[number]),
    }
    return frame.page(request, "consequence", texts.say("application.unlink"), *frame.trail_to(found), dialog=dialog)
