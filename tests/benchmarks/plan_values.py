"""Plans of a few branches, for tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from feigong.core.coverage.values import Basis, Change, CoveragePlan, Decision, JointBranch, Outcome, Proof, Seat
from feigong.core.reasons import Reason


def branch(key: str, *usccs: str) -> JointBranch:
    seats = tuple(Seat(uscc, 2, 0.0) for uscc in usccs)
    return JointBranch(key, usccs[0], 5, 1, Basis.AREA, seats, 0.9)


def plan_of(
    *branches: JointBranch, touched: Collection[str] = (), changed: Mapping[str, Reason] | None = None
) -> CoveragePlan:
    """Decisions for a1, a2, b1, … c2; an enterprise that was touched has another fingerprint."""
    decisions = tuple(
        Decision(f"{a}{k}", Outcome.JOINT, (), 2, 0, None, True, fingerprint="new" if f"{a}{k}" in touched else "same")
        for a in "abc"
        for k in (1, 2)
    )
    changes = tuple(Change(key, (), True, (why,)) for key, why in (changed or {}).items())
    proof = Proof(6, 12, 12, 12, 0.0, 0.0, 0.0, 0.0, True)
    return CoveragePlan(date(2026, 10, 31), decisions, branches, proof, changes=changes)
