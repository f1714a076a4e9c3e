"""A district made from a real register, with a seed, merged and held against what was invented."""

import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from feigong.core.roll.merge.merge import addresses_and_codes, merge_tables
from feigong.core.roll.merge.names import exact_key
from feigong.core.roll.merge.values import FateKind, MergeResult, RawTable
from feigong.core.roll.values import FlagCode
from feigong.exchange.merge_reference import load_merge_reference
from feigong.exchange.pseudonym import pseudonymiser
from feigong.exchange.reference import guess_district
from feigong.exchange.roll_file import read_roll, write_roll
from feigong.exchange.tables import read_all
from feigong.wording import Words

SHARED = Path(os.environ.get("FEIGONG_SHARED", Path(__file__).parents[5] / "shared"))
SEED = int(os.environ.get("FEIGONG_SEED", "4021"))
pytestmark = [
    pytest.mark.district,
    pytest.mark.skipif(not (SHARED / "data").is_dir(), reason=f"no registers in FEIGONG_SHARED ({SHARED})"),
]
CASES = {
    "benxi": ("register_benxi_2105.csv.gz", "210502", [], 1),
    "benxi_next_month": ("register_benxi_2105.csv.gz", "210502", [], 2),
    "ganjingzi": ("register_ganjingzi_210211.csv.gz", "210211", ["--limit", "1500"], 1),
    "shanghai": ("register_shanghai_geocoded.csv.gz", "310107", [], 1),
}


class Merged:
    """A district's tables, the truth about them, and what merging made of them."""

    def __init__(self, folder: Path, register: str, area: str, more: list[str], month: int) -> None:
        maker = [
            sys.executable,
            str(SHARED / "data" / "make_district.py"),
            str(SHARED / "data" / register),
            str(folder),
        ]
        options = ["--seed", str(SEED), "--area-code", area, "--month", str(month), *more]
        subprocess.run([*maker, *options], check=True, capture_output=True)
        self.truth: dict[str, Any] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        self.tables: list[RawTable] = read_all([folder])
        self.people = _column(folder / "党员名册.xlsx", ("身份证号", "联系电话", "工作单位"))
        anywhere = load_merge_reference("")
        self.district = guess_district(*addresses_and_codes(self.tables, anywhere)) or ""
        self.area = area
        self.result: MergeResult = merge_tables(
            self.tables, on=date(2026, 10, 31), reference=load_merge_reference(self.district),
            pseudonym=pseudonymiser(b"k" * 32),
        )  # fmt: skip
        self.written = {wrong: right for right, wrong in self.truth["bad_code"]}


def _column(path: Path, headers: tuple[str, ...]) -> list[tuple[str, ...]]:
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    head = next(i for i, r in enumerate(rows) if headers[0] in r)
    at = [rows[head].index(h) for h in headers]
    return [tuple(str(r[i]) for i in at) for r in rows[head + 1 :] if len(r) > max(at) and r[at[1]]]


@pytest.fixture(scope="module", params=sorted(CASES))
def merged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Merged:
    print(f"seed {SEED}")
    return Merged(tmp_path_factory.mktemp(request.param), *CASES[request.param])


def test_every_true_enterprise_is_found_or_its_code_is_reported(merged: Merged) -> None:
    roll = merged.result.roll
    found = {e.uscc for e in roll.enterprises}
    invalid = {e.uscc for e in roll.enterprises if e.flagged(FlagCode.CODE_INVALID)}
    assert merged.district == merged.area
    assert len(found) == merged.truth["counts"]["firms"]
    assert invalid <= merged.written.keys()
    assert {merged.written[w] for w in invalid}.isdisjoint(found)
    assert merged.truth["new"] == [c for c in merged.truth["new"] if c in found | {merged.written[w] for w in invalid}]


def test_every_wrong_code_is_caught_and_mended_rightly(merged: Merged) -> None:
    reported = {
        p.reason.params["written"]: p.reason.params.get("right")
        for p in merged.result.problems
        if p.reason.code.startswith("merge.code_")
    }
    assert reported.keys() == merged.written.keys()
    for written, right in reported.items():
        assert right in (None, merged.written[str(written)])


def test_rows_balance(merged: Merged) -> None:
    fates = Counter(f.kind for f in merged.result.fates)
    assert sum(fates.values()) == sum(len(t.rows) for t in merged.tables)
    assert len({f.row for f in merged.result.fates}) == len(merged.result.fates)
    assert fates[FateKind.DUPLICATE] >= len(merged.truth["duplicate"])
    counts = merged.truth["counts"]
    roll = merged.result.roll
    assert len(roll.members) == counts["members"]
    assert len(roll.organisations) == counts["organisations"] + 1
    assert len(roll.officers) == counts["officers"]


def test_rough_employers_are_matched_and_no_certain_match_is_wrong(merged: Merged) -> None:
    roll = merged.result.roll
    names = {e.uscc: e.name for e in roll.enterprises}
    matched = {exact_key(m.employer_text): m for m in roll.members}
    right = 0
    for code, text in merged.truth["rough_employer"]:
        member = matched[exact_key(text)]
        codes = {code, *(w for w, r in merged.written.items() if r == code)}
        right += member.employer in codes
        assert member.employer in codes or member.match_score < 1
    assert right >= 0.95 * len(merged.truth["rough_employer"])
    assert matched[exact_key("某某商贸行")].employer is None
    for member in roll.members:
        if member.match_score == 1:
            assert exact_key(names[str(member.employer)]).replace("责任", "") == exact_key(
                member.employer_text
            ).replace("责任", "")


def test_dormant_and_branch_offices_are_flagged(merged: Merged) -> None:
    flagged = {code: {e.uscc for e in merged.result.roll.enterprises if e.flagged(code)} for code in FlagCode}
    written = {right: wrong for wrong, right in merged.written.items()}
    for truth, flag, least in (("dormant", FlagCode.DORMANT, 1.0), ("branch_office", FlagCode.BRANCH_OFFICE, 0.95)):
        codes = [c for c in merged.truth[truth] if c not in merged.truth["closed"]]
        hits = sum(c in flagged[flag] or written.get(c) in flagged[flag] for c in codes)
        assert hits >= least * len(codes)


def test_no_identity_number_or_phone_is_in_the_roll_and_it_comes_back(merged: Merged, tmp_path: Path) -> None:
    path = tmp_path / "roll.xlsx"
    write_roll(merged.result, path, Words(), force=False)
    with zipfile.ZipFile(path) as book:
        everything = "".join(book.read(n).decode("utf-8", "ignore") for n in book.namelist())
    assert merged.people
    assert not [p for p in merged.people if p[0] in everything or p[1] in everything]
    assert read_roll(path) == merged.result.roll
