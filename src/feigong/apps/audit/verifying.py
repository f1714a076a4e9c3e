"""Is the chain whole? Reads every record and every entry once, in the order of numbers, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from django.db.models import Exists, Max, OuterRef

from feigong.apps.audit.chain import digest_entries, link
from feigong.apps.audit.models import Entry, Head, Record
from feigong.apps.seals.keyring import Keyring, keyring
from feigong.core.reasons import Reason, reason

_RECORDS = 500  # at a time
_ENTRIES = 5000
MOST_FINDINGS = 200  # named; more are counted

Told = Callable[[int, int], None]  # how far: records seen, records there are


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found. ``number`` and ``hash`` are the end of the chain, to be kept elsewhere."""

    number: int
    hash: str
    records: int
    entries: int
    findings: tuple[Reason, ...]
    count: int  # of all findings, those not named too

    @property
    def whole(self) -> bool:
        return self.count == 0


class Findings:
    """The first ones by name, all of them by number."""

    def __init__(self) -> None:
        self.named: list[Reason] = []
        self.count = 0

    def add(self, found: Reason) -> None:
        self.count += 1
        if len(self.named) < MOST_FINDINGS:
            self.named.append(found)

    def extend(self, found: Iterable[Reason]) -> None:
        for one in found:
            self.add(one)


def verify_chain(expect: str = "", told: Told = lambda done, total: None) -> Verified:
    """Look for records altered, left out, put in, exchanged or cut off. Writers may go on meanwhile.

    ``expect`` is a hash that was the end of the chain once, kept elsewhere: without one, records cut off at the end
    leave no trace in the database.
    """
    head = Head.objects.filter(pk=1).first() or Head(number=0, hash="")
    findings, ring = Findings(), keyring()
    if head.number and head.keys != ring.fingerprint:
        findings.add(reason("audit.finding.keys"))
    records = entries = 0
    expected = expect == ""
    previous = Record(number=0, hash="")
    for record, count, digest in _read(head.number):
        findings.extend(_faults(record, previous, count, digest, ring))
        expected = expected or record.hash == expect
        records, entries, previous = records + 1, entries + count, record
        if records % _RECORDS == 0:
            told(records, head.number)
    if (previous.number, previous.hash) != (head.number, head.hash):
        findings.add(reason("audit.finding.head", number=head.number, found=previous.number))
    if not expected:
        findings.add(reason("audit.finding.expected", hash=expect))
    findings.extend(_strays())
    return Verified(head.number, head.hash, records, entries, tuple(findings.named), findings.count)


def verify_end(last: int = 200) -> tuple[Reason, ...]:
    """Look at the newest records only: quick, and enough to see wrong keys, a cut-off end or a late hand."""
    head, findings, ring = Head.objects.filter(pk=1).first() or Head(number=0, hash=""), Findings(), keyring()
    if head.number and head.keys != ring.fingerprint:
        findings.add(reason("audit.finding.keys"))
    before = max(0, head.number - last)
    previous = Record.objects.filter(number=before).first() or Record(number=before, hash="")
    for record, count, digest in _read(head.number, before):
        findings.extend(_faults(record, previous, count, digest, ring))
        previous = record
    if (previous.number, previous.hash) != (head.number, head.hash):
        findings.add(reason("audit.finding.head", number=head.number, found=previous.number))
    return tuple(findings.named)


def _faults(record: Record, previous: Record, count: int, digest: str, ring: Keyring) -> Iterator[Reason]:
    number, before = record.number or 0, previous.number or 0
    if number > before + 1:
        yield reason("audit.finding.gap", first=before + 1, last=number - 1)
    elif record.previous_hash != previous.hash:
        yield reason("audit.finding.previous", number=number)
    if (count, digest) != (record.entries_count, record.entries_digest):
        yield reason("audit.finding.entries", number=number, found=count, count=record.entries_count)
    if record.hash != link(record, ring.audit_key):
        yield reason("audit.finding.record", number=number)


def _read(last: int, seen: int = 0) -> Iterator[tuple[Record, int, str]]:
    """Records after ``seen`` to ``last`` in the order of numbers, with how many entries each has and their digest."""
    while True:
        records = list(Record.objects.filter(number__gt=seen, number__lte=last).order_by("number")[:_RECORDS])
        if not records:
            return
        found = _digests([record.pk for record in records])
        for record in records:
            yield record, *found.get(record.pk, digest_entries(()))
        seen = records[-1].number or 0


def _digests(records: list[int]) -> dict[int, tuple[int, str]]:
    rows = (
        Entry.objects.filter(record_id__in=records)
        .order_by("record_id", "pk")
        .values_list("record_id", "kind", "object_id", "before", "after")
        .iterator(chunk_size=_ENTRIES)
    )
    return {record: digest_entries(row[1:] for row in group) for record, group in groupby(rows, key=itemgetter(0))}


def _strays() -> Iterator[Reason]:
    """What stands beside the chain: no writer of ours leaves any of it behind."""
    last = Record.objects.aggregate(last=Max("number"))["last"] or 0
    end = Head.objects.filter(pk=1).values_list("number", flat=True).first() or 0  # read after: never behind the last
    if last > end:
        yield reason("audit.finding.beyond", number=last, head=end)
    below = Record.objects.filter(number__lt=1).count()
    loose = Record.objects.filter(number=None).count() + below
    if loose:
        yield reason("audit.finding.unnumbered", count=loose)
    orphans = Entry.objects.filter(~Exists(Record.objects.filter(pk=OuterRef("record_id")))).count()
    if orphans:
        yield reason("audit.finding.orphans", count=orphans)
