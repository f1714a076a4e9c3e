"""Plans of generated districts, one month and the next, made from real registers outside the project."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.score import score_plan
from feigong.core.coverage.values import BranchState, CoveragePlan
from feigong.core.roll.merge.day import stated_day
from feigong.core.roll.merge.merge import merge_tables
from feigong.core.roll.values import FlagCode, Roll
from feigong.exchange.merge_reference import load_merge_reference
from feigong.exchange.parameters_file import load_parameters
from feigong.exchange.pseudonym import pseudonymiser
from feigong.exchange.rules_file import load_rules
from feigong.exchange.tables import read_all
from feigong.wording import Words

SHARED = Path(os.environ.get("FEIGONG_SHARED", Path(__file__).parents[4] / "shared"))
pytestmark = [
    pytest.mark.district,
    pytest.mark.skipif(not (SHARED / "data").is_dir(), reason=f"no registers in FEIGONG_SHARED ({SHARED})"),
]
CASES = {  # register, district, area code of the generator, seed
    "addresses": ("register_ganjingzi_210211.csv.gz", "210211", "", 23),
    "points": ("register_shanghai_geocoded.csv.gz", "310107", "310107", 24),
    "small": ("register_benxi_2105.csv.gz", "210502", "210502", 25),
}
LIMIT = 1500

Case = tuple[CoverageParameters, tuple[Roll, CoveragePlan], tuple[Roll, CoveragePlan]]


def _roll(case: str, month: int, folder: Path) -> Roll:
    register, district, code, seed = CASES[case]
    command = [sys.executable, str(SHARED / "data" / "make_district.py"), str(SHARED / "data" / register), str(folder)]
    command += ["--seed", str(seed), "--month", str(month), "--limit", str(LIMIT)]
    subprocess.run([*command, *(["--area-code", code] if code else [])], check=True, capture_output=True)
    raw = read_all([folder])
    on = stated_day(raw)
    assert on is not None
    return merge_tables(raw, on=on, reference=load_merge_reference(district), pseudonym=pseudonymiser(b"k" * 32)).roll


@pytest.fixture(scope="module", params=CASES)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    first, second = (_roll(request.param, m, tmp_path_factory.mktemp(f"month{m}")) for m in (1, 2))
    parameters, _ = load_parameters(None, load_rules(), first.on)
    plan = plan_coverage(first, parameters, on=first.on)
    return parameters, (first, plan), (second, plan_coverage(second, parameters, on=second.on, previous=plan))


def test_the_scorer_finds_nothing(case: Case) -> None:
    parameters, *months = case
    for roll, plan in months:
        assert score_plan(plan, roll, parameters, roll.on).violations == ()
        going = [e.uscc for e in roll.enterprises if not e.flagged(FlagCode.DORMANT, FlagCode.CLOSED)]
        assert [d.uscc for d in plan.decisions] == going


def test_coverage_is_the_best_there_is(case: Case) -> None:
    _, (_, plan), _ = case
    assert plan.branches
    assert plan.proof.covered_members == plan.proof.bound_covered
    assert 0 <= plan.proof.gap <= 0.03


def test_few_untouched_branches_change_and_each_says_why(case: Case) -> None:
    _, (_, first), (_, second) = case
    kept = {b.key for b in second.branches if b.state is BranchState.KEPT}
    assert {c.branch for c in second.changes} == {b.key for b in first.branches} - kept
    untouched = len(first.branches) - sum(not c.untouched for c in second.changes)
    assert sum(c.untouched for c in second.changes) <= 0.1 * untouched
    words = Words("zh")
    assert all(c.reasons and words.sentences(c.reasons) for c in second.changes)


def test_every_reason_has_words(case: Case) -> None:
    for lang in ("zh", "en"):
        words = Words(lang)
        for _, plan in case[1:]:
            for decision in plan.decisions:
                assert words.sentences(decision.reasons)
                assert all(words.say(a.reason) for a in decision.alternatives)
            assert all(words.say(r) for b in plan.branches for r in b.reasons)
            assert all(words.say(r) for r in plan.notes)


def test_the_order_of_rows_changes_nothing(case: Case) -> None:
    parameters, (roll, plan), _ = case
    rng = random.Random(1)
    mixed = replace(
        roll,
        enterprises=tuple(rng.sample(roll.enterprises, len(roll.enterprises))),
        members=tuple(rng.sample(roll.members, len(roll.members))),
        organisations=tuple(rng.sample(roll.organisations, len(roll.organisations))),
        officers=tuple(rng.sample(roll.officers, len(roll.officers))),
    )
    assert plan_coverage(mixed, parameters, on=roll.on) == plan
