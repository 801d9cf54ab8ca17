"""Every address has a policy, and every policy keeps strangers out."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.http import Http404
from django.urls import URLPattern, URLResolver, get_resolver

from balabaqsha.accounts import access
from balabaqsha.kernel.actor import ANONYMOUS, SYSTEM, Actor, Role
from balabaqsha.kindergartens.models import Group, Kindergarten
from balabaqsha.people import actions as people
from balabaqsha.people.models import Kinship
from balabaqsha.people.tests.family import CHILD, MOTHER, NOW, STRANGER, answer, kinship
from balabaqsha.territories.models import Territory

# Views that Django or a library serves, whose answers are the same for everybody.
OTHERS = ("django.", "whitenoise.")


def views(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, object]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern), pattern.callback


def test_every_view_names_its_policy():
    bare = [
        address
        for address, view in views(get_resolver())
        if not isinstance(getattr(view, "policy", None), access.Policy) and not view.__module__.startswith(OTHERS)
    ]
    assert bare == []


def actor(role, **bounds):
    return Actor(role=role, account_id=1, **bounds)


@pytest.mark.parametrize(
    "policy", [access.signed_in, access.signed_in_parent, access.own_child, access.own_application]
)
def test_nobody_gets_in_unnamed(policy):
    assert not policy.admits(ANONYMOUS)
    assert not policy.admits(SYSTEM)


@pytest.mark.django_db
class TestRows:
    def family(self):
        mother = people.keep_person(answer=answer(MOTHER), actor=SYSTEM, now=NOW)
        stranger = people.keep_person(answer=answer(STRANGER), actor=SYSTEM, now=NOW)
        kept = people.add_child(
            actor=actor(Role.PARENT, person_id=mother),
            child_iin=CHILD.text,
            population_answer=answer(CHILD),
            kinship_answer=kinship(CHILD, MOTHER),
            now=NOW,
        )
        return mother, stranger, kept

    def test_own_child_is_the_representatives_only(self):
        mother, stranger, kept = self.family()

        assert access.own_child.allows(actor(Role.PARENT, person_id=mother), kept)
        assert not access.own_child.allows(actor(Role.PARENT, person_id=stranger), kept)
        assert not access.own_child.allows(actor(Role.OFFICER, person_id=mother), kept)
        Kinship.objects.update(ended_at=datetime(2026, 12, 1, tzinfo=UTC))
        assert not access.own_child.allows(actor(Role.PARENT, person_id=mother), kept)

    def test_foreign_and_unknown_answer_alike(self):
        _, stranger, kept = self.family()

        for token in (kept.token, "00000000-0000-0000-0000-000000000000"):
            with pytest.raises(Http404):
                access.get_or_404(
                    access.own_child, actor(Role.PARENT, person_id=stranger), Kinship.objects, token=token
                )

    def test_staff_see_their_kindergarten_and_territory(self):
        city = Territory.objects.get(code="551010000")
        other = Territory.objects.exclude(path__contains=city.code).order_by("code").first()
        groups = [self.group(city, 1), self.group(other, 2)]

        head = actor(Role.KINDERGARTEN_HEAD, kindergarten_id=groups[0].kindergarten_id)
        assert list(access.kindergarten_staff.scope(head, Group.objects.all())) == groups[:1]
        officer = actor(Role.OFFICER, territory_code=city.code)
        assert list(access.department_officer.scope(officer, Group.objects.all())) == groups[:1]
        above = actor(Role.OFFICER, territory_code=city.path.split("/")[0])
        assert groups[0] in access.department_officer.scope(above, Group.objects.all())
        assert not access.department_officer.scope(actor(Role.OFFICER), Group.objects.all()).exists()

    def group(self, territory, number):
        kindergarten = Kindergarten.objects.create(
            code=f"k{number}",
            bin=f"{number:012}",
            name_kk="Сынақ",
            name_ru="Проба",
            ownership="STATE",
            type="KINDERGARTEN",
            territory=territory,
        )
        return Group.objects.create(
            kindergarten=kindergarten, territory=territory, name="1", birth_year=2023, language="kk", capacity=20
        )
