"""The card of an application (003, figure 6) in words: who applies, which child, the application itself."""

from typing import Any

from balabaqsha.applications.models import Application
from balabaqsha.locale import written
from balabaqsha.transparency.card import Card
from balabaqsha.web.kit import texts

Facts = list[dict[str, Any]]
# What an earlier system or another door may know, and we say where it would come from.
_FROM_OUTSIDE = ("egov_number", "centre_number", "second_email", "second_phone")


def of_applicant(card: Card) -> Facts:
    """«Информация о заявителе»."""
    person = card.applicant
    return _facts(
        ("card.full-name", person.full_name),
        ("signin.tab-iin", person.iin),
        ("person.birth-date", written.day(person.born_on)),
        ("card.phone", written.phone(card.phone) if card.phone else ""),
        ("card.email", person.email),
        ("card.address", person.address(texts.language())),
    )


def of_child(card: Card) -> Facts:
    """«Данные ребенка»."""
    return _facts(
        ("card.full-name", card.child.full_name),
        ("signin.tab-iin", card.child.iin),
        ("person.birth-date", written.day(card.born_on)),
        ("journal.col-benefit", texts.say(f"benefit.{card.benefit}")),
        ("journal.col-place", card.place and card.place.number),
        ("card.place-in-category", card.place and card.place.number_in_category),
    )


def of_application(card: Card, application: Application, state: str) -> Facts:
    """«Информация о заявлении»; `state` is in the words of whoever reads."""
    changed = texts.say("card.changed", due=written.moment_full(card.changed_at))
    if card.in_line_since is not None:
        changed = f"{changed} {texts.say('card.in-line-since', due=written.moment_full(card.in_line_since))}"
    return _facts(
        ("journal.col-number", application.number),
        ("card.registered-at", written.moment_full(card.registered_at)),
        ("card.egov_number", card.egov_number),
        ("card.centre_number", card.centre_number),
        ("department.state", state),
        ("card.changed-at", changed),
        ("card.second_email", card.second_email),
        ("card.second_phone", written.phone(card.second_phone) if card.second_phone else ""),
    )


def lacking(card: Card) -> list[str]:
    """Why a field that other doors or earlier systems fill is empty, for each that is."""
    return [texts.say(f"card.{name}.empty") for name in _FROM_OUTSIDE if not getattr(card, name)]


def _facts(*rows: tuple[str, Any]) -> Facts:
    return [{"label": texts.say(key), "value": value if value not in {"", None} else "–"} for key, value in rows]
