"""The instances are the ones everybody measured on; the scorer lets no broken group pass."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from numpy import array

from benchmarks.instances import Instance, Score, make_instance, score


def town() -> Instance:
    """Six enterprises in a line, 1 km apart; the last in another area."""
    return {
        "x": np.arange(6) * 1000.0,
        "y": np.zeros(6),
        "members": array([1, 1, 1, 2, 1, 2]),
        "slots": array([3, 3, 3, 2, 6, 6]),
        "area": array([0, 0, 0, 0, 0, 1]),
    }


def scored(group: list[int], host: list[int], slot: list[int], **limits: float) -> Score:
    return score(town(), array(group), array(host), array(slot), **limits)  # type: ignore[arg-type]


def test_a_seed_gives_the_same_instance_for_ever() -> None:
    arrays = make_instance(500, seed=3, mean_area=100)
    whole = hashlib.sha256(b"".join(np.ascontiguousarray(arrays[k]).tobytes() for k in sorted(arrays)))
    assert whole.hexdigest()[:16] == "a5c57119a9969b5f"
    assert set(arrays["members"].tolist()) == {1, 2}
    assert ((arrays["slots"] > 0) & (arrays["slots"] < 1 << 21)).all()


def test_a_good_group_counts_with_its_members_and_travel() -> None:
    good = scored([7, 7, 7, -1, -1, -1], [1, 1, 1, -1, -1, -1], [0, 0, 0, -1, -1, -1])
    assert good == Score(groups=1, broken=0, covered=3, total=8, travel_km=2.0)
    assert good.covered_pct == 37.5


@pytest.mark.parametrize(
    ("why", "group", "host", "slot"),
    [
        ("two members", [0, 0, -1, -1, -1, -1], [0, 0, -1, -1, -1, -1], [0, 0, -1, -1, -1, -1]),
        ("no common slot", [-1, 0, 0, 0, -1, -1], [-1, 2, 2, 2, -1, -1], [-1, 0, 0, 0, -1, -1]),
        ("slot of one differs", [0, 0, 0, -1, -1, -1], [1, 1, 1, -1, -1, -1], [0, 0, 1, -1, -1, -1]),
        ("no such slot", [0, 0, 0, -1, -1, -1], [1, 1, 1, -1, -1, -1], [21, 21, 21, -1, -1, -1]),
        ("negative slot", [0, 0, 0, -1, -1, -1], [1, 1, 1, -1, -1, -1], [-1, -1, -1, -1, -1, -1]),
        ("host outside the group", [0, 0, 0, -1, -1, -1], [3, 3, 3, -1, -1, -1], [1, 1, 1, -1, -1, -1]),
        ("two hosts", [0, 0, 0, -1, -1, -1], [1, 1, 2, -1, -1, -1], [0, 0, 0, -1, -1, -1]),
        ("no such host", [0, 0, 0, -1, -1, -1], [9, 9, 9, -1, -1, -1], [0, 0, 0, -1, -1, -1]),
        ("too far", [0, -1, -1, -1, 0, -1], [0, -1, -1, -1, 0, -1], [1, -1, -1, -1, 1, -1]),
        ("two areas", [-1, -1, -1, -1, 0, 0], [-1, -1, -1, -1, 4, 4], [-1, -1, -1, -1, 1, 1]),
        ("one enterprise", [-1, -1, -1, 0, -1, -1], [-1, -1, -1, 3, -1, -1], [-1, -1, -1, 1, -1, -1]),
    ],
)
def test_a_broken_group_counts_for_nothing(why: str, group: list[int], host: list[int], slot: list[int]) -> None:
    found = scored(group, host, slot)
    assert (found.groups, found.broken, found.covered, found.travel_km) == (1, 1, 0, 0.0), why


def test_limits_are_the_callers() -> None:
    five = [0, 0, 0, 0, 0, -1], [2, 2, 2, 2, 2, -1], [1, 1, 1, 1, 1, -1]
    assert scored(*five).broken == 0
    assert scored(*five, most=4).broken == 1
    assert scored(*five, travel=1999.0).broken == 1
    assert scored(*five, travel=2000.0).broken == 0
    assert scored(*five, least=7).broken == 1


def test_good_and_broken_groups_are_told_apart() -> None:
    mixed = scored([5, 5, 5, 2, 2, -1], [0, 0, 0, 3, 3, -1], [1, 1, 1, 1, 1, -1])
    assert (mixed.groups, mixed.broken, mixed.covered, mixed.travel_km) == (2, 0, 6, 4.0)
    mixed = scored([5, 5, 5, 2, 2, -1], [0, 0, 0, 3, 3, -1], [1, 1, 1, 0, 0, -1])
    assert (mixed.groups, mixed.broken, mixed.covered, mixed.travel_km) == (2, 1, 3, 3.0)


def test_no_groups_at_all() -> None:
    assert scored([-1] * 6, [-1] * 6, [-1] * 6) == Score(0, 0, 0, 8, 0.0)
