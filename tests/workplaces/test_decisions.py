"""An officer closes a case or ends another parent's sight: a reason of a closed list, the family told, a public line."""

import pytest
from django.test import Client
from django.urls import reverse

from balabaqsha.applications.links import _steps as links
from balabaqsha.applications.models import Application, ApplicationLink
from balabaqsha.applications.states import MAY_BE_REMOVED, Reason, State
from balabaqsha.journeys import removing
from balabaqsha.kernel.lifecycle import NotInThisState
from balabaqsha.kindergartens import queries as kindergartens
from balabaqsha.law.lists import RemovalReason
from balabaqsha.notifications import actions as notifications
from balabaqsha.notifications.models import Message
from balabaqsha.people.models import Kinship
from balabaqsha.record.models import JournalEntry
from tests import promises
from tests.workplaces import world
from tests.workplaces.test_department import stranger, text

NOTE = "Туу туралы куәлік басқа адамдікі екені анықталды."


def removes(town, case, **changes):
    typed = {"because": "DATA_FALSE", "note": NOTE} | changes
    return town.as_officer().post(reverse("officer.remove", args=[case.number]), typed, follow=True)


class TestClosingByDecision:
    def test_the_case_offers_it_and_says_what_follows(self, town):
        case = town.applies()

        assert reverse("officer.remove", args=[case.number]) in text(
            town.as_officer().get(reverse("officer.case", args=[case.number]))
        )
        assert "қайтару мүмкін емес" in text(town.as_officer().get(reverse("officer.remove", args=[case.number])))

    def test_archives_with_a_reason_that_the_history_and_the_protocol_tell(self, town):
        case = town.applies()

        answer = removes(town, case)

        assert "жабылды, отбасыға хабарланды" in text(answer)
        assert (case.application.state, case.application.reason) == (State.ARCHIVED, Reason.REMOVED_BY_OFFICER)
        history = text(town.as_officer().get(reverse("officer.case", args=[case.number]) + "?tab=history"))
        assert "Өтініштегі дерек шындыққа сәйкес емес" in history
        public = Client()
        public.cookies["location"] = world.CITY
        page = text(public.get(reverse("public.acts")))
        assert "Өтініш қызметкер шешімімен жабылды" in page
        assert "Өтініштегі дерек шындыққа сәйкес емес" in page
        assert case.number not in page

    def test_the_family_reads_the_grounds_the_note_and_how_to_object(self, town):
        case = town.applies()
        removes(town, case)
        notifications.tell_untold(now=world.NOW)

        told = Message.objects.get(key="application-removed")
        assert (told.person_id, told.facts) == (case.parent.person_id, {"reason": "DATA_FALSE", "note": NOTE})
        assert NOTE not in str(list(JournalEntry.objects.values_list("facts", flat=True)))

    def test_of_a_child_that_died_nobody_is_written_to(self, town):
        case = town.applies()
        removes(town, case, because="DECEASED")
        notifications.tell_untold(now=world.NOW)

        assert case.application.state == State.ARCHIVED
        assert not Message.objects.filter(key="application-removed").exists()

    def test_frees_the_place_it_holds(self, town):
        case = town.applies()
        town.run()
        case.chooses()
        before = kindergartens.free_in_group(town.group.id, now=world.NOW)

        removes(town, case)

        assert kindergartens.free_in_group(town.group.id, now=world.NOW) == before + 1
        assert promises.broken() == []

    @pytest.mark.parametrize(
        "typed", [{"because": ""}, {"because": "WHIM"}, {"note": ""}, {"note": "жоқ"}, {"note": "а" * 501}]
    )
    def test_needs_a_reason_of_the_list_and_words(self, town, typed):
        case = town.applies()

        assert 'class="errors"' in text(removes(town, case, **typed))
        assert case.application.state == State.WAITING

    def test_an_archived_case_is_refused_in_plain_words(self, town):
        case = town.applies()
        removes(town, case)

        answer = removes(town, case)

        assert answer.status_code == 200
        assert JournalEntry.objects.filter(act="remove").count() == 1
        with pytest.raises(NotInThisState):
            removing.remove(
                application_id=case.id, because=RemovalReason.COURT, note=NOTE, actor=town.officer, now=world.NOW
            )

    def test_a_child_in_a_kindergarten_is_not_taken_out_so(self):
        assert State.ENROLLED not in MAY_BE_REMOVED

    def test_a_stranger_finds_nothing(self, town):
        case = town.applies()
        answer = stranger().post(reverse("officer.remove", args=[case.number]), {"because": "COURT", "note": NOTE})

        assert answer.status_code == 404
        assert case.application.state == State.WAITING


class TestEndingSight:
    @pytest.fixture
    def linked(self, town):
        case, (other, _) = town.applies(), town.family(surname="БЕРІКОВ")
        Kinship.objects.create(
            representative_id=other.person_id,
            child=Application.objects.get(id=case.id).child,
            relation="FATHER",
            source="BIRTHS",
            confirmed_at=world.NOW,
        )
        link = links.link(application_id=case.id, person_id=other.person_id, reference="1", now=world.NOW)
        return case, reverse("officer.link-end", args=[case.number, link.id])

    def test_the_case_shows_who_sees_it_and_the_officer_ends_it(self, town, linked):
        case, address = linked
        assert address in text(town.as_officer().get(reverse("officer.case", args=[case.number])))
        assert "қайта біріктіре алмайды" in text(town.as_officer().get(address))

        answer = town.as_officer().post(address, {"because": "COURT"}, follow=True)

        assert "көру тоқтатылды" in text(answer)
        assert ApplicationLink.objects.get().ended_because == "COURT"
        assert town.as_officer().get(address).status_code == 404
        entry = JournalEntry.objects.get(act="unlink_application")
        assert (entry.facts["because"], entry.actor["role"]) == ("COURT", "OFFICER")

    @pytest.mark.parametrize("because", ["", "BY_PARENT", "NOT_IN_REGISTER"])
    def test_only_reasons_of_the_officers_list(self, town, linked, because):
        town.as_officer().post(linked[1], {"because": because})

        assert ApplicationLink.objects.get().ended_at is None

    def test_a_stranger_finds_nothing(self, linked):
        assert stranger().post(linked[1], {"because": "COURT"}).status_code == 404
        assert ApplicationLink.objects.get().ended_at is None
