"""Killed half-way, an application leaves nothing; the job taken up again writes it once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from import_tables import ON, demo_files, operator, seed_demo_areas

from feigong.apps.clock import now
from feigong.apps.imports import actions
from feigong.apps.imports.actions.checking import Alone
from feigong.apps.imports.models import Item
from feigong.apps.jobs.models import Job
from feigong.apps.jobs.registry import discover
from feigong.apps.jobs.worker import JobWorker
from feigong.apps.roll.models import Enterprise, EnterpriseState, Member, MemberState
from own_database import OwnDatabase, own_database  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
HELPER = Path(__file__).with_name("apply_and_wait.py")


def counts() -> tuple[int, ...]:
    return tuple(model._base_manager.count() for model in (Enterprise, EnterpriseState, Member, MemberState))


def test_killed_while_writing_nothing_is_there_and_then_everything_once(
    own_database: OwnDatabase,  # noqa: F811
    tmp_path: Path,
) -> None:
    seed_demo_areas()
    given = [(f.name, f.read_bytes()) for f in demo_files()]
    found = actions.start_import(operator(), given, today=ON, on=ON)
    actions.check(found.pk, Alone(), now())
    actions.ask_apply(operator(), found.pk)
    before = counts()
    reached = tmp_path / "half-way"
    process = subprocess.Popen(
        [sys.executable, str(HELPER), str(found.pk), str(reached)], env=own_database.environment
    )
    try:
        until = time.monotonic() + 60
        while not reached.exists():
            assert process.poll() is None, "it ended by itself"
            assert time.monotonic() < until
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    assert counts() == before
    found.refresh_from_db()
    assert (found.state, found.applied_id) == ("applying", None)

    worker = JobWorker(discover(), threading.Event())
    assert worker.run(until_idle=True) == 1
    found.refresh_from_db()
    assert (found.state, Job.objects.get().state) == ("applied", "done")
    firms = Item.objects.filter(of=found, kind="enterprise", verdict="new").count()
    people = Item.objects.filter(of=found, kind="member", verdict="new").count()
    assert counts() == (firms, firms, people, people)
    Job.objects.update(state="waiting", holder="", lease_until=None)  # as if its worker had died after the commit
    JobWorker(discover(), threading.Event()).run(until_idle=True)
    assert counts() == (firms, firms, people, people)
