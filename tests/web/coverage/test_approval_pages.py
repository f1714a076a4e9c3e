"""Approving on pages: a question first, then cases; what cannot be is said."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.coverage.test_approving import district, kept, outcome
from feigong.apps.accounts.roles import Role
from feigong.apps.cases.models import Case, CaseState
from feigong.apps.clock import today
from feigong.apps.coverage.models import Plan, PlannedBranch
from platform_district import SmallDistrict

__all__ = ["district", "kept"]
pytestmark = pytest.mark.django_db


def signed_in(made: SmallDistrict, role: Role) -> Client:
    client = Client()
    client.force_login(made.users[role])
    return client


def test_a_joint_branch_is_approved_from_the_list(district: SmallDistrict, kept: Plan) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    branch = PlannedBranch.objects.get(plan=kept, key=outcome(kept, district, "birch").branch)
    listed = office.get(reverse("planned_branches:list")).content.decode()
    assert "批准并立项" in listed
    address = reverse("planned_branches:approve_branches")
    question = office.post(address, {"ids": branch.pk}).content.decode()
    assert "将立项 1 件" in question
    assert "恒岳食品有限公司" in question
    assert Case.objects.count() == 0
    sent = {"ids": branch.pk, "step": "approve", "on": today().isoformat(), "reason": "联席会议"}
    answer = office.post(address, sent, follow=True).content.decode()
    assert "已立项 1 件" in answer
    assert "恒岳食品有限公司" in answer
    again = office.post(address, sent, follow=True).content.decode()
    assert "1 件没有立项" in again
    assert Case.objects.count() == 1


def test_enterprises_of_a_page_of_the_plan(district: SmallDistrict, kept: Plan) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    page = office.get(reverse("coverage:detail", args=[kept.pk]), {"outcome": "own"}).content.decode()
    address, firm = reverse("coverage:approve", args=[kept.pk]), district.enterprises["grape"]
    assert f'name="ids" value="{firm}" form="approving"' in page, "one may be approved without its neighbours"
    assert "批准勾选的并立项" in page
    first = office.get(reverse("coverage:detail", args=[kept.pk])).content.decode()
    assert 'href="?outcome=own">单独建 1 户' in first, "the way to approving begins on the plan's first page"
    assert 'name="ids"' not in first
    assert "沐诺电子科技有限公司" in office.post(address, {"ids": firm}).content.decode()
    owner = district.users[Role.DISTRICT_OFFICE].pk
    question = office.post(address, {"ids": firm}).content.decode()
    assert f'<option value="{owner}">' in question
    assert f'<option value="{district.users[Role.TOWNSHIP].pk}">' not in question, "it is not in the township"
    office.post(address, {"ids": firm, "step": "approve", "on": today().isoformat(), "owner": owner})
    assert (Case.objects.get().kind, CaseState.rows.get().owner_id) == ("branch_own", owner)


def test_nothing_chosen_and_not_for_cases(district: SmallDistrict, kept: Plan) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    assert office.post(reverse("planned_branches:approve_branches")).status_code == 400
    answer = office.post(reverse("coverage:approve", args=[kept.pk]))
    assert (answer.status_code, "还没有选要批准的内容" in answer.content.decode()) == (400, True)
    sent = {"ids": district.enterprises["apple"], "step": "approve", "on": today().isoformat()}
    refused = office.post(reverse("coverage:approve", args=[kept.pk]), sent)
    assert "不用在这里批准" in refused.content.decode()
    officer = signed_in(district, Role.LIAISON_OFFICER)
    assert officer.post(reverse("coverage:approve", args=[kept.pk])).status_code == 403


def test_the_question_does_not_read_the_plan_for_every_branch(district: SmallDistrict, kept: Plan) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    numbers = [row.pk for row in PlannedBranch.objects.filter(plan=kept)]
    with CaptureQueriesContext(connection) as asked:
        question = office.post(reverse("planned_branches:approve_branches"), {"ids": numbers})
    assert f"将立项 {len(numbers)} 件" in question.content.decode()
    assert not [one["sql"] for one in asked if '"coverage_plan"."content"' in one["sql"]]
