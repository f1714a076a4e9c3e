"""Read a plan back from its files, for ``--previous``: who was covered how, by which branch and officer.

Sheets and columns are known by their headers in any of our languages; sentences are not turned back into codes.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import polars as pl

from feigong.core.coverage.values import (
    Basis,
    BranchState,
    CoveragePlan,
    Decision,
    JointBranch,
    OfficerLoad,
    Outcome,
    Proof,
    Seat,
)
from feigong.core.errors import FeigongError
from feigong.core.roll.slots import SLOTS_A_WEEK
from feigong.exchange.plan_json import plan_from_json
from feigong.exchange.plan_tables import BRANCH, DECISION, LIAISON, PARAMETER, PROOF_FIELDS, Column
from feigong.exchange.workbook import read_sheets
from feigong.exchange.workbook_out import plain_text
from feigong.wording import LANGUAGES, Words

T = TypeVar("T")
Row = Mapping[str, str]
MOST_WEEKS = 3
READ_SETS = ("decisions", "branches", "liaison", "parameters")


def read_plan(path: Path) -> CoveragePlan:
    """Read a plan that `write_plan` wrote: xlsx, json, or any file of a csv or parquet set.

    Raises
    ------
    FeigongError
        ``error.plan_missing``, ``error.plan_unreadable``, ``error.plan_no_decisions``, ``error.plan_cell`` (names the
        column and what is in it), and those of `plan_json`.
    """
    kind = path.suffix.lower()
    if kind == ".json":
        return plan_from_json(_text(path))
    tables = _workbook(path) if kind == ".xlsx" else _set(path, kind)
    if not tables["decisions"]:
        raise FeigongError("error.plan_no_decisions", path=str(path))
    return _plan(tables, str(path))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as fault:
        raise FeigongError("error.plan_missing", path=str(path)) from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise FeigongError("error.plan_unreadable", path=str(path)) from fault


@lru_cache(maxsize=1)
def _headers() -> Mapping[str, str]:
    """Header in any language -> key of the column."""
    columns: Iterable[Column] = (*DECISION, *BRANCH, *LIAISON, *PARAMETER)
    return {Words(lang).word(f"plan.col.{c.key}"): c.key for lang in LANGUAGES for c in columns}


def _which(columns: set[str]) -> str | None:
    """Which table a sheet is, by what it has."""
    if {"uscc", "outcome", "fingerprint"} <= columns:
        return "decisions"
    if {"uscc", "branch", "slot", "basis"} <= columns:
        return "branches"
    if {"uscc", "officer_key", "load"} <= columns:
        return "liaison"
    return "parameters" if {"id", "value"} <= columns else None


def _rows(grid: Iterable[Iterable[object]]) -> tuple[str | None, list[Row]]:
    """The table a grid holds, and its rows by column key."""
    cells = [[_cell(c) for c in row] for row in grid]
    if not cells:
        return None, []
    keys = [_headers().get(c, "") for c in cells[0]]
    rows: list[Row] = [{k: c for k, c in zip(keys, row, strict=False) if k} for row in cells[1:] if any(row)]
    return _which(set(keys)), rows


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return plain_text(str(value))


def _workbook(path: Path) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = defaultdict(list)
    if not path.is_file():
        raise FeigongError("error.plan_missing", path=str(path))
    try:
        sheets = read_sheets(path)
    except FeigongError as fault:
        if fault.reason.code in ("error.table_password", "error.table_too_large"):
            raise
        raise FeigongError("error.plan_unreadable", path=str(path)) from fault
    for _, grid in sheets:
        table, rows = _rows(grid)
        if table:
            tables[table] += rows
    return tables


def _set(path: Path, kind: str) -> dict[str, list[Row]]:
    """``base.csv`` or any ``base.<table>.csv`` stands for the whole set."""
    if kind not in (".csv", ".parquet"):
        raise FeigongError("error.plan_kind", path=str(path), kinds=".xlsx、.csv、.parquet、.json")
    stem = path.stem
    for key in READ_SETS:
        stem = stem.removesuffix(f".{key}")
    tables: dict[str, list[Row]] = defaultdict(list)
    for key in READ_SETS:
        file = path.with_name(f"{stem}.{key}{path.suffix}")
        if not file.is_file():
            if key == "decisions":
                raise FeigongError("error.plan_missing", path=str(file))
            continue
        tables[key] = _rows(_grid(file, kind))[1]
    return tables


def _grid(file: Path, kind: str) -> Iterable[Iterable[object]]:
    if kind == ".csv":
        return list(csv.reader(_text(file).splitlines(keepends=True)))
    try:
        frame = pl.read_parquet(file)
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise FeigongError("error.plan_unreadable", path=str(file)) from fault
    return [frame.columns, *frame.iter_rows()]


# Rows to values -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _codes() -> Mapping[str, str]:
    """Words of outcomes, bases, states, yes and no, in any language -> code."""
    found: dict[str, str] = {}
    for lang in LANGUAGES:
        words = Words(lang)
        for prefix, kinds in (("outcome", Outcome), ("basis", Basis), ("branch_state", BranchState)):
            found |= {f"{prefix}:{words.word(f'{prefix}.{k}')}": k.value for k in kinds}
        found |= {f"yes:{words.word('value.yes')}": "1", f"yes:{words.word('value.no')}": ""}
    return found


@lru_cache(maxsize=1)
def _slots() -> Mapping[str, tuple[int, int]]:
    return {
        Words(lang).slot(slot, weeks): (slot, weeks)
        for lang in LANGUAGES
        for weeks in range(1, MOST_WEEKS + 1)
        for slot in range(SLOTS_A_WEEK * weeks)
    }


class _Reader:
    """Cells of one row as values; a cell that cannot be read is named."""

    def __init__(self, row: Row, path: str) -> None:
        self.row, self.path = row, path

    def text(self, key: str) -> str:
        return self.row.get(key, "")

    def key(self, key: str) -> str | None:
        return self.row.get(key) or None

    def _convert(self, key: str, convert: Callable[[str], T]) -> T:
        try:
            return convert(self.row.get(key, ""))
        except (ValueError, KeyError) as fault:
            column = Words(LANGUAGES[0]).word(f"plan.col.{key}")
            raise FeigongError("error.plan_cell", path=self.path, column=column, found=self.text(key)) from fault

    def whole(self, key: str) -> int:
        return self._convert(key, lambda t: int(float(t)) if t else 0)

    def number(self, key: str) -> float:
        return self._convert(key, lambda t: float(t) if t else 0.0)

    def code(self, prefix: str, key: str) -> str:
        return self._convert(key, lambda t: _codes()[f"{prefix}:{t}"])

    def yes(self, key: str) -> bool:
        return self.code("yes", key) == "1"

    def slot(self, key: str) -> tuple[int, int]:
        return self._convert(key, lambda t: _slots()[t])


def _plan(tables: Mapping[str, list[Row]], path: str) -> CoveragePlan:
    decisions = sorted((_decision(_Reader(r, path)) for r in tables["decisions"]), key=lambda d: d.uscc)
    particulars = {r.get("id", ""): r for r in tables["parameters"]}
    on = particulars.get("plan.on", {}).get("value", "")
    try:
        day = date.fromisoformat(on)
    except ValueError as fault:
        raise FeigongError("error.plan_no_day", path=path) from fault
    own = ("plan.", "proof.")
    return CoveragePlan(
        on=day,
        decisions=tuple(decisions),
        branches=tuple(_branches(tables["branches"], path)),
        proof=_proof(particulars, path),
        loads=tuple(_loads(tables["liaison"], path)),
        waiting=tuple(sorted(r["uscc"] for r in tables["liaison"] if not r.get("officer_key"))),
        parameters=tuple(
            (k, _parameter(r.get("value", ""))) for k, r in particulars.items() if k and not k.startswith(own)
        ),
        seed=_Reader(particulars.get("plan.seed", {}), path).whole("value"),
        stopped_early=_codes().get(f"yes:{particulars.get('plan.stopped_early', {}).get('value', '')}") == "1",
    )


def _parameter(text: str) -> str:
    """The value of a parameter as it was before it was put into words."""
    known = _codes().get(f"yes:{text}")
    if known is not None:
        return "true" if known else "false"
    bases = [_codes().get(f"basis:{part.strip()}") for part in text.replace("、", ",").split(",")]
    return ", ".join(b for b in bases if b) if all(bases) else text


def _decision(row: _Reader) -> Decision:
    return Decision(
        uscc=row.text("uscc"),
        outcome=Outcome(row.code("outcome", "outcome")),
        reasons=(),
        full_members=row.whole("full_members"),
        probationary=row.whole("probationary"),
        staff=row.whole("staff") if row.text("staff") else None,
        operating=row.yes("operating"),
        branch=row.key("branch"),
        organisation=row.key("organisation_key"),
        officer=row.key("officer_key"),
        missing_members=row.whole("missing_members"),
        fingerprint=row.text("fingerprint"),
    )


def _branches(rows: Iterable[Row], path: str) -> Iterable[JointBranch]:
    seats: dict[str, list[_Reader]] = defaultdict(list)
    for row in rows:
        seats[row.get("branch", "")].append(_Reader(row, path))
    for key, own in seats.items():
        hosts = [r for r in own if r.yes("is_host")]
        head = hosts[0] if hosts else own[0]
        slot, weeks = head.slot("slot")
        own.sort(key=lambda r: r is not head)
        yield JointBranch(
            key=key,
            host=head.text("uscc"),
            slot=slot,
            cycle_weeks=weeks,
            basis=Basis(head.code("basis", "basis")),
            seats=tuple(Seat(r.text("uscc"), r.whole("members"), r.number("travel_m"), r.yes("verified")) for r in own),
            survival=head.number("survival"),
            state=BranchState(head.code("branch_state", "state")),
            joins=head.key("organisation_key"),
        )


def _loads(rows: Iterable[Row], path: str) -> Iterable[OfficerLoad]:
    by: dict[str, list[_Reader]] = defaultdict(list)
    for row in rows:
        if row.get("officer_key"):
            by[row["officer_key"]].append(_Reader(row, path))
    for key in sorted(by):
        own = by[key]
        yield OfficerLoad(key, tuple(r.text("uscc") for r in own), 0.0, own[0].whole("most"))


def _proof(particulars: Mapping[str, Row], path: str) -> Proof:
    def cell(key: str) -> _Reader:
        return _Reader(particulars.get(f"proof.{key}", {}), path)

    values = {k: cell(k).number("value") for k in PROOF_FIELDS if k != "optimal"}
    whole = {k: int(v) if k.endswith(("enterprises", "members", "covered")) else v for k, v in values.items()}
    optimal = _codes().get(f"yes:{cell('optimal').text('value')}") == "1"
    return Proof(**whole, optimal=optimal)  # type: ignore[arg-type]
