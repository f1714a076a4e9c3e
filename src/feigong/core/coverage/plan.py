"""The entry: a roll and a district's parameters in, the coverage plan out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from feigong.core.coverage.joint.solve import solve_joint
from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.planner import Request, carry_out
from feigong.core.coverage.values import CoveragePlan
from feigong.core.coverage.wishes import Wish
from feigong.core.roll.values import Roll
from feigong.core.work import Executor, NoLimit, Progress, Serial, Stop, silent


def plan_coverage(
    roll: Roll,
    parameters: CoverageParameters,
    *,
    on: date,
    previous: CoveragePlan | None = None,
    wishes: Sequence[Wish] = (),
    hold_rest: bool = False,
    seed: int = 0,
    stop: Stop = NoLimit(),  # noqa: B008 - frozen, without state
    progress: Progress = silent,
    executor: Executor = Serial(),  # noqa: B008 - without state
) -> CoveragePlan:
    """Say for every enterprise of the roll how it is to be covered.

    Parameters
    ----------
    roll
        The roll on the day. The order of its rows changes nothing.
    parameters
        What the district has set; lengths in metres.
    on
        The day the plan is made for. Members who joined later do not count yet.
    previous
        The plan in force. Its joint branches stay as they are unless changing them pays ``change_price_m``; officers
        stay unless that costs more than ``officer_change_price_m``.
    wishes
        Changes by hand to the plan in force. What they ask for is held; bounds are of plans that hold it too.
    hold_rest
        Other joint branches in force stay, but for as many as the wishes themselves altered: for a change by hand,
        where nobody asked for any other.
    seed
        Same seed, roll and work budget: same plan.
    stop
        When to end with the best plan so far; its gap to the proven bound is in the plan either way.
    progress, executor
        Who is told how far it is, and who carries out independent parts.

    Returns
    -------
    CoveragePlan
        One decision for every enterprise that is neither dormant nor closed, joint branches with proof, officers,
        changes.

    Raises
    ------
    FeigongError
        ``error.wish_impossible`` where a wished branch breaks a rule; `checking.check_wish` says beforehand which.

    Notes
    -----
    Party Constitution Art. 30 (three full members), Branch Regulation (2018, trial) Art. 5 (joint branches); figures
    are parameters with their sources in ``feigong/data``.
    """
    request = Request(
        parameters, previous, seed, stop, progress, executor, solve_joint, tuple(wishes), hold_rest
    )
    return carry_out(roll, on, request)
