"""Inner steps of people, for actions of others that run in one transaction with them."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from balabaqsha.gateways.population.port import PersonRecord
from balabaqsha.people import rules
from balabaqsha.people.models import Kinship, Person, Phone


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
def keep_kinship(*, representative_id: int, child_id: int, relation: str, reference: str, now: datetime) -> None:
    """Keep that the register of births names the person as a parent of the child, unless it is kept already.

    What a decision said until a day, the register says without an end.
    """
    close_lapsed(representative_id=representative_id, child_id=child_id, now=now)
    said = {"relation": relation, "source": "BIRTHS", "reference": reference}
    live = Kinship.objects.filter(representative_id=representative_id, child_id=child_id, ended_at=None)
    if not live.filter(source="DECISION").update(**said, ends_at=None):
        live.get_or_create(
            representative_id=representative_id,
            child_id=child_id,
            ended_at=None,
            defaults=said | {"confirmed_at": now},
        )


@transaction.atomic(savepoint=False)
def close_lapsed(*, representative_id: int, child_id: int, now: datetime) -> None:
    """Let a decision about the child that has run out make room for another kinship of the person, if no job has yet."""
    rows = Kinship.objects.filter(representative_id=representative_id, child_id=child_id, ended_at=None)
    rows.filter(ends_at__lte=now).update(ended_at=F("ends_at"))


@transaction.atomic(savepoint=False)
def end_kinship(*, representative_id: int, child_id: int, now: datetime) -> None:
    """End what the register of births no longer says; what another source has proven stays."""
    live = Kinship.objects.filter(representative_id=representative_id, child_id=child_id, ended_at=None)
    live.filter(source="BIRTHS").update(ended_at=now)


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


@transaction.atomic(savepoint=False)
def replace_phones(*, person_id: int, number: str, now: datetime) -> tuple[Phone, Phone | None]:
    """Make the number the person's only one and let the others go, which may be lost with it; returns it and the old main."""
    Person.objects.select_for_update(no_key=True).get(pk=person_id)
    others = Phone.objects.filter(person_id=person_id, ended_at=None).exclude(number=number)
    before = others.filter(is_main=True).first()
    others.update(is_main=False, ended_at=now)
    return confirm_phone(person_id=person_id, number=number, now=now), before


@transaction.atomic(savepoint=False)
def keep_phone(*, person_id: int, number: str, now: datetime) -> Phone:
    """Keep a proven number beside the main one; the main one stays what it is. The caller has locked the person."""
    phone, _ = Phone.objects.update_or_create(
        person_id=person_id,
        number=number,
        ended_at=None,
        defaults={"confirmed_at": now},
        create_defaults={"is_main": False, "confirmed_at": now},
    )
    return phone


@transaction.atomic(savepoint=False)
def confirm_email(*, person_id: int, email: str, now: datetime) -> None:
    """Make the proven address the person's."""
    Person.objects.filter(pk=person_id).update(email=email, email_confirmed_at=now)


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


@transaction.atomic(savepoint=False)
def enter_unconfirmed(table: str) -> None:
    """Enter the children and applicants of a temporary table whom the portal does not know, and fill in who everybody is.

    They come from a list, not from the register (`register_asked_at` stays null, so an answer of the register replaces
    every word); a person who is known stays as known. `table` has child_iin, child_name, born_on, child_sex, the same of
    the applicant, applicant_phone, registered_at, child_id and applicant_id.
    """
    with connection.cursor() as cursor:
        # In the order of IINs, so that two lists that name the same people wait for each other and never deadlock.
        cursor.execute(
            "INSERT INTO people_person (iin, surname, given_name, patronymic, born_on, sex, nationality, address,"  # noqa: S608 - a name of the code
            " address_territory_code, email, photo_sha256, register_reference)"
            " SELECT DISTINCT ON (iin) iin, name[1], name[2], name[3], born_on, sex, '', '', '', '', '', '' FROM ("
            f"SELECT child_iin, child_name, born_on, child_sex FROM {table}"
            f" UNION ALL SELECT applicant_iin, applicant_name, applicant_born_on, applicant_sex FROM {table}"
            ") AS people (iin, name, born_on, sex) ORDER BY iin ON CONFLICT (iin) DO NOTHING"
        )
        for who in ("child", "applicant"):
            cursor.execute(
                f"UPDATE {table} AS t SET {who}_id = p.id FROM people_person AS p WHERE p.iin = t.{who}_iin"  # noqa: S608 - names of the code
            )
        # The telephone of the latest application; who is known by one already keeps it.
        cursor.execute(
            "INSERT INTO people_statedphone (person_id, number)"  # noqa: S608 - a name of the code
            f" SELECT DISTINCT ON (applicant_id) applicant_id, applicant_phone FROM {table} WHERE applicant_phone <> ''"
            " ORDER BY applicant_id, registered_at DESC ON CONFLICT (person_id) DO NOTHING"
        )


@transaction.atomic(savepoint=False)
def lock_children(table: str) -> None:
    """Lock the rows of the children in a temporary table, ids ascending. Rivals: their families, who apply just now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM people_person WHERE id IN (SELECT child_id FROM {table}) ORDER BY id FOR NO KEY UPDATE"  # noqa: S608 - a name of the code
        )
