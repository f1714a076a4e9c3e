"""From the rows of each enterprise to its place in the roll: facts, place, industry, free slots, flags, problems."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from feigong.core.reasons import Reason, reason
from feigong.core.roll.industry import IndustryClassifier
from feigong.core.roll.merge.facts import Facts, gather
from feigong.core.roll.merge.flags import Parents, branch_flag, operation_flags, ownership_flags
from feigong.core.roll.merge.identify import Found, Identifier
from feigong.core.roll.merge.ledger import Ledger
from feigong.core.roll.merge.names import NameWords, exact_key
from feigong.core.roll.merge.points import expected_box, judge, read_position, rounded
from feigong.core.roll.merge.privacy import without_numbers
from feigong.core.roll.merge.records import EnterpriseRow
from feigong.core.roll.merge.units import control_type, unit_kind
from feigong.core.roll.merge.values import Candidate, Doubt, FateKind, TableKind
from feigong.core.roll.merge.vocabulary import FactLimits, MergeReference
from feigong.core.roll.places.coordinates import inside
from feigong.core.roll.places.locate import PlaceInput, locate
from feigong.core.roll.places.values import AreaKind, Datum, Place, Point
from feigong.core.roll.shifts import read_slots
from feigong.core.roll.values import Enterprise, Flag, FlagCode, Industry, RowRef

_SAID_ONE_BY_ONE: Final = 3
_DIVISION: Final = re.compile(r"^[A-Ta-t]?\s*(\d{2})\d{0,2}(?!\d)")


def build_enterprises(
    identifier: Identifier,
    kinds: set[TableKind],
    datums: Mapping[tuple[str, str], Datum],
    employed: Mapping[str, int],
    words: NameWords,
    reference: MergeReference,
    ledger: Ledger,
    *,
    identify: bool,
) -> tuple[Enterprise, ...]:
    """Every enterprise found, sorted by code; the fates of their rows go to the ledger. ``identify``: keep the names of
    legal representatives."""
    codes = sorted(identifier.found)
    facts = {c: gather(identifier.found[c], reference.vocabulary.facts) for c in codes}
    places = dict(zip(codes, _places(codes, facts, datums, reference, ledger), strict=True))
    covered = _insured_cover(facts, reference.vocabulary.facts)
    on_roll = {c: (e.name,) for c, e in identifier.known.items()}
    parents = Parents({**on_roll, **{c: identifier.found[c].names() for c in codes}}, words)
    _report_same_names(identifier, ledger)
    found: list[Enterprise] = []
    for code in codes:
        _close_rows(identifier.found[code], kinds, ledger)
        made = _enterprise(
            identifier.found[code], facts[code], places[code], covered, employed.get(code, 0), parents, words,
            reference, ledger,
        )  # fmt: skip
        found.append(made if identify else replace(made, legal_representative=""))
    return tuple(found)


def _insured_cover(facts: Mapping[str, Facts], limits: FactLimits) -> bool:
    """Whether the tables of insured staff hold enough of the roll for an absence to mean something."""
    listed = sum(f.listed_insured for f in facts.values())
    return listed > 0 and listed >= limits.staff_covers * len(facts)


def _enterprise(
    found: Found,
    facts: Facts,
    place: Place,
    covered: bool,
    members: int,
    parents: Parents,
    words: NameWords,
    reference: MergeReference,
    ledger: Ledger,
) -> Enterprise:
    name = without_numbers(next(iter(found.names()), ""))
    sources = tuple(sorted(r.ref for r in found.rows))
    vocabulary = reference.vocabulary
    slots = read_slots(facts.shift, facts.free_text, reference.shifts)
    if slots.fault is not None:
        ledger.problem("check", slots.fault.code, sources, found.code, name=name, **slots.fault.params)
    flags = operation_flags(facts, vocabulary.flags, covered=covered, members=members)
    flags += ownership_flags(name, facts, vocabulary.flags)
    branch = branch_flag(name, facts.entity_type, vocabulary.flags)
    parent = None
    if branch is not None:
        flags.append(branch)
        parent = parents.parent_of(found.code, name)
    if not found.valid:
        flags.append(Flag(FlagCode.CODE_INVALID, reason("merge.flag_code_invalid", written=found.code)))
    _report_renamed(found, words, ledger)
    against = [*facts.contradictions, *_names_apart(found, words, ledger), *_districts_apart(found, reference)]
    flags += [Flag(FlagCode.CONTRADICTION, c) for c in against]
    for contradiction in against:
        ledger.problem("decide", contradiction.code, sources, found.code, name=name, **contradiction.params)
    if covered and members and facts.staff in (None, 0):
        ledger.problem("check", "merge.members_without_staff", sources, found.code, name=name, members=members)
    kind = unit_kind(name, found.code if found.valid else "", facts.entity_type, vocabulary.units)
    return Enterprise(
        uscc=found.code,
        name=name,
        place=place,
        registered_on=facts.registered_on,
        industry=_industry(facts, name, reference.industry),
        scope=without_numbers(facts.scope),
        staff=facts.staff,
        shift=without_numbers(facts.shift),
        free_text=without_numbers(facts.free_text),
        slots=slots.slots,
        flags=tuple(flags),
        parent=parent,
        sources=sources,
        kind=kind,
        control=control_type(facts.entity_type, kind, vocabulary.control),
        registered_address=without_numbers(facts.registered_address),
        operating_address=without_numbers(facts.operating_address),
        status=without_numbers(facts.status),
        legal_representative=without_numbers(facts.legal_representative),
    )


def _industry(facts: Facts, name: str, classifier: IndustryClassifier) -> Industry | None:
    if facts.industry:
        if code := _DIVISION.match(facts.industry):
            return Industry(code.group(1), 1.0, given=True)
        read = classifier.infer(facts.industry)
        if read is not None:
            return Industry(read.division, read.score, given=True)
    return classifier.infer(facts.scope, name)


def _places(
    codes: Sequence[str],
    facts: Mapping[str, Facts],
    datums: Mapping[tuple[str, str], Datum],
    reference: MergeReference,
    ledger: Ledger,
) -> list[Place]:
    """Places of all enterprises; coordinates that cannot be right are reported and not used."""
    points: dict[str, Point] = {}
    faults: list[tuple[str, RowRef, str, str]] = []
    inputs: dict[str, PlaceInput] = {}
    for code in codes:
        f = facts[code]
        inputs[code] = PlaceInput(without_numbers(f.address), area_given=f.area)
        if f.position_row is None:
            continue
        ref = f.position_row.ref
        datum = datums[(ref.table, ref.sheet)]
        pair = read_position(f.position)
        point, wrong = judge(pair, datum) if pair else (None, "merge.point_unreadable")
        if point is None:
            faults.append((wrong, ref, code, " ".join(f.position).strip()))
        else:
            points[code] = point
            inputs[code] = PlaceInput(without_numbers(f.address), pair, datum, f.area)
    _report_points(faults, len(points), ledger)
    box = expected_box(points.values())
    for code, point in sorted(points.items()):
        if box is not None and not inside(point, box):
            row = facts[code].position_row
            ledger.problem(
                "check", "merge.point_outside_district", [row.ref] if row else [], code,
                text=" ".join(facts[code].position).strip(),
            )  # fmt: skip
            inputs[code] = PlaceInput(inputs[code].text, area_given=inputs[code].area_given)
    return [rounded(p) for p in locate([inputs[c] for c in codes], reference.gazetteer)]


def _report_points(faults: Sequence[tuple[str, RowRef, str, str]], good: int, ledger: Ledger) -> None:
    """Coordinates at fault, each by itself; where most have the same fault it is the column's, and said once."""
    by_fault: defaultdict[str, list[tuple[str, RowRef, str, str]]] = defaultdict(list)
    for fault in faults:
        by_fault[fault[0]].append(fault)
    for wrong, found in by_fault.items():
        if len(found) > _SAID_ONE_BY_ONE and len(found) > good:
            refs = [ref for _, ref, _, _ in found]
            ledger.problem("decide", wrong, refs, text=f"{found[0][3]} ×{len(found)}")
            continue
        for _, ref, code, text in found:
            ledger.problem("check", wrong, [ref], code, text=text)


def _report_renamed(found: Found, words: NameWords, ledger: Ledger) -> None:
    """What is on the roll under another name: the new one is used, and said where it is a wholly different one."""
    name = found.names()[0] if found.names() else ""
    if found.known is None or not found.known.name or words.core(name) == words.core(found.known.name):
        return
    refs = [r.ref for r in found.rows if r.name]
    before = without_numbers(found.known.name)
    ledger.problem("check", "merge.renamed_on_roll", refs, found.code, name=without_numbers(name), before=before)


def _names_apart(found: Found, words: NameWords, ledger: Ledger) -> list[Reason]:
    """Names under one code: a former name or another legal form is reported, wholly different names contradict."""
    names = found.written_names() if found.known else found.names()
    former = {exact_key(n) for r in found.rows for n in r.former_names}
    keys = {exact_key(n): n for n in reversed(names) if exact_key(n) not in former}
    if len(keys) < 2:
        return []
    shown = without_numbers("、".join(sorted(keys.values())))
    refs = [r.ref for r in found.rows if r.name]
    cores = {words.core(n) for n in keys.values()}
    if len(cores) == 1:
        ledger.problem("info", "merge.renamed", refs, found.code, names=shown)
        return []
    return [reason("merge.contradiction_names", names=shown)]


def _districts_apart(found: Found, reference: MergeReference) -> list[Reason]:
    """Two addresses that name different districts."""
    texts = sorted({t for r in found.rows for t in (r.address, r.operating_address) if t})
    if len(texts) < 2:
        return []
    districts: dict[str, str] = {}
    for text, place in zip(texts, locate([PlaceInput(t) for t in texts], reference.gazetteer), strict=True):
        named = place.parts.district
        area = place.area[:6] if place.area and named else ""
        if area and (known := reference.gazetteer.by_code.get(area)) and known.kind is AreaKind.DISTRICT:
            districts.setdefault(area, text)
    if len(districts) < 2:
        return []
    first, second = (without_numbers(t) for t in list(districts.values())[:2])
    return [reason("merge.contradiction_addresses", first=first, second=second)]


def _fullness(row: EnterpriseRow) -> int:
    return sum(bool(f) and f != ("", "") for f in (*row.facts(), row.name)) + (row.staff is not None)


def _close_rows(found: Found, kinds: set[TableKind], ledger: Ledger) -> None:
    """Fates of the rows of one enterprise: of each sheet the fullest row is used, others are duplicates or add."""
    by_sheet: defaultdict[tuple[str, str], list[EnterpriseRow]] = defaultdict(list)
    for row in found.rows:
        by_sheet[(row.ref.table, row.ref.sheet)].append(row)
    for sheet in sorted(by_sheet):
        rows = sorted(by_sheet[sheet], key=lambda r: (-_fullness(r), r.ref in found.repairs, r.order()))
        chief = rows[0]
        _use(chief, found, ledger)
        for other in rows[1:]:
            _close_other(other, chief, found, ledger)
    registered = found.known is not None or any(r.kind is TableKind.REGISTER for r in found.rows)
    if TableKind.REGISTER in kinds and not registered:
        name = next(iter(found.names()), "")
        ledger.problem("check", "merge.not_in_register", [r.ref for r in found.rows], found.code, name=name)


def _use(row: EnterpriseRow, found: Found, ledger: Ledger, *extra: Reason) -> None:
    ledger.use(row.ref, (*row.repairs, *found.repairs.get(row.ref, ())), found.code, *extra)
    ledger.faults(row.ref, row.faults, found.code)


def _close_other(row: EnterpriseRow, chief: EnterpriseRow, found: Found, ledger: Ledger) -> None:
    pairs = list(zip(row.facts(), chief.facts(), strict=True))
    empty: tuple[object, ...] = (None, "", ("", ""))
    if any(a not in empty and b in empty for a, b in pairs):
        _use(row, found, ledger, reason("merge.row_adds"))
        return
    if exact_key(row.name) != exact_key(chief.name):
        why = reason("merge.duplicate_renamed", name=row.name, other=chief.name)
    elif any(a not in empty and a != b for a, b in pairs):
        why = reason("merge.duplicate_differs")
    else:
        why = reason("merge.duplicate_same")
    ledger.close(row.ref, FateKind.DUPLICATE, why, of=chief.ref, subject=found.code)
    ledger.faults(row.ref, row.faults, found.code)
    if why.code != "merge.duplicate_same":
        ledger.problem("info", why.code, [row.ref, chief.ref], found.code, **why.params)


def _report_same_names(identifier: Identifier, ledger: Ledger) -> None:
    """Two codes for one name: two firms of that name, or one firm twice. Never joined silently, and not asked again
    where a person has said that they are two."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for code in identifier.found.keys() | identifier.known.keys():
        if key := exact_key(identifier.name_of(code)):
            by_name[key].add(code)
    for key in sorted(by_name):
        codes = sorted(by_name[key])
        refs = [r.ref for c in codes if c in identifier.found for r in identifier.found[c].rows[:1]]
        asked = [c for c in codes if any(c != o and not identifier.decisions.apart(c, o) for o in codes)]
        if len(asked) < 2 or not refs:
            continue
        name = identifier.name_of(asked[0])
        open_to = [c for c in asked[1:] if not identifier.decisions.apart(asked[0], c)]
        candidates = tuple(Candidate(c, 1.0, name) for c in open_to)
        ledger.problem(
            "decide", "merge.same_name_two_codes", refs, asked[0], Doubt(asked[0], candidates),
            name=name, codes="、".join(asked),
        )  # fmt: skip
