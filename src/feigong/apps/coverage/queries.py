"""Plans as each may read them: outcomes of the enterprises in sight; the whole only where all of it is in sight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from feigong.apps.accounts.sight import Sight
from feigong.apps.coverage.models import Plan, PlannedBranch, PlannedOutcome
from feigong.apps.roll import queries
from feigong.apps.roll.adapters.part import number_of
from feigong.apps.roll.adapters.roll import roll_of
from feigong.apps.roll.models import EnterpriseState
from feigong.core.coverage.comparison import Comparison, compare
from feigong.core.coverage.values import Basis, BranchState, CoveragePlan, JointBranch, Seat
from feigong.core.coverage.wished import NO_PROOF
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.core.roll.values import Roll
from feigong.exchange.plan_json import plan_from_json


@dataclass(frozen=True, slots=True)
class OutcomeFigure:
    """How many enterprises in sight have this outcome, and their full members. Opens as ``outcomes(…, outcome)``."""

    outcome: str
    enterprises: int
    full_members: int


def plans(sight: Sight) -> QuerySet[Plan]:
    """Plans that touch what one may see, newest first."""
    seen = PlannedOutcome.objects.filter(enterprise_id__in=_enterprises(sight))
    return Plan.objects.filter(pk__in=seen.values("plan_id")).defer("content").order_by("-pk")


def plan(sight: Sight, plan_id: int) -> Plan:
    """One of them; ``error.not_found``."""
    seen = PlannedOutcome.objects.filter(plan=OuterRef("pk"), enterprise_id__in=_enterprises(sight))
    found = Plan.objects.filter(Exists(seen), pk=plan_id).defer("content").first()
    if found is None:
        raise FeigongError("error.not_found")
    return found


def outcomes(sight: Sight, kept: Plan, outcome: str = "") -> QuerySet[PlannedOutcome]:
    """What the plan says of the enterprises in sight, all or with one outcome."""
    rows = PlannedOutcome.objects.filter(plan=kept, enterprise_id__in=_enterprises(sight))
    return (rows.filter(outcome=outcome) if outcome else rows).order_by("outcome", "branch", "enterprise_id")


def figures(sight: Sight, kept: Plan) -> list[OutcomeFigure]:
    """Outcomes with their figures, the most frequent first."""
    found = outcomes(sight, kept).order_by().values("outcome").annotate(n=Count("pk"), members=Sum("full_members"))
    return sorted((OutcomeFigure(f["outcome"], f["n"], f["members"]) for f in found), key=lambda f: -f.enterprises)


def sees_whole(sight: Sight, kept: Plan) -> bool:
    """Whether the area that was planned is in sight: then bounds and totals may be shown too."""
    return queries.areas(sight).filter(area_id=kept.area_id).exists()


def content(kept: Plan) -> CoveragePlan:
    """The plan as the planner made it. For those who see the whole of it: ask `sees_whole` first, or call `whole`."""
    return _parsed(kept.content)


@lru_cache(maxsize=3)
def _parsed(text: str) -> CoveragePlan:
    """A page and the next one often read the same plan, or the two that are compared."""
    return plan_from_json(text)


def whole_areas(sight: Sight) -> set[int]:
    """Areas all of which are in sight: who sees that of a plan sees the whole plan."""
    return set(queries.areas(sight).order_by().values_list("area_id", flat=True))


def names_by_key(sight: Sight, kept: Iterable[Plan], keys: Iterable[str] | None = None) -> dict[str, str]:
    """Names of enterprises in sight by the keys that plans have for them; all, or only of these keys, among which may
    be those of organisations."""
    rows = PlannedOutcome.objects.filter(plan__in=[p.pk for p in kept])
    bodies: dict[str, str] = {}
    if keys is not None:
        wanted = set(keys)
        rows = rows.filter(key__in=wanted)
        bodies = organisation_names(sight, wanted)
    number = dict(rows.values_list("key", "enterprise_id"))
    names = names_of(sight, number.values())
    return bodies | {key: names[one] for key, one in number.items() if one in names}


def names_of(sight: Sight, enterprises: Iterable[int]) -> dict[int, str]:
    """Names of those of these enterprises that are in sight."""
    found = queries.enterprises(sight).filter(enterprise_id__in=set(enterprises)).order_by()
    return dict(found.values_list("enterprise_id", "name"))


def organisation_names(sight: Sight, keys: Iterable[str]) -> dict[str, str]:
    """Names of organisations in sight by the keys that plans have for them; other keys are passed over."""
    numbers = {n: key for key in keys if (n := number_of(key, "o")) is not None}
    if not numbers:
        return {}
    found = queries.organisations(sight).filter(organisation_id__in=numbers).order_by()
    return {numbers[n]: name for n, name in found.values_list("organisation_id", "name")}


def organisation_key(number: int) -> str:
    """The key that plans have for an organisation."""
    return f"o{number:08d}"


def keys_in(kept: Plan, enterprises: Iterable[int]) -> dict[int, str]:
    """The keys that a plan has for enterprises it planned, by identity."""
    rows = PlannedOutcome.objects.filter(plan=kept, enterprise_id__in=list(enterprises))
    return dict(rows.values_list("enterprise_id", "key"))


def whole(sight: Sight, kept: Plan) -> tuple[CoveragePlan, Roll]:
    """The plan as made, with the roll it was made on; ``error.not_found`` where a part is out of sight."""
    if not sees_whole(sight, kept):
        raise FeigongError("error.not_found")
    then = replace(sight, on=kept.on, known_at=kept.known_at)
    return content(kept), roll_of(then).roll


def branches(sight: Sight) -> QuerySet[PlannedBranch]:
    """Joint branches of any plan all of whose enterprises are in sight."""
    seen = _enterprises(sight)
    beyond = PlannedOutcome.objects.filter(plan_id=OuterRef("plan_id"), branch=OuterRef("key"))
    return PlannedBranch.objects.filter(~Exists(beyond.exclude(enterprise_id__in=seen)), host_id__in=seen)


def all_branches(sight: Sight, kept: Plan) -> QuerySet[PlannedBranch]:
    """The joint branches of a plan, for those who see the whole of it; ``error.not_found``."""
    if not sees_whole(sight, kept):
        raise FeigongError("error.not_found")
    return kept.planned_branches.all()


def among_branches(enterprises: Any) -> Q:
    """Branches that one of these enterprises belongs to."""
    same = PlannedOutcome.objects.filter(plan_id=OuterRef("plan_id"), branch=OuterRef("key"))
    return Q(Exists(same.filter(enterprise_id__in=enterprises)))


def names_of_branches(sight: Sight, rows: Sequence[PlannedBranch]) -> dict[int, list[str]]:
    """Names of the enterprises of branches in sight, by branch; two queries for any number of them."""
    plans_, keys = {r.plan_id for r in rows}, {r.key for r in rows}
    found = PlannedOutcome.objects.filter(plan_id__in=plans_, branch__in=keys)
    theirs = list(found.order_by("travel_m", "key").values_list("plan_id", "branch", "enterprise_id"))
    seen = queries.enterprises(sight).filter(enterprise_id__in={e for _, _, e in theirs})
    names = dict(seen.values_list("enterprise_id", "name"))
    by_branch: dict[tuple[int, str], list[str]] = {}
    for plan_id, key, enterprise in theirs:
        if enterprise in names:
            by_branch.setdefault((plan_id, key), []).append(names[enterprise])
    return {r.pk: by_branch.get((r.plan_id, r.key), []) for r in rows}


def branch(sight: Sight, kept: Plan, key: str) -> PlannedBranch:
    """One of a plan; ``error.not_found``."""
    return _one(branches(sight).filter(plan=kept, key=key))


def branch_by_number(sight: Sight, number: int) -> PlannedBranch:
    """One of any plan, with its plan; ``error.not_found``."""
    return _one(branches(sight).filter(pk=number).select_related("plan").defer("plan__content"))


def _one(rows: QuerySet[PlannedBranch]) -> PlannedBranch:
    found = rows.first()
    if found is None:
        raise FeigongError("error.not_found")
    return found


def seats(found: PlannedBranch) -> QuerySet[PlannedOutcome]:
    """The enterprises of a branch that is in sight, by travel."""
    rows = PlannedOutcome.objects.filter(plan_id=found.plan_id, branch=found.key)
    return rows.order_by("travel_m", "key")


def branches_of(kept: Plan) -> CoveragePlan:
    """A plan with its joint branches only, read without the rest of it: what changes by hand are settled against."""
    rows: dict[str, list[Seat]] = {}
    outcomes = kept.outcomes.exclude(branch="").order_by("travel_m", "key")
    columns = outcomes.values_list("branch", "key", "full_members", "travel_m", "sure")
    for branch, uscc, members, travel, sure in columns:
        rows.setdefault(branch, []).append(Seat(uscc, members, travel or 0.0, sure))
    found = kept.planned_branches.order_by("key")
    return CoveragePlan(kept.on, (), tuple(_joint(b, rows.get(b.key, [])) for b in found), NO_PROOF)


def _joint(row: PlannedBranch, seats: list[Seat]) -> JointBranch:
    guests = [s for s in seats if s.uscc != row.host_key]
    host = next((s for s in seats if s.uscc == row.host_key), None)
    first = Seat(row.host_key, row.host_members, 0.0, host.verified if host is not None else True)
    joins = organisation_key(row.organisation_id) if row.organisation_id is not None else None
    return JointBranch(
        row.key, row.host_key, row.slot, row.cycle_weeks, Basis(row.basis), (first, *guests), row.survival,
        BranchState(row.state), joins, tuple(Reason(code, params) for code, params in row.reasons),
    )  # fmt: skip


def comparison(sight: Sight, before: Plan, after: Plan) -> Comparison:
    """Two plans beside one another, for those who see the whole of both; ``error.not_found``."""
    if not (sees_whole(sight, before) and sees_whole(sight, after)):
        raise FeigongError("error.not_found")
    return compare(content(before), content(after))


def _enterprises(sight: Sight) -> QuerySet[EnterpriseState, int]:
    return queries.enterprises(sight).order_by().values_list("enterprise_id", flat=True)


def enterprise_name(sight: Sight, number: int) -> str:
    """Its name, empty where it is not in sight."""
    found = queries.enterprises(sight).filter(enterprise_id=number)
    return found.values_list("name", flat=True).first() or ""


def organisation_name(sight: Sight, number: int | None) -> str:
    """Its name, empty where there is none or it is not in sight."""
    if number is None:
        return ""
    found = queries.organisations(sight).filter(organisation_id=number)
    return found.values_list("name", flat=True).first() or ""


def numbers_in(kept: Plan, keys: Iterable[str]) -> dict[str, int]:
    """The enterprises that a plan names by these keys."""
    rows = PlannedOutcome.objects.filter(plan=kept, key__in=set(keys))
    return dict(rows.values_list("key", "enterprise_id"))
