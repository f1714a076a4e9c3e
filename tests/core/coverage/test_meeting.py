"""When a joint branch meets: as before, else every week, else in one week of the cycle."""

from __future__ import annotations

from feigong.core.coverage.branches import meeting
from feigong.core.coverage.values import Basis, JointBranch


def branch(slot: int, weeks: int) -> JointBranch:
    return JointBranch("k", "h", slot, weeks, Basis.AREA, (), 1.0)


SUNDAY, EVEN_SUNDAY = 1 << 18, 1 << 39
BOTH = SUNDAY | EVEN_SUNDAY


def test_every_week_comes_before_an_earlier_slot_of_one_week() -> None:
    monday_of_odd_weeks = 1
    assert meeting([BOTH | monday_of_odd_weeks, BOTH | monday_of_odd_weeks], 2) == (18, 1)


def test_one_week_of_the_cycle_where_no_slot_is_free_in_all() -> None:
    assert meeting([BOTH, EVEN_SUNDAY], 2) == (39, 2)


def test_the_slot_in_force_stays_while_all_are_free() -> None:
    wednesday = 1 << 8 | 1 << 29
    assert meeting([BOTH | wednesday], 2, branch(18, 1)) == (18, 1)
    assert meeting([BOTH | wednesday], 2, branch(39, 2)) == (39, 2)
    assert meeting([SUNDAY | wednesday], 2, branch(18, 1)) == (8, 1)
    assert meeting([SUNDAY | wednesday], 2, branch(60, 3)) == (8, 1)
