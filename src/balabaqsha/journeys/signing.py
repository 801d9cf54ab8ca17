"""Signatures over a contract: judged before any lock, taken under it only for the very document that was judged.

To verify a signature takes twenty milliseconds, in which nobody else should wait for the case.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from balabaqsha.admissions.models import Contract
from balabaqsha.applications.models import Application
from balabaqsha.documents import queries as documents
from balabaqsha.journeys import _case
from balabaqsha.journeys.contracts import Sign
from balabaqsha.journeys.filling import EVIDENCE, ContractChanged, NotFilledIn, SignerNotNamed, refuse_unready
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import localdate
from balabaqsha.locale import texts
from balabaqsha.people import queries as people
from balabaqsha.signatures import actions as signatures
from balabaqsha.signatures import queries, verifier
from balabaqsha.signatures.models import Signature


@dataclass(frozen=True)
class _Signer:
    """Who signs which application's contract, when, with what: the message and what its certificate must say."""

    application: Application
    actor: Actor
    now: datetime
    cms: bytes
    expected_iin: str | None = None
    expected_bin: str | None = None
    roles: Collection[str] = ()


def by_family(*, cms: bytes, application: Application, actor: Actor, now: datetime) -> Sign:
    """What `contracts.sign_by_parent` calls under lock: the signature of the named representative over the exact bytes.

    Raises NotInThisState, NotFilledIn, DocumentMissing, PaperOutOfDate, SignerNotNamed and the refusals of signatures;
    the result raises the same of the papers, ContractChanged and SignedAlready.
    """
    contract = _case.look(application.id, now=now).contract()
    refuse_unready(contract, regime=application.regime, on=localdate(now))
    named = contract.terms["parent"]["person"]
    if named != actor.person_id:
        raise SignerNotNamed
    keep = _judged(contract, _Signer(application, actor, now, cms, expected_iin=people.iin_of(named)))

    def sign(locked: Contract) -> Signature:
        # Rival: the family itself, which replaces a paper in another tab.
        refuse_unready(locked, regime=application.regime, on=localdate(now))
        return keep(locked)

    return sign


def by_kindergarten(
    *, cms: bytes, application: Application, organisation_bin: str, actor: Actor, now: datetime
) -> Sign:
    """What `contracts.sign_by_kindergarten` calls under lock: the head's signature with the organisation's key.

    Raises NotInThisState, NotFilledIn and the refusals of signatures; the result raises ContractChanged, SignedAlready.
    """
    contract = _case.look(application.id, now=now).contract()
    roles = (verifier.HEAD, verifier.CAN_SIGN)
    return _judged(contract, _Signer(application, actor, now, cms, expected_bin=organisation_bin, roles=roles))


def document_of(contract: Contract) -> tuple[bytes, dict[str, str]]:
    """The exact bytes that are signed, and what they are called in kk, ru and en; raises NotFilledIn."""
    document = documents.made_by_id(contract.document_id or 0)
    if document is None:
        raise NotFilledIn
    titles = {
        language: texts.say_in(language, "phone-sign.contract", number=document.number) for language in texts.LANGUAGES
    }
    return document.file.read(), titles


def _judged(contract: Contract, by: _Signer) -> Sign:
    """Verify the signature over the document of this contract; the result keeps it, for that document only."""
    content, _ = document_of(contract)
    verified = queries.check(
        content=content,
        cms=by.cms,
        now=by.now,
        expected_iin=by.expected_iin,
        expected_bin=by.expected_bin,
        roles=by.roles,
    )

    def keep(locked: Contract) -> Signature:
        # Rival: whoever fills the contract in anew, or sends another, between the judgement and the lock.
        if not _same(locked, contract):
            raise ContractChanged
        return signatures.keep_verified(
            verified=verified,
            cms=by.cms,
            document_kind=EVIDENCE,
            document_id=locked.id,
            actor=by.actor,
            now=by.now,
            person_id=by.actor.person_id,
            territory_code=by.application.territory_id,
            application_id=by.application.id,
        )

    return keep


def _same(locked: Contract, judged: Contract) -> bool:
    """Whether it is the same version; a document that was made never changes, so the same id means the same bytes."""
    return (locked.id, locked.document_id) == (judged.id, judged.document_id)
