"""Compile the kernels once, so that the first plan starts at once: ``python -m feigong.core.coverage.joint.warm``."""

from __future__ import annotations

import numpy as np

from feigong.core.coverage.joint.arrays import ArrayPlan, plan_joint_arrays
from feigong.core.work import NoLimit, Serial, silent


def warm() -> ArrayPlan:
    """Plan a small made-up town, dense enough that every kernel is called."""
    rng = np.random.default_rng(3)
    n = 160
    return plan_joint_arrays(
        rng.uniform(0, 3000, n),
        rng.uniform(0, 3000, n),
        rng.integers(1, 3, n),
        rng.integers(1, 1 << 6, n),
        np.zeros(n, np.int64),
        travel_m=1500.0,
        least=3,
        most=5,
        seed=1,
        stop=NoLimit(),
        progress=silent,
        executor=Serial(),
        gap_goal=0.0,
    )


if __name__ == "__main__":
    warm()
