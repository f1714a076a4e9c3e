"""Cuts: what no choice of whole groups can break, though a fractional one can.

A cut takes some items, each with a weight, and a divisor. A group counts the weights of its items in the cut,
divided and rounded down; all chosen groups together count no more than the weight of the whole cut, divided and
rounded down (Chvátal-Gomory). Divisor 2 with weight 1: of all groups that hold two of three items, one can be
chosen. Divisor 3 with members as weight: items with 10 members make at most 3 groups."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from feigong.core.coverage.joint.values import Bools, Floats, Index, Ints

HALVES, THIRDS = 2, 3
WIDEST_CUT = 240


class Cuts(NamedTuple):
    """``items`` (k, WIDEST_CUT) packed to the front and padded with -1; ``divisor`` (k,) HALVES or THIRDS."""

    items: Index
    divisor: Ints


def no_cuts() -> Cuts:
    return Cuts(np.zeros((0, WIDEST_CUT), np.int32), np.zeros(0, np.int64))


def pick(cuts: Cuts, which: Bools | Ints) -> Cuts:
    return Cuts(np.ascontiguousarray(cuts.items[which]), np.ascontiguousarray(cuts.divisor[which]))


def stack(first: Cuts, second: Cuts) -> Cuts:
    return Cuts(np.concatenate([first.items, second.items]), np.concatenate([first.divisor, second.divisor]))


def right_hand_sides(cuts: Cuts, members: Ints) -> Floats:
    weight = np.where(cuts.divisor[:, None] == THIRDS, np.r_[members, 0][cuts.items], 1)
    total: Ints = np.where(cuts.items >= 0, weight, 0).sum(1)
    return (total // cuts.divisor).astype(float)
