"""The digest of a value is the same before it is written and after it was read back, on either database."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feigong.apps.accounts.actors import operator
from feigong.apps.audit.actions import record_event
from feigong.apps.audit.chain import canonical, link
from feigong.apps.audit.models import Entry, Head, Record
from feigong.apps.audit.recording import changing
from feigong.apps.audit.verifying import verify_chain
from feigong.apps.seals.keyring import keyring

pytestmark = pytest.mark.django_db

CLERK = operator("clerk")


def stored(value: object) -> object:
    with changing(CLERK, "test") as change:
        change.note("test.thing", 1, {"value": value}, None)
    found = Entry.objects.get(record=change.record).before
    return found["value"]  # type: ignore[index]


@pytest.mark.parametrize(
    "value",
    [
        0.1, 1.0, -0.0, 1e16, 1e23, -1e23, 1.7976931348623157e308, 5e-324, 1e-7, 123456789.12345679, 2**70, True, None,
        "一、二\t\"引号\" \u2028 😀", {"b": 1, "a": {"二": [1, 2.50]}}, [], {}, date(2026, 11, 1),
        datetime(2026, 11, 1, 9, 30, 15, 123456, tzinfo=timezone(timedelta(hours=8))), Decimal("12.30"),
        UUID("12345678123456781234567812345678"),
    ],
)  # fmt: skip
def test_a_value_read_back_has_the_digest_it_was_written_with(value: object) -> None:
    assert canonical(stored(value)) == canonical(value)
    assert verify_chain().whole


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.dates()
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=5), inner, max_size=3
    ),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON)
def test_any_value_read_back_has_the_digest_it_was_written_with(value: object) -> None:
    assert canonical(stored(value)) == canonical(value)


def test_different_values_have_different_bytes() -> None:
    values = [0, 1, 1.5, "1", "1.5", True, None, [1], [[1]], {"a": 1}, {"a": [1]}, "", [], {}]
    assert len({canonical(v) for v in values}) == len(values)


def test_every_column_of_a_record_is_in_its_link() -> None:
    with changing(CLERK, "test") as change:
        pass
    record, key = Record.objects.get(pk=change.record.pk), keyring().audit_key
    assert link(record, key) == record.hash
    changes: dict[str, object] = {
        "number": 9, "at": record.at + timedelta(microseconds=1), "code": "x", "user_id": 9, "actor_name": "x",
        "role": "x", "door": "x", "address": "x", "request_id": "x", "reason": "x", "params": {"x": 1},
        "takes_back_id": 9, "entries_count": 9, "entries_digest": "x", "previous_hash": "x",
    }  # fmt: skip
    assert {f.attname for f in Record._meta.concrete_fields} - set(changes) == {"id", "hash"}
    for name, value in changes.items():
        altered = Record.objects.get(pk=record.pk)
        setattr(altered, name, value)
        assert link(altered, key) != record.hash, name


def test_an_error_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError), changing(CLERK, "test") as change:
        change.note("test.thing", 1, None, {"a": 1})
        _ = 1 / 0
    assert (Record.objects.count(), Entry.objects.count(), Head.objects.count()) == (0, 0, 0)
    with changing(CLERK, "test"):
        pass
    assert Record.objects.get().number == 1


def test_an_action_within_another_has_its_own_record_in_one_transaction() -> None:
    with changing(CLERK, "outer") as outer:
        outer.note("test.thing", 1, None, {"a": 1})
        event = record_event(CLERK, "inner", touched=[("test.thing", 2)])
        assert Record.objects.get(pk=event).number is None
        with pytest.raises(ZeroDivisionError), changing(CLERK, "failed"):
            record_event(CLERK, "failed.inner")
            _ = 1 / 0
    assert list(Record.objects.order_by("number").values_list("number", "code", "entries_count")) == [
        (1, "inner", 1), (2, "outer", 1),
    ]  # fmt: skip
    assert verify_chain().whole
    with pytest.raises(ZeroDivisionError), changing(CLERK, "outer"):
        record_event(CLERK, "inner")
        _ = 1 / 0
    assert Record.objects.count() == 2
    assert Head.objects.get().number == 2


def test_the_end_of_the_chain_is_said_in_the_log(
    caplog: pytest.LogCaptureFixture, django_capture_on_commit_callbacks: object
) -> None:
    with caplog.at_level("INFO", "feigong.audit"), django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        record_event(CLERK, "test")
    head = Head.objects.get()
    assert caplog.messages == ["audit.recorded"]
    assert caplog.records[0].fields == {"number": 1, "hash": head.hash}  # type: ignore[attr-defined]


def test_long_texts_from_outside_are_cut_to_their_columns() -> None:
    event = record_event(replace(CLERK, address="9" * 99, request_id="r" * 99, name="名" * 99), "test")
    record = Record.objects.get(pk=event)
    assert (len(record.address), len(record.request_id), len(record.actor_name)) == (60, 40, 80)
    assert verify_chain().whole
