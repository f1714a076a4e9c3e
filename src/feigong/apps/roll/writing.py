"""How dated rows are written: `Writer` puts facts from a day on, ends them, and takes a whole change back.

Every write happens inside `audit.recording.changing`; the writer notes an entry for each row it touches.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from feigong.apps.audit.recording import Change
from feigong.apps.roll.models.dated import NEVER, Dated
from feigong.apps.seals.fields import keeping_seals, without_seals
from feigong.core.roll.history import FOREVER, Amendment, Version, amend

_BATCH = 1000

Key = tuple[Any, ...]
Facts = Mapping[str, Any]
_Fact = tuple[tuple[str, Any], ...]


def _frozen(facts: Facts) -> _Fact:
    return tuple(sorted(facts.items()))


class Writer:
    """Writes dated rows of one change. ``put`` and ``end`` take attnames (``area_id``)."""

    def __init__(self, change: Change) -> None:
        self.change = change

    def put(
        self, model: type[Dated], key: Key, facts: Facts, start: date, end: date = FOREVER, *, create: bool = True
    ) -> int:
        """Let ``facts`` hold from ``start`` on; fields not given keep what they were. Returns rows written.

        Days on which nothing held get a row with defaults for the rest, unless ``create`` is False.
        """
        return self.put_many(model, [(key, facts)], start, end, create=create)

    def put_many(
        self,
        model: type[Dated],
        items: Iterable[tuple[Key, Facts]],
        start: date,
        end: date = FOREVER,
        *,
        create: bool = True,
    ) -> int:
        wanted = dict(items)
        defaults = {f.attname: f.get_default() for f in model._meta.concrete_fields if f.attname in model.facts()}

        def change_of(key: Key) -> Callable[[_Fact | None], _Fact | None]:
            new = wanted[key]

            def holds(old: _Fact | None) -> _Fact | None:
                if old is None and not create:
                    return None
                if old is None:
                    return _frozen({**defaults, **new})
                was = dict(old)
                return _frozen({**was, **keeping_seals(model, was, new)})

            return holds

        return self._amend(model, wanted, start, end, change_of)

    def end(self, model: type[Dated], keys: Iterable[Key], start: date, end: date = FOREVER) -> int:
        """Let nothing hold for these keys from ``start`` on."""
        return self._amend(model, list(keys), start, end, lambda key: lambda old: None)

    def _amend(
        self,
        model: type[Dated],
        keys: Iterable[Key],
        start: date,
        end: date,
        change_of: Callable[[Key], Callable[[_Fact | None], _Fact | None]],
    ) -> int:
        keys = list(keys)
        history = self._history(model, keys)
        amendments = [(key, amend(history.get(key, ()), start, end, change_of(key))) for key in keys]
        self._supersede(model, [v.row for _, a in amendments for v in a.superseded if v.row is not None])
        rows = [self._row(model, key, v) for key, a in amendments for v in a.added]
        created = model.rows.bulk_create(rows, batch_size=_BATCH)
        self._note(model, amendments, created)
        return len(created)

    def _history(self, model: type[Dated], keys: list[Key]) -> dict[Key, list[Version[_Fact]]]:
        """What is known now about these keys, locked until the change ends."""
        columns, facts = model.key_columns(), model.facts()
        found: dict[Key, list[Version[_Fact]]] = defaultdict(list)
        wanted = set(keys)
        first = sorted({key[0] for key in keys}, key=str)
        for at in range(0, len(first), _BATCH):
            rows = model.rows.filter(recorded_to=NEVER, **{f"{columns[0]}__in": first[at : at + _BATCH]})
            for row in rows.select_for_update().values("id", "valid_from", "valid_to", *columns, *facts):
                key = tuple(row[c] for c in columns)
                if key in wanted:
                    fact = _frozen({name: row[name] for name in facts})
                    found[key].append(Version(row["valid_from"], row["valid_to"], fact, row["id"]))
        return found

    def _row(self, model: type[Dated], key: Key, version: Version[_Fact]) -> Dated:
        return model(
            **dict(zip(model.key_columns(), key, strict=True)),
            **dict(version.fact),
            valid_from=version.valid_from,
            valid_to=version.valid_to,
            recorded_at=self.change.at,
            change=self.change.record,
        )

    def _supersede(self, model: type[Dated], ids: list[int]) -> None:
        for at in range(0, len(ids), _BATCH):
            model.rows.filter(pk__in=ids[at : at + _BATCH]).update(
                recorded_to=self.change.at, ended_by=self.change.record
            )

    def _note(
        self, model: type[Dated], amendments: list[tuple[Key, Amendment[_Fact]]], created: list[Dated]
    ) -> None:
        """An entry for each row superseded (before) or written (after), with its span."""
        label = model._meta.label_lower
        for key, amendment in amendments:
            for version in amendment.superseded:
                self.change.note(label, version.row or 0, _shown(model, key, version), None)
        added = ((key, version) for key, amendment in amendments for version in amendment.added)
        for row, (key, version) in zip(created, added, strict=True):
            self.change.note(label, row.pk, None, _shown(model, key, version))


def shown(model: type[Dated], key: Key, facts: Facts, valid_from: date, valid_to: date) -> dict[str, Any]:
    """A row as the audit notes it. Sealed texts stand as markers: a record is never altered, a seal may be renewed."""
    noted = without_seals(model, facts, "/".join(map(str, key)))
    span = {"valid_from": valid_from, "valid_to": valid_to}
    return {**dict(zip(model.key_columns(), key, strict=True)), **noted, **span}


def _shown(model: type[Dated], key: Key, version: Version[_Fact]) -> dict[str, Any]:
    return shown(model, key, dict(version.fact), version.valid_from, version.valid_to)
