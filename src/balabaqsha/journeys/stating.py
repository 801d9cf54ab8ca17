"""What a family signs when it chooses a place in a linear territory: the statement, and the check of its signature."""

from datetime import datetime

from balabaqsha.applications.models import Application
from balabaqsha.documents import store
from balabaqsha.journeys.publishing import ChangedMeanwhile
from balabaqsha.journeys.referring import Choice, Sign
from balabaqsha.kernel.actor import Actor
from balabaqsha.kernel.time import local
from balabaqsha.kindergartens.models import Group
from balabaqsha.locale import texts
from balabaqsha.people import queries as people
from balabaqsha.signatures import actions as signatures
from balabaqsha.signatures import queries
from balabaqsha.signatures.models import Signature

EVIDENCE = "choice"


def statement(application: Application, group: Group) -> bytes:
    """The exact bytes that are signed, in Kazakh and Russian; the same as long as the application stays in its state.

    They name the moment since which the application stands so, so that a statement signed for one turn chooses nothing
    in the next.
    """
    said = [
        texts.say_in(
            language,
            "statement.choice",
            number=application.number,
            since=f"{local(application.reached_state_at):%d.%m.%Y %H:%M:%S}",
            kindergarten=group.kindergarten.name_kk if language == "kk" else group.kindergarten.name_ru,
            group=group.name,
            year=group.birth_year,
        )
        for language in ("kk", "ru")
    ]
    return "\n\n".join(said).encode()


def by_family(*, cms: bytes, application: Application, group: Group, actor: Actor, now: datetime) -> Sign:
    """What `referring.choose` calls under lock: the signature of the applicant over the statement, kept as evidence.

    Raises the refusals of signatures; the result raises ChangedMeanwhile and SignedAlready.
    """
    content = statement(application, group)
    verified = queries.check(content=content, cms=cms, now=now, expected_iin=people.iin_of(application.applicant_id))
    # The evidence is of use only with what was signed.
    store.put(content)

    def sign(choice: Choice) -> Signature:
        # Rival: a lapse, or the family in another tab; what was judged is not what it would be choosing by now.
        if statement(Application.objects.get(id=choice.application_id), group) != content:
            raise ChangedMeanwhile
        return signatures.keep_verified(
            verified=verified,
            cms=cms,
            document_kind=EVIDENCE,
            document_id=choice.application_id,
            actor=actor,
            now=now,
            person_id=actor.person_id,
            territory_code=application.territory_id,
            application_id=choice.application_id,
        )

    return sign
