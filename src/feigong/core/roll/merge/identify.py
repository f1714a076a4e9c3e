"""Which rows speak of the same enterprise: by code, by a code mended with evidence, by name with a score."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from feigong.core.reasons import Reason, reason
from feigong.core.roll import uscc
from feigong.core.roll.merge.ledger import Ledger
from feigong.core.roll.merge.looks import is_id_number
from feigong.core.roll.merge.matching import How, Match, MatchLimits, NameEntry, NameIndex, NameKind
from feigong.core.roll.merge.names import NameWords, exact_key
from feigong.core.roll.merge.privacy import without_numbers
from feigong.core.roll.merge.records import EnterpriseRow
from feigong.core.roll.merge.values import FateKind, TableKind
from feigong.core.roll.values import RowRef

_SHOWN: Final = 3


@dataclass(slots=True)
class Found:
    """An enterprise with all rows that speak of it."""

    code: str
    valid: bool
    rows: list[EnterpriseRow] = field(default_factory=list)
    repairs: dict[RowRef, list[Reason]] = field(default_factory=dict)  # beyond those of reading the row

    def names(self) -> list[str]:
        """Names it bears in its rows, the registered one first."""
        weight: dict[str, tuple[int, int]] = {}
        for row in self.rows:
            if row.name and row.ref not in self.repairs:
                rank, n = weight.get(row.name, (_RANK[row.kind], 0))
                weight[row.name] = (min(rank, _RANK[row.kind]), n + 1)
        by_weight = sorted(weight, key=lambda n: (weight[n][0], -weight[n][1], -len(n), n))
        return by_weight or sorted({r.name for r in self.rows if r.name})


_RANK: Final = {TableKind.REGISTER: 0, TableKind.STAFF: 1, TableKind.SHIFTS: 2}


def _hamming(a: str, b: str) -> int:
    return sum(x != y for x, y in zip(a, b, strict=True)) if len(a) == len(b) else max(len(a), len(b))


class Identifier:
    """Groups rows into enterprises. Rows come in an order of their content, so that of the tables changes nothing."""

    def __init__(self, words: NameWords, limits: MatchLimits, near_code: int, ledger: Ledger) -> None:
        self._words = words
        self._limits = limits
        self._near_code = near_code
        self._ledger = ledger
        self._by_name: defaultdict[str, set[str]] = defaultdict(set)
        self._by_core: defaultdict[str, set[str]] = defaultdict(set)
        self._tables_naming: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self.found: dict[str, Found] = {}
        self._mended: dict[str, str] = {}

    def resolve(self, code: str) -> str | None:
        """The enterprise that bears a code, or bore it before it was mended."""
        return code if code in self.found else self._mended.get(code)

    def group(self, rows: Iterable[EnterpriseRow]) -> list[EnterpriseRow]:
        """Make enterprises of all rows that bear a code; give back the rows that bear none."""
        ordered = sorted(rows, key=EnterpriseRow.order)
        nameless: list[EnterpriseRow] = []
        wrong: list[EnterpriseRow] = []
        for row in ordered:
            if row.valid:
                self._add(row.code, row, valid=True)
                self._learn(row)
            else:
                (wrong if row.code else nameless).append(row)
        self._prefixes = frozenset(uscc.area_of(c)[:4] for c in self.found)
        for row in sorted(wrong, key=lambda r: not r.name):  # stable: rows with names tell what a code means
            self._settle(row)
        return nameless

    def _add(self, code: str, row: EnterpriseRow, *, valid: bool) -> None:
        self.found.setdefault(code, Found(code, valid)).rows.append(row)

    def _learn(self, row: EnterpriseRow) -> None:
        for name in (row.name, *row.former_names):
            key = exact_key(name)
            if key:
                self._by_name[key].add(row.code)
                self._by_core[self._words.core(name)].add(row.code)
                self._tables_naming[(key, row.code)].add(row.ref.table + row.ref.sheet)

    def _settle(self, row: EnterpriseRow) -> None:
        """A row whose code has a wrong check character."""
        if not row.name and (known := self.resolve(row.code)):
            if known == row.code:
                self._add(known, row, valid=False)
            else:
                self._mend(row, known, "merge.code_mended")
            return
        key = exact_key(row.name)
        same_name = sorted(self._by_name.get(key, ())) if key else []
        same_core = sorted(self._by_core.get(self._words.core(row.name), ())) if key else []
        slip = [c for c in same_name if uscc.one_slip_apart(c, row.code)] or [
            c for c in same_core if uscc.one_slip_apart(c, row.code)
        ]
        if len(slip) == 1:
            self._mend(row, slip[0], "merge.code_mended")
            return
        if len(same_name) == 1 and not slip:
            only = same_name[0]
            tables = self._tables_naming[(key, only)] - {row.ref.table + row.ref.sheet}
            if tables and (_hamming(only, row.code) <= self._near_code or len(tables) >= 2):
                self._mend(row, only, "merge.code_mended_by_name")
                return
        self._leave_wrong(row, same_name)

    def _mend(self, row: EnterpriseRow, code: str, why: str) -> None:
        self._mended[row.code] = code
        target = self.found[code]
        target.rows.append(row)
        target.repairs.setdefault(row.ref, []).append(reason("merge.repair_code_by_table", text=row.code, right=code))
        evidence = sorted(r.ref for r in target.rows if r.valid)
        self._ledger.problem(
            "check", why, [row.ref, *evidence[:1]], code, name=row.name, written=row.code, right=code,
            evidence=f"{evidence[0].table} {evidence[0].row}",
        )  # fmt: skip

    def _leave_wrong(self, row: EnterpriseRow, same_name: Sequence[str]) -> None:
        """No table mends it: it enters the roll as written, or is put aside where the row names nobody."""
        candidates = [*same_name, *(c for c in uscc.likely_codes(row.code, self._prefixes) if c not in self.found)]
        shown = "、".join(candidates[:_SHOWN])
        personal = is_id_number(row.code) or without_numbers(row.code) != row.code
        if not row.name or personal:
            code = "merge.code_is_id" if personal else "merge.code_wrong_nameless"
            params = {} if personal else {"written": row.code, "candidates": shown}
            self._ledger.close(row.ref, FateKind.PUT_ASIDE, reason(code, **params, name=row.name))
            self._ledger.problem("decide", code, [row.ref], **params, name=row.name)
            return
        self._add(row.code, row, valid=False)
        self._ledger.problem(
            "decide", "merge.code_wrong", [row.ref], row.code, name=row.name, written=row.code, candidates=shown
        )

    def index(self, short_names: bool = True) -> NameIndex:
        """All names of all enterprises found."""
        entries: list[NameEntry] = []
        for code, found in self.found.items():
            for row in found.rows:
                if row.name and row.ref not in found.repairs:
                    entries.append(NameEntry(code, row.name))
                entries += [NameEntry(code, n, NameKind.FORMER) for n in row.former_names]
                if row.short_name and short_names:
                    entries.append(NameEntry(code, row.short_name, NameKind.SHORT))
            entries += [NameEntry(code, n) for n in found.names()[:1]]
        return NameIndex(entries, self._words, self._limits)

    def place_by_name(self, rows: Iterable[EnterpriseRow], index: NameIndex) -> None:
        """Give rows without a code to the enterprise of their name."""
        by_name: defaultdict[str, list[EnterpriseRow]] = defaultdict(list)
        for row in rows:
            by_name[exact_key(row.name)].append(row)
        for key in sorted(by_name):
            group = by_name[key]
            name = group[0].name
            match = index.match(name) if name else Match(None, 0.0, How.NOTHING)
            if match.code is None:
                self._unplaced(group, name, match)
                continue
            target = self.found[match.code]
            target.rows += group
            if match.how is not How.EXACT:
                self._placed_roughly(group, name, match, target)

    def _unplaced(self, group: Sequence[EnterpriseRow], name: str, match: Match) -> None:
        if not name:
            for row in group:
                self._ledger.close(row.ref, FateKind.PUT_ASIDE, reason("merge.row_no_key"))
            return
        code = "merge.firm_ambiguous" if match.how is How.AMBIGUOUS else "merge.firm_unknown"
        shown = self.shown(match.candidates)
        for row in group:
            self._ledger.close(row.ref, FateKind.PUT_ASIDE, reason(code, name=name, candidates=shown))
        self._ledger.problem("decide", code, [r.ref for r in group], name=name, candidates=shown)

    def _placed_roughly(self, group: Sequence[EnterpriseRow], name: str, match: Match, target: Found) -> None:
        official = target.names()[0]
        for row in group:
            target.repairs.setdefault(row.ref, []).append(
                reason("merge.repair_name", text=name, name=official, score=match.score)
            )
        self._ledger.problem(
            "check", "merge.firm_rough", [r.ref for r in group], target.code,
            text=name, name=official, score=match.score, how=match.how.value,
        )  # fmt: skip

    def shown(self, codes: Iterable[str]) -> str:
        """Names of candidates, for a sentence; those of one name with their codes. Empty where there is none."""
        names = [(own[0], c) for c in codes if c in self.found and (own := self.found[c].names())]
        often = Counter(name for name, _ in names)
        return "、".join(f"{name}({code})" if often[name] > 1 else name for name, code in names)
