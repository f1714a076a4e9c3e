"""A plan on the roll of the database: made as a job, kept once, read as far as one may see."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import pytest

from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Actor, Scope, Sight
from feigong.apps.coverage import actions, queries
from feigong.apps.coverage.jobs import plan_on_roll
from feigong.apps.coverage.models import Plan
from feigong.apps.coverage.reading import named_outcomes, report_page
from feigong.apps.jobs.models import Job
from feigong.core.errors import FeigongError
from feigong.wording import Words
from platform_district import ON, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@dataclass
class Context:
    """The worker's side of a job, held by nobody else."""

    job_id: int
    actor: Actor
    told: list[str]

    def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None:
        self.told.append(stage)

    def stopped(self) -> bool:
        return False

    def fence(self) -> None:
        self.told.append("fenced")


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def planned(district: SmallDistrict) -> tuple[Plan, Context]:
    actor = district.actor(Role.DISTRICT_OFFICE)
    job = actions.start_plan(actor, on=ON, known_at=district.at)
    context = Context(job.pk, actor, [])
    plan_on_roll.run(context, job.params)
    return Plan.objects.get(job=job), context


def sight_of(district: SmallDistrict, role: Role) -> Sight:
    return district.sight(role)


def test_every_operating_or_idle_enterprise_has_one_outcome(district: SmallDistrict) -> None:
    kept, context = planned(district)
    whole, roll = queries.whole(sight_of(district, Role.DISTRICT_OFFICE), kept)
    assert kept.outcomes.count() == len(whole.decisions)
    assert {d.uscc for d in whole.decisions} | {x.uscc for x in whole.left_out} == {e.uscc for e in roll.enterprises}
    assert kept.area_id == district.areas["district"]
    assert "fenced" in context.told


def test_a_job_that_is_run_again_makes_no_second_plan(district: SmallDistrict) -> None:
    kept, context = planned(district)
    again = plan_on_roll.run(context, Job.objects.get(pk=context.job_id).params)
    assert again == {"plan": kept.pk}
    assert Plan.objects.count() == 1


def test_a_township_reads_what_concerns_its_enterprises_and_not_the_whole(district: SmallDistrict) -> None:
    kept, _ = planned(district)
    mine = sight_of(district, Role.TOWNSHIP)
    own = {district.enterprises[name] for name in ("apple", "birch", "cedar")}
    rows = list(queries.outcomes(mine, kept))
    assert {r.enterprise_id for r in rows} <= own
    assert sum(f.enterprises for f in queries.figures(mine, kept)) == len(rows) > 0
    assert all(r.name and r.why for r in named_outcomes(mine, rows, Words("zh")))
    assert not queries.sees_whole(mine, kept)
    with pytest.raises(FeigongError, match="not_found"):
        queries.whole(mine, kept)


def test_who_sees_nothing_finds_no_plan(district: SmallDistrict) -> None:
    kept, _ = planned(district)
    blind = replace(sight_of(district, Role.DISTRICT_OFFICE), scope=Scope())
    assert not queries.plans(blind).exists()
    with pytest.raises(FeigongError, match="not_found"):
        queries.plan(blind, kept.pk)


def test_the_report_opens_without_a_server(district: SmallDistrict) -> None:
    kept, _ = planned(district)
    page = report_page(*queries.whole(sight_of(district, Role.DISTRICT_OFFICE), kept), Words("zh"))
    assert "启帆精密机械有限公司" in page
    assert "钟舒岩" not in page


def test_planning_needs_permission_and_an_area(district: SmallDistrict) -> None:
    with pytest.raises(FeigongError, match="not_permitted"):
        actions.start_plan(district.actor(Role.TOWNSHIP), on=ON, known_at=district.at)
    nowhere = replace(district.actor(Role.DISTRICT_OFFICE), scope=Scope())
    with pytest.raises(FeigongError, match="plan_no_area"):
        actions.start_plan(nowhere, on=date(2026, 11, 1), known_at=datetime.fromisoformat("2026-11-01T00:00:00+08:00"))
