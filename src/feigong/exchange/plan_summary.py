"""The figures of a plan's first sheet: formulas over the other sheets, with values worked out from the same rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from feigong.core.coverage.values import Outcome
from feigong.exchange.plan_tables import Cell, Table
from feigong.exchange.plan_view import ORGANISED, STANDING
from feigong.wording import Words


@dataclass(frozen=True, slots=True)
class Figure:
    """``formula`` in the spreadsheet's own language; ``sheet`` is the key of the table that opens it."""

    key: str
    value: float
    formula: str
    kind: str = "int"  # int, percent, metres
    sheet: str | None = None


class _Sheets:
    """Ranges of the tables as a formula names them, and the cells in them."""

    def __init__(self, tables: Mapping[str, Table], words: Words, sheet_name: Callable[[str], str]) -> None:
        self.tables, self.words, self.sheet_name = tables, words, sheet_name

    def range(self, table: str, column: str) -> str:
        index = self.tables[table].at(column)
        last = max(2, len(self.tables[table].rows) + 1)
        letter = chr(ord("A") + index)  # no table has more than 26 columns
        return f"'{self.sheet_name(table)}'!${letter}$2:${letter}${last}"

    def cells(self, table: str, column: str) -> list[Cell]:
        index = self.tables[table].at(column)
        return [row[index] for row in self.tables[table].rows]

    def count(self, table: str, column: str = "uscc") -> tuple[str, float]:
        return f"COUNTA({self.range(table, column)})", sum(c is not None for c in self.cells(table, column))

    def sum(self, table: str, column: str) -> tuple[str, float]:
        numbers = (c for c in self.cells(table, column) if isinstance(c, int | float))
        return f"SUM({self.range(table, column)})", sum(numbers)

    def count_if(self, table: str, column: str, value: str) -> tuple[str, float]:
        return f'COUNTIF({self.range(table, column)},"{value}")', sum(c == value for c in self.cells(table, column))

    def operating_organised(self) -> tuple[str, float]:
        """Operating enterprises with an organisation once the plan stands (`PlanView.organised`)."""
        yes = self.words.word("value.yes")
        parts = [self.count_if(f"outcome.{o}", "operating", yes) for o in ORGANISED]
        for outcome in STANDING:
            key = f"outcome.{outcome}"
            formula = f'COUNTIFS({self.range(key, "operating")},"{yes}",{self.range(key, "organisation_key")},"?*")'
            pairs = zip(self.cells(key, "operating"), self.cells(key, "organisation_key"), strict=True)
            parts.append((formula, sum(a == yes and bool(b) for a, b in pairs)))
        return _plus(parts)


def _plus(parts: list[tuple[str, float]]) -> tuple[str, float]:
    return "+".join(f for f, _ in parts), sum(v for _, v in parts)


def summary_figures(tables: Mapping[str, Table], words: Words, sheet_name: Callable[[str], str]) -> list[Figure]:
    """All figures; ``tables`` by key: one an outcome, branches, liaison, shortage, changes, left_out."""
    at = _Sheets(tables, words, sheet_name)
    yes, no = words.word("value.yes"), words.word("value.no")
    outcomes = [f"outcome.{o}" for o in Outcome]
    found: list[Figure] = []

    def add(key: str, part: tuple[str, float], kind: str = "int", sheet: str | None = None) -> float:
        found.append(Figure(key, part[1], f"={part[0]}", kind, sheet))
        return part[1]

    planned, left = _plus([at.count(o) for o in outcomes]), at.count("left_out")
    add("enterprises", _plus([planned, left]))
    add("planned", planned)
    for o in outcomes:
        add(o, at.count(o), sheet=o)
    add("left_out", left, sheet="left_out")
    add("full_members", _plus([at.sum(o, "full_members") for o in outcomes]))
    operating = _plus([at.count_if(o, "operating", yes) for o in outcomes])
    organised = at.operating_organised()
    add("operating", operating)
    add("organised", organised)
    rate = organised[1] / operating[1] if operating[1] else 0.0
    add("rate", (f"IFERROR(({organised[0]})/({operating[0]}),0)", rate), "percent")
    add("branches", at.count_if("branches", "is_host", yes), sheet="branches")
    add("newly", _plus([at.sum(f"outcome.{o}", "full_members") for o in (Outcome.JOINT, Outcome.JOIN)]))
    add("branch_members", at.sum("branches", "members"), sheet="branches")
    add("branch_travel", at.sum("branches", "travel_m"), "metres", sheet="branches")
    add("unverified", at.count_if("branches", "verified", no), sheet="branches")
    add("missing_members", at.sum(f"outcome.{Outcome.RECRUIT}", "missing_members"), sheet=f"outcome.{Outcome.RECRUIT}")
    waiting = sum(not c for c in at.cells("liaison", "officer_key"))
    rows = at.count("liaison")
    with_officer = f'COUNTIF({at.range("liaison", "officer_key")},"?*")'
    add("waiting", (f"{rows[0]}-{with_officer}", waiting), sheet="liaison")
    add("missing_officers", at.sum("shortage", "missing_officers"), sheet="shortage")
    add("changes", at.count("changes", "branch"), sheet="changes")
    return found
