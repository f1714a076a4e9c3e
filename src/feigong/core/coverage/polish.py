"""Among plans of the same cost and coverage, prefer the one whose branches likely survive.

Where addresses give distances by steps (same street, same area) many plans cost exactly the same. Relocating and
exchanging enterprises between groups never raises the cost here and never uncovers anybody; it raises the product of
the chances that the branches still have their least number of members after a year. Groups kept from the plan in
force are not touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import log

from feigong.core.coverage.joint.values import Group
from feigong.core.coverage.pool import Pool, slices
from feigong.core.coverage.survival import survival

ROUNDS = 4
EPS = 1e-9


class _State:
    """Groups that may be changed, with what moves need."""

    def __init__(self, pool: Pool, groups: Sequence[Group], turnover: float) -> None:
        self.pool = pool
        self.turnover = turnover
        kept = {(k.seed, k.items) for k in pool.kept}
        self.fixed = [g for g in groups if (g.seed, tuple(sorted(g.items))) in kept]
        self.free = [g for g in groups if (g.seed, tuple(sorted(g.items))) not in kept]
        self.seed = [g.seed for g in self.free]
        self.owner = [pool.seed_item[g.seed] for g in self.free]
        self.guests = [sorted(i for i in g.items if i != o) for g, o in zip(self.free, self.owner, strict=True)]
        instance = pool.instance
        self.size = instance.members
        self.masks = [int(m) for m in instance.masks]
        cuts = slices(instance)
        self.arcs = [
            dict(zip(instance.arc_item[cuts[s]].tolist(), instance.arc_cost[cuts[s]].tolist(), strict=True))
            for s in self.seed
        ]
        self.cheap: dict[int, list[int]] = defaultdict(list)  # item -> groups that reach it
        for number, arcs in enumerate(self.arcs):
            for item in arcs:
                self.cheap[item].append(number)

    def members(self, number: int) -> int:
        return int(self.size[self.owner[number]] + sum(int(self.size[i]) for i in self.guests[number]))

    def log_chance(self, members: int) -> float:
        chance = survival(members, self.turnover, self.pool.instance.least)
        return log(chance) if chance > 0 else -1e6

    def mask(self, number: int, without: int | None = None) -> int:
        mask = self.masks[self.owner[number]]
        for item in self.guests[number]:
            if item != without:
                mask &= self.masks[item]
        return mask


def polish(pool: Pool, groups: Sequence[Group], turnover: float) -> tuple[Group, ...]:
    """Raise the chances of survival at no cost. Deterministic; a few sweeps over items and the groups that reach them.

    Parameters
    ----------
    pool
        The pool and its instance.
    groups
        A solution.
    turnover
        Share of members who leave in a year.

    Returns
    -------
    tuple of Group
        Groups that cover the same items at the same cost or less.
    """
    state = _State(pool, groups, turnover)
    for _ in range(ROUNDS):
        if not sum(_improve(state, number) for number in range(len(state.free))):
            break
    made = (_group(state, number) for number in range(len(state.free)) if state.guests[number])
    return tuple(sorted((*state.fixed, *made), key=lambda g: g.items))


def _improve(state: _State, number: int) -> bool:
    """The first improving move of each guest of a group."""
    moved = False
    for item in list(state.guests[number]):
        for other in state.cheap[item]:
            if (
                other != number
                and item in state.guests[number]
                and (_relocate(state, number, other, item) or _swap(state, number, other, item))
            ):
                moved = True
                break
    return moved


def _relocate(state: _State, number: int, other: int, item: int) -> bool:
    here, there, size = state.members(number), state.members(other), int(state.size[item])
    if (
        len(state.guests[other]) >= state.pool.instance.seed_room[state.seed[other]]
        or here - size < state.pool.instance.least
    ):
        return False
    if len(state.guests[number]) == 1 and state.owner[number] < state.pool.n:
        return False  # one enterprise alone is no joint branch
    if state.arcs[other][item] > state.arcs[number][item] + EPS or not state.mask(other) & state.masks[item]:
        return False
    gain = (
        state.log_chance(here - size)
        + state.log_chance(there + size)
        - state.log_chance(here)
        - state.log_chance(there)
    )
    if gain <= EPS:
        return False
    state.guests[number].remove(item)
    state.guests[other] = sorted((*state.guests[other], item))
    return True


def _swap(state: _State, number: int, other: int, item: int) -> bool:
    """Exchange with a guest of another size: equal sizes change nothing."""
    here, there, size = state.members(number), state.members(other), int(state.size[item])
    for guest in state.guests[other]:
        change = int(state.size[guest]) - size
        if change == 0 or guest not in state.arcs[number]:
            continue
        cost = state.arcs[other][item] + state.arcs[number][guest] - state.arcs[number][item] - state.arcs[other][guest]
        if cost > EPS or min(here + change, there - change) < state.pool.instance.least:
            continue
        if not (state.mask(number, item) & state.masks[guest] and state.mask(other, guest) & state.masks[item]):
            continue
        gain = (
            state.log_chance(here + change)
            + state.log_chance(there - change)
            - state.log_chance(here)
            - state.log_chance(there)
        )
        if gain > EPS:
            state.guests[number] = sorted((set(state.guests[number]) - {item}) | {guest})
            state.guests[other] = sorted((set(state.guests[other]) - {guest}) | {item})
            return True
    return False


def _group(state: _State, number: int) -> Group:
    mask = state.mask(number)
    slot = state.free[number].slot
    if not mask >> slot & 1:
        slot = (mask & -mask).bit_length() - 1
    arcs = state.arcs[number]
    cost = float(state.pool.instance.seed_cost[state.seed[number]]) + sum(arcs[i] for i in state.guests[number])
    return Group(state.seed[number], (state.owner[number], *state.guests[number]), slot, cost)
