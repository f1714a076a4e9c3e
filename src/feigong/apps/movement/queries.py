"""Branches that transfers and turnover endanger, and who came and went. Only what one may see; nothing is stored."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from feigong.apps.accounts.sight import Sight
from feigong.apps.cases import queries as cases
from feigong.apps.cases.models import CaseState, CaseSubject
from feigong.apps.roll import queries as roll
from feigong.apps.roll.kinds import RecordKind, in_sight
from feigong.apps.roll.models import AreaState
from feigong.apps.roll.models.organisations import OrganisationKind
from feigong.apps.roll.models.people import PostRole
from feigong.apps.roll.queries.places import places
from feigong.apps.roll.queries.restrict import seen_on
from feigong.core.cases.engine import months_after
from feigong.core.cases.values import Standing
from feigong.core.coverage.movement import Branch, Flow, Leaving, Outlook, Way, flows, outlook, outlooks, ways
from feigong.exchange.movement_file import load_movement
from feigong.exchange.parameters_file import parameter_defaults
from feigong.exchange.rules_file import load_rules

TRANSFER, ARRIVAL = "transfer", "transfer_in"
KINDS = (TRANSFER, ARRIVAL)
ACCEPTED = "receipt"  # the step that only files the receipt
LEAST = "org.min_full_members"
_BRANCHES = (OrganisationKind.BRANCH, OrganisationKind.JOINT_BRANCH)


def least(on: date) -> int:
    return load_rules(None).at(LEAST, on).whole()


def open_transfers(sight: Sight) -> QuerySet[CaseState]:
    """Transfers in sight that are not accepted yet."""
    return _open(cases.cases(sight).filter(case__kind__in=KINDS))


def _open(rows: QuerySet[CaseState]) -> QuerySet[CaseState]:
    return rows.exclude(standing=Standing.CLOSED).exclude(step=ACCEPTED)


def leaving(sight: Sight, members: Any) -> list[Leaving]:
    """What these members are to the branches they are in, as far as one may see them: four queries."""
    rows = roll.members(sight).filter(member_id__in=members).exclude(branch=None).order_by()
    people = list(rows.values_list("member_id", "branch_id", "employer_id", "full"))
    if not people:
        return []
    hosts = set(
        roll.coverage(sight).filter(host=True, organisation_id__in={p[1] for p in people})
        .order_by().values_list("organisation_id", "enterprise_id")
    )  # fmt: skip
    works = roll.workers(sight).filter(member_id__in=[p[0] for p in people]).order_by()
    workers = dict(works.values_list("worker_id", "member_id"))
    held = roll.posts(sight).filter(worker_id__in=list(workers), role=PostRole.SECRETARY).order_by()
    posts = {(workers[worker], unit) for worker, unit in held.values_list("worker_id", "organisation_id")}
    return [
        Leaving(branch, full, (branch, employer) in hosts, (member, branch) in posts)
        for member, branch, employer, full in people
    ]


def branches(sight: Sight, numbers: Iterable[int] | None = None) -> dict[int, Branch]:
    """What branches in sight have on the day, all or only these: four queries."""
    rows = roll.organisations(sight).filter(kind__in=_BRANCHES).order_by()
    if numbers is not None:
        rows = rows.filter(organisation_id__in=list(numbers))
    units = rows.values("organisation_id")
    full: Counter[int] = Counter()
    of_host: Counter[int] = Counter()
    hosts = dict(
        roll.coverage(sight).filter(host=True, organisation_id__in=units).order_by()
        .values_list("organisation_id", "enterprise_id")
    )  # fmt: skip
    people = roll.members(sight).filter(full=True, branch_id__in=units).order_by()
    for branch, employer, n in people.values_list("branch_id", "employer_id").annotate(n=Count("pk")):
        full[branch] += n
        if branch in hosts and hosts[branch] == employer:
            of_host[branch] += n
    held = roll.posts(sight).filter(role=PostRole.SECRETARY, organisation_id__in=units).order_by()
    secretaries = Counter(held.values_list("organisation_id", flat=True))
    return {
        number: Branch(full[number], of_host[number] if number in hosts else None, secretaries[number])
        for number in rows.values_list("organisation_id", flat=True)
    }


@dataclass(frozen=True, slots=True)
class Effect:
    """What one transfer does to the branch that is left: alone, and together with all others that are open."""

    branch: int
    alone: Outlook
    together: Outlook


def effect_of(sight: Sight, member: int) -> Effect | None:
    """What it would do if this member left, as far as one may see; None where there is no branch to leave."""
    own = leaving(sight, [member])
    found = branches(sight, [own[0].branch]) if own else {}
    if not found:
        return None
    number, need = own[0].branch, least(sight.on)
    others = _subjects(open_transfers(sight).filter(case__kind=TRANSFER)).exclude(member_id=member)
    there = [one for one in leaving(sight, others.values("member_id")) if one.branch == number]
    return Effect(number, outlook(found[number], own, need), outlook(found[number], [*own, *there], need))


def _subjects(rows: QuerySet[CaseState]) -> QuerySet[CaseSubject]:
    return CaseSubject.objects.filter(case_id__in=rows.order_by().values("case_id"), member__isnull=False)


@dataclass(frozen=True, slots=True)
class Rate:
    """Share of members who leave in a year. ``measured``: of the areas in sight; else the planner's parameter."""

    share: float
    measured: bool
    start: int
    gone: int
    first: date
    last: date


def rate(sight: Sight) -> Rate:
    """Of the areas in sight; reckoned once for a sight, whoever asks."""
    kept: tuple[Rate] | None = sight.paths.get("turnover")
    if kept is None:
        kept = sight.paths["turnover"] = (_rate(sight),)
    return kept[0]


def _rate(sight: Sight) -> Rate:
    rules, last = load_movement(), sight.on
    first = months_after(last, -rules.months)
    usual = float(parameter_defaults(load_rules(None), last)["turnover"])  # type: ignore[arg-type]
    tops = top_areas(sight)
    found = turnover(sight, first, last)
    start = sum(found[top].start for top in tops if top in found)
    gone = sum(found[top].left + found[top].moved_out for top in tops if top in found)
    measured = start >= rules.fewest_members
    return Rate(min(gone / start, 0.95) if measured else usual, measured, start, gone, first, last)


@dataclass(frozen=True, slots=True)
class Endangered:
    """Branches in sight with dangers, by number, and what their chances were reckoned with."""

    branches: Mapping[int, Outlook]
    joining: Mapping[int, int]  # who is to come, by organisation
    rate: Rate


def endangered(sight: Sight) -> Endangered:
    """By open transfers (all of them accepted) and by turnover; a fixed number of queries."""
    found, reckoned = branches(sight), rate(sight)
    rows = open_transfers(sight)
    gone = leaving(sight, _subjects(rows.filter(case__kind=TRANSFER)).values("member_id"))
    seen = outlooks(
        found, gone, least=least(sight.on), turnover=reckoned.share, safe=load_movement().safe_chance
    )
    joining: Counter[int] = Counter()
    for facts in rows.order_by().values_list("case__facts", flat=True):
        if facts.get("to"):
            joining[facts["to"]] += 1
    return Endangered({n: one for n, one in seen.items() if one.dangers}, joining, reckoned)


def outlook_of(sight: Sight, organisation: int) -> Outlook | None:
    """A branch in sight if all open transfers out of it go through; None where nobody leaves it: one query says so.

    Whoever sees an organisation sees the cases about it.
    """
    about = seen_on(CaseState, sight).filter(case_id__in=cases.about_organisations([organisation]))
    there = _subjects(_open(about).filter(case__kind=TRANSFER))
    members = list(there.values_list("member_id", flat=True))
    gone = [one for one in leaving(sight, members) if one.branch == organisation] if members else []
    found = branches(sight, [organisation]) if gone else {}
    return outlook(found[organisation], gone, least(sight.on)) if organisation in found else None


def top_areas(sight: Sight) -> list[int]:
    """Where one's part of the tree begins."""
    rows = list(roll.areas(sight).values_list("area_id", "parent_id"))
    seen = {area for area, _ in rows}
    return [area for area, parent in rows if parent not in seen]


def turnover(sight: Sight, first: date, last: date) -> dict[int, Flow]:
    """Members who came and went between two days, for each area in sight with all below it."""
    found = places(sight, (first, last))
    return flows(found[first], found[last])


def moved(sight: Sight, first: date, last: date, area: int, way: Way) -> set[int]:
    """The members that a figure of `turnover` counts."""
    found = places(sight, (first, last))
    return ways(found[first], found[last]).get((area, way), set())


@dataclass(frozen=True, slots=True)
class Line:
    """One area of the table."""

    area: int
    name: str
    level: int
    flow: Flow


def table(sight: Sight, first: date, last: date, area: int | None = None) -> list[Line]:
    """An area in sight (None: the topmost) and what lies right below it. ``error.not_found``."""
    then = replace(sight, on=last)
    tops = top_areas(then)
    if area is not None:
        in_sight(RecordKind.AREA, then, area)
    wanted = tops if area is None else [area]
    rows: dict[int, AreaState] = {r.area_id: r for r in roll.areas(then)}
    below: dict[int, list[AreaState]] = defaultdict(list)
    for row in rows.values():
        if row.parent_id is not None:
            below[row.parent_id].append(row)
    found = turnover(sight, first, last)
    lines = []
    for top in wanted:
        lines.append(Line(top, rows[top].name, 0, found.get(top, Flow())))
        lines += [Line(r.area_id, r.name, 1, found.get(r.area_id, Flow())) for r in below[top]]
    return lines
