"""Sets of groups as arrays: rows of items padded with -1, each with its cheapest cost and the seed that gives it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from feigong.core.coverage.joint.block import Block
from feigong.core.coverage.joint.kernels import cost_groups, keys_of
from feigong.core.coverage.joint.values import Bools, Floats, Index, Ints


@dataclass(frozen=True, slots=True)
class Columns:
    """k groups: ``items`` (k, width), ``cost`` (k,), ``seed`` (k,), ``key`` (k,) the same for the same set of
    items."""

    items: Index
    cost: Floats
    seed: Index
    key: Ints

    def __len__(self) -> int:
        return len(self.cost)

    def pick(self, which: Bools | Ints) -> Columns:
        return Columns(self.items[which], self.cost[which], self.seed[which], self.key[which])


def words_for(n: int) -> Ints:
    """A random word for each item, always the same, so that keys are the same in every run."""
    return np.random.default_rng(n).integers(-(2**62), 2**62, n, dtype=np.int64)


def make_columns(block: Block, items: Index, words: Ints) -> Columns:
    """Cost the groups by their best seed and drop sets that stand twice or cannot meet. Sorted by key."""
    key = keys_of(items, words)
    key, first = np.unique(key, return_index=True)
    items = np.ascontiguousarray(items[first])
    cost, seed = np.empty(len(items)), np.empty(len(items), np.int32)
    cost_groups(block, items, cost, seed)
    fine = np.isfinite(cost)
    return Columns(items[fine], cost[fine], seed[fine], key[fine])


def stack(first: Columns, second: Columns) -> Columns:
    """Both, one after the other."""
    return Columns(
        np.concatenate([first.items, second.items]),
        np.concatenate([first.cost, second.cost]),
        np.concatenate([first.seed, second.seed]),
        np.concatenate([first.key, second.key]),
    )


def join(first: Columns, second: Columns) -> Columns:
    """Both, each set once. Sorted by key."""
    both = stack(first, second)
    return both.pick(np.unique(both.key, return_index=True)[1])


def kept_columns(block: Block, words: Ints) -> Columns:
    return make_columns(block, block.kept_items, words)


def columns_of_labels(block: Block, label: Index, words: Ints) -> Columns:
    """The groups of a labelling (n,), -1: none."""
    index = np.flatnonzero(label >= 0)
    index = index[np.argsort(label[index], kind="stable")]
    start = np.flatnonzero(np.r_[True, np.diff(label[index]) != 0]) if len(index) else np.zeros(0, int)
    row = np.cumsum(np.r_[0, np.diff(label[index]) != 0]) if len(index) else np.zeros(0, int)
    items = np.full((len(start), block.width), -1, np.int32)
    if len(index):
        items[row, np.arange(len(index)) - start[row]] = index
    return make_columns(block, items, words)


def labels_of_columns(n: int, columns: Columns) -> Index:
    label = np.full(n, -1, np.int32)
    for k, row in enumerate(columns.items):
        label[row[row >= 0]] = k
    return label


def uncovered(n: int, columns: Columns) -> Bools:
    out = np.ones(n, np.bool_)
    out[columns.items[columns.items >= 0]] = False
    return out


def value_of(block: Block, columns: Columns) -> float:
    """Cost of a solution: its groups and what is left out."""
    return float(columns.cost.sum() + block.cap[uncovered(len(block.members), columns)].sum())
