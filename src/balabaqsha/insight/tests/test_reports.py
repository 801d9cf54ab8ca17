"""Every report is what plain SQL counts, over a town moved by the real acts."""

from collections import Counter
from datetime import date, timedelta
from statistics import quantiles

import pytest

from balabaqsha.admissions.models import Admission
from balabaqsha.admissions.states import Stage
from balabaqsha.applications.models import BenefitClaim
from balabaqsha.insight.reports import terms, waiting, work
from balabaqsha.insight.reports.asked import Asked
from balabaqsha.insight.tests import town
from balabaqsha.insight.tests.test_queries import sql
from balabaqsha.journeys import sweep, vouchers
from balabaqsha.kernel.actor import SYSTEM, Actor, Role
from balabaqsha.kindergartens.models import Group, Hold, Place
from balabaqsha.record import actions as record
from balabaqsha.territories.regimes import Regime

pytestmark = pytest.mark.django_db
LATER = town.NOW + timedelta(days=20)
ASKED = Asked(codes=(town.CITY,), since=date(2026, 9, 1), until=date(2026, 12, 31), now=LATER, top=town.CITY)
ELSEWHERE = Asked(codes=("551600000",), since=ASKED.since, until=ASKED.until, now=LATER, top="551600000")
PERIOD = (ASKED.begins_at, ASKED.before)


def enrols(application, group: Group, days: float, *, waits_for_head: timedelta | None = None) -> Admission:
    """A child enrolled so many days after its application; the head signed so long after the family."""
    at = application.original_at + timedelta(days=days)
    place = Place.objects.filter(group=group, holds=None).first()
    hold = Hold.objects.create(place=place, child_id=application.child_id, purpose="ENROLMENT", held_at=at)
    signed = at - (waits_for_head or timedelta(hours=1))
    return Admission.objects.create(
        application=application,
        group=group,
        hold=hold,
        stage=Stage.ENROLLED,
        is_transfer=False,
        opened_at=signed,
        signed_by_parent_at=signed,
        escalated_at=signed + timedelta(days=2) if waits_for_head else None,
        enrolled_at=at,
    )


@pytest.fixture
def lively():
    """Two kindergartens, a special group, sixteen families of which one claims a benefit; vouchers given, kept and let lapse."""
    first, second = town.open_garden(1), town.open_garden(2, settlement_id=town.VILLAGE)
    town.open_special_group(first, correction="LOW_VISION")
    cases = [town.apply(serial, languages=("kk", "ru")) for serial in range(1, 7)]
    cases += [town.apply(serial, year=2023, settlement_code=town.VILLAGE) for serial in range(7, 11)]
    cases += [town.apply(serial, year=2024, languages=()) for serial in range(11, 16)]
    cases.append(town.apply(16, year=2023, benefit="LARGE_FAMILY"))
    town.apply_special(20, correction="LOW_VISION")
    town.run(limit=5)
    offered = [row for row in cases if (row.refresh_from_db() or row.state == "VOUCHER_OFFERED")]
    parent = Actor(role=Role.PARENT, person_id=offered[0].applicant_id)
    vouchers.confirm_interest(application_id=offered[0].id, actor=parent, now=town.NOW)
    while sweep.sweep(before=LATER):
        pass
    rest = [row for row in cases if (row.refresh_from_db() or row.state == "WAITING")]
    by_year = {
        2022: Group.objects.get(kindergarten=first, name="А"),
        2023: Group.objects.get(kindergarten=second, name="Б"),
    }
    for days, case in enumerate([row for row in rest if row.birth_year in by_year][:4], start=3):
        late = timedelta(days=3) if days == 3 else None
        enrols(case, by_year[case.birth_year], days * 7.5, waits_for_head=late)


class TestTheLine:
    @pytest.mark.parametrize(
        ("key", "column"),
        [
            ("category", "category"),
            ("birth-year", "birth_year"),
            ("settlement", "coalesce(settlement_id, territory_id)"),
        ],
    )
    def test_is_counted_by_key(self, lively, key, column):
        counted = sql(
            f"SELECT {column}, count(*), count(*) FILTER (WHERE kind = 'GENERAL'), count(*) FILTER (WHERE kind = 'SPECIAL'),"
            " count(*) FILTER (WHERE benefit IN ('SERVICE', 'SPECIAL_BODIES')),"
            " count(*) FILTER (WHERE benefit NOT IN ('SERVICE', 'SPECIAL_BODIES', 'NONE')),"
            " count(*) FILTER (WHERE benefit = 'NONE'), min((original_at AT TIME ZONE 'Asia/Almaty')::date)"
            " FROM applications_application WHERE state = 'WAITING' AND territory_id = %s GROUP BY 1 ORDER BY 1",
            town.CITY,
        )

        assert waiting.line_by(key, ASKED) == counted
        assert counted
        assert waiting.line_by(key, ELSEWHERE) == []

    def test_counts_a_family_in_each_of_its_languages(self, lively):
        found = {row[0]: row[1] for row in waiting.line_by("language", ASKED)}

        named = sql(
            "SELECT language, count(*) FROM applications_application, unnest(languages) AS language"
            " WHERE state = 'WAITING' GROUP BY 1"
        )
        [(unnamed,)] = sql("SELECT count(*) FROM applications_application WHERE state = 'WAITING' AND languages = '{}'")
        assert found == dict(named) | {"": unnamed}

    def test_heeds_the_filters(self, lively):
        of_2024 = Asked(ASKED.codes, ASKED.since, ASKED.until, LATER, birth_year=2024)
        linear = Asked(ASKED.codes, ASKED.since, ASKED.until, LATER, regime=Regime.LINEAR.value)

        assert [row[0] for row in waiting.line_by("birth-year", of_2024)] == [2024]
        assert waiting.line_by("birth-year", linear) == []

    @pytest.mark.parametrize("key", waiting.LINE)
    def test_costs_one_query(self, lively, key, django_assert_num_queries):
        with django_assert_num_queries(1):
            waiting.LINE[key](ASKED)


class TestWaitingTime:
    @pytest.mark.parametrize(("key", "column"), [("category", "category"), ("birth-year", "birth_year")])
    def test_has_median_and_quartiles(self, lively, key, column):
        days: dict[int, list[float]] = {}
        for one, waited in sql(
            f"SELECT a.{column}, extract(epoch FROM m.enrolled_at - a.original_at)::float / 86400"
            " FROM admissions_admission m JOIN applications_application a ON a.id = m.application_id"
            " WHERE NOT m.is_transfer AND m.enrolled_at >= %s AND m.enrolled_at < %s",
            *PERIOD,
        ):
            days.setdefault(one, []).append(waited)
        counted = []
        for one, values in sorted(days.items()):
            lower, middle, upper = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
            counted.append(
                (one, len(values), round(lower, 1), round(middle, 1), round(upper, 1), round(max(values), 1))
            )

        assert waiting.time_by(key, ASKED) == counted
        assert sum(row[1] for row in counted) == 4


class TestDemand:
    def test_is_of_three_years_and_adds_up(self, lively):
        rows = waiting.demand(ASKED)

        places = dict(
            sql("SELECT 2026 - birth_year, sum(capacity) FROM kindergartens_group WHERE correction IS NULL GROUP BY 1")
        )
        needing = dict(
            sql(
                "SELECT birth_year, count(DISTINCT child_id) FROM applications_application WHERE kind = 'GENERAL' AND"
                " state IN ('WAITING', 'STOP_LISTED', 'VOUCHER_OFFERED', 'VOUCHER_ACTIVE', 'DOCUMENTS_CHECK', 'TURN_OFFERED')"
                " GROUP BY 1"
            )
        )
        assert sorted({row[0] for row in rows}) == [2027, 2028, 2029]
        for year, age, born, waits, _, enrolled, known, balance in rows:
            assert (born, waits, known) == (year - age, needing.get(born, 0), places.get(age, 0))
            assert balance == known - waits - enrolled

    def test_tells_in_which_school_year_children_come_of_age(self, lively):
        town.apply(40, year=2026)

        # Born on 1 March 2026: 18 months old on the first day of the school year 2027.
        assert [row[4] for row in waiting.demand(ASKED) if row[2] == 2026] == [1, 0, 0]


class TestTerms:
    def test_are_counted_by_kind(self, lively):
        BenefitClaim.objects.update(decided_at=LATER, decided_by_account_id=7, state="REJECTED")

        found = {row[0]: row[1:3] for row in terms.by_kind(ASKED)}

        acts = dict(sql("SELECT act, count(*) FROM record_journalentry WHERE at >= %s AND at < %s GROUP BY 1", *PERIOD))
        assert found["voucher.confirm"] == (acts["confirm_interest"], acts["lapse_offer"]) == (1, 4)
        assert found["voucher.choose_and_sign"] == (0, acts["lapse_voucher"])
        [contracts] = sql(
            "SELECT count(*) FILTER (WHERE escalated_at IS NULL), count(escalated_at) FROM admissions_admission"
        )
        assert found["contract.with_kindergarten"] == contracts == (3, 1)
        [claims] = sql(
            "SELECT count(*) FILTER (WHERE decided_at <= check_due_at), count(*) FILTER (WHERE decided_at > check_due_at)"
            " FROM applications_benefitclaim"
        )
        assert found["benefit.proof_check"] == claims == (0, 1)
        assert found["special.check"] == (1, 0)

    def test_of_an_office_are_missed_while_the_work_is_still_not_done(self, lively):
        claim = BenefitClaim.objects.get()
        before = Asked(ASKED.codes, ASKED.since, ASKED.until, claim.check_due_at)
        after = Asked(ASKED.codes, ASKED.since, ASKED.until, claim.check_due_at + timedelta(seconds=1))

        assert "benefit.proof_check" not in {row[0] for row in terms.by_kind(before)}
        assert ("benefit.proof_check", 0, 1, 0.0) in terms.by_kind(after)

    def test_are_counted_by_kindergarten_and_by_officer(self, lively):
        BenefitClaim.objects.update(decided_at=LATER, decided_by_account_id=7, state="REJECTED")

        by_garden = sql(
            "SELECT g.kindergarten_id, count(*) FILTER (WHERE escalated_at IS NULL), count(escalated_at)"
            " FROM admissions_admission m"
            " JOIN kindergartens_group g ON g.id = m.group_id GROUP BY 1"
        )
        assert sorted(row[:3] for row in terms.by_kindergarten(ASKED)) == sorted(by_garden)
        assert {row[0]: row[1:3] for row in terms.by_officer(ASKED)}[7] == (0, 1)
        assert terms.by_kindergarten(ELSEWHERE) == terms.by_officer(ELSEWHERE) == []


def test_lapses_have_their_causes(lively):
    counted = sql(
        "SELECT act, facts->>'from', count(*), count(DISTINCT application_id) FROM record_journalentry"
        " WHERE act LIKE 'lapse%%' AND at >= %s AND at < %s GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2",
        *PERIOD,
    )

    assert terms.lapses(ASKED) == [row for row in counted if row[0] != "lapse_benefit"]
    assert ("lapse_offer", "VOUCHER_OFFERED", 4, 4) in counted
    assert ("lapse_voucher", "VOUCHER_ACTIVE", 1, 1) in counted
    assert terms.lapses(ELSEWHERE) == []


def test_acts_are_those_of_officers(lively):
    signed = {"actor": town.OFFICER, "now": town.NOW, "territory_code": town.CITY, "facts": {}}
    record.record("signed-in", **signed)
    record.record("publish", **signed | {"actor": Actor(role=Role.KINDERGARTEN_HEAD, account_id=3)})

    counted = sql(
        "SELECT (actor->>'account')::int, act, count(*), max((at AT TIME ZONE 'Asia/Almaty')::date) FROM record_journalentry"
        " WHERE actor->>'role' = 'OFFICER' AND act <> 'signed-in' AND at >= %s AND at < %s AND territory_code = %s"
        " GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2",
        *PERIOD,
        town.CITY,
    )
    assert work.acts(ASKED) == counted
    assert {"run-performed", "confirm_documents"} <= {row[1] for row in counted}


def test_the_stop_list_tells_who_came_and_went(lively):
    now = dict(sql("SELECT birth_year, count(*) FROM applications_application WHERE state = 'STOP_LISTED' GROUP BY 1"))
    moved = Counter(
        {
            (act, year): n
            for act, year, n in sql(
                "SELECT j.act, a.birth_year, count(*) FROM record_journalentry j JOIN applications_application a"
                " ON a.id = j.application_id WHERE j.at >= %s AND j.at < %s GROUP BY 1, 2",
                *PERIOD,
            )
        }
    )

    found = work.stop_list(ASKED)

    assert found == [
        (year, now.get(year, 0), moved["lapse_offer", year], moved["restore", year], moved["lapse_restoring", year])
        for year in sorted({row[0] for row in found})
    ]
    assert sum(row[2] for row in found) == 4


def test_benefits_are_told_by_their_source(lively):
    counted = sql(
        "SELECT benefit, CASE WHEN cardinality(upload_ids) > 0 THEN 'DOCUMENT' ELSE 'REGISTER' END, count(*),"
        " count(*) FILTER (WHERE state = 'CONFIRMED'), count(*) FILTER (WHERE state = 'REJECTED'),"
        " count(*) FILTER (WHERE state = 'UNDECIDED'), count(*) FILTER (WHERE state = 'LAPSED'),"
        " count(*) FILTER (WHERE state = 'DROPPED') FROM applications_benefitclaim GROUP BY 1, 2"
    )

    assert work.benefits(ASKED) == counted == [("LARGE_FAMILY", "REGISTER", 1, 0, 0, 1, 0, 0)]
    BenefitClaim.objects.update(upload_ids=[1])
    assert work.benefits(ASKED)[0][1] == "DOCUMENT"


def test_territories_stand_side_by_side_at_the_next_level(lively):
    of_area = Asked(None, ASKED.since, ASKED.until, LATER, top=town.AREA)
    [(waits,)] = sql("SELECT count(*) FROM applications_application WHERE state = 'WAITING'")
    [(given,)] = sql("SELECT count(*) FROM vouchers_voucher WHERE offered_at >= %s AND offered_at < %s", *PERIOD)
    [(free,)] = sql(
        "SELECT count(*) FROM kindergartens_place p WHERE published AND NOT EXISTS"
        " (SELECT 1 FROM kindergartens_hold h WHERE h.place_id = p.id AND h.ended_at IS NULL)"
    )

    assert work.territories(of_area) == [(town.CITY, waits, free, given, 0, 4)]
    assert [row[0] for row in work.territories(Asked(None, ASKED.since, ASKED.until, LATER))] == ["550000000"]
    assert work.parts(None, top=None) == ["550000000"]
    assert work.parts((town.AREA, town.CITY), top=town.AREA) == [town.CITY]


def test_a_period_ends_with_its_last_day(lively):
    record.record(
        "lapse_turn", actor=SYSTEM, now=ASKED.before, territory_code=town.CITY, facts={"from": "TURN_OFFERED"}
    )
    record.record(
        "lapse_turn",
        actor=SYSTEM,
        now=ASKED.before - timedelta(seconds=1),
        territory_code=town.CITY,
        facts={"from": "TURN_OFFERED"},
    )

    assert ("lapse_turn", "TURN_OFFERED", 1, 0) in terms.lapses(ASKED)
