"""What the papers of an application say, gathered from the case. Reads only."""

from collections.abc import Callable

from balabaqsha.admissions import queries as admissions
from balabaqsha.applications import queries as application_queries
from balabaqsha.applications.models import Application
from balabaqsha.applications.states import MAY_CHOOSE, State
from balabaqsha.documents import facts as facts_of
from balabaqsha.documents import queries as documents
from balabaqsha.documents import wording
from balabaqsha.documents.facts import ApplicantFacts, ApplicationFacts, ChildFacts, SheetFacts, StandingFacts
from balabaqsha.documents.wording import Words
from balabaqsha.kernel.time import localdate
from balabaqsha.kindergartens.models import Group
from balabaqsha.law import queries as law
from balabaqsha.law.lists import DocumentKind, admission_papers
from balabaqsha.line import queries as lines
from balabaqsha.locale import texts, written
from balabaqsha.people import queries as people
from balabaqsha.referrals import queries as referrals
from balabaqsha.territories import queries as territories
from balabaqsha.territories.regimes import Regime
from balabaqsha.vouchers import queries as vouchers


def of(application: Application, kind: DocumentKind) -> SheetFacts:
    """The facts of a paper of this kind, as the case stands now."""
    return _GATHERED[kind](application)


def said(key: str) -> Words:
    """A text of the glossary in both languages of a paper."""
    return wording.in_both(lambda language: texts.say_in(language, key))


def child(application: Application) -> ChildFacts:
    """The child, name in full."""
    card = people.person_card(application.child_id)
    return ChildFacts(full_name=card.full_name, iin=card.iin, born_on=card.born_on)


def applicant(application: Application) -> ApplicantFacts:
    """Who filed the application, with the contacts that the portal has now."""
    card = people.person_card(application.applicant_id)
    phone = people.main_phone(application.applicant_id)
    return ApplicantFacts(
        full_name=card.full_name,
        iin=card.iin,
        born_on=card.born_on,
        phone=written.phone(phone) if phone else "",
        email=card.email,
        address=wording.in_both(card.address),
    )


def _application(application: Application) -> ApplicationFacts:
    names = [wording.language_name(code) for code in application.languages]
    return ApplicationFacts(
        number=application.number,
        registered_at=application.original_at,
        kind=said(f"queue-kind.{application.kind}"),
        territory=_territory(application),
        languages=Words(kk=", ".join(one.kk for one in names), ru=", ".join(one.ru for one in names)),
    )


def _territory(application: Application) -> Words:
    return wording.in_both(lambda language: territories.spoken_name(application.territory_id, language))


def _standing(application: Application) -> StandingFacts:
    place = lines.place_in_line(application)
    return StandingFacts(
        state=said(f"state.{application.state}"),
        benefit=said(f"benefit.{application.benefit}"),
        place=place.number if place else None,
        waiting=place.waiting if place else None,
    )


def _registration_notice(application: Application) -> facts_of.RegistrationNoticeFacts:
    claim = application_queries.latest_claim(application.id)
    place = lines.place_in_line(application)
    return facts_of.RegistrationNoticeFacts(
        child=child(application),
        applicant=applicant(application),
        application=_application(application),
        claimed=said(f"benefit.{claim.benefit}") if claim else None,
        wished_from=application.wished_from,
        place=place.number if place else None,
    )


def _receipt_notice(application: Application) -> facts_of.ReceiptNoticeFacts:
    claim = application_queries.undecided_claim(application.id)
    attached = documents.uploads_by_id(application_queries.attached_to(application.id))
    return facts_of.ReceiptNoticeFacts(
        child=child(application),
        applicant=applicant(application),
        application=_application(application),
        papers=tuple(
            facts_of.ReceivedPaper(kind=said(f"paper.{one.kind}"), file_name=one.name, attached_at=one.uploaded_at)
            for one in attached.values()
        ),
        check_by=claim.check_due_at if claim else None,
    )


def _register_extract(application: Application) -> facts_of.RegisterExtractFacts:
    return facts_of.RegisterExtractFacts(
        child=child(application),
        applicant=applicant(application),
        application=_application(application),
        standing=_standing(application),
    )


def _child_card(application: Application) -> facts_of.ChildCardFacts:
    card = people.person_card(application.child_id)
    admission = admissions.open_admission(application.id) or admissions.enrolment(application.id)
    group = Group.objects.select_related("kindergarten").get(id=admission.group_id) if admission else None
    return facts_of.ChildCardFacts(
        child=child(application),
        sex=said(f"sex.{card.sex}"),
        address=wording.in_both(card.address),
        applicant=applicant(application),
        relation=people.relation_of(application.applicant_id, application.child_id),
        application=_application(application),
        standing=_standing(application),
        kindergarten=Words(kk=group.kindergarten.name_kk, ru=group.kindergarten.name_ru) if group else None,
        group_name=group.name if group else "",
    )


def _voucher_notice(application: Application) -> facts_of.VoucherNoticeFacts:
    voucher = vouchers.live_voucher(application.id)
    return facts_of.VoucherNoticeFacts(
        child=child(application),
        voucher_number=str(voucher.id) if voucher else "",
        application_number=application.number,
        territory=_territory(application),
        issued_at=voucher.offered_at if voucher else application.reached_state_at,
        confirm_by=application.due_at if application.state == State.VOUCHER_OFFERED else None,
        choose_by=application.due_at if application.state in MAY_CHOOSE else None,
    )


def _referral(application: Application) -> facts_of.ReferralFacts:
    referral = referrals.live_referral(application.id)
    if referral is None:
        raise LookupError(f"application {application.number} has no referral")
    group = Group.objects.select_related("kindergarten").get(id=referral.group_id)
    kindergarten, on = group.kindergarten, localdate(referral.issued_at)
    rulebook = law.rulebook(application.territory_id)
    return facts_of.ReferralFacts(
        number=referral.number,
        child=child(application),
        applicant=applicant(application),
        application_number=application.number,
        issued_at=referral.issued_at,
        due_at=application.due_at or referral.due_at,
        give_back_by=referral.give_back_until,
        extension_days=int(rulebook.term("referral.extension_max", on=on).value),
        stop_list_days=int(rulebook.term("stop_list.length", on=on).value),
        kindergarten=Words(kk=kindergarten.name_kk, ru=kindergarten.name_ru),
        address=Words(kk=kindergarten.address_kk, ru=kindergarten.address_ru or kindergarten.address_kk),
        phone=written.phone(kindergarten.phone) if kindergarten.phone else "",
        group_name=group.name,
        language=group.language,
        papers=tuple(paper.kind for paper in admission_papers(Regime.LINEAR)),
    )


_GATHERED: dict[DocumentKind, Callable[[Application], SheetFacts]] = {
    DocumentKind.REGISTRATION_NOTICE: _registration_notice,
    DocumentKind.RECEIPT_NOTICE: _receipt_notice,
    DocumentKind.REGISTER_EXTRACT: _register_extract,
    DocumentKind.CHILD_CARD: _child_card,
    DocumentKind.VOUCHER_NOTICE: _voucher_notice,
    DocumentKind.REFERRAL: _referral,
}
