"""The card of an application with the fields of 003, figure 6, for its family and for officers alike."""

from dataclasses import dataclass
from datetime import date, datetime

from balabaqsha.applications.models import Application
from balabaqsha.line import queries as lines
from balabaqsha.line.queries import PlaceInLine
from balabaqsha.people import queries as people
from balabaqsha.people.queries import PersonCard
from balabaqsha.record import queries as record


@dataclass(frozen=True)
class Card:
    """What figure 6 prints; an empty text where nothing is known. Moments: of the registration, of the last change."""

    applicant: PersonCard
    child: PersonCard
    phone: str
    second_phone: str
    second_email: str
    place: PlaceInLine | None
    benefit: str
    registered_at: datetime
    changed_at: datetime
    in_line_since: datetime | None
    egov_number: str
    centre_number: str

    @property
    def born_on(self) -> date:
        """The child's day of birth."""
        return self.child.born_on


def card(application: Application) -> Card:
    """The card of the application as it stands."""
    applicant = people.person_card(application.applicant_id)
    place = lines.place_in_line(application)
    return Card(
        applicant=applicant,
        child=people.person_card(application.child_id),
        phone=people.main_phone(applicant.id),
        second_phone=people.second_phone(applicant.id),
        second_email=people.second_email(applicant.id),
        place=place,
        benefit=application.benefit,
        registered_at=application.original_at,
        changed_at=record.last_change(application.id) or application.reached_state_at,
        in_line_since=application.original_at if place else None,
        egov_number=application.egov_number,
        centre_number=application.centre_number,
    )
