"""The fictional district is loaded once, goes on where it was broken off, and touches no other data."""

from __future__ import annotations

import pytest
from django.test import Client

from feigong.apps.accounts.actors import of_user, operator
from feigong.apps.accounts.models import User
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Door
from feigong.apps.audit.models import Record
from feigong.apps.clock import now, today
from feigong.apps.coverage.actions import KIND as PLAN
from feigong.apps.imports.models import Import
from feigong.apps.jobs.models import Job, JobState
from feigong.apps.operation import demo
from feigong.apps.operation.installation import home, note
from feigong.apps.operation.logins import PASSWORD, logins
from feigong.apps.roll import queries
from feigong.apps.roll.models import AreaOutline
from feigong.core.errors import FeigongError
from feigong.exchange.demo.places import TOWNS
from own_database import OwnDatabase, own_database  # noqa: F401

ACTOR = operator("clerk")


class BrokenOff(BaseException):
    """The process is killed."""


@pytest.fixture(autouse=True)
def small(own_database: OwnDatabase, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(demo, "ENTERPRISES", 150)
    settings.HOME = own_database.home  # type: ignore[attr-defined]


def break_off_at(step: str) -> None:
    def told(code: str) -> None:
        if code == step:
            raise BrokenOff

    with pytest.raises(BrokenOff):
        demo.load_demo(ACTOR, told)


def test_broken_off_it_goes_on_and_ends_the_same() -> None:
    for step in ("setup.demo.import", "job.stage.imports.compare", "job.stage.imports.finish", "setup.demo.plan"):
        break_off_at(step)
        assert logins() == []
    known = demo.load_demo(ACTOR, lambda code: None)
    assert [login.role for login in known] == list(Role)
    assert demo.load_demo(ACTOR, lambda code: pytest.fail(code)) == known
    assert [found.state for found in Import.objects.order_by("pk")] == ["abandoned", "abandoned", "applied"]
    assert [job.state for job in Job.objects.filter(kind=PLAN)] == [JobState.DONE]
    assert User.objects.count() == len(Role)
    assert AreaOutline.rows.count() == 1 + len(TOWNS)  # drawn once, however often it was broken off
    assert (home() / "demo").is_dir()


def test_each_role_comes_in_and_sees_what_it_should() -> None:
    for login in demo.load_demo(ACTOR, lambda code: None):
        user = User.objects.get(username=login.username)
        sight = of_user(user, door=Door.PAGE).sight(today(), now())
        seen = queries.enterprises(sight).count(), queries.members(sight).count()
        assert (seen[0] > 0) == (login.part != ""), login
        if login.role == Role.LIAISON_OFFICER:
            assert seen[0] in range(1, demo.VISITED + 1)
        if login.role == Role.MEMBER:
            assert seen[1] >= 1
        assert Client().login(request=None, username=login.username, password=PASSWORD)


def test_other_data_is_left_alone() -> None:
    User.objects.create(username="wang", display_name="王主任", role=Role.TOWNSHIP)
    with pytest.raises(FeigongError, match=r"error\.demo_occupied"):
        demo.load_demo(ACTOR, lambda code: None)
    assert (User.objects.count(), Record.objects.count(), note("demo")) == (1, 0, {})
