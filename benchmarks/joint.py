"""Plan an instance given as arrays: ``python -m benchmarks.joint --input I.npz --output R.npz``.

Reads ``x``, ``y``, ``members``, ``slots``, ``area`` (see `benchmarks.instances`); pure travel on the area basis. Writes
``group``, ``host``, ``slot`` (-1 where an enterprise is in no group), ``bound_covered`` (no plan covers more members)
and ``bound_travel_m`` (no plan covering at least as many members travels less).
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.arrays import BadInputError, read_instance, write_arrays
from benchmarks.instances import Instance, score
from feigong.cli.deadline import Deadline
from feigong.core.coverage.joint.arrays import ArrayPlan, plan_joint_arrays
from feigong.core.errors import FeigongError
from feigong.core.work import NoLimit, Step, Stop, WorkBudget
from feigong.exchange.executors import open_executor

LARGE, LARGE_S = 200_000, 1320 / 1e6  # from so many enterprises on, 22 minutes a million unless told otherwise
EACH_S = 1.0  # progress lines come no faster


class Lines:
    """Progress as lines on standard error: what is being done, how far, what was reached."""

    def __init__(self) -> None:
        self.begun = self.last = time.perf_counter()

    def __call__(self, step: Step) -> None:
        now = time.perf_counter()
        if now - self.last < EACH_S and step.done < step.total:
            return
        self.last = now
        reached = "  ".join(f"{name} {_short(value)}" for name, value in step.reached.items())
        line = f"[{now - self.begun:7.1f} s] {step.stage} {step.done}/{step.total}  {reached}"
        print(line, file=sys.stderr, flush=True)


def _short(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit codes: 0 planned, 1 the plan fails its own scorer, 2 bad input."""
    options = _options(arguments)
    try:
        instance = read_instance(options.input)
        if not options.output.resolve().parent.is_dir():
            raise BadInputError(f"{options.output}: no such folder")
        begun = time.perf_counter()
        plan = _plan(instance, options)
        seconds = time.perf_counter() - begun
        write_arrays(options.output, _result(plan))
    except (BadInputError, FeigongError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    summary = _summary(instance, plan, options, seconds)
    print(json.dumps(summary))
    return 1 if summary["broken"] else 0


def _plan(instance: Instance, options: argparse.Namespace) -> ArrayPlan:
    with open_executor(options.workers, options.cluster) as executor:
        return plan_joint_arrays(
            instance["x"],
            instance["y"],
            instance["members"],
            instance["slots"],
            instance["area"],
            travel_m=options.travel,
            least=options.least,
            most=options.most,
            seed=options.seed,
            stop=_stop(options, len(instance["x"])),
            progress=Lines(),
            executor=executor,
            gap_goal=options.goal,
        )


def _stop(options: argparse.Namespace, enterprises: int) -> Stop:
    if options.work is not None:
        return WorkBudget(options.work)
    if options.time_limit is None and enterprises < LARGE:
        return NoLimit()
    return Deadline(options.time_limit or LARGE_S * enterprises, workers=options.workers)


def _result(plan: ArrayPlan) -> Instance:
    return {
        "group": np.asarray(plan.group, np.int64),
        "host": np.asarray(plan.host, np.int64),
        "slot": np.asarray(plan.slot, np.int64),
        "bound_covered": np.asarray(plan.bound_covered, np.int64),
        "bound_travel_m": np.asarray(plan.bound_travel_m, np.float64),
    }


def _summary(instance: Instance, plan: ArrayPlan, options: argparse.Namespace, seconds: float) -> dict[str, Any]:
    """Figures as the scorer finds them, not as the planner says them; the gap from the scorer's travel."""
    found = score(
        instance, plan.group, plan.host, plan.slot, travel=options.travel, least=options.least, most=options.most
    )
    travel_m = found.travel_km * 1000
    gap = max(0.0, (travel_m - plan.bound_travel_m) / travel_m) if travel_m > 0 else 0.0
    return {
        "enterprises": len(instance["x"]),
        "members": found.total,
        "groups": found.groups,
        "broken": found.broken,
        "covered": found.covered,
        "bound_covered": int(plan.bound_covered),
        "travel_m": round(travel_m, 1),
        "bound_travel_m": round(float(plan.bound_travel_m), 1),
        "gap_pct": round(100 * gap, 4),
        "seconds": round(seconds, 2),
        "seed": options.seed,
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.joint", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--input", type=Path, required=True, help="arrays, as numpy.savez writes them")
    parser.add_argument("--output", type=Path, required=True, help="where the plan goes; written over if it is there")
    parser.add_argument("--travel", type=_metres, default=3000.0, help="farthest to the host in metres (3000)")
    parser.add_argument("--least", type=_at_least(1), default=3, help="members a group needs (3)")
    parser.add_argument("--most", type=_at_least(2), default=5, help="enterprises a group may have (5)")
    stop = parser.add_mutually_exclusive_group()
    stop.add_argument(
        "--time-limit",
        type=_seconds,
        help=f"seconds; the best plan so far is written (none below {LARGE:,} enterprises, above: 22 min a million)",
    )
    stop.add_argument("--work", type=_seconds, help="units of work: the same plan on every machine")
    parser.add_argument("--goal", type=_share, default=0.003, help="stop at this gap to the bound (0.003)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=_at_least(1), default=2, help="threads (2)")
    parser.add_argument("--cluster", help="address of a Dask scheduler, such as tcp://host:8786")
    return parser.parse_args(arguments)


def _metres(text: str) -> float:
    value = float(text)
    if not (value > 0 and math.isfinite(value)):
        raise argparse.ArgumentTypeError(f"must be more than 0 metres, not {text}")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not (value > 0 and math.isfinite(value)):
        raise argparse.ArgumentTypeError(f"must be more than 0, not {text}")
    return value


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError(f"must be from 0 up to 1, not {text}")
    return value


def _at_least(least: int) -> Callable[[str], int]:
    def whole(text: str) -> int:
        value = int(text)
        if value < least:
            raise argparse.ArgumentTypeError(f"must be {least} or more, not {text}")
        return value

    return whole


if __name__ == "__main__":
    sys.exit(main())
