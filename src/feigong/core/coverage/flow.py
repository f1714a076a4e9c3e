"""Minimum-cost flow by the network simplex method, compiled; exact in whole numbers.

The tree of basic arcs is strongly feasible (Cunningham 1976), so degenerate pivots cannot cycle. Entering arcs are
searched in blocks (Grigoriadis 1986). The caller gives the first tree and may append arcs and go on from the tree
reached.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from feigong.core.coverage.joint.values import Ints

LOWER, TREE, UPPER = 1, 0, -1


@dataclass
class Network:
    """Arcs with whole-number costs and capacities, and the state of the method. Node ``root`` takes in all flow."""

    source: Ints
    target: Ints
    cost: Ints
    capacity: Ints
    flow: Ints
    state: Ints  # LOWER, TREE or UPPER
    parent: Ints  # of each node, -1 at the root
    arc: Ints  # tree arc to the parent
    depth: Ints
    price: Ints  # a tree arc's cost + price[source] - price[target] is 0

    def append(self, source: Ints, target: Ints, cost: Ints, capacity: Ints) -> None:
        """More arcs, without flow."""
        nothing = np.zeros(len(source), np.int64)
        self.source = np.concatenate([self.source, source])
        self.target = np.concatenate([self.target, target])
        self.cost = np.concatenate([self.cost, cost])
        self.capacity = np.concatenate([self.capacity, capacity])
        self.flow = np.concatenate([self.flow, nothing])
        self.state = np.concatenate([self.state, nothing + LOWER])

    def improve(self) -> int:
        """Pivot until no arc can improve the flow; how many pivots it took."""
        return int(
            _simplex(
                self.source,
                self.target,
                self.cost,
                self.capacity,
                self.flow,
                self.state,
                self.parent,
                self.arc,
                self.depth,
                self.price,
            )
        )


@njit(cache=True, nogil=True)
def _children(parent, first, after, before):  # type: ignore[no-untyped-def]
    """Children of each node as doubly linked lists."""
    first[:] = -1
    for node in range(len(parent)):
        if parent[node] >= 0:
            _adopt(node, parent[node], first, after, before)


@njit(cache=True, nogil=True)
def _adopt(node, parent, first, after, before):  # type: ignore[no-untyped-def]
    after[node] = first[parent]
    before[node] = -1
    if first[parent] >= 0:
        before[first[parent]] = node
    first[parent] = node


@njit(cache=True, nogil=True)
def _leave(node, parent, first, after, before):  # type: ignore[no-untyped-def]
    if before[node] >= 0:
        after[before[node]] = after[node]
    else:
        first[parent] = after[node]
    if after[node] >= 0:
        before[after[node]] = before[node]


@njit(cache=True, nogil=True)
def _entering(source, target, cost, state, price, at, block):  # type: ignore[no-untyped-def]
    """The best arc of the first block that has one that improves, from position ``at``; -1 if none has."""
    count = len(source)
    best, least, left = -1, 0, block
    for step in range(count):
        e = at + step
        if e >= count:
            e -= count
        reduced = state[e] * (cost[e] + price[source[e]] - price[target[e]])
        if reduced < least:
            best, least = e, reduced
        left -= 1
        if left == 0:
            if best >= 0:
                return best, e
            left = block
    return best, at


@njit(cache=True, nogil=True)
def _simplex(source, target, cost, capacity, flow, state, parent, arc, depth, price):  # type: ignore[no-untyped-def]
    nodes = len(parent)
    first = np.empty(nodes, np.int64)
    after = np.full(nodes, -1, np.int64)
    before = np.full(nodes, -1, np.int64)
    _children(parent, first, after, before)
    stack = np.empty(nodes, np.int64)
    block = max(10, int(np.sqrt(len(source))))
    at, pivots = 0, 0
    while True:
        enter, at = _entering(source, target, cost, state, price, at, block)
        if enter < 0:
            return pivots
        pivots += 1
        head, tail = (source[enter], target[enter]) if state[enter] == 1 else (target[enter], source[enter])
        a, b = head, tail
        while a != b:  # the lowest node above both
            if depth[a] >= depth[b]:
                a = parent[a]
            else:
                b = parent[b]
        join = a
        # How much can flow round, and which arc stops it: the last one on the way round keeps the tree strongly
        # feasible.
        delta, out, side = capacity[enter], -1, 0
        node = head
        while node != join:
            e = arc[node]
            free = flow[e] if source[e] == node else capacity[e] - flow[e]
            if free < delta:
                delta, out, side = free, node, 1
            node = parent[node]
        node = tail
        while node != join:
            e = arc[node]
            free = capacity[e] - flow[e] if source[e] == node else flow[e]
            if free <= delta:
                delta, out, side = free, node, 2
            node = parent[node]
        if delta > 0:
            flow[enter] += state[enter] * delta
            node = head
            while node != join:
                e = arc[node]
                flow[e] += -delta if source[e] == node else delta
                node = parent[node]
            node = tail
            while node != join:
                e = arc[node]
                flow[e] += delta if source[e] == node else -delta
                node = parent[node]
        if side == 0:
            state[enter] = -state[enter]
            continue
        gone = arc[out]
        state[gone] = 1 if flow[gone] == 0 else -1
        inner, outer = (head, tail) if side == 1 else (tail, head)
        # Hang the part below the leaving arc from the entering one: turn the way from `inner` up to `out` round.
        child, above, link = inner, outer, enter
        while True:
            up, up_arc = parent[child], arc[child]
            _leave(child, up, first, after, before)
            parent[child], arc[child] = above, link
            _adopt(child, above, first, after, before)
            if child == out:
                break
            above, link, child = child, up_arc, up
        state[enter] = 0
        if source[enter] == inner:
            change = price[outer] - cost[enter] - price[inner]
        else:
            change = price[outer] + cost[enter] - price[inner]
        top = 1
        stack[0] = inner
        while top > 0:
            top -= 1
            node = stack[top]
            price[node] += change
            depth[node] = depth[parent[node]] + 1
            child = first[node]
            while child >= 0:
                stack[top] = child
                top += 1
                child = after[child]
