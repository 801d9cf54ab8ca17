"""A state kindergarten of a linear district with one published place."""

from datetime import datetime

from balabaqsha.kernel.actor import Actor, Role
from balabaqsha.kindergartens import actions as kindergartens
from balabaqsha.kindergartens.actions import NewGroup
from balabaqsha.kindergartens.models import Kindergarten


def with_a_free_place(territory_code: str, *, birth_year: int, now: datetime) -> None:
    """One group of the birth year, its place published before anybody stands in line."""
    garden = Kindergarten.objects.create(
        code="qarlygash",
        bin="120340005678",
        name_kk="Қарлығаш",
        name_ru="Карлыгаш",
        ownership="STATE",
        type="KINDERGARTEN",
        territory_id=territory_code,
    )
    kindergartens.open_group(
        kindergarten=garden,
        group=NewGroup(name="a", birth_year=birth_year, language="kk", capacity=1, published=1),
        actor=Actor(role=Role.KINDERGARTEN_HEAD, kindergarten_id=garden.id),
        now=now,
    )
