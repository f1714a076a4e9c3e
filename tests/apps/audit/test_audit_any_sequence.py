"""Whatever is done in whatever order: the chain holds, and the rows of the roll agree with it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feigong.apps.accounts.actors import operator
from feigong.apps.audit.actions import record_event, verify
from feigong.apps.audit.models import Record
from feigong.apps.audit.recording import changing
from feigong.apps.audit.verifying import verify_chain
from feigong.apps.roll.actions.reveal import find_by_number
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import Member, MemberState
from feigong.apps.roll.queries.agreement import disagreements
from feigong.apps.roll.writing import Writer
from feigong.apps.seals.fields import sealed_values

pytestmark = pytest.mark.django_db

CLERK = operator("clerk")
FIRST = date(2026, 1, 1)
PEOPLE = 3

steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "put", "put", "end", "event", "nested", "failed", "find", "verify"]),
        st.integers(0, PEOPLE - 1),
        st.integers(0, 40),
        st.sampled_from(["", "13900000001", "139 0000 0001", "13900000002"]),
        st.booleans(),
    ),
    min_size=1,
    max_size=12,
)
Step = tuple[str, int, int, str, bool]


class FailedError(Exception):
    pass


def take(step: Step, people: list[Member]) -> None:
    what, who, day, phone, full = step
    on, key = FIRST + timedelta(days=day), (people[who].pk,)
    facts = {"name": "某某", "full": full, **sealed_values(MemberState, {"phone": phone})}
    match what:
        case "event":
            record_event(CLERK, "event", params={"share": day / 7}, touched=[("roll.member", key[0])])
        case "find":
            find_by_number(CLERK, RecordKind.MEMBER, phone or "1", on=on)
        case "verify":
            assert verify(CLERK, roll=True).whole
        case "end":
            with changing(CLERK, "end") as change:
                Writer(change).end(MemberState, [key], on)
        case _:
            with changing(CLERK, what) as change:
                Writer(change).put(MemberState, key, facts, on, on + timedelta(days=20))
                if what == "nested":
                    record_event(CLERK, "within")
                if what == "failed":
                    raise FailedError


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_any_sequence_of_actions_leaves_a_whole_chain(steps: list[Step]) -> None:
    point = transaction.savepoint()
    with changing(CLERK, "begin") as change:
        people = [Member.objects.create(created=change.record) for _ in range(PEOPLE)]
    first = change.record.number or 0
    expected = 1
    for step in steps:
        if step[0] == "failed":
            with pytest.raises(FailedError):
                take(step, people)
            continue
        take(step, people)
        expected += 2 if step[0] == "nested" else 1
    assert verify_chain().findings == ()
    assert list(disagreements()) == []
    assert Record.objects.filter(number__gte=first).count() == expected
    transaction.savepoint_rollback(point)
