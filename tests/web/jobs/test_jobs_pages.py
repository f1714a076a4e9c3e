"""Pages of background jobs: what is seen, by whom, and what may be done."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Role
from feigong.apps.clock import now
from feigong.apps.jobs.models import Job, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang() -> User:
    return User.objects.create(username="wang", display_name="王主任", role=Role.TOWNSHIP)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def job_of(user: User | None, **values: object) -> Job:
    fields: dict[str, object] = {"kind": "coverage.plan", "actor_name": "王主任", "created_at": now(), **values}
    return Job.objects.create(user=user, **fields)


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_running_job_shows_stage_progress_and_what_was_reached(wang: User) -> None:
    job = job_of(wang, state=JobState.RUNNING, stage="coverage.joint", done=3, total=8, started_at=now(),
                 reached={"covered": 1234, "of_tomorrow": 5})  # fmt: skip
    text = page(signed_in(wang), f"/jobs/{job.pk}/")
    for shown in ("进行中", "组合联合党支部", 'value="3" max="8"', "已能覆盖 1,234 名党员", "停止这个任务？"):
        assert shown in text
    assert f'hx-get="/jobs/{job.pk}/part/" hx-trigger="every 1s"' in text
    assert "of_tomorrow" not in text
    part = page(signed_in(wang), f"/jobs/{job.pk}/part/")
    assert "<html" not in part
    assert "组合联合党支部" in part
    assert "停止" not in part  # the button stays under the hand while the rest is fetched anew


def test_an_ended_job_is_asked_no_more_and_leads_to_its_result(wang: User) -> None:
    job = job_of(wang, state=JobState.DONE, started_at=now(), ended_at=now(), result={"plan": 7})
    text = page(signed_in(wang), f"/jobs/{job.pk}/")
    assert "every 1s" not in text
    assert "已完成" in text
    job.refresh_from_db()
    assert job.seen_at is not None
    assert signed_in(wang).get(f"/jobs/{job.pk}/part/").headers["HX-Refresh"] == "true"


def test_a_failure_says_why_and_can_be_done_again(wang: User) -> None:
    error = {"code": "error.job_failed", "params": {"id": "ab12"}}
    job = job_of(wang, state=JobState.FAILED, started_at=now(), ended_at=now(), error=error)
    client = signed_in(wang)
    assert "编号 ab12" in page(client, f"/jobs/{job.pk}/")
    assert client.post(f"/jobs/{job.pk}/retry/").headers["Location"] == f"/jobs/{job.pk}/"
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    client.post(f"/jobs/{job.pk}/cancel/")
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert client.get(f"/jobs/{job.pk}/cancel/").status_code == 405


def test_others_jobs_are_not_found_or_only_looked_at(wang: User) -> None:
    li = User.objects.create(username="li", display_name="李主任", role=Role.TOWNSHIP)
    office = User.objects.create(username="office", display_name="办公室", role=Role.DISTRICT_OFFICE)
    job = job_of(wang, state=JobState.RUNNING, started_at=now())
    assert "没有找到" in page(signed_in(li), f"/jobs/{job.pk}/", 404)
    assert signed_in(li).post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert "停止这个任务" not in page(signed_in(office), f"/jobs/{job.pk}/")
    job.refresh_from_db()
    assert job.cancel_asked is False
    assert "王主任" not in page(signed_in(li), "/jobs/")
    assert "王主任" in page(signed_in(office), "/jobs/")
    assert "王主任" not in page(signed_in(office), "/jobs/?who=mine")


def test_the_list_is_read_in_as_many_queries_as_rows_are_few(
    wang: User, django_assert_max_num_queries: object
) -> None:
    for _ in range(60):
        job_of(wang, state=JobState.DONE, started_at=now(), ended_at=now())
    client = signed_in(wang)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        text = page(client, "/jobs/")
    assert len(re.findall(r'<a href="/jobs/\d+/">测算覆盖方案</a>', text)) == 50
    assert "第 1 页，共 2 页" in text
    assert page(client, "/jobs/?state=failed").count("没有任务") == 1


def test_the_notice_tells_what_ended(wang: User) -> None:
    client = signed_in(wang)
    assert "href" not in page(client, "/jobs/notice/")
    job_of(wang, state=JobState.RUNNING, started_at=now())
    assert "1 个任务进行中" in page(client, "/jobs/notice/")
    job = job_of(wang, state=JobState.DONE, started_at=now(), ended_at=now())
    assert "测算覆盖方案：已完成" in page(client, "/jobs/notice/")
    page(client, f"/jobs/{job.pk}/")
    assert "1 个任务进行中" in page(client, "/jobs/notice/")
    assert client.get("/").content.decode().count('hx-get="/jobs/notice/"') == 1


def test_nobody_signed_in_sees_nothing() -> None:
    assert Client().get("/jobs/").status_code == 302
