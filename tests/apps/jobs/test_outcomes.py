"""How a job can end, and what is said then."""

from __future__ import annotations

import logging
import threading

import pytest
from jobs_for_tests import KINDS

from feigong.apps.accounts.actors import of_user, operator
from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Actor, Door
from feigong.apps.audit.models import Record
from feigong.apps.clock import now
from feigong.apps.jobs import queries
from feigong.apps.jobs.actions import cancel_job, mark_seen, retry_job, start
from feigong.apps.jobs.models import Job, JobState
from feigong.apps.jobs.worker import JobWorker
from feigong.core.errors import FeigongError
from own_database import OwnDatabase, own_database  # noqa: F401

pytestmark = pytest.mark.usefixtures("own_database")


def do_all() -> int:
    return JobWorker(KINDS, threading.Event()).run(until_idle=True)


def account(name: str, role: Role, *, active: bool = True) -> Actor:
    user = User.objects.create(username=name, display_name=name, role=role, is_active=active)
    return of_user(user, door=Door.PAGE)


def asked(actor: Actor, kind: str, **params: object) -> Job:
    job = start(actor, kind, params)
    assert job.state == JobState.WAITING
    assert do_all() == 1
    job.refresh_from_db()
    return job


def test_it_is_done_on_behalf_of_who_asked() -> None:
    job = asked(account("wang", Role.TOWNSHIP), "test.sum", numbers=[2, 3])
    assert (job.state, job.result) == (JobState.DONE, {"sum": 5, "by": "wang", "role": "township"})
    assert (job.stage, job.done, job.total, job.reached) == ("adding", 1, 2, {"found": 2})
    assert job.started_at is not None
    assert job.ended_at is not None


def test_a_refusal_is_kept_as_a_reason() -> None:
    job = asked(operator("clerk"), "test.refused")
    assert (job.state, job.error) == (JobState.FAILED, {"code": "error.job_ended", "params": {"id": 7}})


def test_a_fault_is_a_number_found_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "feigong.jobs"):
        job = asked(operator("clerk"), "test.fault", name="张三丰")
    assert job.error is not None
    assert job.error["code"] == "error.job_failed"
    logged = [record for record in caplog.records if record.msg == "job.failed"]
    assert [record.fields["fault"] for record in logged] == [job.error["params"]["id"]]  # type: ignore[attr-defined]


def test_a_closed_account_and_an_unknown_kind_are_said() -> None:
    closed = asked(account("li", Role.TOWNSHIP, active=False), "test.sum", numbers=[1])
    unknown = asked(operator("clerk"), "test.of_tomorrow")
    assert closed.error == {"code": "error.job_account_closed", "params": {}}
    assert unknown.error == {"code": "error.job_kind_unknown", "params": {"kind": "test.of_tomorrow"}}


def test_stopped_before_it_began_and_done_again() -> None:
    actor = account("wang", Role.TOWNSHIP)
    job = start(actor, "test.sum", {"numbers": [4]})
    cancel_job(actor, job.pk)
    assert do_all() == 0
    with pytest.raises(FeigongError, match=r"error\.job_ended"):
        cancel_job(actor, job.pk)
    retry_job(actor, job.pk)
    assert do_all() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts, job.result and job.result["sum"]) == (JobState.DONE, 1, 4)
    with pytest.raises(FeigongError, match=r"error\.job_not_ended"):
        retry_job(actor, job.pk)
    codes = Record.objects.order_by("number").values_list("code", "user_id")
    assert list(codes) == [("job.cancel", actor.user_id), ("job.retry", actor.user_id)]


def test_others_jobs_are_not_there() -> None:
    wang, li = account("wang", Role.TOWNSHIP), account("li", Role.TOWNSHIP)
    office, system = account("office", Role.DISTRICT_OFFICE), account("system", Role.SYSTEM_ADMINISTRATOR)
    job = start(wang, "test.sum", {"numbers": [1]})
    start(operator("clerk"), "test.sum", {"numbers": [1]})
    assert [queries.visible(actor).count() for actor in (wang, li, office, system)] == [1, 0, 2, 2]
    for actor in (li, office):
        with pytest.raises(FeigongError, match=r"error\.not_found"):
            cancel_job(actor, job.pk)
    assert cancel_job(system, job.pk).state == JobState.CANCELLED


def test_the_bell_rings_until_looked_at() -> None:
    wang, li = account("wang", Role.TOWNSHIP), account("li", Role.TOWNSHIP)
    job = start(wang, "test.refused", {})
    assert queries.notice(wang) == queries.Notice(running=1, ended=0, failed=0)
    do_all()
    mark_seen(li, job.pk, now())
    assert queries.notice(wang) == queries.Notice(running=0, ended=1, failed=1)
    at = now()
    mark_seen(wang, job.pk, at)
    assert Job.objects.get().seen_at == at
    assert queries.notice(wang) == queries.Notice(running=0, ended=0, failed=0)
    assert queries.notice(operator("clerk")) == queries.Notice(running=0, ended=0, failed=0)
