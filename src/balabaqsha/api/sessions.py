"""A name and a password, the second step, who is signed in, and signing out."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.debug import sensitive_variables

from balabaqsha.accounts import entrance
from balabaqsha.accounts.factors import actions as factors
from balabaqsha.accounts.factors import queries as factor_queries
from balabaqsha.api import door, entering
from balabaqsha.web.public import login
from balabaqsha.web.public import second as page
from balabaqsha.web.public.forms import SecondForm, SignInForm


@door.programs("GET", "DELETE")
def session(request: HttpRequest) -> HttpResponse:
    """Whose session it is; or its end."""
    if request.method == "DELETE":
        login.leave(request)
        return HttpResponse(status=204)
    if request.account is None:
        return JsonResponse({"signedIn": False})
    said = {"signedIn": True, "role": request.actor.role.value, "name": request.person_name}
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


@door.programs("POST")
@sensitive_variables()
def password(request: HttpRequest) -> HttpResponse:
    """Enter with a name and a password."""
    said = door.typed(request, SignInForm)
    entered = entrance.enter(
        name=said["who"],
        password=said["password"],
        address=request.address,
        now=request.now,
        real_now=request.real_now,
    )
    return entering.welcome(request, entered, remember=said["remember"])


@door.programs("POST")
@sensitive_variables()
def second(request: HttpRequest) -> HttpResponse:
    """The second step of staff: a code of the application, or a recovery code."""
    said = door.typed(request, SecondForm)
    found = page.first_step(request)
    if found is None or not factor_queries.has_one(found.account_id):
        raise door.NothingBegun
    factors.take(
        account_id=found.account_id,
        typed=said["code"],
        address=request.address,
        now=request.now,
        real_now=request.real_now,
    )
    return entering.admit(request, page.entered_by(request, found))
