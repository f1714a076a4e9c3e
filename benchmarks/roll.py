"""From a district's tables to its plan, measured against what is true: ``python -m benchmarks.roll``.

Makes tables of two months from a real register (see `benchmarks.district`), merges them, plans both months, the second
with the first plan in force, and prints what was found and missed, what the independent scorer says, and the time.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.district import REGISTERS, Truth, make_tables, shared
from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.score import score_plan
from feigong.core.coverage.values import BranchState, CoveragePlan, JointBranch
from feigong.core.roll.merge.merge import addresses_and_codes, merge_tables
from feigong.core.roll.merge.values import FateKind, MergeResult, RawTable
from feigong.core.roll.values import FlagCode
from feigong.core.text import fold
from feigong.exchange.executors import open_executor
from feigong.exchange.merge_reference import load_merge_reference
from feigong.exchange.parameters_file import load_parameters
from feigong.exchange.plan_file import read_plan, write_plan
from feigong.exchange.pseudonym import pseudonymiser
from feigong.exchange.reference import guess_district
from feigong.exchange.report import write_report
from feigong.exchange.roll_file import read_roll, write_roll
from feigong.exchange.rules_file import load_rules
from feigong.exchange.tables import read_all
from feigong.wording import Words

_RUNS: Final = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{11}")


@dataclass(frozen=True)
class Month:
    """What was made of one month's tables."""

    result: MergeResult
    plan: CoveragePlan
    truth: Truth
    file: Path  # of the plan
    figures: dict[str, Any]


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 where a rule is broken, a row lost or a private number leaked; 3 where there are no registers."""
    options = _options(arguments)
    root = shared()
    if root is None:
        print("no registers: set FEIGONG_SHARED to the folder that holds data/make_district.py", file=sys.stderr)
        return 3
    found: list[dict[str, Any]] = []
    for seed in options.seed or [1]:
        with tempfile.TemporaryDirectory(prefix="feigong-district-") as name:
            folder = Path(name)
            truths = make_tables(
                root, options.district, folder, seed=seed, limit=options.limit, area_code=options.area_code
            )
            previous: Month | None = None
            for number, truth in truths.items():
                previous = run_month(folder / str(number), truth, previous, options)
                place = " ".join(filter(None, (options.district, options.area_code)))
                found.append({"district": place, "seed": seed, "month": number, **previous.figures})
                _show(found[-1])
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if any(f["rows lost"] or f["violations"] or f["leaks"] for f in found) else 0


def run_month(folder: Path, truth: Truth, previous: Month | None, options: argparse.Namespace) -> Month:
    """The way of the commands: every step goes through the files that the next one reads."""
    begun = time.perf_counter()
    tables = read_all(sorted(folder.glob("*.xlsx")))
    anywhere = load_merge_reference("")
    district = guess_district(*addresses_and_codes(tables, anywhere)) or ""
    keyed = pseudonymiser(b"benchmark" * 4)
    result = merge_tables(tables, on=truth.on, reference=load_merge_reference(district), pseudonym=keyed)
    words, out = Words("zh"), folder / "out"
    out.mkdir()
    write_roll(result, out / "roll.xlsx", words, force=False)
    merged = time.perf_counter()
    roll = read_roll(out / "roll.xlsx")
    parameters, _ = load_parameters(None, load_rules(), truth.on)
    in_force = read_plan(previous.file) if previous else None
    with open_executor(options.workers) as executor:
        plan = plan_coverage(
            roll, parameters, on=truth.on, previous=in_force, seed=options.plan_seed, executor=executor
        )  # fmt: skip
    planned = time.perf_counter()
    write_plan(plan, roll, out / "plan.xlsx", words, force=False)
    write_report(plan, roll, out / "plan.html", words, previous=in_force, force=False)
    written = time.perf_counter()
    figures = {
        "merge s": round(merged - begun, 2),
        "plan s": round(planned - merged, 2),
        "write s": round(written - planned, 2),
        "leaks": leaks(out, truth),
        **merge_figures(tables, result, truth, keyed),
        **plan_figures(plan, result, parameters, truth),
        **(stability(previous.plan, plan, previous.truth, truth) if previous else {}),
    }
    return Month(result, plan, truth, out / "plan.xlsx", figures)


def leaks(folder: Path, truth: Truth) -> int:
    """How many ID numbers and phones stand anywhere in the files of a folder."""
    found: set[str] = set()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as book:
                parts = [book.read(name) for name in book.namelist()]
        for part in parts:
            text = part.decode("utf-8", "ignore")
            found |= {run for run in _RUNS.findall(text) if run in truth.private}
    return len(found)


def merge_figures(
    tables: Sequence[RawTable], result: MergeResult, truth: Truth, keyed: Callable[[str], str]
) -> dict[str, Any]:
    """Enterprises found, rows accounted for, employers matched, wrong codes caught."""
    broken = {e.uscc for e in result.roll.enterprises if e.flagged(FlagCode.CODE_INVALID)}
    found = {e.uscc for e in result.roll.enterprises} - broken
    reported = {truth.written[code] for code in broken if code in truth.written} - found
    fates = Counter(fate.row for fate in result.fates)
    rows = {t.ref(i) for t in tables for i, row in enumerate(t.rows) if any(cell not in (None, "") for cell in row)}
    kinds = Counter(fate.kind for fate in result.fates)
    dormant = {e.uscc for e in result.roll.enterprises if e.flagged(FlagCode.DORMANT)}
    about_codes = [p.reason.params for p in result.problems if p.reason.code.startswith("merge.code_")]
    told = {str(params["written"]): params.get("right") for params in about_codes if "written" in params}
    caught = sum(wrong in told for wrong in truth.written)
    mended_wrongly = sum(told.get(wrong) not in (None, right) for wrong, right in truth.written.items())
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
        "wrong codes mended wrongly": mended_wrongly,
        "right codes doubted": len(told.keys() - truth.written.keys()),
        "dormant recall": _share(len(dormant & truth.dormant), len(truth.dormant)),
        "dormant precision": _share(len(dormant & truth.dormant), len(dormant)),
        **_employers(result, truth, keyed),
    }


def _employers(result: MergeResult, truth: Truth, keyed: Callable[[str], str]) -> dict[str, Any]:
    right = wrong = wrong_certain = rough = rough_right = unknown_matched = 0
    numbers = {keyed(number): number for number in truth.employers}
    for member in result.roll.members:
        number = numbers.get(member.key)
        if number is None:
            continue
        true = truth.employers[number]
        same = member.employer == true or truth.written.get(member.employer or "") == true
        if number in truth.unknown:
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
        "members not recognised": len(truth.employers.keys() - {numbers.get(m.key) for m in result.roll.members}),
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


def stability(before: CoveragePlan, after: CoveragePlan, was: Truth, now: Truth) -> dict[str, Any]:
    """Of the branches in force whose enterprises did not truly change: how many were changed, how many untold.

    Untouched is judged from what the tables were made of, never from what the planner says: every enterprise is still
    open, has the same members with the same membership, the same address and the same free times.
    """

    def same(uscc: str) -> bool:
        facts = ((t.members.get(uscc), t.times.get(uscc)) for t in (was, now))
        return len(set(facts)) == 1

    def shape(branch: JointBranch, truth: Truth) -> tuple[object, ...]:
        true = frozenset(truth.written.get(s.uscc, s.uscc) for s in branch.seats)
        return (branch.joins, true, truth.written.get(branch.host, branch.host), branch.slot)

    untouched = [b for b in before.branches if all(same(was.written.get(s.uscc, s.uscc)) for s in b.seats)]
    standing = {shape(b, now) for b in after.branches}
    changed = [b for b in untouched if shape(b, was) not in standing]
    told = {change.branch: change.reasons for change in after.changes if change.reasons}
    return {
        "branches in force": len(before.branches),
        "untouched": len(untouched),
        "untouched but changed": len(changed),
        "untouched but changed %": _share(len(changed), len(untouched), 0.0),
        "changed without a reason": sum(b.key not in told for b in changed),
        "reasons of changes": dict(Counter(r.code for b in changed for r in told.get(b.key, ())[:1])),
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
    parser.add_argument("--area-code", help="of the register: another area than the usual one")
    parser.add_argument("--limit", type=int, help="only so many enterprises (all)")
    parser.add_argument("--plan-seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path, help="figures as JSON")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
