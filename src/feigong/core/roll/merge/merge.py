"""Merge the departments' tables into one roll: enterprises, people, organisations; account for every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from feigong.core.errors import FeigongError
from feigong.core.reasons import reason
from feigong.core.roll.merge.cells import says_nothing, text_of
from feigong.core.roll.merge.columns import Subject
from feigong.core.roll.merge.enterprises import build_enterprises
from feigong.core.roll.merge.headers import Shape, find_shape, not_data
from feigong.core.roll.merge.identify import Identifier
from feigong.core.roll.merge.known import Decisions, KnownRoll
from feigong.core.roll.merge.ledger import Ledger
from feigong.core.roll.merge.members import MemberContext, merge_members
from feigong.core.roll.merge.organisations import (
    merge_officers,
    merge_organisations,
    organisations_by_name,
    report_claims,
)
from feigong.core.roll.merge.points import datum_of, judge, read_position, rounded
from feigong.core.roll.merge.records import (
    EnterpriseRow,
    OfficerRow,
    OrganisationRow,
    PersonRow,
    read_enterprise,
    read_officer,
    read_organisation,
    read_person,
)
from feigong.core.roll.merge.values import FateKind, MergeResult, RawTable, TableKind, TableReading
from feigong.core.roll.merge.vocabulary import MergeReference
from feigong.core.roll.places.locate import PlaceInput, locate
from feigong.core.roll.places.values import Area, Datum, Place
from feigong.core.roll.values import Roll, RowRef

_ROWS_SHOWN = 3


@dataclass(slots=True)
class _Rows:
    """Rows of data of all tables by what they are."""

    enterprises: list[EnterpriseRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    organisations: list[OrganisationRow] = field(default_factory=list)
    officers: list[OfficerRow] = field(default_factory=list)
    kinds: set[TableKind] = field(default_factory=set)
    datums: dict[tuple[str, str], Datum] = field(default_factory=dict)  # by table and sheet


def merge_tables(
    tables: Sequence[RawTable],
    *,
    on: date,
    reference: MergeReference,
    pseudonym: Callable[[str], str],
    identify: bool = False,
    known: KnownRoll | None = None,
    same: Mapping[str, str] | None = None,
    not_same: Iterable[frozenset[str]] = (),
) -> MergeResult:
    """Merge tables into a roll.

    Parameters
    ----------
    tables : sequence of RawTable
        Sheets of any departments in any order; which is which is found out. (table, sheet) must be different for each.
    on : date
        The day of the roll.
    reference : MergeReference
        Areas, industries, words and limits.
    pseudonym : callable
        Turns a normalised identity number into the key of a member; the same number gives the same key.
    identify : bool
        Keep names, identity numbers and phones of members, names of legal representatives and phones of officers.
        Else none of them is in the result.
    known : KnownRoll, optional
        What the district's roll already holds: then one table can come alone, and its employers and covered firms are
        matched against the roll. Only what the tables speak of is in the result, under the roll's keys.
    same : mapping, optional
        What a person has decided: a name, code or member's key as it comes, and the code or key that it means.
    not_same : iterable of frozenset of two, optional
        Pairs of names, codes or keys that a person has decided are different: never joined, and not asked again.

    Returns
    -------
    MergeResult
        The roll, sorted by keys; every problem; one fate for each row of each table; how each table was understood. The
        order of rows and tables changes nothing but row numbers.

    Raises
    ------
    FeigongError
        ``error.column_missing``, ``error.table_unknown``, ``error.code_is_number``, ``error.no_enterprises``
        (only without ``known``).
    """
    ledger = Ledger()
    shapes = _shapes(tables, reference)
    rows = _read_rows(tables, shapes, reference, ledger)
    vocabulary = reference.vocabulary
    words = vocabulary.name_words(reference.gazetteer)
    on_roll = known or KnownRoll()
    decisions = Decisions(same, not_same)
    identifier = Identifier(words, vocabulary.limits, vocabulary.facts.near_code, ledger, on_roll, decisions)
    nameless = identifier.group(rows.enterprises)
    if not identifier.found and known is None:
        raise _no_enterprises(tables, shapes)
    index = identifier.index()
    identifier.place_by_name(nameless, index)
    organisations = merge_organisations(
        rows.organisations, _seats(rows, reference), on_roll.organisations, identifier, index,
        vocabulary.organisations, ledger, identify=identify,
    )  # fmt: skip
    members = merge_members(
        rows.people,
        MemberContext(
            identifier, index, vocabulary.members, vocabulary.facts, on, pseudonym, identify,
            organisations_by_name(organisations, on_roll.organisations), ledger,
        ),
    )  # fmt: skip
    report_claims(organisations, members, ledger, whole=known is None)
    employed = Counter(m.employer for m in members if m.employer)
    enterprises = build_enterprises(
        identifier, rows.kinds, rows.datums, employed, words, reference, ledger, identify=identify
    )  # fmt: skip
    officers = merge_officers(rows.officers, _bases(rows, reference), decisions, ledger, identify=identify)
    roll = Roll(on, enterprises, members, organisations, officers, _areas(reference), reference.gazetteer.district)
    return MergeResult(
        roll, ledger.problems(), ledger.fates(tables),
        tuple(_reading(t, s, rows.datums, ledger) for t, s in zip(tables, shapes, strict=True)),
    )  # fmt: skip


def _no_enterprises(tables: Sequence[RawTable], shapes: Sequence[Shape | None]) -> FeigongError:
    """Why there is none: a list of enterprises without rows, one without a column of codes, or no such list at all."""
    lists = [(t, s) for t, s in zip(tables, shapes, strict=True) if s is not None and s.subject is Subject.ENTERPRISE]
    for table, shape in lists:
        if "uscc" in shape.mapped.columns and len(table.rows) <= shape.header.stop:
            return FeigongError("error.table_only_header", table=table.shown)
    for table, shape in lists:
        if shape.kind is TableKind.REGISTER and "uscc" not in shape.mapped.columns:
            found = "、".join(label for label in shape.labels if label)
            return FeigongError(
                "error.column_missing", table=table.shown, row=table.first_row + shape.header.start, column="uscc",
                kind=shape.kind.value, found=found,
            )  # fmt: skip
    return FeigongError("error.no_enterprises", tables="、".join(sorted({t.name for t in tables})))


def addresses_and_codes(tables: Sequence[RawTable], reference: MergeReference) -> tuple[list[str], list[str]]:
    """Addresses and codes of all enterprise tables, from which the district is guessed before merging."""
    addresses: list[str] = []
    codes: list[str] = []
    for table in tables:
        shape = find_shape(table, reference.columns)
        if shape is None or shape.subject is not Subject.ENTERPRISE:
            continue
        for meaning, into in (("address", addresses), ("operating_address", addresses), ("uscc", codes)):
            for i in shape.mapped.columns.get(meaning, ()):
                cells = (text_of(r[i]) for r in table.rows[shape.header.stop :] if i < len(r))
                into += [t for t in cells if not says_nothing(t)]
    return addresses, codes


def _shapes(tables: Sequence[RawTable], reference: MergeReference) -> list[Shape | None]:
    """The shape of every sheet; a file of which no sheet is a table is an error."""
    shapes = [find_shape(t, reference.columns) for t in tables]
    known = {t.name for t, s in zip(tables, shapes, strict=True) if s is not None}
    for table in tables:
        if table.name not in known and any(text_of(c) for row in table.rows for c in row):
            found = next([text_of(c) for c in row if text_of(c)] for row in table.rows if any(text_of(c) for c in row))
            raise FeigongError("error.table_unknown", table=table.name, found="、".join(found[:8])[:80])
    return shapes


def _read_rows(
    tables: Sequence[RawTable], shapes: Sequence[Shape | None], reference: MergeReference, ledger: Ledger
) -> _Rows:
    rows = _Rows()
    for table, shape in zip(tables, shapes, strict=True):
        if shape is None:
            for i, row in enumerate(table.rows):
                why = "merge.row_sheet_of_notes" if any(text_of(c) for c in row) else "merge.row_blank"
                ledger.close(table.ref(i), FateKind.PUT_ASIDE, reason(why))
            continue
        rows.kinds.add(shape.kind)
        rows.datums[(table.name, table.sheet)] = datum_of(shape, reference.datum)
        _read_table(table, shape, reference, rows, ledger)
    return rows


def _read_table(table: RawTable, shape: Shape, reference: MergeReference, rows: _Rows, ledger: Ledger) -> None:
    lost: list[int] = []
    for i, row in enumerate(table.rows):
        ref = table.ref(i)
        why = not_data(row, i, shape, reference.columns.rows)
        if why is not None:
            ledger.close(ref, FateKind.PUT_ASIDE, why)
            continue
        match shape.subject:
            case Subject.ENTERPRISE:
                found, code_lost = read_enterprise(row, ref, shape)
                rows.enterprises.append(found)
                if code_lost:
                    lost.append(i)
            case Subject.MEMBER:
                rows.people.append(read_person(row, ref, shape))
            case Subject.ORGANISATION:
                rows.organisations.append(read_organisation(row, ref, shape))
            case Subject.OFFICER:
                rows.officers.append(read_officer(row, ref, shape))
    if lost:
        _codes_lost(table, shape, lost, ledger)


def _codes_lost(table: RawTable, shape: Shape, lost: Sequence[int], ledger: Ledger) -> None:
    """A column of codes that a spreadsheet has turned into numbers: the last digits are gone for good."""
    column = shape.labels[shape.mapped.columns["uscc"][0]]
    shown = "、".join(str(table.first_row + i) for i in lost[:_ROWS_SHOWN])
    example = text_of(table.rows[lost[0]][shape.mapped.columns["uscc"][0]])
    if "name" not in shape.mapped.columns or shape.kind is TableKind.REGISTER:
        raise FeigongError(
            "error.code_is_number",
            table=table.shown,
            column=column,
            rows=shown,
            example=example,
            count=len(lost),
        )
    ledger.problem(
        "decide", "merge.codes_are_numbers", [table.ref(i) for i in lost],
        table=table.name, column=column, rows=shown, example=example, count=len(lost),
    )  # fmt: skip


def _bases(rows: _Rows, reference: MergeReference) -> list[Place]:
    """Places of the officers' bases."""
    inputs = []
    for row in rows.officers:
        pair = read_position(row.position)
        datum = rows.datums[(row.ref.table, row.ref.sheet)]
        good = pair is not None and judge(pair, datum)[0] is not None
        inputs.append(PlaceInput(row.base, pair if good else None, datum, row.area))
    return [rounded(p) for p in locate(inputs, reference.gazetteer)]


def _seats(rows: _Rows, reference: MergeReference) -> dict[RowRef, Place]:
    """Places of the organisations whose table says where they are."""
    said = [r for r in rows.organisations if r.address or r.area]
    places = locate([PlaceInput(r.address, area_given=r.area) for r in said], reference.gazetteer)
    return {row.ref: rounded(place) for row, place in zip(said, places, strict=True)}


def _areas(reference: MergeReference) -> tuple[Area, ...]:
    """The district with all its townships, and what is above it."""
    home = reference.gazetteer.district
    return tuple(a for a in reference.gazetteer.areas if home and (a.code.startswith(home) or home.startswith(a.code)))


def _reading(
    table: RawTable, shape: Shape | None, datums: dict[tuple[str, str], Datum], ledger: Ledger
) -> TableReading:
    counts = ledger.counts(table)
    if shape is None:
        return TableReading(table.name, table.sheet, TableKind.NONE, None, counts=counts)
    located = shape.mapped.columns.keys() & {"longitude", "latitude", "point"}
    return TableReading(
        table=table.name,
        sheet=table.sheet,
        kind=shape.kind,
        header_row=table.first_row + shape.header.start if len(shape.header) else None,
        columns=shape.readings(),
        unmapped=shape.unmapped(),
        datum=datums[(table.name, table.sheet)] if located else None,
        counts=counts,
    )
