"""Tables made from real registers, with everything wrong that offices' tables have: in, a month later, and back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from import_tables import everything, operator
from small_import import facts

from feigong.apps.audit.verifying import verify_chain
from feigong.apps.clock import now
from feigong.apps.imports import actions
from feigong.apps.imports.actions.checking import Alone
from feigong.apps.imports.models import Import
from feigong.apps.roll import queries
from feigong.apps.roll.models import Coverage, EnterpriseState, MemberState, OrganisationState, WorkerState
from feigong.apps.seals.seals import index_of
from feigong.core.roll.merge.names import exact_key
from feigong.exchange.tables import read_tables

SHARED = Path(os.environ.get("FEIGONG_SHARED", Path(__file__).resolve().parents[4] / "shared"))
MAKER = SHARED / "data" / "make_district.py"
FIRST, SECOND = date(2026, 10, 31), date(2026, 11, 30)
STATES = (EnterpriseState, OrganisationState, Coverage, MemberState, WorkerState)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.district,
    pytest.mark.skipif(not MAKER.exists(), reason=f"no registers in {SHARED}"),
]


@dataclass(frozen=True)
class Place:
    register: str
    district: str  # whose areas are entered
    area_code: str  # of the register's rows
    seed: int
    limit: int


PLACES = [
    Place("register_benxi_2105.csv.gz", "210502", "210502", 7101, 900),
    Place("register_ganjingzi_210211.csv.gz", "210211", "", 7102, 900),
]


def make(place: Place, month: int, into: Path) -> dict[str, Any]:
    folder = into / str(month)
    register = SHARED / "data" / place.register
    command = [sys.executable, str(MAKER), str(register), str(folder), "--seed", str(place.seed)]
    command += ["--month", str(month), "--limit", str(place.limit)]
    command += ["--area-code", place.area_code] if place.area_code else []
    subprocess.run(command, check=True, capture_output=True)
    found: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return found


def run(folder: Path, on: date) -> Import:
    return actions.run_whole(operator(), sorted(folder.glob("*.xlsx")), on=on, at=now(), take_offered=True)


def lists(on: date) -> list[list[dict[str, Any]]]:
    return [facts(model, on) for model in STATES]


def employers(folder: Path) -> dict[str, str]:
    """What the roster says: the index of a number, and the employer as written."""
    (table,) = (t for t in read_tables(folder / "党员名册.xlsx") if len(t.rows) > 5)
    head = next(i for i, row in enumerate(table.rows) if "身份证号" in row)
    at = {str(h).replace(" ", ""): i for i, h in enumerate(table.rows[head])}
    number, employer = at["身份证号"], at["工作单位"]
    rows = (row for row in table.rows[head + 1 :] if len(row) > employer and row[number])
    return {index_of(str(row[number]), "member.id_number"): str(row[employer]) for row in rows}


def check_employers(folder: Path, on: date) -> int:
    """Everybody whose employer is written by its whole name, and borne by one firm, works there; how many they are."""
    sight = everything(on)
    named = Counter(exact_key(name) for name in queries.enterprises(sight).values_list("name", flat=True))
    written = employers(folder)
    rows = queries.members(sight).values_list("id_index", "employer_id")
    names = dict(queries.enterprises(sight).values_list("enterprise_id", "name"))
    found = {index: exact_key(names[firm]) if firm else "" for index, firm in rows}
    sure = {index: exact_key(text) for index, text in written.items() if named[exact_key(text)] == 1}
    assert {index: found[index] for index in sure} == sure
    return len(sure)


@pytest.mark.parametrize("place", PLACES, ids=lambda p: p.district)
def test_a_real_district(place: Place, tmp_path: Path) -> None:
    truth, later = make(place, 1, tmp_path), make(place, 2, tmp_path)
    actions.seed_areas(operator(), place.district, on=date(2026, 1, 1))
    run(tmp_path / "1", FIRST)
    sight, counts = everything(FIRST), truth["counts"]
    assert queries.enterprises(sight).count() == counts["firms"]
    assert queries.members(sight).count() == counts["members"]
    assert queries.organisations(sight).count() == counts["organisations"] + 1  # and one whose only firm is gone
    assert queries.workers(sight).filter(liaison=True).count() == counts["officers"]
    codes = set(queries.enterprises(sight).values_list("uscc", flat=True))
    right = {r for r, _ in truth["bad_code"]}
    wrong = {w for _, w in truth["bad_code"]}
    assert len(right & codes) + len(wrong & codes) == len(right)  # mended, or as written: each once
    assert set(truth["new"]) & codes == set()
    assert check_employers(tmp_path / "1", FIRST) > 0.85 * counts["members"]
    before = lists(FIRST), lists(SECOND)

    second = run(tmp_path / "2", SECOND)
    assert set(later["new"]) - {r for r, _ in later["bad_code"]} <= set(
        queries.enterprises(everything(SECOND)).values_list("uscc", flat=True)
    )
    assert check_employers(tmp_path / "2", SECOND) > 0.85 * later["counts"]["members"]
    verdicts = second.figures["verdicts"]
    assert verdicts["unchanged"] > 2 * (verdicts["changed"] + verdicts["new"] + verdicts["doubtful"])
    assert lists(FIRST) == before[0]

    actions.ask_take_back(operator(), second.pk, reason="试")
    actions.take_back(operator(), second.pk, "试", Alone())
    assert (lists(FIRST), lists(SECOND)) == before
    assert verify_chain().findings == ()
