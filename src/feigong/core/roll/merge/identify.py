"""Which rows speak of the same enterprise: by code, by a code mended with evidence, by name with a score."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from feigong.core.reasons import Reason, reason
from feigong.core.roll import uscc
from feigong.core.roll.merge.known import Decisions, KnownEnterprise, KnownRoll
from feigong.core.roll.merge.ledger import Ledger
from feigong.core.roll.merge.looks import is_id_number
from feigong.core.roll.merge.matching import How, Match, MatchLimits, NameEntry, NameIndex, NameKind
from feigong.core.roll.merge.names import NameWords, exact_key
from feigong.core.roll.merge.privacy import without_numbers
from feigong.core.roll.merge.records import EnterpriseRow
from feigong.core.roll.merge.values import Candidate, Doubt, FateKind, TableKind
from feigong.core.roll.values import RowRef

_SHOWN: Final = 3


@dataclass(slots=True)
class Found:
    """An enterprise with all rows that speak of it. ``known`` where it is on the roll already; ``keeps_name`` where no
    row gives it a new name."""

    code: str
    valid: bool
    known: KnownEnterprise | None = None
    rows: list[EnterpriseRow] = field(default_factory=list)
    repairs: dict[RowRef, list[Reason]] = field(default_factory=dict)  # beyond those of reading the row
    keeps_name: bool = False

    def names(self) -> list[str]:
        """Names it bears in its rows, the registered one first; what the roll calls it where they only shorten that."""
        own = self.written_names()
        if self.known is None or not (self.keeps_name or not own):
            return own or sorted({r.name for r in self.rows if r.name})
        return [self.known.name, *(n for n in own if n != self.known.name)]

    def written_names(self) -> list[str]:
        """Names in the rows that are its own by their code, the registered one first."""
        weight: dict[str, tuple[int, int]] = {}
        for row in self.rows:
            if row.name and row.ref not in self.repairs:
                rank, n = weight.get(row.name, (_RANK[row.kind], 0))
                weight[row.name] = (min(rank, _RANK[row.kind]), n + 1)
        return sorted(weight, key=lambda n: (weight[n][0], -weight[n][1], -len(exact_key(n)), len(n), n))


_RANK: Final = {TableKind.REGISTER: 0, TableKind.STAFF: 1, TableKind.SHIFTS: 2}


def _hamming(a: str, b: str) -> int:
    return sum(x != y for x, y in zip(a, b, strict=True)) if len(a) == len(b) else max(len(a), len(b))


class Identifier:
    """Groups rows into enterprises. Rows come in an order of their content, so that of the tables changes nothing."""

    def __init__(
        self,
        words: NameWords,
        limits: MatchLimits,
        near_code: int,
        ledger: Ledger,
        known: KnownRoll | None = None,
        decisions: Decisions | None = None,
    ) -> None:
        self._words = words
        self._limits = limits
        self._near_code = near_code
        self._ledger = ledger
        self._by_name: defaultdict[str, set[str]] = defaultdict(set)
        self._by_core: defaultdict[str, set[str]] = defaultdict(set)
        self._tables_naming: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self.found: dict[str, Found] = {}
        self._mended: dict[str, str] = {}
        self.decisions = decisions or Decisions()
        self.known = {e.uscc: e for e in known.enterprises} if known else {}
        for e in self.known.values():
            if uscc.is_valid(e.uscc):
                self._learn((e.name, *e.former_names), e.uscc, "")

    def resolve(self, code: str) -> str | None:
        """The enterprise that bears a code, or bore it before it was mended, or that a person said bears it."""
        code = self._meant(code) or code
        return code if code in self.found or code in self.known else self._mended.get(code)

    def _meant(self, code: str) -> str | None:
        """What a person has said a code means: one on the roll or in the tables, or a code that may be right."""
        meant = self.decisions.meant(code) if code else None
        return meant if meant and (meant in self.known or uscc.is_valid(meant)) else None

    def name_of(self, code: str) -> str:
        """What an enterprise in the tables or on the roll is called."""
        if code in self.found:
            return next(iter(self.found[code].names()), "")
        return self.known[code].name if code in self.known else ""

    def group(self, rows: Iterable[EnterpriseRow]) -> list[EnterpriseRow]:
        """Make enterprises of all rows that bear a code; give back the rows that bear none."""
        ordered = sorted(rows, key=EnterpriseRow.order)
        nameless: list[EnterpriseRow] = []
        wrong: list[EnterpriseRow] = []
        for row in ordered:
            if (meant := self._meant(row.code)) is not None and meant != row.code:
                self._take_over(row, meant)
            elif row.valid:
                self._found(row.code).rows.append(row)
                self._learn((row.name, *row.former_names), row.code, row.ref.table + row.ref.sheet)
            else:
                (wrong if row.code else nameless).append(row)
        self._prefixes = frozenset(uscc.area_of(c)[:4] for c in (*self.found, *self.known))
        for row in sorted(wrong, key=lambda r: not r.name):  # stable: rows with names tell what a code means
            self._settle(row)
        for found in self.found.values():
            found.keeps_name = found.known is not None and self._keeps_name(found, found.known)
        return nameless

    def _found(self, code: str) -> Found:
        return self.found.setdefault(code, Found(code, uscc.is_valid(code), self.known.get(code)))

    def _take_over(self, row: EnterpriseRow, code: str) -> None:
        """A row whose code a person has said means another one."""
        target = self._found(code)
        target.rows.append(row)
        target.repairs.setdefault(row.ref, []).append(reason("merge.repair_code_decided", text=row.code, right=code))

    def _keeps_name(self, found: Found, known: KnownEnterprise) -> bool:
        """Only a register gives a new name to what is on the roll, or a wholly different name beside its code; and not
        where a row still has the old one."""
        own = [r for r in found.rows if r.name and r.ref not in found.repairs]
        if any(exact_key(r.name) == exact_key(known.name) for r in own):
            return True
        core = self._words.core(known.name)
        return not any(r.kind is TableKind.REGISTER or self._words.core(r.name) != core for r in own)

    def _learn(self, names: Iterable[str], code: str, table: str) -> None:
        for name in names:
            key = exact_key(name)
            if key:
                self._by_name[key].add(code)
                self._by_core[self._words.core(name)].add(code)
                self._tables_naming[(key, code)].add(table)

    def _settle(self, row: EnterpriseRow) -> None:
        """A row whose code has a wrong check character."""
        if not row.name and (known := self.resolve(row.code)):
            if known == row.code:
                self._found(known).rows.append(row)
            else:
                self._mend(row, known, "merge.code_mended")
            return
        key = exact_key(row.name)
        others = self.decisions.not_meant(row.code) | self.decisions.not_meant(row.name)
        same_name = sorted(self._by_name.get(key, set()) - others) if key else []
        same_core = sorted(self._by_core.get(self._words.core(row.name), set()) - others) if key else []
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
        target = self._found(code)
        target.rows.append(row)
        target.repairs.setdefault(row.ref, []).append(reason("merge.repair_code_by_table", text=row.code, right=code))
        doubt = self._code_doubt(row.code, [code], taken=code)
        evidence = sorted(r.ref for r in target.rows if r.valid)
        if not evidence:
            self._ledger.problem(
                "check", "merge.code_mended_by_roll", [row.ref], code, doubt,
                name=row.name, written=row.code, right=code,
            )  # fmt: skip
            return
        self._ledger.problem(
            "check", why, [row.ref, *evidence[:1]], code, doubt, name=row.name, written=row.code, right=code,
            evidence=f"{evidence[0].table} {evidence[0].row}",
        )  # fmt: skip

    def _leave_wrong(self, row: EnterpriseRow, same_name: Sequence[str]) -> None:
        """No table mends it: it enters the roll as written, or is put aside where the row names nobody."""
        others = self.decisions.not_meant(row.code)
        likely = [c for c in uscc.likely_codes(row.code, self._prefixes) if c not in self.found and c not in others]
        candidates = [*same_name, *(c for c in likely if c not in same_name)][:_SHOWN]
        shown, doubt = "、".join(candidates), self._code_doubt(row.code, candidates)
        personal = is_id_number(row.code) or without_numbers(row.code) != row.code
        if not row.name or personal:
            code = "merge.code_is_id" if personal else "merge.code_wrong_nameless"
            params = {} if personal else {"written": row.code, "candidates": shown}
            self._ledger.close(row.ref, FateKind.PUT_ASIDE, reason(code, **params, name=row.name))
            self._ledger.problem("decide", code, [row.ref], "", None if personal else doubt, **params, name=row.name)
            return
        self._found(row.code).rows.append(row)
        self._ledger.problem(
            "check" if row.code in self.known else "decide", "merge.code_wrong", [row.ref], row.code, doubt,
            name=row.name, written=row.code, candidates=shown,
        )  # fmt: skip

    def _code_doubt(self, written: str, codes: Sequence[str], taken: str | None = None) -> Doubt:
        likely = [Candidate(c, round(1 - _hamming(written, c) / uscc.LENGTH, 3), self.name_of(c)) for c in codes]
        return Doubt(written, tuple(likely), taken)

    def doubt(self, spelling: str, match: Match) -> Doubt:
        """What a person may decide about a name: the candidates of its match."""
        found = zip(match.candidates, match.scores, strict=True)
        return Doubt(spelling, tuple(Candidate(c, s, self.name_of(c)) for c, s in found), match.code)

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
        for code, known in self.known.items():
            renamed = code in self.found and known.name not in self.found[code].names()
            entries.append(NameEntry(code, known.name, NameKind.FORMER if renamed else NameKind.OFFICIAL))
            entries += [NameEntry(code, n, NameKind.FORMER) for n in known.former_names]
        return NameIndex(entries, self._words, self._limits, self.decisions)

    def place_by_name(self, rows: Iterable[EnterpriseRow], index: NameIndex) -> None:
        """Give rows without a code to the enterprise of their name."""
        by_name: defaultdict[str, list[EnterpriseRow]] = defaultdict(list)
        for row in rows:
            by_name[exact_key(row.name)].append(row)
        for key in sorted(by_name):
            group = by_name[key]
            name = group[0].name
            match = index.match(name) if name else Match(None, 0.0, How.NOTHING)
            if match.how is How.AMBIGUOUS:
                group = [row for row in group if not self._placed_by_address(row, match)]
            if match.code is not None:
                target = self._found(match.code)
                target.rows += group
                if match.how is not How.EXACT:
                    self._placed_roughly(group, name, match, target)
            elif group:
                self._unplaced(group, name, match)

    def _placed_by_address(self, row: EnterpriseRow, match: Match) -> bool:
        """Of several firms that a name may mean, the only one at the row's address."""
        at = exact_key(row.operating_address or row.address)
        here = [c for c in match.candidates if at and c in self.known and exact_key(self.known[c].address) == at]
        if len(here) == 1:
            placed = Match(here[0], match.scores[0], How.ADDRESS, match.candidates, match.scores)
            target = self._found(here[0])
            target.rows.append(row)
            self._placed_roughly([row], row.name, placed, target)
        return len(here) == 1

    def _unplaced(self, group: Sequence[EnterpriseRow], name: str, match: Match) -> None:
        if not name:
            for row in group:
                self._ledger.close(row.ref, FateKind.PUT_ASIDE, reason("merge.row_no_key"))
            return
        code = "merge.firm_ambiguous" if match.how is How.AMBIGUOUS else "merge.firm_unknown"
        shown = self.shown(match.candidates)
        for row in group:
            self._ledger.close(row.ref, FateKind.PUT_ASIDE, reason(code, name=name, candidates=shown))
        doubt = self.doubt(name, match)
        self._ledger.problem("decide", code, [r.ref for r in group], "", doubt, name=name, candidates=shown)

    def _placed_roughly(self, group: Sequence[EnterpriseRow], name: str, match: Match, target: Found) -> None:
        for row in group:  # its names are not learned from these rows
            target.repairs.setdefault(row.ref, [])
        official = self.name_of(target.code)
        for row in group:
            target.repairs.setdefault(row.ref, []).append(
                reason("merge.repair_name", text=name, name=official, score=match.score)
            )
        if match.certain:
            return
        self._ledger.problem(
            "check", "merge.firm_rough", [r.ref for r in group], target.code, self.doubt(name, match),
            text=name, name=official, score=match.score, how=match.how.value,
        )  # fmt: skip

    def shown(self, codes: Iterable[str]) -> str:
        """Names of candidates, for a sentence; those of one name with their codes. Empty where there is none."""
        names = [(own, c) for c in codes if (own := self.name_of(c))]
        often = Counter(name for name, _ in names)
        return "、".join(f"{name}({code})" if often[name] > 1 else name for name, code in names)
