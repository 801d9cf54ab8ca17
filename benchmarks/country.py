"""The national data set: 1,500,000 children, 12,000 kindergartens, a tenth of each of them in one city; made by SQL."""

from datetime import date, datetime, timedelta

import city

# Of all territories the city is one; the others share the rest evenly.
TERRITORIES = 200
OBLAST = "009999999"
GROUPS_OF_A_KINDERGARTEN = 4
PLACES_OF_A_GROUP = 22


def build(*, children: int, now: datetime, enrolled: int | None = None) -> None:
    """Two children of three are enrolled, or so many, the others wait; every tenth of them is of the city.

    Foreign keys are not looked up while millions of rows are written, and blocks are counted once at the end.
    """
    from django.db import connection

    from balabaqsha.commands.rehearsal import stage, story
    from balabaqsha.line import blocks
    from balabaqsha.territories.models import Territory

    gardens = children // 125
    stage.build(story.Story(city.TERRITORY, "voucher", {}, frozenset(), frozenset(), (), ()), now=now)
    codes = [f"00{number:07d}" for number in range(1, TERRITORIES)]
    Territory.objects.bulk_create(
        Territory(code=code, parent=None, level=5, name_kk=code, name_ru=code, path=code) for code in codes
    )
    given = {
        "now": now,
        "gardens": gardens,
        "groups": gardens * GROUPS_OF_A_KINDERGARTEN,
        "places": PLACES_OF_A_GROUP,
        "children": children,
        "enrolled": children * 2 // 3 if enrolled is None else enrolled,
        "parents": children // 4,
        "city": city.TERRITORY,
        "others": TERRITORIES - 1,
        "youngest": now.year - 2,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        for what, statement in _STATEMENTS.items():
            with city.clock() as taken:
                cursor.execute(statement, given)
            city.say(f"{what}: {cursor.rowcount} rows in {taken[0]:.0f} s")
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    if blocks.faults():
        raise SystemExit("the blocks count otherwise than the rows")


def work(*, waiting: int, now: datetime) -> int:
    """Let so many of those who wait claim a benefit, every ninth of them too late decided; make one oblast of all territories.

    A tenth of them is of the city, the others are spread over the districts evenly. Returns how many claim.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO territories_territory (code, parent_id, level, name_kk, name_ru, name_en, path, in_classifier)
            SELECT %s, NULL, 1, %s, %s, '', %s, false""",
            [OBLAST, OBLAST, OBLAST, OBLAST],
        )
        cursor.execute(
            "UPDATE territories_territory SET path = %s || '/' || path WHERE code LIKE '00%%' AND code <> %s OR code = %s",
            [OBLAST, OBLAST, city.TERRITORY],
        )
        cursor.execute(
            """INSERT INTO applications_benefitclaim (application_id, benefit, state, upload_ids, claimed_at, check_due_at,
                rejected_because)
            SELECT id, 'TEACHER', 'UNDECIDED', '{}', %(now)s - interval '3 days',
                %(now)s::timestamptz + (row_number() OVER (ORDER BY md5(number)) * 45 %% 777600 - 86400) * interval '1 second', ''
            FROM applications_application WHERE state = 'WAITING' ORDER BY md5(number) LIMIT %(waiting)s""",
            {"now": now, "waiting": waiting},
        )
        made = cursor.rowcount
        cursor.execute("VACUUM ANALYZE applications_benefitclaim, territories_territory")
    return int(made)


def sign_in(*, person_id: int, role: str, territory: str | None, now: datetime) -> str:
    """An account of this person in this role, and a session of it; returns the session's key."""
    from balabaqsha.accounts import sessions
    from balabaqsha.accounts.models import Account, RoleGrant
    from balabaqsha.accounts.session_store import SessionStore
    from balabaqsha.accounts.visits.actions import open_visit
    from balabaqsha.accounts.visits.devices import device
    from balabaqsha.kernel.actor import Role

    account = Account.objects.create(person_id=person_id, password="-", created_at=now)  # noqa: S106 - none fits it
    grant = RoleGrant.objects.create(
        account=account, role=role, territory_id=territory, granted_from=now - timedelta(days=1), reason="benchmark"
    )
    session = SessionStore()
    sessions.begin(
        session,
        account_id=account.id,
        grant_id=grant.id,
        session_number=1,
        role=Role(role),
        visit_id=open_visit(
            account_id=account.id,
            device=device(mark="", agent="", address=""),
            way="PASSWORD",
            remembered_until=None,
            quiet=True,
            now=now,
            real_now=now,
        ),
        whole=True,
        remembered_until=None,
        real_now=now,
    )
    session.save()
    return str(session.session_key)


def an_adult(now: datetime, *, iin: str = "999999999999") -> int:
    """Somebody of age who may work as an officer; returns the id."""
    from balabaqsha.people.models import Person

    made = Person.objects.create(iin=iin, surname="b", given_name="b", born_on=date(now.year - 40, 1, 1), sex="FEMALE")
    return int(made.id)


_OF = "CASE WHEN {n} %% 10 = 0 THEN %(city)s ELSE '00' || lpad(({n} %% %(others)s + 1)::text, 7, '0') END"
_YEAR = "(%(youngest)s - {n} %% 4)"
_PERSON = """INSERT INTO people_person (iin, surname, given_name, patronymic, born_on, sex, nationality, address,
    address_territory_code, email, photo_sha256, register_reference)
SELECT lpad(({first} + n)::text, 12, '0'), 'benchmark', 'benchmark', '', {born}, 'FEMALE', '', '', '', '', '', ''
FROM generate_series(1, {count}) AS n"""

_STATEMENTS = {
    "children": _PERSON.format(
        first="100000000000", born=f"make_date({_YEAR.format(n='n')}, n %% 12 + 1, n %% 28 + 1)", count="%(children)s"
    ),
    "parents": _PERSON.format(
        first="200000000000", born="make_date(1990, n %% 12 + 1, n %% 28 + 1)", count="%(parents)s"
    ),
    "kindergartens": f"""
INSERT INTO kindergartens_kindergarten (code, bin, name_kk, name_ru, ownership, type, territory_id, address_kk,
    address_ru, latitude, longitude, phone, email, head_name, stay_hours)
SELECT 'b-' || n, lpad(n::text, 12, '0'), '№' || n || ' балабақша', 'Детский сад №' || n, 'STATE', 'KINDERGARTEN',
    {_OF.format(n="n")}, '', '', 52 + n %% 100 * 0.001, 76 + n %% 97 * 0.001, '', '', '', 10.5
FROM generate_series(1, %(gardens)s) AS n""",
    "groups": """
INSERT INTO kindergartens_group (kindergarten_id, territory_id, name, birth_year, language, capacity, parent_fee)
SELECT k.id, k.territory_id, 'g' || g, %(youngest)s - g, CASE WHEN g %% 2 = 0 THEN 'kk' ELSE 'ru' END, %(places)s, 20000
FROM kindergartens_kindergarten AS k, generate_series(0, 3) AS g""",
    "places": """
INSERT INTO kindergartens_place (group_id, number, published)
SELECT g.id, p, true FROM kindergartens_group AS g, generate_series(1, %(places)s) AS p""",
    "applications": f"""
INSERT INTO applications_application (number, kind, regime, state, child_id, applicant_id, territory_id, languages,
    original_at, born_on, birth_year, ages_out_at, benefit, category, due_term, extended, misses, in_private_place,
    reached_state_at)
SELECT 'B' || id, 'GENERAL', 'VOUCHER', CASE WHEN n < %(enrolled)s THEN 'ENROLLED' ELSE 'WAITING' END, id,
    (SELECT min(id) FROM people_person WHERE iin LIKE '2%%') + n %% %(parents)s, {_OF.format(n="n")}, '{{kk}}', moment,
    born_on, extract(year FROM born_on), make_timestamptz(extract(year FROM born_on)::int + 6, 9, 1, 0, 0, 0, 'Asia/Almaty'),
    CASE WHEN n %% 7 = 0 THEN 'LARGE_FAMILY' ELSE 'NONE' END, CASE WHEN n %% 7 = 0 THEN 14 ELSE 20 END, '', false, 0,
    false, moment
FROM (
    SELECT id, born_on, row_number() OVER (ORDER BY id) - 1 AS n FROM people_person WHERE iin LIKE '1%%'
) AS child, LATERAL (SELECT %(now)s::timestamptz - random() * interval '1400 days' AS moment) AS m""",
    "holds": """
INSERT INTO kindergartens_hold (place_id, child_id, purpose, held_at)
SELECT p.id, a.child_id, 'ENROLMENT', a.original_at
FROM (
    SELECT child_id, original_at, territory_id, birth_year, row_number() OVER (PARTITION BY territory_id, birth_year) AS r
    FROM applications_application WHERE state = 'ENROLLED'
) AS a JOIN (
    SELECT p.id, g.territory_id, g.birth_year, row_number() OVER (PARTITION BY g.territory_id, g.birth_year) AS r
    FROM kindergartens_place AS p JOIN kindergartens_group AS g ON g.id = p.group_id
) AS p USING (territory_id, birth_year, r)""",
    "admissions": """
INSERT INTO admissions_admission (application_id, group_id, hold_id, stage, is_transfer, opened_at, enrolled_at,
    ended_because)
SELECT a.id, p.group_id, h.id, 'ENROLLED', false, h.held_at, h.held_at, ''
FROM kindergartens_hold AS h JOIN kindergartens_place AS p ON p.id = h.place_id
    JOIN applications_application AS a ON a.child_id = h.child_id""",
    "vouchers": """
INSERT INTO vouchers_voucher (application_id, territory_id, state, offered_at, confirmed_at)
SELECT id, territory_id, 'IN_USE', original_at, original_at FROM applications_application WHERE state = 'ENROLLED'""",
    "lines": """
INSERT INTO line_line (territory_id, kind, intake_year, slot, cycle, openings)
SELECT code, 'GENERAL', extract(year FROM %(now)s::timestamptz)::int, 0, '', 0 FROM territories_territory AS t
WHERE code LIKE '00%%' AND NOT EXISTS (SELECT FROM line_line WHERE territory_id = t.code)""",
    "blocks": """
INSERT INTO line_blockcount (territory_code, regime, kind, birth_year, correction, category, tier, month_from, waiting)
SELECT territory_id, regime, kind, birth_year, correction, category, tier, date_trunc('month', original_at, 'UTC'),
    count(*)
FROM applications_application WHERE state = 'WAITING' GROUP BY 1, 2, 3, 4, 5, 6, 7, 8""",
}
