"""An independent scorer: does a plan keep the rules, and what does it reach? Written apart from the planner.

It reads the roll afresh and shares nothing with the planner but the values, `measure` and the folding of free slots.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from feigong.core.coverage.parameters import CoverageParameters
from feigong.core.coverage.values import Basis, CoveragePlan, JointBranch, Outcome, Seat
from feigong.core.roll.places.distance import measure
from feigong.core.roll.values import Enterprise, FlagCode, Organisation, Roll

SLACK_M = 1e-6
WITHOUT = (Outcome.OWN, Outcome.JOINT, Outcome.JOIN, Outcome.RECRUIT, Outcome.LIAISON)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule the plan breaks: its name, the enterprise, branch or officer, and what was found."""

    rule: str
    subject: str
    found: str = ""


@dataclass(frozen=True)
class RollScore:
    """What a plan reaches, counted from the roll, and what it breaks."""

    violations: tuple[Violation, ...]
    outcomes: dict[Outcome, int]
    branches: int
    covered_members: int  # newly covered by valid, verified joint branches
    travel_m: float
    waiting: int


def score_plan(plan: CoveragePlan, roll: Roll, parameters: CoverageParameters, on: date) -> RollScore:
    """Check a plan against its roll.

    Parameters
    ----------
    plan, roll, parameters, on
        As given to and got from `plan_coverage`.

    Returns
    -------
    RollScore
        ``violations`` is empty for a plan that keeps every rule.
    """
    book = _Book(roll, parameters, on)
    found = [
        *_decisions(plan, book),
        *_seats(plan, book),
        *(v for branch in plan.branches for v in _branch(branch, book)),
        *_officers(plan, book),
        *_proof(plan, book),
    ]
    bad = {v.subject for v in found}
    good = [b for b in plan.branches if b.verified and b.key not in bad]
    new = [s for b in good for s in b.seats if not (b.joins and s.uscc == b.host)]
    return RollScore(
        violations=tuple(found),
        outcomes=dict(Counter(d.outcome for d in plan.decisions)),
        branches=len(good),
        covered_members=sum(book.full[s.uscc] for s in new),
        travel_m=sum(s.travel_m for s in new),
        waiting=len(plan.waiting),
    )


class _Book:
    """The roll, read by the scorer."""

    def __init__(self, roll: Roll, parameters: CoverageParameters, on: date) -> None:
        self.parameters = parameters
        self.enterprises = {e.uscc: e for e in roll.enterprises}
        self.organisations = {o.key: o for o in roll.organisations}
        self.kinds = {a.code: a.kind for a in roll.areas}
        self.officers = {o.key: o for o in roll.officers}
        counted = [m for m in roll.members if m.full and (m.joined_on is None or m.joined_on <= on)]
        self.full = Counter(m.employer for m in counted if m.employer)
        self.held = Counter(m.organisation for m in counted if m.organisation)

    def metres(self, a: str, b: str) -> float | None:
        first, second = self.enterprises[a].place, self.enterprises[b].place
        return measure(first, second, self.parameters.distances, self.kinds).metres

    def mask(self, uscc: str) -> int | None:
        slots = self.enterprises[uscc].slots
        return None if slots is None else slots.folded(self.parameters.cycle_weeks)

    def members(self, organisation: Organisation) -> int:
        return self.held[organisation.key] or sum(self.full[u] for u in set(organisation.covers))


def _planned(enterprise: Enterprise) -> bool:
    return not enterprise.flagged(FlagCode.DORMANT, FlagCode.CLOSED)


def _decisions(plan: CoveragePlan, book: _Book) -> Iterator[Violation]:
    """Exactly one decision for everyone planned, with reasons; outcomes that fit the members."""
    times = Counter(d.uscc for d in plan.decisions)
    left = {x.uscc for x in plan.left_out}
    for uscc, enterprise in book.enterprises.items():
        want = 1 if _planned(enterprise) else 0
        if times[uscc] != want:
            yield Violation("one_decision", uscc, f"{times[uscc]} decisions, {want} wanted")
        if (uscc in left) == bool(want):
            yield Violation("left_out", uscc)
    yield from (Violation("unknown_enterprise", u) for u in times if u not in book.enterprises)
    doubtful = (FlagCode.STATE_OWNED, FlagCode.COLLECTIVE, FlagCode.BRANCH_OFFICE, FlagCode.CONTRADICTION)
    least = book.parameters.least_members
    for d in plan.decisions:
        if d.uscc not in book.enterprises:
            continue
        full = book.full[d.uscc]
        if d.full_members != full:
            yield Violation("members_as_on_roll", d.uscc, f"{d.full_members}, on the roll {full}")
        if not d.reasons:
            yield Violation("reasons", d.uscc)
        if (d.outcome is Outcome.UNDECIDED) != book.enterprises[d.uscc].flagged(*doubtful):
            yield Violation("undecided", d.uscc, d.outcome)
        fits = {
            Outcome.OWN: full >= least,
            Outcome.JOINT: 0 < full < least,
            Outcome.JOIN: 0 < full < least,
            Outcome.RECRUIT: 0 < full < least,
            Outcome.LIAISON: full == 0,
        }.get(d.outcome, True)
        if not fits:
            yield Violation("outcome_fits_members", d.uscc, f"{d.outcome} with {full}")
        if d.outcome in (Outcome.KEEP, Outcome.REPAIR, Outcome.JOIN) and d.organisation not in book.organisations:
            yield Violation("organisation", d.uscc, str(d.organisation))


def _seats(plan: CoveragePlan, book: _Book) -> Iterator[Violation]:
    """Nobody in two branches; decisions and branches say the same."""
    where: dict[str, list[str]] = defaultdict(list)
    branches = {b.key: b for b in plan.branches}
    if len(branches) != len(plan.branches):
        yield Violation("branch_keys", "plan")
    for branch in plan.branches:
        for seat in branch.seats[1:] if branch.joins else branch.seats:
            where[seat.uscc].append(branch.key)
    decided = {d.uscc: d for d in plan.decisions}
    for uscc, keys in where.items():
        decision = decided.get(uscc)
        if len(keys) > 1:
            yield Violation("one_branch", uscc, ",".join(keys))
        if decision is None:
            yield Violation("seat_without_decision", uscc)
            continue
        want = Outcome.JOIN if branches[keys[0]].joins else Outcome.JOINT
        if decision.branch != keys[0] or decision.outcome is not want:
            yield Violation("decision_says_branch", uscc, f"{decision.outcome} {decision.branch}, sits in {keys[0]}")
    for decision in plan.decisions:
        placed = decision.outcome in (Outcome.JOINT, Outcome.JOIN)
        if placed != (decision.uscc in where) or placed != (decision.branch is not None):
            yield Violation("placed_has_seat", decision.uscc, decision.outcome)


def _branch(branch: JointBranch, book: _Book) -> Iterator[Violation]:
    """One joint branch: host, size, members, common slot, travel, basis."""
    parameters = book.parameters
    usccs = [s.uscc for s in branch.seats]
    if len(set(usccs)) != len(usccs) or not usccs or usccs[0] != branch.host:
        yield Violation("host_first", branch.key)
        return
    if any(u not in book.enterprises or not _planned(book.enterprises[u]) for u in usccs):
        yield Violation("seats_on_roll", branch.key)
        return
    size, members, attending = len(usccs), sum(book.full[u] for u in usccs), usccs
    if branch.joins is not None:
        organisation = book.organisations.get(branch.joins)
        if organisation is None or branch.host not in organisation.covers:
            yield Violation("joins", branch.key, branch.joins)
            return
        covers = [u for u in organisation.covers if u in book.enterprises and _planned(book.enterprises[u])]
        own = {u for u in covers if book.full[u] >= parameters.least_members and u != branch.host}
        size = len({*covers, *usccs} - own)
        members = book.members(organisation) + sum(book.full[u] for u in usccs[1:])
        attending = [branch.host, *usccs[1:]]
    if not 2 <= size <= parameters.most_enterprises:
        yield Violation("enterprises", branch.key, str(size))
    if members < parameters.least_members:
        yield Violation("least_members", branch.key, str(members))
    yield from _counts(branch, book)
    yield from _slot(branch, attending, book)
    limit = parameters.industry_travel_m if branch.basis is Basis.INDUSTRY else parameters.travel_m
    for seat in branch.seats[1:]:
        yield from _seat(branch, seat, limit, book)


def _counts(branch: JointBranch, book: _Book) -> Iterator[Violation]:
    for seat in branch.seats:
        stands_for_all = branch.joins is not None and seat.uscc == branch.host
        want = (
            book.members(book.organisations[branch.joins]) if stands_for_all and branch.joins else book.full[seat.uscc]
        )
        if seat.members > want or (not stands_for_all and seat.members != want):
            yield Violation("seat_members", branch.key, f"{seat.uscc}: {seat.members}, on the roll {want}")


def _slot(branch: JointBranch, attending: list[str], book: _Book) -> Iterator[Violation]:
    verified = {s.uscc: s.verified for s in branch.seats}
    for uscc in attending:
        mask = book.mask(uscc)
        if mask is None and not verified[uscc]:
            continue
        if mask is None or not mask >> branch.slot & 1:
            yield Violation("common_slot", branch.key, uscc)


def _seat(branch: JointBranch, seat: Seat, limit: float, book: _Book) -> Iterator[Violation]:
    """Travel within the limit and as measured; the basis shared with the host."""
    metres = book.metres(branch.host, seat.uscc)
    if metres is None:
        if seat.verified:
            yield Violation("travel_known", branch.key, seat.uscc)
        return
    if metres > limit + SLACK_M:
        yield Violation("travel_limit", branch.key, f"{seat.uscc}: {metres:.0f} m")
    if abs(metres - seat.travel_m) > 0.01:
        yield Violation("travel_as_measured", branch.key, f"{seat.uscc}: {seat.travel_m:.1f}, measured {metres:.1f}")
    if seat.verified and not _same(book.enterprises[branch.host], book.enterprises[seat.uscc], branch.basis, book):
        yield Violation("one_basis", branch.key, f"{seat.uscc}: {branch.basis}")


def _same(a: Enterprise, b: Enterprise, basis: Basis, book: _Book) -> bool:
    if basis not in book.parameters.bases:
        return False
    p, q = a.place, b.place
    if basis is Basis.BUILDING:
        return p.building_key is not None and p.building_key == q.building_key
    if basis is Basis.STREET:
        return p.street_key is not None and p.street_key == q.street_key
    if basis is Basis.AREA:
        area = p.area is not None and len(p.area) > 6 and p.area == q.area
        return area or (p.village_key is not None and p.village_key == q.village_key)
    sure = [i for i in (a.industry, b.industry) if i and (i.given or i.score >= book.parameters.industry_score)]
    return len(sure) == 2 and sure[0].division == sure[1].division


def _officers(plan: CoveragePlan, book: _Book) -> Iterator[Violation]:
    """Loads not exceeded, one officer each, and whoever has none waits."""
    of: dict[str, str] = {}
    for load in plan.loads:
        officer = book.officers.get(load.officer)
        most = book.parameters.officer_usual if officer is None or officer.most is None else officer.most
        if officer is None or len(load.enterprises) > most or load.most != most:
            yield Violation("officer_load", load.officer, f"{len(load.enterprises)} of {most}")
        for uscc in load.enterprises:
            if uscc in of:
                yield Violation("one_officer", uscc)
            of[uscc] = load.officer
    waiting = set(plan.waiting)
    for decision in plan.decisions:
        if decision.officer != of.get(decision.uscc):
            yield Violation(
                "officer_as_loaded", decision.uscc, f"{decision.officer}, loaded on {of.get(decision.uscc)}"
            )
        wants = decision.outcome in WITHOUT
        if wants and (decision.officer is None) != (decision.uscc in waiting):
            yield Violation("officer_or_waiting", decision.uscc)
        if decision.outcome in (Outcome.KEEP, Outcome.UNDECIDED) and (decision.officer or decision.uscc in waiting):
            yield Violation("officer_needless", decision.uscc, decision.outcome)
    if sum(s.waiting for s in plan.shortages) != len(plan.waiting):
        yield Violation("shortages_add_up", "plan")
    room = sum(book.parameters.officer_usual if o.most is None else o.most for o in book.officers.values())
    if plan.waiting and len(of) < room and len({e[:6] for e in _districts(book)}) == 1:
        yield Violation("waits_though_room", "plan", f"{len(plan.waiting)} wait, {room - len(of)} places free")


def _districts(book: _Book) -> set[str]:
    places = [e.place for e in book.enterprises.values()] + [o.base for o in book.officers.values()]
    return {p.area for p in places if p.area is not None}


def _proof(plan: CoveragePlan, book: _Book) -> Iterator[Violation]:
    """The figures of the proof are those of the branches."""
    proof = plan.proof
    new = [s for b in plan.branches if b.verified for s in b.seats if not (b.joins and s.uscc == b.host)]
    covered = sum(book.full[s.uscc] for s in new)
    travel = sum(s.travel_m for s in new)
    if covered != proof.covered_members:
        yield Violation("proof_covered", "plan", f"{proof.covered_members}, counted {covered}")
    if abs(travel - proof.travel_m) > 0.01 * max(1, len(new)):
        yield Violation("proof_travel", "plan", f"{proof.travel_m}, counted {travel}")
    if covered > proof.bound_covered or proof.bound_cost_m > proof.cost_m + 1e-6 * abs(proof.cost_m):
        yield Violation("proof_bounds", "plan")
