"""A coverage plan as values: one outcome for every planned enterprise, joint branches with proof, liaison, changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from feigong.core.reasons import Reason


class Outcome(StrEnum):
    KEEP = "keep"  # 保持
    OWN = "own"  # 单独建
    JOINT = "joint"  # 联合建
    JOIN = "join"  # 加入现有
    RECRUIT = "recruit"  # 先招后建
    LIAISON = "liaison"  # 派联络员
    REPAIR = "repair"  # 整顿
    UNDECIDED = "undecided"  # 待定


class Basis(StrEnum):
    """What the enterprises of one joint branch have in common, in the order preferred."""

    BUILDING = "building"
    STREET = "street"
    AREA = "area"
    INDUSTRY = "industry"


class BranchState(StrEnum):
    NEW = "new"  # proposed now
    KEPT = "kept"  # as in the plan in force
    CHANGED = "changed"  # in the plan in force with other enterprises


@dataclass(frozen=True, slots=True)
class Seat:
    """One enterprise of a joint branch. ``travel_m`` metres to the meeting place; ``verified`` False: distance or
    free time is unknown and must be checked (待核实)."""

    uscc: str
    members: int
    travel_m: float
    verified: bool = True


@dataclass(frozen=True, slots=True)
class JointBranch:
    """Enterprises that can really meet. ``slot``: ``week * 21 + day * 3 + part``; ``survival``: chance of still
    having the least number of members after a year (binomial on the yearly turnover).

    Where ``joins`` is set the first seat stands for the existing organisation: the enterprise it meets at, with all the
    organisation's members; the other seats are the enterprises it takes in."""

    key: str
    host: str
    slot: int
    cycle_weeks: int
    basis: Basis
    seats: tuple[Seat, ...]  # the host first, then by travel
    survival: float
    state: BranchState = BranchState.NEW
    joins: str | None = None  # key of the existing organisation that takes these enterprises in
    reasons: tuple[Reason, ...] = ()

    @property
    def members(self) -> int:
        return sum(s.members for s in self.seats)

    @property
    def travel_m(self) -> float:
        return sum(s.travel_m for s in self.seats)

    @property
    def verified(self) -> bool:
        return all(s.verified for s in self.seats)


@dataclass(frozen=True, slots=True)
class Alternative:
    """What else could be done with an enterprise, and its price in metres of travel and members still missing."""

    outcome: Outcome
    reason: Reason
    extra_m: float | None = None
    missing_members: int = 0
    with_usccs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one enterprise."""

    uscc: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    full_members: int
    probationary: int
    staff: int | None
    operating: bool  # counts in the denominator of coverage rates
    branch: str | None = None  # JointBranch.key
    organisation: str | None = None  # Organisation.key it has, joins, or whose repair is due
    officer: str | None = None  # Officer.key
    missing_members: int = 0
    alternatives: tuple[Alternative, ...] = ()
    fingerprint: str = ""  # of members, place, free time and organisations: with the same one nothing changed


@dataclass(frozen=True, slots=True)
class Proof:
    """How good the joint branches are. Bounds hold for every plan under the same roll and parameters; where there are
    changes by hand, for every such plan that makes them too.

    ``bound_cost_m``: no plan covering at least as many members costs less. Cost is travel in metres less affinity
    plus the price of changes; with pure travel it is the travel bound. ``gap`` = (cost - bound) / cost, 0 when proven
    optimal.
    """

    pool_enterprises: int
    pool_members: int
    covered_members: int
    bound_covered: int
    travel_m: float
    cost_m: float
    bound_cost_m: float
    gap: float
    optimal: bool


@dataclass(frozen=True, slots=True)
class OfficerLoad:
    officer: str
    enterprises: tuple[str, ...]
    travel_m: float
    most: int
    unverified: int = 0  # enterprises whose distance is unknown


@dataclass(frozen=True, slots=True)
class AreaShortage:
    """Officers missing in an area: ``waiting`` enterprises have none; at the usual load that is ``missing``
    officers."""

    area: str
    waiting: int
    missing: int


@dataclass(frozen=True, slots=True)
class Change:
    """A joint branch of the plan in force that this plan does not keep, and why."""

    branch: str
    usccs: tuple[str, ...]
    untouched: bool  # no enterprise of it gained or lost a member, moved, closed or has other free times; and the
    # organisations that cover one have the same members, secretary and enterprises, with the same places and times
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """An enterprise of the roll that is not planned (dormant, closed), with its reason."""

    uscc: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class CoveragePlan:
    on: date
    decisions: tuple[Decision, ...]  # sorted by uscc; exactly one for every planned enterprise
    branches: tuple[JointBranch, ...]
    proof: Proof
    loads: tuple[OfficerLoad, ...] = ()
    waiting: tuple[str, ...] = ()  # enterprises that wait for an officer
    shortages: tuple[AreaShortage, ...] = ()
    changes: tuple[Change, ...] = ()
    left_out: tuple[Left, ...] = ()
    parameters: tuple[tuple[str, str], ...] = ()  # id and value in force, as shown
    seed: int = 0
    stopped_early: bool = False
    notes: tuple[Reason, ...] = field(default=())
