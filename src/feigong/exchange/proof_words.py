"""How good the plan is, in one sentence that a clerk understands."""

from __future__ import annotations

from feigong.core.coverage.values import CoveragePlan
from feigong.wording import Words

SAME_M = 0.5  # cost and travel that differ by less are shown as one figure


def proof_sentence(plan: CoveragePlan, words: Words) -> str:
    """Coverage against its bound, then travel (or cost, where affinity and prices count) against its bound."""
    return words.word("proof.both", coverage=coverage_clause(plan, words), travel=travel_clause(plan, words))


def coverage_clause(plan: CoveragePlan, words: Words) -> str:
    proof = plan.proof
    if proof.bound_covered == 0 and proof.covered_members == 0:
        return words.word("proof.nothing_to_cover" if proof.pool_members == 0 else "proof.none_can_meet")
    if proof.covered_members >= proof.bound_covered:
        return words.word("proof.all_covered", covered=proof.covered_members, pool=proof.pool_members)
    return words.word(
        "proof.some_covered", covered=proof.covered_members, bound=proof.bound_covered, pool=proof.pool_members
    )


def travel_clause(plan: CoveragePlan, words: Words) -> str:
    """Empty where there is no branch to travel to."""
    proof = plan.proof
    if not plan.branches and proof.covered_members == 0:
        return ""
    pure = abs(proof.cost_m - proof.travel_m) < SAME_M
    if proof.optimal or proof.cost_m - proof.bound_cost_m < SAME_M:
        code = "proof.travel_optimal" if pure else "proof.cost_optimal"
        return words.word(code, travel=words.distance(proof.travel_m))
    if proof.bound_cost_m <= 0:  # stopped before there was a bound worth saying
        return words.word("proof.travel_open", travel=words.distance(proof.travel_m))
    if not pure:  # weighted lengths are no kilometres that anybody walks: only how far from the best
        gap = words.percent(proof.gap, 1 if proof.gap >= 0.001 else 2)
        return words.word("proof.cost_gap", travel=words.distance(proof.travel_m), gap=gap)
    # As few digits as tell the plan and its bound apart.
    apart = (n for n in (1, 2) if words.distance(proof.cost_m, n) != words.distance(proof.bound_cost_m, n))
    digits = next(apart, 3)
    return words.word(
        "proof.travel_gap",
        travel=words.distance(proof.travel_m, digits),
        bound=words.distance(proof.bound_cost_m, digits),
        gap=words.percent(proof.gap, 1 if proof.gap >= 0.001 else 2),
    )
