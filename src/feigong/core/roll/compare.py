"""What incoming tables would change in the roll: new, changed field by field, unchanged, or for a person to decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from rapidfuzz import fuzz

from feigong.core.reasons import Reason, reason
from feigong.core.roll.differences import (
    FieldChange,
    enterprise_changes,
    member_changes,
    officer_changes,
    organisation_changes,
)
from feigong.core.roll.merge.known import Decisions
from feigong.core.roll.merge.names import bare_key
from feigong.core.roll.values import Enterprise, FlagCode, Member, Officer, Organisation, Roll, RowRef

SURE: Final = 0.95
_ID_LENGTH: Final = 18
_SAME_NAME: Final = 50.0  # ratio above which two names may be one person, misspelled once
_NAMES_APART: Final = "merge.contradiction_names"


class Verdict(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DOUBTFUL = "doubtful"


class Kind(StrEnum):
    """Of what the difference is, in the order in which differences come."""

    ENTERPRISE = "enterprise"
    MEMBER = "member"
    ORGANISATION = "organisation"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to become of one incoming record.

    ``changes`` is empty for what is new, also where it is doubtful: then everything about it is. ``candidates`` are
    keys that may be meant: an enterprise, member, organisation or officer of the roll instead of a new one; the
    employer; the enterprises that would be lost.
    """

    kind: Kind
    key: str
    verdict: Verdict
    changes: tuple[FieldChange, ...] = ()
    reasons: tuple[Reason, ...] = ()
    candidates: tuple[str, ...] = ()
    sources: tuple[RowRef, ...] = ()


T = TypeVar("T", Enterprise, Member, Organisation, Officer)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Why a person must decide, and between which."""

    why: Reason
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rules(Generic[T]):
    """How records of one kind are compared."""

    kind: Kind
    key: Callable[[T], str]
    changes: Callable[[T, T], tuple[FieldChange, ...]]
    doubts: Callable[[T | None, T], Iterable[_Doubt]]
    sources: Callable[[T], tuple[RowRef, ...]]


def compare(
    current: Roll, incoming: Roll, *, not_same: Iterable[frozenset[str]] = (), sure: float = SURE
) -> tuple[Difference, ...]:
    """Compare what tables say with the roll.

    Parameters
    ----------
    current : Roll
        The roll as it stands. A member's identity is whole, or ``None`` where identities are not to be compared.
    incoming : Roll
        What `merge_tables` made of the tables, with ``known`` of the same roll. What it does not say changes nothing.
    not_same : iterable of frozenset of two
        Pairs of keys that a person has decided are different.
    sure : float
        Score from which an employer found by a written name is taken without asking.

    Returns
    -------
    tuple of Difference
        One for each incoming record, by kind and key. Takes time in proportion to the two rolls.
    """
    decisions = Decisions(None, not_same)
    members = _Members(current, decisions, sure)
    units = _Rules(Kind.ENTERPRISE, lambda e: e.uscc, enterprise_changes, _Units(current, decisions).doubts, _rows)
    people = _Rules(Kind.MEMBER, lambda m: m.key, member_changes, members.doubts, _row)
    bodies = _Rules(
        Kind.ORGANISATION, lambda o: o.key, organisation_changes, _Organisations(current, decisions).doubts, _row
    )
    officers = _Rules(Kind.OFFICER, lambda o: o.key, officer_changes, _Officers(current, decisions).doubts, _row)
    return (
        *_differences(units, current.enterprises, incoming.enterprises),
        *_differences(people, current.members, incoming.members),
        *_differences(bodies, current.organisations, incoming.organisations),
        *_differences(officers, current.officers, incoming.officers),
    )


def _rows(e: Enterprise) -> tuple[RowRef, ...]:
    return e.sources


def _row(record: Member | Organisation | Officer) -> tuple[RowRef, ...]:
    return (record.source,) if record.source else ()


def _differences(rules: _Rules[T], current: Iterable[T], incoming: Iterable[T]) -> Iterable[Difference]:
    known = {rules.key(c): c for c in current}
    for record in sorted(incoming, key=rules.key):
        key = rules.key(record)
        before = known.get(key)
        changes = rules.changes(before, record) if before is not None else ()
        doubts = list(rules.doubts(before, record)) if before is None or changes else []
        if doubts:
            verdict = Verdict.DOUBTFUL
        else:
            verdict = Verdict.NEW if before is None else Verdict.CHANGED if changes else Verdict.UNCHANGED
        candidates = tuple(dict.fromkeys(c for d in doubts for c in d.candidates))
        reasons = tuple(d.why for d in doubts)
        yield Difference(rules.kind, key, verdict, changes, reasons, candidates, rules.sources(record))


class _Namesakes:
    """Keys of the roll by comparable name."""

    def __init__(self, named: Iterable[tuple[str, str]], decisions: Decisions) -> None:
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        for key, name in named:
            if bare := bare_key(name):
                self._by_name[bare].append(key)
        self._decisions = decisions

    def of(self, key: str, name: str) -> tuple[str, ...]:
        """Others of the roll that bear a name, but for those of which a person has said that they are others."""
        found = self._by_name.get(bare_key(name), ())
        return tuple(sorted(k for k in found if k != key and not self._decisions.apart(k, key)))


class _Units:
    """Doubts about enterprises and other units."""

    def __init__(self, current: Roll, decisions: Decisions) -> None:
        self._namesakes = _Namesakes(((e.uscc, e.name) for e in current.enterprises), decisions)

    def doubts(self, before: Enterprise | None, after: Enterprise) -> Iterable[_Doubt]:
        new_name = before is None or bare_key(before.name) != bare_key(after.name)
        others = self._namesakes.of(after.uscc, after.name) if new_name and after.name else ()
        if before is None and after.flagged(FlagCode.CODE_INVALID):
            yield _Doubt(reason("compare.code_invalid", written=after.uscc), others)
        if others:
            yield _Doubt(reason("compare.same_name", name=after.name, count=len(others)), others)
        for flag in after.flags:
            if flag.reason.code == _NAMES_APART:
                yield _Doubt(flag.reason)


class _Members:
    """Doubts about members: who somebody without an identity number is, and where a roughly named employer is."""

    def __init__(self, current: Roll, decisions: Decisions, sure: float) -> None:
        self._decisions = decisions
        self._sure = sure
        self._firms = {e.uscc: e.name for e in current.enterprises}
        self._by_name: defaultdict[str, list[Member]] = defaultdict(list)
        for m in current.members:
            if m.identity is not None and m.identity.name:
                self._by_name[m.identity.name].append(m)

    def doubts(self, before: Member | None, after: Member) -> Iterable[_Doubt]:
        if before is None:
            if same := self._may_be(after):
                yield _Doubt(reason("compare.member_known", count=len(same)), same)
        else:
            yield from _turned_round(before, after)
        moved = before is None or after.employer != before.employer
        if after.employer is not None and moved and after.match_score < self._sure:
            name = self._firms.get(after.employer, after.employer)
            why = reason("compare.employer_rough", text=after.employer_text, name=name, score=after.match_score)
            yield _Doubt(why, (after.employer,))

    def _may_be(self, after: Member) -> tuple[str, ...]:
        """Members of the roll of the same name of whom something else agrees too, where one of the two has no whole
        identity number: two numbers are two persons."""
        if after.identity is None or not after.identity.name:
            return ()
        found = [
            m.key
            for m in self._by_name.get(after.identity.name, ())
            if not (_numbered(m) and _numbered(after))
            and _agree(m, after)
            and not self._decisions.apart(m.key, after.key)
        ]
        return tuple(sorted(found))


def _numbered(member: Member) -> bool:
    number = member.identity.id_number if member.identity else ""
    return len(number) == _ID_LENGTH and "*" not in number


def _agree(a: Member, b: Member) -> bool:
    """Whether two records agree in a fact that few share, and in the day of joining as far as both have one."""
    if a.joined_on is not None and b.joined_on is not None:
        return a.joined_on == b.joined_on
    employed = a.employer is not None and a.employer == b.employer
    return employed or (a.branch_text != "" and a.branch_text == b.branch_text)


def _turned_round(before: Member, after: Member) -> Iterable[_Doubt]:
    """What does not happen to members: from full to probationary, to be somebody else, to leave for nowhere."""
    if before.full and not after.full:
        yield _Doubt(reason("compare.member_probationary"))
    if before.employer is not None and after.employer is None and after.employer_text not in ("", before.employer_text):
        yield _Doubt(reason("compare.employer_elsewhere", text=after.employer_text), (before.employer,))
    if before.identity is not None and after.identity is not None:
        a, b = before.identity.name, after.identity.name
        if a and b and a != b and fuzz.ratio(a, b) <= _SAME_NAME:
            yield _Doubt(reason("compare.member_other_name"))


class _Organisations:
    """Doubts about Party organisations."""

    def __init__(self, current: Roll, decisions: Decisions) -> None:
        self._namesakes = _Namesakes(((o.key, o.name) for o in current.organisations), decisions)

    def doubts(self, before: Organisation | None, after: Organisation) -> Iterable[_Doubt]:
        if before is None:
            if others := self._namesakes.of(after.key, after.name):
                yield _Doubt(reason("compare.organisation_known", name=after.name, count=len(others)), others)
            return
        lost = set(before.covers) - set(after.covers)
        if after.covers and lost and after.covers_unmatched:
            names = "、".join(after.covers_unmatched)
            why = reason("compare.covers_unmatched", name=after.name, count=len(lost), texts=names)
            yield _Doubt(why, tuple(sorted(lost)))


class _Officers:
    """Doubts about liaison officers: two of one name are two only where their bases differ."""

    def __init__(self, current: Roll, decisions: Decisions) -> None:
        self._namesakes = _Namesakes(((o.key, o.name) for o in current.officers), decisions)

    def doubts(self, before: Officer | None, after: Officer) -> Iterable[_Doubt]:
        if before is None and (others := self._namesakes.of(after.key, after.name)):
            yield _Doubt(reason("compare.officer_known", name=after.name, count=len(others)), others)
