"""Plans made as a worker would, without one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Actor
from feigong.apps.clock import now
from feigong.apps.coverage import actions
from feigong.apps.coverage.jobs import plan_on_roll
from feigong.apps.coverage.models import Plan
from feigong.apps.jobs.models import Job
from feigong.core.coverage.wishes import Wish
from platform_district import ON, SmallDistrict


class Holder:
    """The worker's side of a job, held by nobody else."""

    def __init__(self, job_id: int, actor: Actor) -> None:
        self.job_id, self.actor = job_id, actor
        self.told: list[str] = []
        self.reached: dict[str, object] = {}

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None:
        self.told.append(stage)
        self.reached |= reached

    def stopped(self) -> bool:
        return False

    def fence(self) -> None:
        self.told.append("fenced")


def done(job: Job, actor: Actor) -> tuple[Plan, Holder]:
    """The plan of a job, made now."""
    holder = Holder(job.pk, actor)
    plan_on_roll.run(holder, job.params)
    return Plan.objects.get(job=job), holder


def planned(district: SmallDistrict, known_at: datetime | None = None, **asked: Any) -> Plan:
    """A plan of the whole district."""
    actor = district.actor(Role.DISTRICT_OFFICE)
    return done(actions.start_plan(actor, on=ON, known_at=known_at or now(), **asked), actor)[0]


def adjusted(district: SmallDistrict, plan: Plan, *wishes: Wish, name: str = "") -> Plan:
    """The plan changed by hand."""
    actor = district.actor(Role.DISTRICT_OFFICE)
    return done(actions.adjust_plan(actor, plan.pk, wishes, on=ON, known_at=now(), name=name), actor)[0]
