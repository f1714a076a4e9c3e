"""Members who move: which branches it endangers, and how many came and went, by area. Counts in, counts out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from feigong.core.coverage.survival import survival


class Danger(StrEnum):
    MEMBERS = "members"  # fewer full members than an organisation needs
    HOST = "host"  # the host of a joint branch has no full member left in it
    SECRETARY = "secretary"  # the last who holds the post goes
    TURNOVER = "turnover"  # likely to have too few within a year


@dataclass(frozen=True, slots=True)
class Branch:
    """What a branch has on a day."""

    full: int  # full members
    host_full: int | None = None  # of them, those the host employs; None: no host
    secretaries: int = 0


@dataclass(frozen=True, slots=True)
class Leaving:
    """A member who leaves a branch if a transfer goes through."""

    branch: int
    full: bool = True
    of_host: bool = False  # employed by the host
    secretary: bool = False  # holds that post there


@dataclass(frozen=True, slots=True)
class Outlook:
    """A branch before and after. ``chance``: of having enough members after a year; None: not asked."""

    before: int
    after: int
    leaving: int  # probationary members too
    dangers: tuple[Danger, ...]
    chance: float | None = None


def outlook(branch: Branch, leaving: Iterable[Leaving], least: int) -> Outlook:
    """One branch if all of these leave it. What was wrong before is not a danger of their leaving.

    Parameters
    ----------
    branch, leaving
        What it has, and who leaves it (those of other branches are none of its business: do not give them).
    least
        Full members that an organisation needs.
    """
    gone = list(leaving)
    full = sum(one.full for one in gone)
    after = branch.full - full
    dangers = []
    if full and after < least:
        dangers.append(Danger.MEMBERS)
    of_host = sum(one.full and one.of_host for one in gone)
    if branch.host_full and branch.host_full <= of_host:
        dangers.append(Danger.HOST)
    posts = sum(one.secretary for one in gone)
    if branch.secretaries and branch.secretaries <= posts:
        dangers.append(Danger.SECRETARY)
    return Outlook(branch.full, after, len(gone), tuple(dangers))


def outlooks(
    branches: Mapping[int, Branch], leaving: Iterable[Leaving], *, least: int, turnover: float, safe: float
) -> dict[int, Outlook]:
    """All branches if all open transfers go through and members leave as often as they did.

    Those who are to join do not count: until they are accepted the sender is responsible for them.

    Parameters
    ----------
    turnover
        Share of members who leave in a year.
    safe
        A branch is endangered by turnover where its chance, reckoned as the planner does, is less.
    """
    gone: dict[int, list[Leaving]] = defaultdict(list)
    for one in leaving:
        gone[one.branch].append(one)
    found = {}
    for number, branch in branches.items():
        seen = outlook(branch, gone.get(number, ()), least)
        chance = survival(max(seen.after, 0), turnover, least)
        dangers = (*seen.dangers, Danger.TURNOVER) if chance < safe else seen.dangers
        found[number] = Outlook(seen.before, seen.after, seen.leaving, dangers, chance)
    return found


class Way(StrEnum):
    START = "start"  # there on the first day
    JOINED = "joined"  # not on the roll before
    MOVED_IN = "moved_in"  # elsewhere on the roll before
    MOVED_OUT = "moved_out"
    LEFT = "left"  # no longer on the roll
    END = "end"  # there on the last day


Places = Mapping[int, tuple[int, ...]]
"""The areas that each member on the roll counts in; none where it is not known or not in sight."""


@dataclass(slots=True)
class Flow:
    """Members of an area on two days. Moving within it changes nothing."""

    start: int = 0
    joined: int = 0
    moved_in: int = 0
    moved_out: int = 0
    left: int = 0
    end: int = 0

    @property
    def share(self) -> float | None:
        """Of those there at the start, those who are gone."""
        return (self.left + self.moved_out) / self.start if self.start else None


def ways(before: Places, after: Places) -> dict[tuple[int, Way], set[int]]:
    """Who: members by area and way."""
    found: dict[tuple[int, Way], set[int]] = defaultdict(set)
    for member in before.keys() | after.keys():
        was, now = set(before.get(member, ())), set(after.get(member, ()))
        came = Way.MOVED_IN if member in before else Way.JOINED
        went = Way.MOVED_OUT if member in after else Way.LEFT
        for way, areas in ((Way.START, was), (Way.END, now), (came, now - was), (went, was - now)):
            for area in areas:
                found[area, way].add(member)
    return found


def flows(before: Places, after: Places) -> dict[int, Flow]:
    """How many: by area."""
    found: dict[int, Flow] = defaultdict(Flow)
    for (area, way), members in ways(before, after).items():
        setattr(found[area], way.value, len(members))
    return dict(found)
