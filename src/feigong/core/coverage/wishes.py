"""Changes by hand as values, and what they make of the plan that they are made to.

A wish is settled against a plan: the branches that it names stand as wished and are held, the rest may be planned
around them. Of two wishes that cannot both hold the later one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from feigong.core.coverage.branches import branch_key
from feigong.core.coverage.values import Basis, CoveragePlan, JointBranch, Seat


@dataclass(frozen=True, slots=True)
class Pin:
    """Exactly these enterprises are one joint branch and meet at ``host``, at ``slot`` where one is given.

    ``joins``: the organisation that takes them in; then ``host`` is where that meets and not one of ``usccs``.
    """

    usccs: tuple[str, ...]
    host: str
    slot: int | None = None
    cycle_weeks: int = 1
    joins: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """An enterprise goes into the branch of this key, which then stays so; with no key, into none."""

    uscc: str
    to: str = ""


@dataclass(frozen=True, slots=True)
class Host:
    """A branch stays as it is and meets at this enterprise of it."""

    branch: str
    uscc: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A branch stays as it is and meets then (slot as in `JointBranch`)."""

    branch: str
    slot: int
    cycle_weeks: int = 1


@dataclass(frozen=True, slots=True)
class Forbid:
    """Not all of these in one joint branch; with an organisation, not all of these taken in by it. One enterprise
    alone: in no joint branch. All enterprises of a branch: not that branch, nor one that contains it."""

    usccs: tuple[str, ...]
    organisation: str = ""


Wish = Pin | Move | Host | Slot | Forbid
Apart = tuple[frozenset[str], str]  # enterprises and, or "", an organisation that are never all together


@dataclass(frozen=True)
class Draft:
    """The plan as wished: where the next one begins. Seats of branches that changed carry no figures."""

    branches: tuple[JointBranch, ...]  # sorted by key
    held: frozenset[str]  # keys of those that stay exactly so
    altered: frozenset[str]  # keys of branches of the plan that wishes changed or broke up
    alone: frozenset[str]
    apart: tuple[Apart, ...]
    timed: frozenset[str]  # keys of held ones whose slot is wished

    def branch(self, key: str) -> JointBranch | None:
        return next((b for b in self.branches if b.key == key), None)


@dataclass
class _Sketch:
    key: str
    host: str
    usccs: set[str]  # without the host of an organisation that takes them in
    slot: int
    cycle_weeks: int
    joins: str
    old: JointBranch | None
    held: bool = False
    timed: bool = False

    @property
    def stands(self) -> bool:
        return bool(self.usccs) if self.joins else len(self.usccs) > 1 and self.host in self.usccs


@dataclass
class _Table:
    """Sketches by key, while wishes are settled."""

    sketches: dict[str, _Sketch]
    alone: set[str] = field(default_factory=set)
    apart: list[Apart] = field(default_factory=list)

    def take_out(self, uscc: str) -> None:
        for sketch in list(self.sketches.values()):
            if uscc in sketch.usccs:
                sketch.usccs.discard(uscc)
                sketch.held = sketch.timed = False
                if not sketch.stands:
                    del self.sketches[sketch.key]

    def hold(self, sketch: _Sketch) -> None:
        """What is held now is not forbidden any more, nor alone."""
        sketch.held = True
        self.alone -= sketch.usccs
        self.apart = [a for a in self.apart if not _within(a, sketch)]


def settle(wishes: Iterable[Wish], plan: CoveragePlan | None) -> Draft:
    """What the wishes, in their order, make of a plan. A wish about a branch that is not there changes nothing."""
    branches = plan.branches if plan is not None else ()
    table = _Table({b.key: _sketch(b) for b in branches})
    for wish in wishes:
        _apply(wish, table)
    before = {b.key: b for b in branches}
    drawn = {key: _drawn(s) for key, s in table.sketches.items()}
    return Draft(
        branches=tuple(drawn[key] for key in sorted(drawn)),
        held=frozenset(s.key for s in table.sketches.values() if s.held),
        altered=frozenset(k for k, b in before.items() if k not in drawn or not same(drawn[k], b)),
        alone=frozenset(table.alone),
        apart=tuple(table.apart),
        timed=frozenset(s.key for s in table.sketches.values() if s.timed),
    )


def in_force(wishes: Sequence[Wish], plan: CoveragePlan | None) -> tuple[Wish, ...]:
    """Those of the wishes that hold when all are settled: without what later ones take back, or what names a branch
    that is not there. Each once."""
    draft = settle(wishes, plan)
    return tuple(w for n, w in enumerate(wishes) if holds(w, draft) and w not in wishes[n + 1 :])


def holds(wish: Wish, draft: Draft) -> bool:
    """Whether a draft does what a wish asks for."""
    match wish:
        case Pin():
            at = pinned(wish, draft)
            return at is not None and at.key in draft.held
        case Move(uscc, ""):
            return uscc in draft.alone
        case Forbid((uscc,), ""):
            return uscc in draft.alone
        case Forbid(usccs, organisation):
            return (frozenset(usccs), organisation) in draft.apart
        case Move(uscc, key):
            branch = draft.branch(key)
            return branch is not None and key in draft.held and uscc in members_of(branch)
        case Host(key, uscc):
            branch = draft.branch(key)
            return branch is not None and key in draft.held and branch.host == uscc
        case Slot(key, slot, weeks):
            branch = draft.branch(key)
            return branch is not None and key in draft.timed and (branch.slot, branch.cycle_weeks) == (slot, weeks)


def pinned(wish: Pin, draft: Draft) -> JointBranch | None:
    """The branch of a draft that is what a pin wants."""
    for branch in draft.branches:
        place = branch.host == wish.host and (branch.joins or "") == wish.joins
        when = wish.slot is None or (branch.slot, branch.cycle_weeks) == (wish.slot, wish.cycle_weeks)
        if place and when and members_of(branch) == set(wish.usccs):
            return branch
    return None


def members_of(branch: JointBranch) -> set[str]:
    """The enterprises that a branch covers: without the place of an organisation that takes them in."""
    return {s.uscc for s in (branch.seats[1:] if branch.joins else branch.seats)}


def same(a: JointBranch, b: JointBranch) -> bool:
    """Whether two branches are of the same enterprises at the same place."""
    return (a.host, a.joins, members_of(a)) == (b.host, b.joins, members_of(b))


def named_by(wish: Wish, plan: CoveragePlan | None) -> tuple[set[str], set[str]]:
    """Enterprises and organisations that must be known to judge a wish, apart from those of the branches it alters."""
    by_key = {b.key: b for b in plan.branches} if plan is not None else {}
    match wish:
        case Pin(usccs, host, _, _, joins):
            return {*usccs, host}, {joins} - {""}
        case Forbid(usccs, organisation):
            return set(usccs), {organisation} - {""}
        case Move(uscc, key):
            found = by_key.get(key)
        case Host(key, uscc):
            found = by_key.get(key)
        case Slot(key):
            found, uscc = by_key.get(key), ""
    seats = {s.uscc for s in found.seats} if found else set()
    return seats | ({uscc} - {""}), {found.joins} if found and found.joins else set()


def _sketch(branch: JointBranch) -> _Sketch:
    return _Sketch(
        branch.key, branch.host, members_of(branch), branch.slot, branch.cycle_weeks, branch.joins or "", branch
    )


def _drawn(sketch: _Sketch) -> JointBranch:
    old = sketch.old
    usccs = sorted(sketch.usccs - {sketch.host})
    known = {s.uscc: s for s in old.seats} if old is not None else {}
    seats = tuple(known.get(u, Seat(u, 0, 0.0)) for u in (sketch.host, *usccs))
    if sketch.held:
        seats = tuple(replace(s, verified=True) for s in seats)
    if old is not None:
        if not sketch.held and set(known) == {s.uscc for s in seats} and old.host == sketch.host:
            return old
        return replace(old, host=sketch.host, slot=sketch.slot, cycle_weeks=sketch.cycle_weeks, seats=seats)
    return JointBranch(
        sketch.key, sketch.host, sketch.slot, sketch.cycle_weeks, Basis.AREA, seats, 0.0, joins=sketch.joins or None
    )


def _apply(wish: Wish, table: _Table) -> None:
    match wish:
        case Pin():
            _pin(wish, table)
        case Move(uscc, key):
            if key and key not in table.sketches:
                return
            if not key or uscc not in table.sketches[key].usccs:
                table.take_out(uscc)
            if not key:
                table.alone.add(uscc)
            elif key in table.sketches:
                table.sketches[key].usccs.add(uscc)
                table.hold(table.sketches[key])
        case Host(key, uscc):
            sketch = table.sketches.get(key)
            if sketch is not None and not sketch.joins and uscc in sketch.usccs:
                sketch.host = uscc
                table.hold(sketch)
        case Slot(key, slot, weeks):
            sketch = table.sketches.get(key)
            if sketch is not None:
                sketch.slot, sketch.cycle_weeks, sketch.timed = slot, weeks, True
                table.hold(sketch)
        case Forbid((uscc,), ""):
            table.take_out(uscc)
            table.alone.add(uscc)
        case Forbid(usccs, organisation):
            apart = (frozenset(usccs), organisation)
            table.sketches = {k: s for k, s in table.sketches.items() if not _within(apart, s)}
            table.apart = [a for a in table.apart if a != apart] + [apart]


def _pin(wish: Pin, table: _Table) -> None:
    """The branch that has most of these enterprises goes on as the pinned one; else it is a new one."""
    wanted = set(wish.usccs)
    alike = [
        (-len(wanted & s.usccs), s.key) for s in table.sketches.values()
        if s.joins == wish.joins and len(wanted & s.usccs) >= (1 if s.joins else 2)
    ]  # fmt: skip
    found = table.sketches.get(min(alike)[1]) if alike else None
    for uscc in wish.usccs:
        if found is None or uscc not in found.usccs:
            table.take_out(uscc)
    if found is None:
        key = branch_key([*wish.usccs, *([wish.joins] if wish.joins else [])])
        while key in table.sketches:
            key = branch_key([key])
        found = _Sketch(key, wish.host, wanted, 0, 1, wish.joins, None)
        table.sketches[key] = found
    found.usccs, found.host = wanted, wish.host
    if wish.slot is not None:
        found.slot, found.cycle_weeks, found.timed = wish.slot, wish.cycle_weeks, True
    table.hold(found)


def _within(apart: Apart, sketch: _Sketch) -> bool:
    usccs, organisation = apart
    return usccs <= sketch.usccs and organisation in ("", sketch.joins)
