"""Fictional firms, people and tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache

from feigong.core.roll import uscc
from feigong.core.roll.merge.merge import merge_tables
from feigong.core.roll.merge.values import Cell, MergeResult, RawTable
from feigong.core.roll.merge.vocabulary import MergeReference
from feigong.exchange.merge_reference import load_merge_reference
from feigong.exchange.pseudonym import pseudonymiser

ON = date(2026, 10, 31)
DISTRICT = "210502"


def make_code(number: int, area: str = DISTRICT) -> str:
    """A code with both check characters right."""
    body = f"{number:08d}"
    total = sum(int(c) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    part = f"91{area}{body}{'0123456789X'[(11 - total % 11) % 11]}"
    return next(part + c for c in uscc.ALPHABET if uscc.is_valid(part + c))


def make_id(number: int, born: str = "19800101") -> str:
    body = f"{DISTRICT}{born}{number:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]


def table(name: str, *rows: Sequence[Cell], sheet: str = "Sheet1") -> RawTable:
    return RawTable(name, sheet, tuple(tuple(r) for r in rows))


@cache
def reference() -> MergeReference:
    return load_merge_reference(DISTRICT)


def merge(*tables: RawTable, on: date = ON, identify: bool = False) -> MergeResult:
    """Merge, and hold the law of every merge: one fate for every row."""
    result = merge_tables(tables, on=on, reference=reference(), pseudonym=pseudonymiser(b"k" * 32), identify=identify)
    assert [f.row for f in result.fates] == [t.ref(i) for t in tables for i in range(len(t.rows))]
    assert [sum(r.counts) for r in result.tables] == [len(t.rows) for t in tables]
    return result


def problems(result: MergeResult, code: str) -> list[dict[str, object]]:
    return [dict(p.reason.params) for p in result.problems if p.reason.code == code]
