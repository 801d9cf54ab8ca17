"""«Хабарламалар қалай келеді»: the ways by which a person is told, for each kind of message."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts.access import access, signed_in
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.notifications.channels import actions, queries
from balabaqsha.notifications.channels.rules import Kind, Ways
from balabaqsha.people import queries as people
from balabaqsha.web.kit import forms as kit
from balabaqsha.web.kit import texts
from balabaqsha.web.parent import frame
from balabaqsha.web.parent.forms import ChannelsForm


@access(signed_in)
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """One question for each kind of message; what goes everywhere whatever is chosen is said above them."""
    person_id = request.actor.person_id
    start = {kind.value: ways.value for kind, ways in queries.chosen(person_id).items()}
    form = ChannelsForm(frame.posted(request), initial=start)
    if request.method == "POST" and form.is_valid():
        wanted = {Kind(kind): Ways(ways) for kind, ways in form.cleaned_data.items()}
        try:
            actions.choose(actor=request.actor, wanted=wanted, now=request.now)
        except Refusal as refusal:
            kit.blame(form, refusal, refusal.facts.get("kind"))
        else:
            messages.success(request, texts.say("profile.saved"))
            return redirect("profile.channels")
    context = {
        "form": form,
        "hints": {way.value: f"ways.{way}.hint" for way in Ways},
        "person": people.person_card(person_id),
        "phone": people.main_phone(person_id),
        "second_email": people.second_email(person_id),
    }
    return frame.page(request, "channels", texts.say("profile.channels"), **context)
