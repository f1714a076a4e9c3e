"""What a check finds, as rows to be looked at: items with their changes, fates of rows, problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from feigong.apps.imports.actions.receive import as_json
from feigong.apps.imports.choices import Kind, Verdict
from feigong.apps.imports.current import IDENTITY, Current, flags_of
from feigong.apps.imports.facts import COLUMNS, PERSONAL, Record, facts_of, flags_changed, links_of, shown
from feigong.apps.imports.models import Import, Item, Problem, Row, Sheet
from feigong.core.roll import compare
from feigong.core.roll.differences import FieldChange
from feigong.core.roll.merge.values import Doubt, Fate, MergeResult
from feigong.core.roll.merge.values import Problem as MergeProblem
from feigong.core.roll.places.values import Place
from feigong.core.roll.trees import above, nodes_of
from feigong.core.roll.values import Enterprise, Member, Organisation, Roll

_NO_DATA: Final = frozenset((
    "merge.row_blank", "merge.row_header", "merge.row_title", "merge.row_unit", "merge.row_total",
    "merge.row_signature", "merge.row_note", "merge.row_sheet_of_notes",
))  # fmt: skip
_SUBJECTS: Final = {
    "enterprise": Kind.ENTERPRISE, "member": Kind.MEMBER, "organisation": Kind.ORGANISATION, "officer": Kind.OFFICER,
}  # fmt: skip
# Merging has asked these already, by the name as written.
_EMPLOYED_ELSEWHERE: Final = "compare.employer_elsewhere"
_ASKED_BY_NAME: Final = frozenset(("compare.employer_rough", _EMPLOYED_ELSEWHERE))
Key = tuple[Kind, str]


def records_of(roll: Roll) -> dict[Key, Record]:
    """Everything the tables speak of, by kind and key."""
    found: dict[Key, Record] = {(Kind.ENTERPRISE, e.uscc): e for e in roll.enterprises}
    found |= {(Kind.ORGANISATION, o.key): o for o in roll.organisations}
    found |= {(Kind.MEMBER, m.key): m for m in roll.members}
    return found | {(Kind.OFFICER, o.key): o for o in roll.officers}


def name_of(record: Record) -> str:
    if isinstance(record, Member):
        return record.identity.name if record.identity else ""
    return record.name


@dataclass(slots=True)
class Staging:
    """Turns differences into items. ``own``: the areas that are the import's."""

    of: Import
    current: Current
    records: Mapping[Key, Record]
    earlier: Mapping[Key, int]  # identities of what is not on the roll that day, but on another
    own: frozenset[int]
    usual: int = field(init=False)  # the area where nothing closer is known

    def __post_init__(self) -> None:
        only = self.of.areas[0] if len(self.of.areas) == 1 and not self.of.whole else self.current.areas.root
        self.usual = int(only or 0)

    def area_of(self, place: Place) -> int:
        return self.current.areas.by_code.get(place.area or "", self.usual)

    def items(self, differences: Iterable[compare.Difference]) -> list[Item]:
        return [self._item(d) for d in differences]

    def _item(self, difference: compare.Difference) -> Item:
        kind = Kind(difference.kind.value)
        record = self.records[kind, difference.key]
        row = self.current.rows(kind).get(difference.key)
        full = facts_of(record, self.area_of)
        if isinstance(record, Organisation) and not record.place.area:
            full["area_id"] = self._area_covered(record)
        links = links_of(record)
        item = Item(
            of=self.of, kind=kind, key=difference.key[:200], name=name_of(record)[:200],
            verdict=Verdict(difference.verdict.value), reasons=[as_json(why) for why in difference.reasons],
            area=full.get("area_id"),
        )  # fmt: skip
        if row is None:
            item.target = self.earlier.get((kind, difference.key))
            item.facts = full
            item.links = {column: [k.value, key] for column, (k, key) in links.found.items()}
            if isinstance(record, Organisation):
                item.links["covers"] = list(links.covers)
                if links.secretary:
                    item.links["secretary"] = links.secretary
        else:
            item.target, item.base, item.area = row[IDENTITY[kind]], row["id"], row.get("area_id")
            self._changed(item, kind, record, row, full, difference.changes)
        if (kind, difference.key) in self.current.elsewhere or not self._is_own(kind, record, row is None, full):
            _hide(item)
        return item

    def _changed(
        self, item: Item, kind: Kind, record: Record, row: Mapping[str, Any], full: Mapping[str, Any],
        changes: Iterable[FieldChange],
    ) -> None:  # fmt: skip
        """Only the columns that change, with what they hold now."""
        kept = [c for c in changes if c.field in COLUMNS[kind]]
        links = links_of(record)
        for change in kept:
            columns = COLUMNS[kind][change.field]
            if change.field == "flags" and isinstance(record, Enterprise):
                assert isinstance(change.after, tuple)
                item.facts |= flags_changed(flags_of(row), record.flags, change.after)
            else:
                item.facts |= {c: full[c] for c in columns if c in full}
            item.links |= {c: [links.found[c][0].value, links.found[c][1]] for c in columns if c in links.found}
            if change.field == "covers":
                item.links["covers"] = list(links.covers)
            if change.field == "secretary":
                item.links["secretary"] = str(change.after)
            item.before |= {c: row[c] for c in columns if c not in PERSONAL}  # their indexes tell
            before, after = shown(change.field, change.before), shown(change.field, change.after)
            item.changes.append({"field": change.field, "before": before, "after": after})
        if any(why["code"] == _EMPLOYED_ELSEWHERE for why in item.reasons):  # accepted, the old employer is no more
            item.facts["employer_id"], item.before["employer_id"] = None, row["employer_id"]
        item.fields = "|".join(("", *(c.field for c in kept), ""))[:400] if kept else ""
        if not kept and item.verdict in (Verdict.CHANGED, Verdict.DOUBTFUL):
            item.verdict = Verdict.UNCHANGED
            item.reasons = []

    def _is_own(self, kind: Kind, record: Record, new: bool, full: Mapping[str, Any]) -> bool:
        """Whether it lies, as the tables have it, in the areas of who brings it."""
        if self.of.whole:
            return True
        if kind is not Kind.MEMBER:
            return full["area_id"] in self.own
        named = [area for link in links_of(record).found.values() if (area := self._area(*link)) is not None]
        if not named:  # stays where it is; new, it belongs to the whole district
            return not new or self.current.areas.root in self.own
        return any(area in self.own for area in named)

    def _area_covered(self, organisation: Organisation) -> int:
        """The smallest area in which everything lies that an organisation covers."""
        paths = self.current.areas.paths
        found = {paths[a] for code in organisation.covers if (a := self._area(Kind.ENTERPRISE, code)) in paths}
        common = min(found, key=len, default="")
        while common and not all(path.startswith(common) for path in found):
            common = above(common)
        return nodes_of(common)[-1] if common else self.usual

    def _area(self, kind: Kind, key: str) -> int | None:
        """Where the unit is that a key means, on the roll or in the tables."""
        row = self.current.rows(kind).get(key)
        if row is not None:
            return int(row["area_id"])
        record = self.records.get((kind, key))
        if isinstance(record, Enterprise | Organisation):
            return self.area_of(record.place)
        return None


def _hide(item: Item) -> None:
    """What belongs to others: nothing of the roll is told, nothing is kept to be written."""
    item.verdict = Verdict.FOREIGN
    item.target = item.base = item.area = None
    item.facts, item.before, item.links, item.changes, item.reasons, item.fields = {}, {}, {}, [], [], ""


def rows_of(
    fates: Iterable[Fate], sheets: Mapping[tuple[str, str], Sheet], items: Mapping[Key, Item], keys: Mapping[Key, str]
) -> Iterable[Row]:
    """What became of each row of data. ``keys``: under which key the roll has what merging keyed otherwise."""
    for fate in fates:
        if fate.reasons and fate.reasons[0].code in _NO_DATA:
            continue
        sheet = sheets[fate.row.table, fate.row.sheet]
        kind = _SUBJECTS[sheet.subject]
        item = items.get((kind, keys.get((kind, fate.subject), fate.subject)))
        reasons = [as_json(why) for why in fate.reasons]
        yield Row(sheet=sheet, row=fate.row.row, fate=fate.kind.value, reasons=reasons, item=item)


def problems_of(
    of: Import,
    result: MergeResult,
    differences: Iterable[compare.Difference],
    sheets: Mapping[tuple[str, str], Sheet],
    names: Mapping[Key, str],
) -> list[Problem]:
    """Problems of merging, then what comparing with the roll leaves to decide. A pair is asked about once."""
    differences = list(differences)
    pairs = {frozenset((d.key, candidate)) for d in differences for candidate in d.candidates}
    asked = [p for p in result.problems if not (p.doubt and _pairs_of(p.doubt) and _pairs_of(p.doubt) <= pairs)]
    found = [_problem(of, place, said, sheets) for place, said in enumerate(asked)]
    for difference in differences:
        for why in difference.reasons[:1]:
            if why.code in _ASKED_BY_NAME:
                continue
            kind = Kind(difference.kind.value)
            rows = [[sheets[r.table, r.sheet].pk, r.row] for r in difference.sources]
            candidates = [[c, 0.0, names.get((kind, c), c)] for c in difference.candidates]
            found.append(
                Problem(
                    of=of, place=len(found), severity="decide", code=why.code, params=dict(why.params), rows=rows,
                    subject=difference.key[:200], kind=kind, candidates=candidates,
                    spelling=difference.key[:300] if candidates and why.code != "compare.covers_unmatched" else "",
                )
            )  # fmt: skip
    return found


def _pairs_of(doubt: Doubt) -> set[frozenset[str]]:
    return {frozenset((doubt.spelling, c.code)) for c in doubt.candidates}


def _problem(of: Import, place: int, said: MergeProblem, sheets: Mapping[tuple[str, str], Sheet]) -> Problem:
    doubt = said.doubt
    return Problem(
        of=of, place=place, severity=said.severity, code=said.reason.code, params=dict(said.reason.params),
        rows=[[sheets[r.table, r.sheet].pk, r.row] for r in said.rows], subject=said.subject[:200],
        spelling=doubt.spelling[:300] if doubt and doubt.candidates else "",
        candidates=[[c.code, c.score, c.name] for c in doubt.candidates] if doubt else [],
        taken=(doubt.taken or "")[:200] if doubt else "",
    )  # fmt: skip
