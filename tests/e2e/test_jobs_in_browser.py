"""A job watched: it moves by itself, is stopped while it moves, and tells those who have left the page."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser
from playwright.sync_api import expect

from e2e.visiting import visit
from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Role
from feigong.apps.clock import now
from feigong.apps.jobs.models import Job, JobState


@pytest.fixture
def wang(live_server: Any) -> AbstractUser:
    return User.objects.create(username="wang", display_name="王主任", role=Role.DISTRICT_OFFICE)


def running(user: Any) -> Job:
    return Job.objects.create(
        kind="coverage.plan", user=user, actor_name=user.display_name, created_at=now(), started_at=now(),
        state=JobState.RUNNING, stage="coverage.pool", done=1, total=8,
    )  # fmt: skip


def ended(job: Job, state: JobState) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, ended_at=now())


def test_it_moves_by_itself_and_ends(browser: Any, live_server: Any, wang: Any) -> None:
    job = running(wang)
    seen = visit(browser, live_server.url, wang)
    seen.go(f"/jobs/{job.pk}/")
    expect(seen.page.locator("#job")).to_contain_text("找出能联合的企业")
    Job.objects.filter(pk=job.pk).update(stage="coverage.joint", done=4, reached={"covered": 321})
    expect(seen.page.locator("#job")).to_contain_text("组合联合党支部")
    expect(seen.page.locator("#job progress")).to_have_attribute("value", "4")
    expect(seen.page.locator("#job")).to_contain_text("已能覆盖 321 名党员")
    ended(job, JobState.CANCELLED)
    expect(seen.page.get_by_role("button", name="重新执行")).to_be_visible()
    assert seen.faults == []


def test_it_is_stopped_while_it_moves(browser: Any, live_server: Any, wang: Any) -> None:
    job = running(wang)
    seen = visit(browser, live_server.url, wang, width=375, theme="dark")
    seen.go(f"/jobs/{job.pk}/")
    seen.page.get_by_role("button", name="停止").click()
    Job.objects.filter(pk=job.pk).update(stage="coverage.joint")
    expect(seen.page.locator("#job")).to_contain_text("组合联合党支部")  # fetched anew behind the question
    seen.page.locator("#confirm-go").click()
    expect(seen.page.locator("#job")).to_contain_text("正在停止")
    assert Job.objects.get(pk=job.pk).cancel_asked is True  # asked before it was said
    expect(seen.page.get_by_role("button", name="停止")).to_have_count(0)
    assert seen.faults == []


def test_who_has_left_is_told(browser: Any, live_server: Any, wang: Any) -> None:
    job = running(wang)
    seen = visit(browser, live_server.url, wang)
    seen.go("/enterprises/")
    bell = seen.page.locator(".job-notice")
    expect(bell).to_contain_text("1 个任务进行中")
    ended(job, JobState.DONE)
    expect(bell).to_contain_text("测算覆盖方案：已完成")
    bell.locator("a").click()
    expect(seen.page.locator("h1")).to_have_text("测算覆盖方案")
    seen.go("/enterprises/")
    expect(seen.page.locator(".job-notice a")).to_have_count(0)
    assert seen.faults == []
