"""A code by SMS: asked for by a name, given back."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from balabaqsha.accounts import proof
from balabaqsha.accounts.codes import sending
from balabaqsha.api import door, entering
from balabaqsha.web.public import by_code, register
from balabaqsha.web.public.forms import AskCodeForm, CodeForm


@door.programs("POST")
def ask(request: HttpRequest) -> HttpResponse:
    """Order a code for whoever has this name; the answer is the same whether anybody has it."""
    said = door.typed(request, AskCodeForm)
    name = said["who"]
    code_id = by_code.order(request, name)
    request.session[by_code.ASKED] = {
        "kind": name.kind.value,
        "name": name.text,
        "remember": said["remember"],
        "next": "",
        "code": code_id,
    }
    wait = sending.seconds_to_wait(name=name, now=request.now, real_now=request.real_now)
    return JsonResponse({"againAfter": wait, "promisedWithin": proof.seconds_promised(request.now)}, status=202)


@door.programs("POST")
def enter(request: HttpRequest) -> HttpResponse:
    """Enter with the code that came; a family whose application came from an earlier system goes on to registration."""
    said = door.typed(request, CodeForm)
    asked = request.session.get(by_code.ASKED)
    if asked is None:
        raise door.NothingBegun
    entered = sending.enter(code_id=asked["code"] or 0, text=said["code"], now=request.now, real_now=request.real_now)
    if isinstance(entered, sending.Newcomer):
        register.begin_proven(request, iin=entered.iin, phone=entered.phone, code_id=entered.code_id)
        return entering.step(entering.SIGN_UP, url=reverse("signup.first"))
    return entering.welcome(request, entered, remember=asked["remember"])
