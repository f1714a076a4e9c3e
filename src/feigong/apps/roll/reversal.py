"""What a record of the audit changed in the roll, and what would put it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from feigong.apps.audit.models import Record
from feigong.apps.roll.models import AreaState, OrganisationState
from feigong.apps.roll.models.dated import NEVER, Dated
from feigong.apps.roll.tree_writing import write_tree
from feigong.apps.roll.writing import Fact, History, Key, Writer, batches, frozen, versions_of
from feigong.core.roll.history import Span, Version, differing

Model = type[Dated]

_TREES = (AreaState, OrganisationState)
_PART = 5000  # keys held in memory at once


def dated_models() -> list[Model]:
    """Every table of dated rows, in every app."""
    return [m for m in apps.get_models() if issubclass(m, Dated)]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a record made different about one thing over a stretch of days; None: nothing held."""

    valid_from: date
    valid_to: date
    before: Fact | None
    after: Fact | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Days on which something else holds by now than the record had written."""

    model: Model
    key: Key
    valid_from: date
    valid_to: date


@dataclass
class Reversal:
    """What to write, and what stands in the way."""

    spans: dict[Model, dict[Key, list[Span[Fact]]]] = field(default_factory=lambda: defaultdict(dict))
    known: dict[Model, History] = field(default_factory=dict)  # as read when it was worked out
    conflicts: list[Conflict] = field(default_factory=list)

    def write(self, writer: Writer) -> int:
        """Write it; what has been hung under something that goes back gets its new path. Returns rows written."""
        rows = sum(writer.write(m, changes, self.known[m]) for m, changes in self.spans.items() if changes)
        for tree in _TREES:
            moved = {key[0]: min(start for start, *_ in spans) for key, spans in self.spans.get(tree, {}).items()}
            rows += _follow(writer, tree, moved)
        return rows


def written(model: Model, record: Record) -> QuerySet[Any]:
    """Rows that a record wrote and did not replace itself."""
    return model.rows.filter(change=record).exclude(ended_by=record)


def superseded(model: Model, record: Record) -> QuerySet[Any]:
    """Rows that a record found and ended."""
    return model.rows.filter(ended_by=record).exclude(change=record)


def touched(model: Model, record: Record) -> set[Key]:
    """The keys a record wrote something about."""
    return _keys(written(model, record)) | _keys(superseded(model, record))


def said_since(model: Model, record: Record) -> set[Key]:
    """Keys of a record about which something has been written since. Of the others all is as the record left it."""
    newer = _keys(model.rows.filter(recorded_to=NEVER, recorded_at__gte=record.at).exclude(change=record))
    ended = _keys(written(model, record).exclude(recorded_to=NEVER))
    return ended | (newer & touched(model, record) if newer else newer)


def _keys(rows: QuerySet[Any]) -> set[Key]:
    return set(rows.order_by().values_list(*rows.model.key_columns()).distinct())


def differences(model: Model, record: Record, keys: Collection[Key]) -> dict[Key, list[Difference]]:
    """What a record made different about these keys."""
    before, after = _histories(superseded(model, record), keys), _histories(written(model, record), keys)
    found: dict[Key, list[Difference]] = {}
    for key in sorted(before.keys() | after.keys(), key=str):
        if stretches := differing(before.get(key, ()), after.get(key, ())):
            found[key] = [Difference(*stretch) for stretch in stretches]
    return found


def _histories(rows: QuerySet[Any], keys: Collection[Key]) -> History:
    found: dict[Key, list[Version[Fact]]] = defaultdict(list)
    for part in batches(rows.model, keys):
        for key, version in versions_of(rows.filter(**part)):
            if key in keys:
                found[key].append(version)
    return found


Read = Callable[[Model, Collection[Key]], History]


def conflicts(read: Read, record: Record) -> list[Conflict]:
    """Stretches on which something else holds by now than the record had written."""
    found: list[Conflict] = []
    for model in dated_models():
        for keys in _parts(said_since(model, record)):
            now = read(model, keys)
            for key, stretches in differences(model, record, keys).items():
                for d in stretches:
                    wrote = [Version(d.valid_from, d.valid_to, d.after)] if d.after is not None else []
                    holds = _within(list(now.get(key, ())), d.valid_from, d.valid_to)
                    found += [Conflict(model, key, f, t) for f, t, *_ in differing(wrote, holds)]
    return found


def put_back(writer: Writer, record: Record) -> int:
    """Write everything as it was before the record, where nothing has been built on it. Returns rows written.

    A part at a time: a record may have written a whole district.
    """
    rows = 0
    moved: dict[Model, dict[int, date]] = defaultdict(dict)
    for model in dated_models():
        for keys in _parts(touched(model, record)):
            found = differences(model, record, keys)
            spans = {key: [(d.valid_from, d.valid_to, _saying(d.before)) for d in ds] for key, ds in found.items()}
            rows += writer.write(model, spans)
            if model in _TREES:
                moved[model] |= {key[0]: min(d.valid_from for d in ds) for key, ds in found.items()}
    return rows + sum(_follow(writer, tree, nodes) for tree, nodes in moved.items())


def _parts(keys: Collection[Key]) -> Iterator[set[Key]]:
    ordered = sorted(keys, key=lambda key: tuple(map(str, key)))
    for at in range(0, len(ordered), _PART):
        yield set(ordered[at : at + _PART])


def _follow(writer: Writer, tree: Any, moved: Mapping[int, date]) -> int:
    """What has been hung under something that goes back gets its new path."""
    return write_tree(writer, tree, {node: [] for node in moved}, min(moved.values())) if moved else 0


def partly(read: Read, record: Record, start: date) -> Reversal:
    """Put back from a day on what still is as the record wrote it, field by field; the rest stays: a conflict each."""
    reversal = Reversal()
    for model in dated_models():
        found = differences(model, record, touched(model, record))
        if not found:
            continue
        now = reversal.known[model] = read(model, found)
        for key, stretches in found.items():
            spans: list[Span[Fact]] = []
            for d in stretches:
                first = max(d.valid_from, start)
                if first >= d.valid_to:
                    continue
                spans.append((first, d.valid_to, _undoing(d)))
                for version in _within(list(now.get(key, ())), first, d.valid_to):
                    if _stays(d, version.fact):
                        reversal.conflicts.append(Conflict(model, key, version.valid_from, version.valid_to))
            if spans:
                reversal.spans[model][key] = spans
    return reversal


def _saying(fact: Fact | None) -> Any:
    return lambda old: fact


def _undoing(d: Difference) -> Any:
    """From what holds now to what holds without the record, as far as nothing newer is said."""

    def holds(old: Fact | None) -> Fact | None:
        if old is None:
            return d.before if d.after is None else None
        if d.after is None:
            return old
        if d.before is None:
            return None if old == d.after else old
        was, wrote = dict(d.before), dict(d.after)
        return frozen({n: was[n] if value == wrote[n] != was[n] else value for n, value in old})

    return holds


def _stays(d: Difference, now: Fact) -> bool:
    """Whether something newer than the record is said, so that what it wrote stays in part."""
    if d.after is None or d.before is None:
        return now != d.after
    was, wrote = dict(d.before), dict(d.after)
    return any(value not in (wrote[n], was[n]) for n, value in now if wrote[n] != was[n] and n != "path")


def _within(versions: list[Version[Fact]], start: date, end: date) -> list[Version[Fact]]:
    """The parts of these versions that lie in a span."""
    return [
        Version(max(v.valid_from, start), min(v.valid_to, end), v.fact)
        for v in versions
        if v.valid_from < end and v.valid_to > start
    ]
