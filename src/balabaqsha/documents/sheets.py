"""The papers of one sheet: what stands on each, from its text in `texts/` and the facts of the case."""

from collections.abc import Callable
from typing import Any

from balabaqsha.documents import wording
from balabaqsha.documents.facts import (
    ApplicantFacts,
    ApplicationFacts,
    ChildCardFacts,
    ChildFacts,
    ReceiptNoticeFacts,
    ReceivedPaper,
    ReferralFacts,
    RegisterExtractFacts,
    RegistrationNoticeFacts,
    SheetFacts,
    StandingFacts,
    VoucherNoticeFacts,
)
from balabaqsha.documents.printing import clean_words, filled, rows, same
from balabaqsha.documents.wording import Words
from balabaqsha.law.lists import DocumentKind

Values = dict[str, Words | None]


def data_of(facts: SheetFacts) -> dict[str, Any]:
    """What the typesetter is given for these facts: title, words, groups of rows, lists, steps."""
    return _MAKERS[type(facts)](facts)


def _sheet(
    model: dict[str, Any],
    groups: dict[str, Values],
    *,
    body: str = "body",
    note: str = "note",
    items: list[dict[str, str]] | None = None,
    blanks: dict[str, Words] | None = None,
) -> dict[str, Any]:
    """A sheet of this text; `groups` by the name of their heading, an empty name for a group without one."""
    values = blanks or {}
    listed = model.get("list", {})
    return {
        "title": model["title"],
        "body": [filled(words, values) for words in model[body]],
        "groups": [
            {"title": model["groups"][name] if name else None, "rows": rows(model["labels"], **group)}
            for name, group in groups.items()
        ],
        "list": {"title": listed["title"], "items": items, "note": listed.get("note")} if items else None,
        "steps_title": model.get("steps_title"),
        "steps": [filled(words, values) for words in model.get("steps", [])],
        "note": filled(model[note], values),
    }


def _child(child: ChildFacts) -> Values:
    return {"child": same(child.full_name), "iin": same(child.iin), "born": wording.date_long(child.born_on)}


def _registered(application: ApplicationFacts, applicant: ApplicantFacts) -> Values:
    return {
        "application": same(application.number),
        "registered": wording.moment_long(application.registered_at),
        "applicant": same(applicant.full_name),
    }


def _line(application: ApplicationFacts) -> Values:
    return {"kind": application.kind, "territory": application.territory, "languages": application.languages}


def _standing(standing: StandingFacts) -> Values:
    return {
        "state": standing.state,
        "benefit": standing.benefit,
        "place": same(standing.place),
        "waiting": same(standing.waiting),
    }


def _voucher_notice(facts: VoucherNoticeFacts) -> dict[str, Any]:
    return _sheet(
        wording.texts("voucher_notice"),
        {
            "": {
                **_child(facts.child),
                "voucher": same(facts.voucher_number),
                "application": same(facts.application_number),
                "territory": facts.territory,
                "issued": wording.moment_long(facts.issued_at),
                "confirm_by": wording.moment_long(facts.confirm_by) if facts.confirm_by else None,
                "choose_by": wording.moment_long(facts.choose_by) if facts.choose_by else None,
            }
        },
    )


def _registration_notice(facts: RegistrationNoticeFacts) -> dict[str, Any]:
    return _sheet(
        wording.texts("registration_notice"),
        {
            "": {
                **_registered(facts.application, facts.applicant),
                **_child(facts.child),
                **_line(facts.application),
                "claimed": facts.claimed,
                "wished_from": wording.date_long(facts.wished_from) if facts.wished_from else None,
                "place": same(facts.place),
            }
        },
    )


def _receipt_notice(facts: ReceiptNoticeFacts) -> dict[str, Any]:
    """Without papers it says that none was needed: what the state bases know is never asked of a family."""
    any_came = bool(facts.papers)
    return _sheet(
        wording.texts("receipt_notice"),
        {
            "": {
                **_registered(facts.application, facts.applicant),
                **_child(facts.child),
                "check_by": wording.moment_long(facts.check_by) if facts.check_by else None,
            }
        },
        body="body" if any_came else "body_without_papers",
        note="note" if any_came else "note_without_papers",
        items=[_received(paper) for paper in facts.papers],
    )


def _received(paper: ReceivedPaper) -> dict[str, str]:
    attached = wording.moment_long(paper.attached_at)
    return clean_words(
        Words(
            kk=f"{paper.kind.kk}: {paper.file_name}, {attached.kk}",
            ru=f"{paper.kind.ru}: {paper.file_name}, {attached.ru}",
        )
    )


def _register_extract(facts: RegisterExtractFacts) -> dict[str, Any]:
    return _sheet(
        wording.texts("register_extract"),
        {
            "": {
                **_registered(facts.application, facts.applicant),
                **_child(facts.child),
                **_line(facts.application),
                **_standing(facts.standing),
            }
        },
    )


def _child_card(facts: ChildCardFacts) -> dict[str, Any]:
    model, applicant = wording.texts("child_card"), facts.applicant
    relation = model["relations"].get(facts.relation)
    return _sheet(
        model,
        {
            "child": {**_child(facts.child), "sex": facts.sex, "address": facts.address},
            "applicant": {
                "name": same(applicant.full_name),
                "relation": Words(**relation) if relation else None,
                "iin": same(applicant.iin),
                "born": wording.date_long(applicant.born_on),
                "phone": same(applicant.phone),
                "email": same(applicant.email),
                "address": applicant.address,
            },
            "application": {
                "application": same(facts.application.number),
                "registered": wording.moment_long(facts.application.registered_at),
                **_line(facts.application),
                **_standing(facts.standing),
                "kindergarten": facts.kindergarten,
                "group": same(facts.group_name),
            },
        },
    )


def _referral(facts: ReferralFacts) -> dict[str, Any]:
    model = wording.texts("referral")
    due = wording.moment_long(facts.due_at)
    return _sheet(
        model,
        {
            "": {
                "referral": same(facts.number),
                "kindergarten": facts.kindergarten,
                "address": facts.address,
                "phone": same(facts.phone),
                "group": same(facts.group_name),
                "language": wording.language_name(facts.language),
                **_child(facts.child),
                "applicant": same(facts.applicant.full_name),
                "application": same(facts.application_number),
                "issued": wording.moment_long(facts.issued_at),
                "due": due,
            }
        },
        items=[model["papers"][kind.value] for kind in facts.papers],
        blanks={
            "due": due,
            "give_back_by": wording.moment_long(facts.give_back_by),
            "extension_days": same(facts.extension_days),
            "stop_list_days": same(facts.stop_list_days),
        },
    )


_MAKERS: dict[type, Callable[[Any], dict[str, Any]]] = {
    VoucherNoticeFacts: _voucher_notice,
    RegistrationNoticeFacts: _registration_notice,
    ReceiptNoticeFacts: _receipt_notice,
    RegisterExtractFacts: _register_extract,
    ChildCardFacts: _child_card,
    ReferralFacts: _referral,
}
KINDS = {
    DocumentKind.VOUCHER_NOTICE: VoucherNoticeFacts,
    DocumentKind.REGISTRATION_NOTICE: RegistrationNoticeFacts,
    DocumentKind.RECEIPT_NOTICE: ReceiptNoticeFacts,
    DocumentKind.REGISTER_EXTRACT: RegisterExtractFacts,
    DocumentKind.CHILD_CARD: ChildCardFacts,
    DocumentKind.REFERRAL: ReferralFacts,
}
