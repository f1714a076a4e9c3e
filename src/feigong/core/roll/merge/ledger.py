"""The book that merging keeps: one fate a row, and every problem."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from feigong.core.reasons import Param, Reason, reason
from feigong.core.roll.merge.privacy import without_numbers
from feigong.core.roll.merge.values import SEVERITIES, Doubt, Fate, FateKind, Problem, RawTable, Severity
from feigong.core.roll.values import RowRef


def _covered(why: Reason) -> Reason:
    """A reason quotes cells, and anything may have been typed into any cell: personal numbers are covered."""
    params = {k: without_numbers(v) if isinstance(v, str) else v for k, v in why.params.items()}
    return why if params == dict(why.params) else reason(why.code, **params)


def _covered_doubt(doubt: Doubt | None) -> Doubt | None:
    if doubt is None:
        return None
    candidates = tuple(replace(c, name=without_numbers(c.name)) for c in doubt.candidates)
    return replace(doubt, spelling=without_numbers(doubt.spelling), candidates=candidates)


class Ledger:
    """Collects fates and problems. A row can be given a fate once; what is learned later is added to its reasons."""

    def __init__(self) -> None:
        self._fates: dict[RowRef, Fate] = {}
        self._problems: list[Problem] = []

    def close(self, row: RowRef, kind: FateKind, *reasons: Reason, of: RowRef | None = None, subject: str = "") -> None:
        """Give a row its fate."""
        if row in self._fates:
            raise ValueError(f"{row} has a fate already")
        self._fates[row] = Fate(row, kind, tuple(reasons), of, subject)

    def use(self, row: RowRef, repairs: Iterable[Reason], subject: str, *extra: Reason) -> None:
        """Used, or used after repair where there were any."""
        mended = tuple(repairs)
        self.close(row, FateKind.REPAIRED if mended else FateKind.USED, *mended, *extra, subject=subject)

    def mended(self, row: RowRef, why: Reason) -> None:
        """A row in use turns out to have needed a repair."""
        fate = self._fates[row]
        kind = FateKind.REPAIRED if fate.kind is FateKind.USED else fate.kind
        self._fates[row] = replace(fate, kind=kind, reasons=(*fate.reasons, why))

    def is_closed(self, row: RowRef) -> bool:
        return row in self._fates

    def problem(
        self,
        severity: Severity,
        code: str,
        rows: Iterable[RowRef],
        subject: str = "",
        doubt: Doubt | None = None,
        /,
        **params: Param,
    ) -> None:
        self._problems.append(Problem(reason(code, **params), tuple(sorted(set(rows))), severity, subject, doubt))

    def faults(self, row: RowRef, faults: Iterable[Reason], subject: str) -> None:
        """Cells of a used row that could not be read: the fact stays unknown."""
        for fault in faults:
            self._problems.append(Problem(fault, (row,), "check", subject))

    def problems(self) -> tuple[Problem, ...]:
        """Without repeats; what a person must decide first."""

        def order(p: Problem) -> tuple[int, str, str, tuple[RowRef, ...], str]:
            return SEVERITIES.index(p.severity), p.reason.code, p.subject, p.rows, str(dict(p.reason.params))

        covered = {replace(p, reason=_covered(p.reason), doubt=_covered_doubt(p.doubt)) for p in self._problems}
        return tuple(sorted(covered, key=order))

    def fates(self, tables: Iterable[RawTable]) -> tuple[Fate, ...]:
        """One fate for every row of every table, in the order of the tables."""
        found = (self._fates[t.ref(i)] for t in tables for i in range(len(t.rows)))
        return tuple(replace(f, reasons=tuple(map(_covered, f.reasons))) if f.reasons else f for f in found)

    def counts(self, table: RawTable) -> tuple[int, int, int, int]:
        """Rows of a table by fate, in the order of ``FateKind``."""
        found = Counter(self._fates[table.ref(i)].kind for i in range(len(table.rows)))
        used, repaired, duplicate, aside = (found[k] for k in FateKind)
        return used, repaired, duplicate, aside
