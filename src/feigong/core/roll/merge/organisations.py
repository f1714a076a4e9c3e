"""Party organisations and liaison officers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final

from feigong.core.reasons import reason
from feigong.core.roll.merge.identify import Identifier
from feigong.core.roll.merge.known import Decisions, KnownOrganisation
from feigong.core.roll.merge.ledger import Ledger
from feigong.core.roll.merge.matching import How, NameIndex
from feigong.core.roll.merge.names import exact_key
from feigong.core.roll.merge.privacy import without_numbers
from feigong.core.roll.merge.reader import name_and_code
from feigong.core.roll.merge.records import OfficerRow, OrganisationRow
from feigong.core.roll.merge.values import FateKind
from feigong.core.roll.places.values import Place
from feigong.core.roll.values import Member, Officer, Organisation, OrganisationKind, RowRef

_KEY_LENGTH: Final = 12


def organisation_key(name: str) -> str:
    """A key made from the folded name: the same next month, wherever the row stands."""
    return "O" + sha256(exact_key(name).encode()).hexdigest()[:_KEY_LENGTH]


def officer_key(name: str, base: str = "") -> str:
    """A key made from the name, and from the base where two officers share a name."""
    return "L" + sha256(f"{exact_key(name)}|{exact_key(base)}".encode()).hexdigest()[:_KEY_LENGTH]


def kind_of(row: OrganisationRow, words: Mapping[str, tuple[str, ...]]) -> OrganisationKind:
    """By the words of the kind column, else by the name."""
    kind, name = row.kind.lower(), row.name.lower()
    for text in (kind, name):
        for special in ("joint_branch", "temporary", "floating"):
            if "总支" not in text and any(w in text for w in words.get(special, ())):
                return OrganisationKind(special)
        for plain in words:
            if any(w in text for w in words[plain]):
                return OrganisationKind(plain)
    return OrganisationKind.OTHER


def merge_organisations(
    rows: Iterable[OrganisationRow],
    seats: Mapping[RowRef, Place],
    known: Sequence[KnownOrganisation],
    identifier: Identifier,
    index: NameIndex,
    words: Mapping[str, tuple[str, ...]],
    ledger: Ledger,
    *,
    identify: bool = False,
) -> tuple[Organisation, ...]:
    """One organisation for each name, under the key that the roll has for it. ``seats``: where the organisations of
    rows are, as far as a table says so."""
    keys = _KnownKeys(known, identifier.decisions)
    groups: defaultdict[str, list[OrganisationRow]] = defaultdict(list)
    for row in sorted(_continued(rows), key=OrganisationRow.order):
        if not exact_key(row.name):
            ledger.close(row.ref, FateKind.PUT_ASIDE, reason("merge.row_no_organisation"))
            continue
        groups[organisation_key(row.name)].append(row)
    by_key: defaultdict[str, list[OrganisationRow]] = defaultdict(list)
    for name_key in sorted(groups):
        apart = _apart(groups[name_key], ledger)
        for same in apart:
            by_key[keys.of(_key(same, apart), same, apart)] += same
    found = [_organisation(key, same, seats, identifier, index, words, ledger) for key, same in by_key.items()]
    if not identify:
        found = [replace(o, secretary="") for o in found]
    by_name = organisations_by_name(found, known)
    return tuple(sorted((_under(o, by_name) for o in found), key=lambda o: o.key))


class _KnownKeys:
    """Keys of the organisations on the roll: a name that only one bears has that one's key, or the one a person has
    said it means."""

    def __init__(self, known: Iterable[KnownOrganisation], decisions: Decisions) -> None:
        self._decisions = decisions
        self._keys: set[str] = set()
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for o in known:
            self._keys.add(o.key)
            self._by_name[exact_key(o.name)].append(o.key)

    def of(self, key: str, rows: Sequence[OrganisationRow], groups: Sequence[object]) -> str:
        meant = self._decisions.meant(key) or self._decisions.meant(rows[0].name)
        if meant in self._keys and meant is not None:
            return meant
        bearing = self._by_name.get(exact_key(rows[0].name), [])
        return bearing[0] if key not in self._keys and len(bearing) == 1 and len(groups) == 1 else key


def _not_among(known: Iterable[KnownOrganisation], found: Iterable[Organisation]) -> list[Organisation]:
    """Organisations of the roll of which the tables say nothing."""
    keys = {o.key for o in found}
    return [Organisation(o.key, o.name, OrganisationKind.OTHER, o.covers) for o in known if o.key not in keys]


def _under(organisation: Organisation, by_name: Mapping[str, tuple[Organisation, ...]]) -> Organisation:
    """The organisation with the one above it, where exactly one bears the name."""
    above = by_name.get(exact_key(organisation.superior_text), ())
    if len(above) != 1 or above[0].key == organisation.key:
        return organisation
    return replace(organisation, superior=above[0].key)


def _continued(rows: Iterable[OrganisationRow]) -> Iterable[OrganisationRow]:
    """A row with enterprises but no name goes on with the organisation of the row above it."""
    above: OrganisationRow | None = None
    for row in sorted(rows, key=lambda r: r.ref):
        goes_on = (
            above is not None
            and not exact_key(row.name)
            and (row.covers or row.codes)
            and (row.ref.table, row.ref.sheet, row.ref.row) == (above.ref.table, above.ref.sheet, above.ref.row + 1)
        )
        if above is not None and goes_on:
            above = replace(above, ref=row.ref, covers=row.covers, codes=row.codes, repairs=row.repairs)
            yield above
            continue
        above = row
        yield row


def _apart(rows: Sequence[OrganisationRow], ledger: Ledger) -> list[list[OrganisationRow]]:
    """Rows of one name: one organisation on several rows, or, where what is typed of it differs, several of a name."""
    groups: list[list[OrganisationRow]] = []
    for row in rows:
        fitting = next((g for g in groups if all(_may_be_same(row, other) for other in g)), None)
        if fitting is None:
            groups.append([row])
        else:
            fitting.append(row)
    if len(groups) > 1:
        ledger.problem(
            "check", "merge.organisations_same_name", [r.ref for r in rows], organisation_key(rows[0].name),
            organisation=without_numbers(rows[0].name), count=len(groups),
        )  # fmt: skip
    return groups


def _may_be_same(a: OrganisationRow, b: OrganisationRow) -> bool:
    pairs = ((a.elected_on, b.elected_on), (a.claimed, b.claimed))
    return all(x is None or y is None or x == y for x, y in pairs)


def _key(rows: Sequence[OrganisationRow], groups: Sequence[Sequence[OrganisationRow]]) -> str:
    """By the name; where several share it, by name and the first enterprise covered."""
    name = rows[0].name
    if len(groups) == 1:
        return organisation_key(name)
    first = min((exact_key(t) for r in rows for t in (*r.covers, *r.codes)), default="")
    taken = [min((exact_key(t) for r in g for t in (*r.covers, *r.codes)), default="") for g in groups]
    last = "" if taken.count(first) == 1 else f"|{rows[0].elected_on}|{rows[0].claimed}"
    return organisation_key(f"{name}|{first}{last}")


def _organisation(
    key: str,
    rows: Sequence[OrganisationRow],
    seats: Mapping[RowRef, Place],
    identifier: Identifier,
    index: NameIndex,
    words: Mapping[str, tuple[str, ...]],
    ledger: Ledger,
) -> Organisation:
    chief = min(
        rows,
        key=lambda r: (
            -len(r.covers) - len(r.codes),
            -sum(v is not None for v in (r.claimed, r.elected_on)),
            r.order(),
        ),
    )
    ledger.use(chief.ref, chief.repairs, key)
    ledger.faults(chief.ref, chief.faults, key)
    covers: set[str] = set()
    unmatched: list[str] = []
    for row in (chief, *(r for r in rows if r is not chief)):
        said = _covered(row, key, identifier, index, ledger)
        if row is not chief:
            adds = bool(said[0] - covers)
            ledger.close(
                row.ref, FateKind.USED if adds else FateKind.DUPLICATE,
                reason("merge.organisation_goes_on" if adds else "merge.duplicate_organisation"),
                of=chief.ref, subject=key,
            )  # fmt: skip
        covers |= said[0]
        unmatched += [t for t in said[1] if t not in unmatched]
    return Organisation(
        key=key,
        name=without_numbers(chief.name),
        kind=kind_of(chief, words),
        covers=tuple(sorted(covers)),
        covers_unmatched=tuple(sorted(unmatched)),
        claimed_members=next((r.claimed for r in (chief, *rows) if r.claimed is not None), None),
        has_secretary=chief.has_secretary,
        secretary=chief.secretary,
        elected_on=max((r.elected_on for r in rows if r.elected_on), default=None),
        source=chief.ref,
        superior_text=without_numbers(next((r.superior for r in (chief, *rows) if r.superior), "")),
        place=next((seats[r.ref] for r in (chief, *rows) if r.ref in seats), Place()),
    )


def _covered(
    row: OrganisationRow, key: str, identifier: Identifier, index: NameIndex, ledger: Ledger
) -> tuple[set[str], list[str]]:
    """Codes of the enterprises a row covers, and the names that mean none."""
    covers = {c for c in map(identifier.resolve, row.codes) if c is not None}
    unmatched: list[str] = []
    by_code = len(covers) == len(row.codes) and len(covers) >= len(row.covers) > 0
    for text in () if by_code else row.covers:
        plain, written = name_and_code(text)
        if written and (code_of := identifier.resolve(written)):
            covers.add(code_of)
            continue
        match = index.match(plain or written)
        name = without_numbers(plain or written)
        if match.code is not None:
            covers.add(match.code)
            if not match.certain:
                official = identifier.name_of(match.code)
                ledger.problem(
                    "check", "merge.cover_rough", [row.ref], key, identifier.doubt(name, match),
                    organisation=row.name, text=name, name=official, score=match.score,
                )  # fmt: skip
                ledger_repair = reason("merge.repair_name", text=name, name=official, score=match.score)
                if ledger.is_closed(row.ref):
                    ledger.mended(row.ref, ledger_repair)
            continue
        unmatched.append(name)
        code = "merge.cover_ambiguous" if match.how is How.AMBIGUOUS else "merge.cover_unknown"
        shown = identifier.shown(match.candidates)
        doubt = identifier.doubt(name, match)
        ledger.problem("decide", code, [row.ref], key, doubt, organisation=row.name, text=name, candidates=shown)
    return covers, unmatched


def organisations_by_name(
    organisations: Iterable[Organisation], known: Iterable[KnownOrganisation] = ()
) -> dict[str, tuple[Organisation, ...]]:
    """Organisations by their folded name, with those of the roll of which the tables say nothing."""
    organisations = tuple(organisations)
    found: defaultdict[str, list[Organisation]] = defaultdict(list)
    for o in (*organisations, *_not_among(known, organisations)):
        found[exact_key(o.name)].append(o)
    return {name: tuple(same) for name, same in found.items()}


def report_claims(
    organisations: Iterable[Organisation], members: Iterable[Member], ledger: Ledger, *, whole: bool
) -> None:
    """Compare the typed number of members with those counted: full members whose branch it is. Where no list of members
    names branches there is nothing to compare with. Where the tables are not the ``whole`` roll, one that none of the
    members belongs to is not counted."""
    members = tuple(members)
    if not any(m.branch_text for m in members):
        return
    counted = Counter(m.organisation for m in members if m.full and m.organisation)
    for o in organisations:
        listed = whole or counted[o.key] > 0
        if listed and o.claimed_members is not None and o.source and counted[o.key] != o.claimed_members:
            ledger.problem(
                "info", "merge.members_claimed", [o.source], o.key,
                organisation=o.name, claimed=o.claimed_members, counted=counted[o.key],
            )  # fmt: skip


def merge_officers(
    rows: Sequence[OfficerRow], bases: Sequence[Place], decisions: Decisions, ledger: Ledger, *, identify: bool
) -> tuple[Officer, ...]:
    """One officer for each name, or name and base where two share the name. ``bases`` in the order of ``rows``."""
    by_name: defaultdict[str, list[tuple[OfficerRow, Place]]] = defaultdict(list)
    for row, base in sorted(zip(rows, bases, strict=True), key=lambda p: p[0].order()):
        if not row.name:
            ledger.close(row.ref, FateKind.PUT_ASIDE, reason("merge.row_no_officer"))
            continue
        by_name[exact_key(row.name)].append((row, base))
    found: list[Officer] = []
    for same in by_name.values():
        at_bases = {exact_key(row.base) for row, _ in same}
        known: dict[str, RowRef] = {}
        for row, base in same:
            at = exact_key(row.base)
            key = officer_key(row.name, at if len(at_bases) > 1 else "")
            key = decisions.meant(key) or key
            if key in known:
                why = reason("merge.duplicate_officer")
                ledger.close(row.ref, FateKind.DUPLICATE, why, of=known[key], subject=key)
                continue
            known[key] = row.ref
            ledger.use(row.ref, row.repairs, key)
            ledger.faults(row.ref, row.faults, key)
            phone = row.phone if identify else ""
            found.append(Officer(key, without_numbers(row.name), base, row.most, row.ref, phone))
    return tuple(sorted(found, key=lambda o: o.key))
