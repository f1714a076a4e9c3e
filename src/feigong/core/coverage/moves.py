"""Where an enterprise could be moved to by hand: the nearest joint branches of a plan, each judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf

from feigong.core.coverage.checking import broken_by, ground_of, times_of
from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.values import CoveragePlan
from feigong.core.coverage.wishes import Move, Wish, members_of, settle
from feigong.core.reasons import Reason
from feigong.core.roll.values import Roll


@dataclass(frozen=True, slots=True)
class Target:
    """A branch that an enterprise could be moved to. ``metres`` to where it meets, None: unknown; ``times`` at which
    all could meet, as (slot, weeks of its cycle); ``broken``: what the move would break, as `check_wish` says it."""

    branch: str
    metres: float | None
    times: tuple[tuple[int, int], ...]
    broken: tuple[Reason, ...]


def move_targets(
    uscc: str,
    branches: Sequence[str],
    roll: Roll,
    parameters: CoverageParameters,
    *,
    on: date,
    previous: CoveragePlan,
    wishes: Sequence[Wish] = (),
    most: int = 12,
) -> tuple[Target, ...]:
    """Which of these branches an enterprise could be moved to, the nearest first, those of unknown distance last.

    Parameters
    ----------
    uscc
        The enterprise.
    branches
        Keys of branches that come into question; those that it is in already, after ``wishes``, are left out.
    roll, parameters, on, previous, wishes
        As for `check_wish`; the roll holds what is `concerned` by each of the moves.
    most
        How many of the nearest are judged.
    """
    ground = ground_of(roll, parameters, on)
    firms = ground.facts.enterprises
    before = settle(wishes, previous)
    ways: list[tuple[float, str]] = []
    for branch in before.branches:
        if branch.key not in branches or uscc in members_of(branch) or not {uscc, branch.host} <= firms.keys():
            continue
        metres = ground.measure.between(firms[uscc].place, firms[branch.host].place)
        ways.append((inf if metres is None else metres, branch.key))
    found = []
    for metres, key in sorted(ways)[:most]:
        wish = Move(uscc, key)
        after = settle((*wishes, wish), previous).branch(key)
        times = times_of(after, ground) if after is not None else ()
        found.append(Target(key, None if metres == inf else metres, times, broken_by(wish, ground, previous, wishes)))
    return tuple(found)
