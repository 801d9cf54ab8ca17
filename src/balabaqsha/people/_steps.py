"""Inner steps of people, for actions of others that run in one transaction with them."""

from datetime import datetime

from django.db import transaction

from balabaqsha.gateways.population.port import PersonRecord
from balabaqsha.people import rules
from balabaqsha.people.models import Person, Phone


@transaction.atomic(savepoint=False)
def keep_person(*, answer: PersonRecord) -> Person:
    """Enter or refresh a person as the population register knows them; contacts and the photo stay.

    An answer older than the one kept changes nothing: the later question wins.
    """
    fields = _fields(answer)
    person, made = Person.objects.get_or_create(iin=answer.iin, defaults=fields)
    if made:
        return person
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if person.register_asked_at is None or person.register_asked_at <= answer.asked_at:
        for name, value in fields.items():
            setattr(person, name, value)
        person.save(update_fields=list(fields))
    return person


@transaction.atomic(savepoint=False)
def confirm_phone(*, person_id: int, number: str, now: datetime) -> Phone:
    """Make the proven number the person's main one; an earlier main number stays as a further one."""
    # The row of the person makes two confirmations take turns: one main number at a time.
    Person.objects.select_for_update(no_key=True).get(pk=person_id)
    Phone.objects.filter(person_id=person_id, is_main=True, ended_at=None).exclude(number=number).update(is_main=False)
    phone, _ = Phone.objects.update_or_create(
        person_id=person_id, number=number, ended_at=None, defaults={"is_main": True, "confirmed_at": now}
    )
    return phone


def _fields(answer: PersonRecord) -> dict[str, object]:
    address, nationality = answer.address, answer.nationality
    return {
        "surname": rules.name_in_title_case(answer.surname),
        "given_name": rules.name_in_title_case(answer.given_name),
        "patronymic": rules.name_in_title_case(answer.patronymic),
        "born_on": answer.born_on,
        "sex": answer.sex.value,
        "nationality": nationality.name_kk if nationality else "",
        "nationality_ru": nationality.name_ru if nationality else "",
        "address": address.text_kk if address else "",
        "address_ru": address.text_ru if address else "",
        "address_territory_code": (address.territory_code or "") if address else "",
        "register_reference": answer.reference,
        "register_asked_at": answer.asked_at,
    }
