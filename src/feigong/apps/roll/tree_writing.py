"""How the two trees are written: where something hangs changes, and with it the paths of all below, day by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from feigong.apps.roll.models import AreaState, OrganisationState
from feigong.apps.roll.models.dated import NEVER
from feigong.apps.roll.writing import Fact, Key, Writer, putting
from feigong.core.errors import FeigongError
from feigong.core.roll.history import Span, Version, amend_all
from feigong.core.roll.trees import CycleError, DepthError, Edge, OrphanError, Stretch, paths, step

Tree = type[AreaState] | type[OrganisationState]
_PARENT = {AreaState: "parent_id", OrganisationState: "superior_id"}


def write_tree(writer: Writer, model: Tree, changes: Mapping[int, Sequence[Span[Fact]]], start: date) -> int:
    """Write facts of things in a tree, with the paths that follow from where they hang.

    ``changes`` are spans as for `Writer.write`, by identity; none begins before ``start``. Rows without ``path`` may be
    put: it is worked out here.

    Raises
    ------
    FeigongError
        ``error.roll.tree_cycle``, ``error.roll.tree_orphan``, ``error.roll.tree_deep``.
    """
    parent = _PARENT[model]
    _lock_tree(model)
    known = _known(model, parent, start)
    keys: dict[int, Key] = {node: (node,) for node in changes}
    history = writer.history(model, keys.values())
    edges = {node: [Edge(f, t, p) for f, t, p, _ in rows] for node, rows in known.items()}
    for node, spans in changes.items():
        edges[node] = _edges(history.get(keys[node], []), spans, parent)
    affected = _below(known, changes)
    try:
        found = paths(edges, start=start, of=affected)
    except CycleError as error:
        raise FeigongError("error.roll.tree_cycle") from error
    except OrphanError as error:
        raise FeigongError("error.roll.tree_orphan", on=error.args[2].isoformat()) from error
    except DepthError as error:
        raise FeigongError("error.roll.tree_deep") from error
    wanted: dict[Key, list[Span[Fact]]] = {keys[node]: list(spans) for node, spans in changes.items()}
    for node in affected:
        if node in changes or found[node] != _paths_known(known[node], start):
            wanted.setdefault((node,), []).extend(_putting_path(model, s) for s in found[node])
    return writer.write(model, wanted)


def _putting_path(model: Tree, stretch: Stretch) -> Span[Fact]:
    return putting(model, {"path": stretch.path}, stretch.valid_from, stretch.valid_to, create=False)


_Known = list[tuple[date, date, int | None, str]]


def _known(model: Tree, parent: str, start: date) -> dict[int, _Known]:
    """Where everything hangs from a day on: as known now."""
    found: dict[int, _Known] = defaultdict(list)
    rows = model.rows.filter(recorded_to=NEVER, valid_to__gt=start).order_by("valid_from")
    for node, *row in rows.values_list(f"{model.KEY[0]}_id", "valid_from", "valid_to", parent, "path"):
        found[node].append(tuple(row))
    return found


def _paths_known(rows: _Known, start: date) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for begin, end, _, path in rows:
        first = max(begin, start)
        if found and found[-1].valid_to == first and found[-1].path == path:
            found[-1] = Stretch(found[-1].valid_from, end, path)
        else:
            found.append(Stretch(first, end, path))
    return tuple(found)


def _edges(history: list[Version[Fact]], spans: Sequence[Span[Fact]], parent: str) -> list[Edge]:
    """Where a thing will hang once the spans are written; they themselves are left for the writing."""
    amendment = amend_all(history, [(start, end, copy(change)) for start, end, change in spans])
    rows = [v for v in history if v not in amendment.superseded] + list(amendment.added)
    return [Edge(v.valid_from, v.valid_to, dict(v.fact)[parent]) for v in rows]


def _below(known: Mapping[int, _Known], roots: Iterable[int]) -> list[int]:
    """These things, and all that is ever below them."""
    steps = [f"/{step(root)}" for root in roots]
    below = {n for n, rows in known.items() for *_, path in rows if any(s in f"/{path}" for s in steps)}
    return sorted(below | set(roots))


def _lock_tree(model: Tree) -> None:
    """Two moves at once could make a circle that neither sees: the first thing of the tree stands for all of it."""
    if connection.features.has_select_for_update:
        identity: Any = model._meta.get_field(model.KEY[0]).related_model
        list(identity._base_manager.order_by("pk").select_for_update().values_list("pk")[:1])


def anything_below(model: Tree, node: int, on: date) -> Q:
    """Over rows known now: what hangs directly under a thing from a day on."""
    return Q(recorded_to=NEVER, valid_to__gt=on, **{_PARENT[model]: node})
