"""Whatever is put, altered, ended and taken back: rows known at one moment never overlap, and every answer as of a day
and as known at a moment is the one of a plain table of days that is copied at every change."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from feigong.apps.accounts.actors import operator
from feigong.apps.audit.recording import changing
from feigong.apps.roll.models import Area, AreaState, Venue, VenueState
from feigong.apps.roll.models.dated import as_of, known
from feigong.apps.roll.taking_back import take_back, what_was_built_on
from feigong.apps.roll.writing import Writer, altering
from feigong.core.errors import FeigongError

pytestmark = pytest.mark.django_db

FIRST = date(2026, 1, 1)
DAYS = 8
CLERK = operator("clerk")
Plain = dict[tuple[int, int], tuple[int | None, str]]  # (thing, day) -> (seats, address)

THINGS, SPANS = st.integers(0, 1), st.tuples(st.integers(0, DAYS - 1), st.integers(1, DAYS))
FACTS = st.fixed_dictionaries({}, optional={"seats": st.integers(1, 2), "address": st.sampled_from(["east", "west"])})
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), THINGS, SPANS, FACTS),
        st.tuples(st.just("alter"), THINGS, SPANS, FACTS),
        st.tuples(st.just("end"), THINGS, SPANS, FACTS),
        st.tuples(st.just("back"), st.integers(0, 7), SPANS, FACTS),
    ),
    max_size=8,
)


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


class Both:
    """The tables, and beside them the plain copy of every moment."""

    def __init__(self) -> None:
        with changing(CLERK, "test") as change:
            area = Area.objects.create(created=change.record)
            path = f"{area.pk:08d}/"
            facts = {"name": "区", "kind": "district", "path": path}
            Writer(change).put(AreaState, (area.pk,), facts, FIRST)
            self.things = [Venue.objects.create(created=change.record).pk for _ in range(2)]
        self.area = area.pk
        self.moments: list[tuple[datetime, int, Plain]] = [(change.at, change.record.pk, {})]

    @property
    def plain(self) -> Plain:
        return dict(self.moments[-1][2])

    def step(self, what: str, thing: int, span: tuple[int, int], facts: dict[str, Any]) -> None:
        first, last = span[0], max(span[1], span[0] + 1)
        if what == "back":
            self.take_back(thing)
            return
        plain = self.plain
        with changing(CLERK, "test") as change:
            writer, key = Writer(change), (self.things[thing],)
            if what == "put":
                writer.put(VenueState, key, {"name": "室", "area_id": self.area, **facts}, day(first), day(last))
                for n in range(first, last):
                    plain[thing, n] = said(plain.get((thing, n), (None, "")), facts)
            elif what == "end":
                writer.end(VenueState, [key], day(first), day(last))
                for n in range(first, last):
                    plain.pop((thing, n), None)
            else:
                writer.write(VenueState, {key: [altering(VenueState, facts, day(first))]})
                flow(plain, thing, first, facts)
        self.moments.append((change.at, change.record.pk, plain))

    def take_back(self, number: int) -> None:
        if not 0 < number < len(self.moments):
            return
        _, record, after = self.moments[number]
        before, plain = self.moments[number - 1][2], self.plain
        touched = {k for k in before.keys() | after.keys() if before.get(k) != after.get(k)}
        if any(plain.get(k) != after.get(k) for k in touched):
            with pytest.raises(FeigongError, match="built_on"):
                take_back(CLERK, record, "so")
            return
        for k in touched:
            if k in before:
                plain[k] = before[k]
            else:
                plain.pop(k, None)
        try:
            back = take_back(CLERK, record, "so")
        except FeigongError as error:
            assert error.reason.code in ("error.roll.taken_back_already", "error.roll.nothing_to_take_back")
            return
        self.moments.append((back.at, back.pk, plain))

    def check(self) -> None:
        for at, _, plain in self.moments:
            for n in range(DAYS):
                rows = as_of(VenueState, day(n), at).values_list("venue_id", "seats", "address")
                found = {(self.things.index(v), n): (seats, address) for v, seats, address in rows}
                assert len(rows) == len(found)
                assert found == {k: fact for k, fact in plain.items() if k[1] == n}
            for thing in self.things:
                rows = known(VenueState, at).filter(venue_id=thing).order_by("valid_from")
                spans = list(rows.values_list("valid_from", "valid_to"))
                assert all(a[1] <= b[0] for a, b in pairwise(spans))


def said(old: tuple[int | None, str], facts: dict[str, Any]) -> tuple[int | None, str]:
    return facts.get("seats", old[0]), facts.get("address", old[1])


def flow(plain: Plain, thing: int, first: int, facts: dict[str, Any]) -> None:
    """Each fact goes on from its day until the thing is not there, or the field was known to change."""
    for place, name in enumerate(("seats", "address")):
        start = plain.get((thing, first))
        n = first
        while name in facts and start is not None and n < DAYS:
            old = plain.get((thing, n))
            if old is None or old[place] != start[place]:
                break
            plain[thing, n] = (facts[name], old[1]) if place == 0 else (old[0], facts[name])
            n += 1


def test_every_day_and_every_moment_answer_as_a_plain_table_does() -> None:
    @settings(max_examples=60)
    @given(STEPS)
    def run(steps: list[tuple[str, int, tuple[int, int], dict[str, Any]]]) -> None:
        point = transaction.savepoint()
        try:
            both = Both()
            for step in steps:
                both.step(*step)
            both.check()
        finally:
            transaction.savepoint_rollback(point)

    run()


def test_what_stands_on_a_record_is_named_and_comes_off_first() -> None:
    both = Both()
    both.step("put", 0, (0, DAYS), {"seats": 1})
    both.step("put", 0, (2, 4), {"seats": 2})
    both.step("put", 1, (0, DAYS), {"seats": 2})
    first, second, third = (record for _, record, _ in both.moments[1:])
    assert [r.pk for r in what_was_built_on(_record(first))] == [second]
    assert what_was_built_on(_record(third)) == []
    with pytest.raises(FeigongError) as found:
        take_back(CLERK, first, "so")
    assert found.value.reason.params["records"] == f"#{_record(second).number}"
    both.take_back(2)
    both.take_back(1)
    assert set(both.plain) == {(1, n) for n in range(DAYS)}
    both.check()
    with pytest.raises(FeigongError, match="taken_back_already"):
        take_back(CLERK, first, "so")


def test_a_taking_back_can_be_taken_back() -> None:
    both = Both()
    both.step("put", 0, (0, DAYS), {"seats": 1})
    both.take_back(1)
    assert both.plain == {}
    both.take_back(2)
    assert both.plain[0, 3] == (1, "")
    both.check()
    both.take_back(1)
    assert both.plain == {}
    both.check()


def _record(pk: int) -> Any:
    return VenueState._meta.get_field("change").related_model.objects.get(pk=pk)
