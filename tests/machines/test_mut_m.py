"""Mutations by monkeypatch: the machine must find each."""
import sys
import pytest
from tests.machines import test_voucher_machine as t
from balabaqsha.journeys import sweep, distribution, _case, _places
from balabaqsha.admissions import queries as admissions
from balabaqsha.line import queries as lines
from django.db.models import F

def counted():
    from collections import Counter
    seen = Counter()
    original = t.VoucherMachine.both
    def both(self, act, args, perform):
        answer = original(self, act, args, perform)
        seen[act] += 1
        for c in self.model.cases:
            seen[c.state] += 1
            if c.offers: seen["offered from list"] += 1
            if c.enrolled and c.admission: seen["transfer "+c.admission[1]] += 1
            if c.reason: seen[c.reason] += 1
        return answer
    t.VoucherMachine.both = both
    return seen, original

def test_statistics(fresh_database):
    seen, original = counted()
    t.test_the_voucher_journey_under_any_order_of_events.__wrapped__ if False else None
    try:
        t.test_the_voucher_journey_under_any_order_of_events()
    finally:
        t.VoucherMachine.both = original
        print(dict(seen.most_common()))
    assert 0

def test_no_closure(fresh_database, monkeypatch):
    monkeypatch.setattr(sweep, "_overdue_around", lambda scope, before: {scope.application_id or 0} | sweep._overdue([], scope.group_ids, before=before))
    with pytest.raises(BaseException):
        t.test_the_voucher_journey_under_any_order_of_events()

def test_no_listed(fresh_database, monkeypatch):
    from balabaqsha.kindergartens import queries as k
    def old(application_ids, group_ids, before):
        from balabaqsha.applications.models import Application
        own = set(Application.objects.filter(sweep._late(before), id__in=application_ids).values_list("id", flat=True))
        from balabaqsha.kindergartens.models import Hold
        if Hold.objects.filter(place__group_id__in=list(group_ids), ended_at__isnull=True, until__lt=before).exists():
            return real(application_ids, group_ids, before=before)
        return own
    real = sweep._overdue
    monkeypatch.setattr(sweep, "_overdue", old)
    with pytest.raises(BaseException):
        t.test_the_voucher_journey_under_any_order_of_events()

def test_no_priority(fresh_database, monkeypatch):
    monkeypatch.setattr(lines, "ORDER", (F("original_at").asc(), F("id").asc()))
    with pytest.raises(BaseException):
        t.test_the_voucher_journey_under_any_order_of_events()

def test_list_last(fresh_database, monkeypatch):
    monkeypatch.setattr(_places, "came_free", lambda ids, now: None)
    with pytest.raises(BaseException):
        t.test_the_voucher_journey_under_any_order_of_events()
