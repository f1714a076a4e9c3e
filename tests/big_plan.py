"""A plan of the large district as if the planner had made it: joint branches of neighbours, outcomes for the others.

For measuring pages: the planner itself would take minutes, and is measured elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from feigong.apps.accounts.sight import Actor
from feigong.apps.clock import now
from feigong.apps.coverage import actions
from feigong.apps.coverage.models import Plan
from feigong.apps.jobs.models import Job, JobState
from feigong.apps.roll import queries
from feigong.core.coverage.values import Basis, CoveragePlan, Decision, JointBranch, Outcome, Proof, Seat
from platform_plans import Holder

TOGETHER = 4  # enterprises of a branch
_NO_PROOF = Proof(0, 0, 0, 0, 0.0, 0.0, 0.0, 0.0, False)


def build_big_plan(actor: Actor, on: date = date(2026, 11, 1)) -> Plan:
    """One with a quarter of the enterprises in joint branches, a quarter that must hire first, half without members."""
    known_at = now()
    sight = actor.sight(on, known_at)
    rows = queries.enterprises(sight).exclude(uscc="").order_by("area_id", "registered_address", "enterprise_id")
    firms = dict(rows.values_list("uscc", "enterprise_id"))
    employed = queries.members(sight).filter(full=True, employer_id__isnull=False).order_by()
    members = Counter(employed.values_list("employer_id", flat=True))
    few = [u for u, e in firms.items() if 0 < members[e] < 3]
    some = few[: len(firms) // 4 // TOGETHER * TOGETHER]
    joint = [some[k : k + TOGETHER] for k in range(0, len(some) - TOGETHER + 1, TOGETHER)]
    branches = tuple(_branch(n, group, members, firms) for n, group in enumerate(joint))
    of = {s.uscc: b.key for b in branches for s in b.seats}
    decisions = tuple(_decision(u, members[firms[u]], of.get(u)) for u in sorted(firms))
    plan = CoveragePlan(on, decisions, branches, _NO_PROOF)
    job = actions.start_plan(actor, on=on, known_at=known_at)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
    area = actions.planned_area(actor, on, known_at)
    context: Any = Holder(job.pk, actor)
    return actions.keep_plan(context, plan, firms, {}, area=area, known_at=known_at, begun=actions.Begun())


def _branch(n: int, group: Sequence[str], members: Counter[int], firms: dict[str, int]) -> JointBranch:
    seats = tuple(Seat(u, members[firms[u]], 0.0 if u == group[0] else 200.0) for u in group)
    return JointBranch(f"LH-{n:05d}", group[0], n % 21, 1, Basis.AREA, seats, 0.9)


def _decision(uscc: str, members: int, branch: str | None) -> Decision:
    if branch is not None:
        return Decision(uscc, Outcome.JOINT, (), members, 0, None, True, branch)
    outcome = Outcome.LIAISON if not members else Outcome.OWN if members >= 3 else Outcome.RECRUIT
    return Decision(uscc, outcome, (), members, 0, None, True, missing_members=max(0, 3 - members))
