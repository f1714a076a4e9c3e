"""Plans as each may read them: outcomes of the enterprises in sight; the whole only where all of it is in sight."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Count, QuerySet, Sum

from feigong.apps.accounts.sight import Sight
from feigong.apps.coverage.models import Plan, PlannedOutcome
from feigong.apps.roll import queries
from feigong.apps.roll.adapters.roll import roll_of
from feigong.apps.roll.models import EnterpriseState
from feigong.core.coverage.values import CoveragePlan
from feigong.core.errors import FeigongError
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
    found = plans(sight).filter(pk=plan_id).first()
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
    return plan_from_json(kept.content)


def whole(sight: Sight, kept: Plan) -> tuple[CoveragePlan, Roll]:
    """The plan as made, with the roll it was made on; ``error.not_found`` where a part is out of sight."""
    if not sees_whole(sight, kept):
        raise FeigongError("error.not_found")
    then = replace(sight, on=kept.on, known_at=kept.known_at)
    return content(kept), roll_of(then).roll


def _enterprises(sight: Sight) -> QuerySet[EnterpriseState, int]:
    return queries.enterprises(sight).order_by().values_list("enterprise_id", flat=True)
