"""Giving a family its own papers: what it attached, what the portal made for its applications, and the signatures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from balabaqsha.accounts.access import access, own_application, parent_desk, seen_application
from balabaqsha.admissions.models import Contract
from balabaqsha.applications.models import Application
from balabaqsha.documents import http
from balabaqsha.documents import queries as documents
from balabaqsha.web.parent import made as papers


@access(parent_desk)
@require_GET
def upload(request: HttpRequest, token: str) -> HttpResponse:
    """A paper that the person attached."""
    found = documents.upload_by_token(token)
    if found is None or found.owner_person_id != request.actor.person_id:
        raise Http404
    return http.response(opened=found.file.open(), media_type=found.file.media_type, name=found.name, inline=True)


@access(seen_application)
@require_GET
def made(request: HttpRequest, token: str) -> HttpResponse:
    """A paper that the portal made for an application of the family; `?save` saves it.

    Who has linked the other parent's application reads those that bear no contacts.
    """
    found = documents.made_by_token(token)
    if found is None:
        raise Http404
    policy = seen_application if found.kind in papers.IN_SIGHT else own_application
    if not policy.scope(request.actor, Application.objects.filter(id=found.application_id or 0)).exists():
        raise Http404
    inline = "save" not in request.GET
    return http.response(
        opened=found.file.open(), media_type=found.file.media_type, name=f"{found.number}.pdf", inline=inline
    )


@access(own_application)
@require_GET
def signature(request: HttpRequest, token: str, side: str) -> HttpResponse:
    """The signature of one side over a contract, as it came (CMS)."""
    document = documents.made_by_token(token)
    own = own_application.scope(request.actor, Application.objects.all())
    rows = Contract.objects.select_related("parent_signature", "kindergarten_signature")
    contract = rows.filter(document_id=document.id, admission__application__in=own).first() if document else None
    if document is None or contract is None:
        raise Http404
    kept = contract.parent_signature if side == "parent" else contract.kindergarten_signature
    if kept is None or kept.cms is None:
        raise Http404
    answer = HttpResponse(bytes(kept.cms), content_type="application/pkcs7-signature")
    answer["Content-Disposition"] = f'attachment; filename="{document.number}-{side}.p7s"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
