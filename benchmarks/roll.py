"""From a district's tables to its plan, measured against what is true: ``python -m benchmarks.roll``.

Makes tables of two months from a real register (see `benchmarks.district`), merges them, plans both months, the second
with the first plan in force, and prints what was found and missed, what the independent scorer says, and the time.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.district import REGISTERS, Truth, make_tables, shared
from feigong.cli.executors import open_executor
from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.score import score_plan
from feigong.core.coverage.values import BranchState, CoveragePlan
from feigong.core.roll.merge.merge import addresses_and_codes, merge_tables
from feigong.core.roll.merge.values import FateKind, MergeResult, RawTable
from feigong.core.roll.values import FlagCode
from feigong.core.text import fold
from feigong.exchange.merge_reference import load_merge_reference
from feigong.exchange.parameters_file import load_parameters
from feigong.exchange.reference import guess_district
from feigong.exchange.rules_file import load_rules
from feigong.exchange.tables import read_all


@dataclass(frozen=True)
class Month:
    """What was made of one month's tables."""

    result: MergeResult
    plan: CoveragePlan
    figures: dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 where a plan breaks a rule or a row is lost, 3 where the registers are not there."""
    options = _options(arguments)
    root = shared()
    if root is None:
        print("no registers: set FEIGONG_SHARED to the folder that holds data/make_district.py", file=sys.stderr)
        return 3
    found: list[dict[str, Any]] = []
    for seed in options.seed or [1]:
        with tempfile.TemporaryDirectory(prefix="feigong-district-") as name:
            folder = Path(name)
            truths = make_tables(root, options.district, folder, seed=seed, limit=options.limit)
            previous: Month | None = None
            for number, truth in truths.items():
                previous = run_month(folder / str(number), truth, previous, options)
                found.append({"district": options.district, "seed": seed, "month": number, **previous.figures})
                _show(found[-1])
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if any(f["rows lost"] or f["violations"] for f in found) else 0


def run_month(folder: Path, truth: Truth, previous: Month | None, options: argparse.Namespace) -> Month:
    begun = time.perf_counter()
    tables = read_all(sorted(folder.glob("*.xlsx")))
    anywhere = load_merge_reference("")
    district = guess_district(*addresses_and_codes(tables, anywhere)) or ""
    # Persons keep their numbers here: the truth is known by them. They do not leave this process.
    result = merge_tables(tables, on=truth.on, reference=load_merge_reference(district), pseudonym=str)
    merged = time.perf_counter()
    parameters, _ = load_parameters(None, load_rules(), truth.on)
    with open_executor(options.workers) as executor:
        plan = plan_coverage(
            result.roll,
            parameters,
            on=truth.on,
            previous=previous.plan if previous else None,
            seed=options.plan_seed,
            executor=executor,
        )
    planned = time.perf_counter()
    figures = {
        "merge s": round(merged - begun, 2),
        "plan s": round(planned - merged, 2),
        **merge_figures(tables, result, truth),
        **plan_figures(plan, result, parameters, truth),
        **(stability(previous.plan, plan) if previous else {}),
    }
    return Month(result, plan, figures)


def merge_figures(tables: Sequence[RawTable], result: MergeResult, truth: Truth) -> dict[str, Any]:
    """Enterprises found, rows accounted for, employers matched, wrong codes caught."""
    broken = {e.uscc for e in result.roll.enterprises if e.flagged(FlagCode.CODE_INVALID)}
    found = {e.uscc for e in result.roll.enterprises} - broken
    reported = {truth.written[code] for code in broken if code in truth.written} - found
    fates = Counter(fate.row for fate in result.fates)
    rows = {t.ref(i) for t in tables for i, row in enumerate(t.rows) if any(cell not in (None, "") for cell in row)}
    kinds = Counter(fate.kind for fate in result.fates)
    dormant = {e.uscc for e in result.roll.enterprises if e.flagged(FlagCode.DORMANT)}
    caught = sum(right in found or wrong in broken for wrong, right in truth.written.items())
    return {
        "enterprises true": len(truth.enterprises),
        "found": len(found & truth.enterprises),
        "reported as unmendable": len(reported & truth.enterprises),
        "missed": len(truth.enterprises - found - reported),
        "invented": len(found - truth.enterprises),
        "rows": len(rows),
        "rows lost": len(rows - fates.keys()) + sum(n > 1 for n in fates.values()),
        "rows by fate": {kind.value: kinds[kind] for kind in FateKind},
        "wrong codes": len(truth.written),
        "wrong codes caught": caught,
        "dormant recall": _share(len(dormant & truth.dormant), len(truth.dormant)),
        "dormant precision": _share(len(dormant & truth.dormant), len(dormant)),
        **_employers(result, truth),
    }


def _employers(result: MergeResult, truth: Truth) -> dict[str, Any]:
    right = wrong = wrong_certain = rough = rough_right = unknown_matched = 0
    for member in result.roll.members:
        true = truth.employers.get(member.key)
        if true is None:
            continue
        same = member.employer == true or truth.written.get(member.employer or "") == true
        if member.key in truth.unknown:
            unknown_matched += member.employer is not None
            continue
        is_rough = (true, fold(member.employer_text)) in truth.rough
        rough, rough_right = rough + is_rough, rough_right + (is_rough and same)
        right += same
        wrong += member.employer is not None and not same
        wrong_certain += member.employer is not None and not same and member.match_score >= 1
    return {
        "members true": len(truth.employers),
        "members on the roll": len(result.roll.members),
        "employers right": right,
        "employers wrong": wrong,
        "wrong and certain": wrong_certain,
        "roughly named": rough,
        "roughly named right": _share(rough_right, rough),
        "unknown employers matched": unknown_matched,
    }


def plan_figures(
    plan: CoveragePlan, result: MergeResult, parameters: CoverageParameters, truth: Truth
) -> dict[str, Any]:
    """What the plan reaches and proves, and what the scorer that shares nothing with the planner finds."""
    scored = score_plan(plan, result.roll, parameters, truth.on)
    proof = plan.proof
    return {
        "outcomes": {str(kind): number for kind, number in sorted(scored.outcomes.items())},
        "branches": len(plan.branches),
        "violations": len(scored.violations),
        "first violations": [f"{v.rule} {v.subject}: {v.found}" for v in scored.violations[:5]],
        "pool members": proof.pool_members,
        "covered": proof.covered_members,
        "bound covered": proof.bound_covered,
        "cost m": round(proof.cost_m, 1),
        "bound cost m": round(proof.bound_cost_m, 1),
        "gap %": round(100 * proof.gap, 4),
        "optimal": proof.optimal,
        "officers' loads": len(plan.loads),
        "waiting for an officer": len(plan.waiting),
    }


def stability(before: CoveragePlan, after: CoveragePlan) -> dict[str, Any]:
    """Of the branches in force whose enterprises did not change: how many were changed, how many without a reason."""
    prints = {d.uscc: d.fingerprint for d in after.decisions}
    old = {d.uscc: d.fingerprint for d in before.decisions}
    untouched = [b for b in before.branches if all(prints.get(s.uscc) == old[s.uscc] for s in b.seats)]
    now = {(b.joins, frozenset(s.uscc for s in b.seats), b.slot, b.host) for b in after.branches}
    changed = [b for b in untouched if (b.joins, frozenset(s.uscc for s in b.seats), b.slot, b.host) not in now]
    told = {change.branch for change in after.changes if change.reasons}
    return {
        "branches in force": len(before.branches),
        "untouched": len(untouched),
        "untouched but changed %": _share(len(changed), len(untouched), 0.0),
        "changed without a reason": sum(b.key not in told for b in changed),
        "kept": sum(b.state is BranchState.KEPT for b in after.branches),
    }


def _share(part: int, whole: int, empty: float = 100.0) -> float:
    return round(100 * part / whole, 2) if whole else empty


def _show(figures: dict[str, Any]) -> None:
    print(f"{figures['district']}, seed {figures['seed']}, month {figures['month']}")
    for name, value in list(figures.items())[3:]:
        shown = ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        print(f"  {name:28}{shown}")
    print(flush=True)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.roll", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--district", choices=sorted(REGISTERS), default="benxi")
    parser.add_argument("--seed", type=int, action="append", help="of the district; may be repeated (1)")
    parser.add_argument("--limit", type=int, help="only so many enterprises (all)")
    parser.add_argument("--plan-seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path, help="figures as JSON")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
