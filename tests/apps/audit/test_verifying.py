"""Each way of altering the records in the database is found, and nothing else is."""

from collections.abc import Callable

import pytest
from django.db import connection

from feigong.apps.accounts.actors import operator
from feigong.apps.audit.actions import record_event
from feigong.apps.audit.chain import digest_entries
from feigong.apps.audit.models import Entry, Head, Record
from feigong.apps.audit.recording import changing
from feigong.apps.audit.verifying import MOST_FINDINGS, verify_chain

pytestmark = pytest.mark.django_db

CLERK = operator("clerk")


@pytest.fixture
def chain() -> list[Record]:
    for n in range(6):
        with changing(CLERK, "test", reason=f"第{n}次", params={"n": n, "share": n / 3}) as change:
            for thing in range(n):
                change.note("test.thing", thing, {"a": thing}, {"a": thing + 0.5})
    return list(Record.objects.order_by("number"))


def codes(expect: str = "") -> list[str]:
    found = verify_chain(expect).findings
    return [f"{r.code.removeprefix('audit.finding.')}:{r.params.get('number', '')}" for r in found]


def test_an_untouched_chain_is_whole(chain: list[Record]) -> None:
    verified = verify_chain()
    assert (verified.whole, verified.findings, verified.records, verified.entries) == (True, (), 6, 15)
    assert (verified.number, verified.hash) == (6, chain[-1].hash)
    assert all(verify_chain(record.hash).whole for record in chain)


def test_an_empty_chain_is_whole() -> None:
    verified = verify_chain()
    assert (verified.whole, verified.number, verified.hash) == (True, 0, "")


def alter(**columns: object) -> Callable[[list[Record]], object]:
    return lambda chain: Record.objects.filter(pk=chain[2].pk).update(**columns)


def swap_numbers(chain: list[Record]) -> None:
    with connection.cursor() as cursor:
        for number, key in ((99, chain[2].pk), (3, chain[3].pk), (4, chain[2].pk)):
            cursor.execute("UPDATE audit_record SET number = %s WHERE id = %s", [number, key])


def delete(*numbers: int) -> Callable[[list[Record]], None]:
    def deleted(chain: list[Record]) -> None:
        keys = [record.pk for record in chain if record.number in numbers]
        with connection.cursor() as cursor:
            for key in keys:
                cursor.execute("DELETE FROM audit_entry WHERE record_id = %s", [key])
                cursor.execute("DELETE FROM audit_record WHERE id = %s", [key])

    return deleted


def insert(number: int | None) -> Callable[[list[Record]], None]:
    def inserted(chain: list[Record]) -> None:
        Record.objects.create(
            number=number, at=chain[0].at, code="x", actor_name="x", door="page", previous_hash=chain[-1].hash, hash="x"
        )

    return inserted


def alter_entry_and_digest(chain: list[Record]) -> None:
    Entry.objects.filter(record=chain[2]).update(after={"a": 9})
    noted = Entry.objects.filter(record=chain[2]).order_by("pk").values_list("kind", "object_id", "before", "after")
    count, digest = digest_entries(noted)
    Record.objects.filter(pk=chain[2].pk).update(entries_count=count, entries_digest=digest)


def swap_entries(chain: list[Record]) -> None:
    first, second = Entry.objects.filter(record=chain[2]).order_by("pk")
    Entry.objects.filter(pk=first.pk).update(object_id=second.object_id, before=second.before, after=second.after)
    Entry.objects.filter(pk=second.pk).update(object_id=first.object_id, before=first.before, after=first.after)


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (alter(reason="别的理由"), ["record:3"]),
        (alter(actor_name="other"), ["record:3"]),
        (alter(params={"n": 2, "share": 0.67}), ["record:3"]),
        (alter(entries_count=3), ["entries:3", "record:3"]),
        (alter(hash="0" * 64), ["record:3", "previous:4"]),
        (alter(previous_hash="0" * 64), ["previous:3", "record:3"]),
        (swap_numbers, ["previous:3", "record:3", "previous:4", "record:4", "previous:5"]),
        (delete(3), ["gap:"]),
        (delete(1), ["gap:"]),
        (delete(6), ["head:6"]),
        (delete(1, 2, 3, 4, 5, 6), ["head:6"]),
        (insert(7), ["beyond:7"]),
        (insert(0), ["unnumbered:"]),
        (insert(None), ["unnumbered:"]),
        (lambda c: Entry.objects.filter(record=c[2]).first().delete(), ["entries:3"]),
        (lambda c: Entry.objects.create(record=c[2], kind="x", object_id=1), ["entries:3"]),
        (lambda c: Entry.objects.filter(record=c[2]).update(after={"a": 9}), ["entries:3"]),
        (lambda c: Entry.objects.filter(record=c[2]).update(before=None), ["entries:3"]),
        (lambda c: Entry.objects.filter(record=c[2]).update(record=c[3]), ["entries:3", "entries:4"]),
        (swap_entries, ["entries:3"]),
        (alter_entry_and_digest, ["record:3"]),
        (lambda c: Head.objects.update(number=5), ["head:5", "beyond:6"]),
        (lambda c: Head.objects.update(hash=c[4].hash), ["head:6"]),
        (lambda c: Head.objects.all().delete(), ["beyond:6"]),
        (lambda c: Head.objects.update(keys="0" * 32), ["keys:"]),
    ],
)  # fmt: skip
def test_what_was_done_in_the_database_is_found(
    chain: list[Record], tamper: Callable[[list[Record]], object], found: list[str]
) -> None:
    tamper(chain)
    assert codes() == found


def test_a_chain_cut_short_is_found_by_an_end_kept_elsewhere(chain: list[Record]) -> None:
    delete(5, 6)(chain)
    Head.objects.update(number=4, hash=chain[3].hash)
    assert codes() == []  # nothing in the database says so
    assert codes(expect=chain[5].hash) == ["expected:"]
    assert codes(expect=chain[3].hash) == []


def test_entries_without_a_record_are_found(chain: list[Record]) -> None:
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM audit_record WHERE number = 3")
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = DEFAULT")
    verified = verify_chain()
    assert [r.code for r in verified.findings] == ["audit.finding.gap", "audit.finding.orphans"]
    assert verified.findings[1].params == {"count": 2}
    Entry.objects.exclude(record__in=Record.objects.all()).delete()


def test_many_findings_are_counted_and_the_first_are_named() -> None:
    for _ in range(MOST_FINDINGS + 50):
        record_event(CLERK, "test")
    Record.objects.update(reason="x")
    verified = verify_chain()
    assert (verified.count, len(verified.findings), verified.whole) == (MOST_FINDINGS + 50, MOST_FINDINGS, False)


def test_progress_is_told() -> None:
    for _ in range(501):
        record_event(CLERK, "test")
    seen: list[tuple[int, int]] = []
    verify_chain(told=lambda done, total: seen.append((done, total)))
    assert seen == [(500, 501)]
