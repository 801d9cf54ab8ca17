"""Checking a signed document by its two files: for anybody, and nothing of them is kept."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from balabaqsha.accounts import rules
from balabaqsha.accounts.access import access, public
from balabaqsha.documents import http
from balabaqsha.documents import rules as documents
from balabaqsha.kernel.refusal import Refusal
from balabaqsha.people.rules import name_in_title_case
from balabaqsha.signatures import proving, verifier
from balabaqsha.signatures.proving import Verdict
from balabaqsha.web.kit import refusals
from balabaqsha.web.kit.forms import blame
from balabaqsha.web.public import limits


class SignedForm(forms.Form):
    """The document, and the file with its signature."""

    signed = forms.FileField(label="proof.document", help_text="proof.document-hint", required=False)
    signature = forms.FileField(
        label="proof.signature",
        help_text="proof.signature-hint",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".cms,.p7s,.sig,.pem,.txt"}),
    )


@access(public)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Take both files and say whether the signature holds, as of when, and whose it is."""
    form = SignedForm(request.POST, request.FILES) if request.method == "POST" else SignedForm()
    verdict = None
    if request.method == "POST" and form.is_valid():
        verdict = _verdict(request, form)
    context = {"form": form, "verdict": verdict, "signer": _signer(verdict), "because": _because(request, verdict)}
    return render(request, "public/proof.html", context)


def _verdict(request: HttpRequest, form: SignedForm) -> Verdict | None:
    content, cms = (_file(request, form, name) for name in (documents.SIGNED_FIELD, documents.SIGNATURE_FIELD))
    if content is None or cms is None:
        return None
    try:
        limits.count(request, rules.SIGNATURE_CHECKS_OF_ADDRESS)
    except Refusal as refusal:
        blame(form, refusal)
        return None
    return proving.of_document(content=content, cms=verifier.read_file(cms), now=request.now)


def _file(request: HttpRequest, form: SignedForm, name: str) -> bytes | None:
    try:
        received = http.received(request, name)
    except Refusal as refusal:
        blame(form, refusal, name)
        return None
    if received is None:
        form.add_error(name, ValidationError("proof.missing"))
        return None
    return received.content


def _signer(verdict: Verdict | None) -> dict[str, object]:
    """What the certificate says of the signer: whoever has the signature file can read it there too."""
    if verdict is None or verdict.verified is None or verdict.certificate is None:
        return {}
    holder = verdict.verified.holder
    return {
        "name": name_in_title_case(f"{holder.common_name} {holder.patronymic or ''}".strip()),
        "iin": holder.iin,
        "organisation": holder.organisation,
        "bin": holder.bin,
        "serial": f"{verdict.certificate.serial_number:x}",
        "issuer": verdict.certificate.issuer.native.get("common_name", ""),
        "stamped_at": verdict.verified.stamped_at,
    }


def _because(request: HttpRequest, verdict: Verdict | None) -> str:
    return refusals.explain(request, verdict.refusal) if verdict and verdict.refusal else ""
