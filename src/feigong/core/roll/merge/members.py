"""Party members: one for each person, with the employer matched by code or name, and the branch of the membership."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from rapidfuzz import fuzz

from feigong.core.reasons import reason
from feigong.core.roll.merge.identify import Identifier
from feigong.core.roll.merge.ledger import Ledger
from feigong.core.roll.merge.looks import is_id_number
from feigong.core.roll.merge.matching import How, Match, NameIndex
from feigong.core.roll.merge.names import exact_key
from feigong.core.roll.merge.privacy import without_numbers
from feigong.core.roll.merge.records import PersonRow
from feigong.core.roll.merge.values import FateKind
from feigong.core.roll.merge.vocabulary import FactLimits, MemberWords
from feigong.core.roll.values import Identity, Member, Organisation, RowRef

_ID_LENGTH: Final = 18
_SAME_NAME: Final = 50.0  # ratio above which two names may be one person, misspelled once


@dataclass(frozen=True, slots=True)
class MemberContext:
    """What members are read with."""

    identifier: Identifier
    index: NameIndex
    words: MemberWords
    limits: FactLimits
    on: date
    pseudonym: Callable[[str], str]
    identify: bool
    organisations: Mapping[str, tuple[Organisation, ...]]  # by folded name
    ledger: Ledger


def merge_members(rows: Iterable[PersonRow], context: MemberContext) -> tuple[Member, ...]:
    """One member for each person; fates of all rows and problems go to the ledger."""
    decisions = context.identifier.decisions
    people: defaultdict[str, list[PersonRow]] = defaultdict(list)
    for row in sorted(rows, key=PersonRow.order):
        if _put_aside(row, context):
            continue
        people[_identity_of(row)].append(row)
    by_key: defaultdict[str, list[PersonRow]] = defaultdict(list)
    for identity in sorted(people):
        for key, same in _persons(identity, people[identity], context):
            by_key[decisions.meant(key) or key] += same
    employers = _Employers(context)
    members = [_member(key, same, employers, context) for key, same in by_key.items()]
    employers.report()
    return tuple(sorted(members, key=lambda m: m.key))


def _put_aside(row: PersonRow, context: MemberContext) -> bool:
    status = row.status.lower()
    if not row.name and not row.id_number:
        context.ledger.close(row.ref, FateKind.PUT_ASIDE, reason("merge.row_no_person"))
        return True
    for words, code in ((context.words.gone, "merge.member_gone"), (context.words.not_members, "merge.not_a_member")):
        if any(w in status for w in words):
            context.ledger.close(row.ref, FateKind.PUT_ASIDE, reason(code, status=row.status))
            return True
    return False


def _identity_of(row: PersonRow) -> str:
    """What makes two rows the same person: the identity number, or, where there is none, everything else."""
    if len(row.id_number) == _ID_LENGTH and "*" not in row.id_number:
        return row.id_number
    return "|".join(("?", row.id_number, row.name, exact_key(row.employer), exact_key(row.branch), str(row.joined_on)))


def _persons(identity: str, rows: Sequence[PersonRow], context: MemberContext) -> list[tuple[str, list[PersonRow]]]:
    """Keys and rows of the persons of one identity number: wholly different names are different persons, one with a
    wrong number; nearly the same name is one person."""
    groups: list[list[PersonRow]] = []
    for row in rows:
        fitting = next((g for g in groups if not row.name or _same_name(row.name, g[0].name)), None)
        if fitting is None:
            groups.append([row])
        else:
            fitting.append(row)
    if len(groups) > 1:
        context.ledger.problem("decide", "merge.one_id_two_persons", [r.ref for r in rows], context.pseudonym(identity))
    keys = [identity, *(f"{identity}|{g[0].name}" for g in groups[1:])]
    return [(context.pseudonym(k), g) for k, g in zip(keys, groups, strict=True)]


def _same_name(a: str, b: str) -> bool:
    return not a or not b or fuzz.ratio(a, b) > _SAME_NAME


class _Employers:
    """Matches employers; each written name gives one problem with all its rows, not one for each row."""

    def __init__(self, context: MemberContext) -> None:
        self._context = context
        self._rows: defaultdict[str, list[tuple[RowRef, str]]] = defaultdict(list)
        self._matches: dict[str, Match] = {}

    def match(self, row: PersonRow, key: str) -> Match:
        """By code where the sheet has one and an enterprise bears it, else by name."""
        code = self._context.identifier.resolve(row.employer_code)
        by_name = self._context.index.match(row.employer) if row.employer else Match(None, 0.0, How.NOTHING)
        if code is not None:
            if by_name.code not in (None, code):
                self._context.ledger.problem(
                    "decide", "merge.member_code_and_name", [row.ref], key,
                    replace(self._context.identifier.doubt(row.employer, by_name), taken=code),
                    written=row.employer_code, name=row.employer, other=by_name.code,
                )  # fmt: skip
            return Match(code, 1.0, How.EXACT)
        if row.employer or row.employer_code:
            text = without_numbers(row.employer) or without_numbers(row.employer_code)
            self._rows[text].append((row.ref, key))
            self._matches[text] = by_name
        else:
            self._context.ledger.problem("decide", "merge.employer_empty", [row.ref], key)
        return by_name

    def report(self) -> None:
        """One problem for each employer that was not matched exactly."""
        for text in sorted(self._rows):
            match = self._matches[text]
            if match.certain:
                continue
            refs = [ref for ref, _ in self._rows[text]]
            count = len(refs)
            ledger, identifier = self._context.ledger, self._context.identifier
            doubt, shown = identifier.doubt(text, match), identifier.shown(match.candidates)
            if match.code is not None:
                name = identifier.name_of(match.code)
                ledger.problem(
                    "check", "merge.employer_rough", refs, match.code, doubt,
                    text=text, name=name, score=match.score, how=match.how.value, count=count,
                )  # fmt: skip
                for ref in refs:
                    ledger.mended(ref, reason("merge.repair_name", text=text, name=name, score=match.score))
            else:
                code = "merge.employer_ambiguous" if match.how is How.AMBIGUOUS else "merge.employer_unknown"
                ledger.problem("decide", code, refs, "", doubt, text=text, candidates=shown, count=count)


def _is_full(row: PersonRow, key: str, context: MemberContext) -> bool:
    """Full or probationary; where the status does not say, by the dates, and said so."""
    status = row.status.lower()
    if row.answer is not None:
        asked, yes = row.answer
        if any(w in asked for w in context.words.probationary):
            return not yes
        if any(w in asked for w in context.words.full):
            return yes
    if any(w in status for w in context.words.probationary):
        return False
    if any(w in status for w in context.words.full):
        return True
    if row.full_on is not None:
        return row.full_on <= context.on
    full = row.joined_on is not None and (context.on - row.joined_on).days > context.limits.probation_days
    code = "merge.status_taken_full" if full else "merge.status_taken_probationary"
    context.ledger.problem("check", code, [row.ref], key, status=row.status)
    return full


def _filled(row: PersonRow) -> int:
    return sum(
        bool(v) for v in (row.name, row.status, row.joined_on, row.employer, row.employer_code, row.branch, row.phone)
    )


def _member(key: str, rows: Sequence[PersonRow], employers: _Employers, context: MemberContext) -> Member:
    ledger = context.ledger
    chief = min(rows, key=lambda r: (-_filled(r), r.order()))
    ledger.use(chief.ref, chief.repairs, key)
    ledger.faults(chief.ref, chief.faults, key)
    match = employers.match(chief, key)
    _report_id(chief, key, context)
    for other in rows:
        if other is not chief:
            ledger.close(other.ref, FateKind.DUPLICATE, reason("merge.duplicate_person"), of=chief.ref, subject=key)
    _report_conflicts(chief, rows, match, key, context)
    branch = without_numbers(next((r.branch for r in (chief, *rows) if r.branch), ""))
    return Member(
        key=key,
        full=_is_full(chief, key, context),
        joined_on=next((r.joined_on for r in (chief, *rows) if r.joined_on), None),
        employer=match.code,
        employer_text=without_numbers(chief.employer or ("" if match.code else chief.employer_code)),
        match_score=match.score if match.code else 0.0,
        branch_text=branch,
        organisation=_organisation_of(branch, match.code, context),
        is_owner=next((r.is_owner for r in (chief, *rows) if r.is_owner is not None), None),
        identity=Identity(chief.name, chief.id_number, chief.phone) if context.identify else None,
        source=chief.ref,
    )


def _organisation_of(branch: str, employer: str | None, context: MemberContext) -> str | None:
    """The organisation that bears the name of the branch; of several, the one that covers the employer."""
    same = context.organisations.get(exact_key(branch), ()) if branch else ()
    if len(same) > 1:
        same = tuple(o for o in same if employer is not None and employer in o.covers)
    return same[0].key if len(same) == 1 else None


def _report_id(row: PersonRow, key: str, context: MemberContext) -> None:
    if not row.id_number:
        context.ledger.problem("check", "merge.id_missing", [row.ref], key)
    elif not is_id_number(row.id_number):
        context.ledger.problem("check", "merge.id_wrong", [row.ref], key)


def _report_conflicts(
    chief: PersonRow, rows: Sequence[PersonRow], match: Match, key: str, context: MemberContext
) -> None:
    """Rows of one person that do not agree: two employers, two names, two kinds of membership."""
    refs = [r.ref for r in rows]
    if len(rows) == 1:
        return
    employers = {context.index.match(r.employer).code or exact_key(r.employer) for r in rows if r.employer}
    if len(employers) > 1:
        texts = "、".join(sorted({without_numbers(r.employer) for r in rows if r.employer}))
        context.ledger.problem("decide", "merge.member_two_employers", refs, key, employers=texts)
    if len({r.name for r in rows if r.name}) > 1:
        context.ledger.problem("decide", "merge.member_two_names", refs, key)
    if len({r.status for r in rows if r.status}) > 1:
        context.ledger.problem("check", "merge.member_two_statuses", refs, key)
