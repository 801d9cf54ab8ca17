"""The paper of a referral: made once the referral is issued, made anew after an extension, ended with the referral."""

import io
import json
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pypdf
import pytest

from balabaqsha.commands.rehearsal import play
from balabaqsha.commands.rehearsal import story as stories
from balabaqsha.law.lists import DocumentKind

STORIES = Path(__file__).parent / "stories"
PRESS = {"base_url": "https://portal.example", "demonstration": True}


@pytest.fixture
def played(django_db_setup, django_db_blocker, tmp_path, settings):
    """The portal as a story leaves it after the last of its steps of a kind, in a database of its own."""
    from balabaqsha.config import databases

    settings.FILES_ROOT = tmp_path / "files"

    @contextmanager
    def after(name, do):
        told = json.loads((STORIES / f"{name}.json").read_text(encoding="utf-8"))
        last = max(place for place, step in enumerate(told["steps"]) if step["do"] == do)
        told["steps"] = told["steps"][: last + 1]
        file = tmp_path / "story.json"
        file.write_text(json.dumps(told), encoding="utf-8")
        with django_db_blocker.unblock(), databases.scratch_database():
            play.play(stories.read(file))
            yield datetime.fromisoformat(told["steps"][-1]["at"])

    return after


def make(now):
    from balabaqsha.journeys import papers

    return papers.give_missing_referrals(press=papers.Press(**PRESS), now=now)


def referral_papers():
    from balabaqsha.documents import queries as documents
    from balabaqsha.referrals.models import Referral

    referral = Referral.objects.latest("id")
    return referral, documents.made_of(application_id=referral.application_id, kind=DocumentKind.REFERRAL)


def words(made):
    pages = pypdf.PdfReader(io.BytesIO(made.file.read())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_is_made_with_the_card_once_and_says_where_to_come_until_when(played):
    from balabaqsha.documents import queries as documents
    from balabaqsha.locale import written

    with played("linear-turn-referral-enrolled", "choose") as now:
        assert (make(now), make(now)) == (1, 0)

        referral, (made,) = referral_papers()
        text = words(made)
        for fact in (referral.number, referral.application.number, written.moment_long(referral.due_at, "ru")):
            assert fact in text.replace("\u00a0", " ")
        assert len(documents.made_of(application_id=referral.application_id, kind=DocumentKind.CHILD_CARD)) == 1


def test_stays_the_one_that_was_printed_when_it_is_asked_for_again(played):
    from balabaqsha.journeys import papers
    from balabaqsha.kernel.actor import SYSTEM

    with played("linear-turn-referral-enrolled", "choose") as now:
        make(now)
        referral, (only,) = referral_papers()

        given = papers.give(
            application_id=referral.application_id,
            kinds=[DocumentKind.REFERRAL],
            press=papers.Press(**PRESS),
            actor=SYSTEM,
            now=now,
        )

        assert [one.id for one in given] == [only.id]


def test_is_used_up_by_its_registration(played):
    from balabaqsha.documents import queries as documents
    from balabaqsha.journeys import referring
    from balabaqsha.kernel.actor import SYSTEM

    with played("linear-turn-referral-enrolled", "choose") as now:
        make(now)
        referral, (made,) = referral_papers()
        assert documents.check(made.token).valid

        referring.register(application_id=referral.application_id, actor=SYSTEM, now=now)

        assert not documents.check(made.token).valid
        assert make(now) == 0


def test_ends_when_the_referral_is_given_back(played):
    from balabaqsha.documents import queries as documents
    from balabaqsha.journeys import referring
    from balabaqsha.kernel.actor import SYSTEM

    with played("linear-give-back-and-pause", "choose") as now:
        make(now)
        referral, (made,) = referral_papers()

        referring.give_back(application_id=referral.application_id, actor=SYSTEM, now=now)

        assert not documents.check(made.token).valid


def test_is_made_anew_with_the_new_term_of_an_extension(played):
    from balabaqsha.journeys import referring
    from balabaqsha.kernel.actor import SYSTEM
    from balabaqsha.locale import written

    with played("linear-turn-referral-enrolled", "choose") as now:
        make(now)
        referral, (older,) = referral_papers()
        due = referring.extend(
            application_id=referral.application_id,
            days=10,
            reason="HOSPITAL",
            upload_id=None,
            actor=SYSTEM,
            now=now.replace(second=59),
        )

        assert make(now.replace(minute=59)) == 1

        _, (newer, ended) = referral_papers()
        assert ended.id == older.id
        assert [newer.in_force, ended.in_force] == [True, False]
        assert written.moment_long(due, "ru") in words(newer).replace("\u00a0", " ")
