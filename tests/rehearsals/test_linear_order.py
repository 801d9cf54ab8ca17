"""The order of a linear line: out of turn, then slots shared by priority and ordinary (rules, section 3)."""

from tests.rehearsals.telling import group

EMPTY = group("K1.a", places=0, capacity=50)


def test_the_counter_goes_on_with_every_turn_and_slots_pass(tell_linear):
    tell_linear(
        """
        2024-10-01 09:00 apply O1 2021-01-01
        2024-10-01 09:01 apply P1 2021-01-02 benefit=ORPHAN
        2024-10-01 09:02 apply P2 2021-01-03 benefit=TEACHER
        2024-10-01 09:03 apply S1 2021-01-04 benefit=SERVICE
        2024-10-01 10:00 check_documents P1 confirm | P1 WAITING line 1; O1 WAITING line 2
        2024-10-01 10:00 check_documents P2 confirm | P1 WAITING line 1; O1 WAITING line 2; S1 WAITING line 3; P2 WAITING line 4
        2024-10-01 11:00 publish K1.a 1      | P1 TURN_OFFERED due 2024-10-04 11:00; O1 WAITING line 1; S1 WAITING line 2; P2 WAITING line 3
        2024-10-01 11:01 check_documents S1 confirm | S1 WAITING line 1; O1 WAITING line 2; P2 WAITING line 3
        2024-10-01 11:02 publish K1.a 1      | S1 TURN_OFFERED due 2024-10-04 11:02; O1 WAITING line 1; P2 WAITING line 2
        2024-10-01 11:03 publish K1.a 1      | O1 TURN_OFFERED due 2024-10-04 11:03; P2 WAITING line 1
        2024-10-01 11:04 publish K1.a 1      | P2 TURN_OFFERED due 2024-10-04 11:04
        2024-10-01 11:05 apply O2 2021-01-05 | O2 WAITING line 1
        2024-10-01 11:06 apply P3 2021-01-06 benefit=LARGE_FAMILY
        2024-10-01 11:07 check_documents P3 confirm | O2 WAITING line 1; P3 WAITING line 2
        2024-10-01 11:08 publish K1.a 2      | O2 TURN_OFFERED due 2024-10-04 11:08; P3 TURN_OFFERED due 2024-10-04 11:08
        """,
        EMPTY,
    )


def test_a_returned_turn_does_not_turn_the_counter_back(tell_linear):
    tell_linear(
        """
        2024-10-01 09:00 apply P1 2021-01-01 benefit=ORPHAN
        2024-10-01 09:01 check_documents P1 confirm
        2024-10-01 09:02 apply O1 2021-01-02
        2024-10-01 10:00 publish K1.a 1      | P1 TURN_OFFERED due 2024-10-04 10:00
        2024-10-04 10:00:01 show             | O1 WAITING line 1; P1 WAITING line 2
        """,
        EMPTY,
    )


def test_a_certificate_lapses_and_the_turn_stays(tell_linear):
    tell_linear(
        """
        2024-10-01 09:00 apply O1 2021-01-01
        2024-10-01 09:01 apply T1 2021-01-02 benefit=TEACHER
        2024-10-01 09:02 apply S1 2021-01-03 benefit=SERVICE
        2024-10-01 10:00 check_documents T1 confirm
        2024-10-01 10:00 check_documents S1 confirm | S1 WAITING line 1; T1 WAITING line 2; O1 WAITING line 3
        2024-10-31 10:00 publish K1.a 1      | S1 TURN_OFFERED due 2024-11-05 10:00; T1 WAITING line 1; O1 WAITING line 2
        2024-11-01 10:00 show                | T1 WAITING line 1; O1 WAITING line 2
        2024-11-01 10:00:01 show             | S1 TURN_OFFERED due 2024-11-05 10:00; O1 WAITING line 1; T1 WAITING line 2
        2024-11-05 10:00:01 show             | O1 WAITING line 1; T1 WAITING line 2; S1 WAITING line 3
        """,
        EMPTY,
    )


def test_those_passed_over_count_in_the_place_and_their_slot_passes(tell_linear):
    tell_linear(
        """
        2024-10-01 09:00 apply P1 2021-01-01 benefit=ORPHAN wished_from=2025-01-01
        2024-10-01 09:01 check_documents P1 confirm
        2024-10-01 09:02 apply O1 2021-01-02
        2024-10-01 09:03 apply O2 2021-01-02
        2024-10-01 10:00 publish K1.a 1      | O1 TURN_OFFERED due 2024-10-04 10:00; O2 WAITING line 1; P1 WAITING line 2
        2024-10-01 11:00 publish K1.a 2      | O2 TURN_OFFERED due 2024-10-04 11:00; P1 WAITING line 1; K1.a 3 free
        2024-10-01 11:01 withdraw O1         | O2 TURN_OFFERED due 2024-10-04 11:00; P1 WAITING line 1
        2024-10-01 11:02 withdraw O2         | P1 WAITING line 1
        2024-12-31 00:00 show                | P1 WAITING line 1
        2025-01-01 00:00:01 show             | P1 TURN_OFFERED due 2025-01-08 00:00
        """,
        EMPTY,
    )
