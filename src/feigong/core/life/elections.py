"""Terms and elections: when one is due, whether it was valid, and who was elected."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feigong.core.life.shares import needed
from feigong.core.reasons import Reason, reason
from feigong.core.regulations.book import RuleBook
from feigong.core.roll.values import OrganisationKind

_BY_COMMITTEE = (OrganisationKind.COMMITTEE,)
_WITHOUT = (OrganisationKind.TEMPORARY,)  # ends with its body: no re-election


def months_later(day: date, months: int) -> date:
    """The same day so many months on (fewer than none: before); at the end of a shorter month its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


class TermState(StrEnum):
    RUNNING = "running"
    NEAR = "near"  # the superior reminds
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of office. With approval it may end earlier or later, between ``earliest`` and ``latest``."""

    elected: date
    ends: date
    remind: date
    earliest: date
    latest: date

    def state(self, on: date) -> TermState:
        if on > self.ends:
            return TermState.OVERDUE
        return TermState.NEAR if on >= self.remind else TermState.RUNNING

    def needs_approval(self, held: date) -> bool:
        """Whether an election on this day is an early or a late one: not in the months of the reminder."""
        return not self.remind <= held <= self.ends

    def allowed(self, held: date) -> bool:
        """Whether an election on this day is possible at all, approved or not."""
        return self.earliest <= held <= self.latest


def term(kind: OrganisationKind, elected: date, book: RuleBook) -> Term | None:
    """The term that an election began; None: organisations of this kind have none. By the rules of that day, or the
    first there are.

    Raises
    ------
    FeigongError
        ``error.rules.unknown``.
    """
    if kind in _WITHOUT:
        return None
    id_ = "term.committee" if kind in _BY_COMMITTEE else "term.branch"
    years, shift, ahead = (
        book.at(rule, max(elected, book.versions(rule)[0].valid_from)).whole()
        for rule in (id_, "term.shift", "term.remind")
    )
    ends = months_later(elected, 12 * years)
    early, late = (months_later(ends, sign * 12 * shift) for sign in (-1, 1))
    return Term(elected, ends, months_later(ends, -ahead), early, late)


@dataclass(frozen=True, slots=True)
class Ballot:
    """What was counted. Persons by any key that the caller has."""

    seats: int
    due: int  # voters who should be there
    present: int
    issued: int
    returned: int
    valid: int
    votes: Mapping[str, int]  # for each candidate; written-in names too
    candidates: int  # on the list, written-in names not among them


@dataclass(frozen=True, slots=True)
class Count:
    """What an election comes to. ``faults``: it is void, or the figures cannot be; then nobody is elected."""

    elected: tuple[str, ...] = ()  # most votes first
    tied: tuple[str, ...] = ()  # as many votes for fewer seats: vote again between these
    vacant: int = 0
    needed: int = 0  # votes
    faults: tuple[Reason, ...] = ()


def count(ballot: Ballot, book: RuleBook, on: date) -> Count:
    """Judge an election by the rules of its day.

    Raises
    ------
    FeigongError
        ``error.rules.not_in_force``: the rules of elections had not begun.
    """
    win = book.at("elect.win", on)
    base = ballot.due if win.value() == "due" else ballot.present
    least = needed(win, base, "share")
    faults = (*_impossible(ballot), *_void(ballot, book, on))
    if faults:
        return Count(needed=least, faults=faults)
    ranked = sorted((n for n, votes in ballot.votes.items() if votes >= least), key=lambda n: (-ballot.votes[n], n))
    elected, tied = ranked, []
    if len(ranked) > ballot.seats:
        last = ballot.votes[ranked[ballot.seats - 1]]
        if ballot.votes[ranked[ballot.seats]] == last:
            tied = [name for name in ranked if ballot.votes[name] == last]
        elected = [name for name in ranked[: ballot.seats] if name not in tied]
    vacant = ballot.seats - len(elected)
    return Count(tuple(elected), tuple(tied), vacant, least)


def _impossible(ballot: Ballot) -> tuple[Reason, ...]:
    """Figures that cannot be: a part above its whole."""
    found = []
    if ballot.present > ballot.due:
        found.append(reason("life.ballot.present", present=ballot.present, due=ballot.due))
    if ballot.issued > ballot.present:
        found.append(reason("life.ballot.issued", issued=ballot.issued, present=ballot.present))
    if ballot.valid > ballot.returned:
        found.append(reason("life.ballot.valid", valid=ballot.valid, returned=ballot.returned))
    for name, votes in sorted(ballot.votes.items()):
        if votes > ballot.valid:
            found.append(reason("life.ballot.votes", name=name, votes=votes, valid=ballot.valid))
    cast = sum(ballot.votes.values())
    if cast > ballot.valid * ballot.seats:
        found.append(reason("life.ballot.cast", cast=cast, most=ballot.valid * ballot.seats))
    return tuple(found)


def _void(ballot: Ballot, book: RuleBook, on: date) -> tuple[Reason, ...]:
    """Why an election with possible figures does not hold."""
    found = []
    quorum = needed(book.at("elect.quorum", on), ballot.due)
    if ballot.present < quorum:
        found.append(reason("life.ballot.quorum", present=ballot.present, needed=quorum))
    if ballot.returned > ballot.issued:
        found.append(reason("life.ballot.returned", returned=ballot.returned, issued=ballot.issued))
    surplus = ballot.seats + needed(book.at("elect.surplus", on), ballot.seats)
    if ballot.seats > 1 and ballot.candidates < surplus:
        found.append(reason("life.ballot.surplus", candidates=ballot.candidates, needed=surplus))
    return tuple(found)
