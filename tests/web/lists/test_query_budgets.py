"""However much there is: every page asks as many queries of few rows as of many, and few of them."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts import actors
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.recording import Change, changing
from feigong.apps.roll.models import (
    Assignment,
    Coverage,
    Enterprise,
    EnterpriseState,
    Member,
    MemberState,
    Organisation,
    OrganisationState,
    Post,
    Venue,
    VenueState,
    Worker,
    WorkerState,
)
from feigong.apps.roll.models.dated import Identity
from feigong.apps.roll.writing import Writer
from feigong.apps.seals.fields import sealed_values
from feigong.core.roll.trees import step
from platform_district import SINCE, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

MOST = 25
MOST_AT_HOME = 28  # figures, what waits, the target of the year, coverage by area and a comparison with a month ago
FEW, MANY = 60, 200  # sections of a page that are cut off, and say so, are cut off in both
PAGES = (
    "/", "/enterprises/", "/enterprises/?covered=no&q=x", "/organisations/", "/organisations/?led=no", "/members/",
    "/members/?placed=no", "/workers/", "/venues/", "/areas/", "/superiors/", "/map/", "/imports/", "/jobs/", "/audit/",
    "/coverage/", "/shortage/", "/cases/", "/cases/?kind=transfer", "/movement/turnover/", "/visits/", "/liaison/",
    "/enterprises/?rung=known&columns=name,rung,rung_since,next_visit", "/accounts/", "/targets/",
    "/targets/?measure=liaison_coverage", "/targets/?by=industries",
)  # fmt: skip
SEEN_BY = {  # pages that must open; what a role has besides is counted as well
    Role.DISTRICT_OFFICE: 12,
    Role.TOWNSHIP: 12,
    Role.DEPARTMENT: 5,
    Role.LIAISON_OFFICER: 4,
    Role.BRANCH_SECRETARY: 8,
    Role.MEMBER: 4,
}


def _made(model: type[Identity], count: int, change: Change) -> list[int]:
    return [model._base_manager.create(created=change.record).pk for _ in range(count)]


def _most(address: str) -> int:
    return MOST_AT_HOME if address == "/" else MOST


def _grow(district: SmallDistrict, count: int) -> None:
    """So many more of everything, in the township, with the liaison officer, and in the branch of the secretary."""
    east, single = district.areas["east"], district.organisations["single"]
    with changing(actors.operator("tests"), "test.grow") as change:
        writer = Writer(change)
        firms, bodies, people, workers, rooms = (
            _made(model, count, change) for model in (Enterprise, Organisation, Member, Worker, Venue)
        )
        here = {"area_id": east, "search": "x"}
        writer.put_many(EnterpriseState, [((one,), {"name": f"厂{one}", **here}) for one in firms], SINCE)
        writer.put_many(VenueState, [((one,), {"name": f"室{one}", "area_id": east}) for one in rooms], SINCE)
        branch = {"kind": "branch", "superior_id": single, **here}
        path = OrganisationState.rows.get(organisation_id=single).path
        named = [((one,), {"name": f"支部{one}", "path": path + step(one), **branch}) for one in bodies]
        writer.put_many(OrganisationState, named, SINCE)
        sealed = sealed_values(MemberState, {"id_number": "", "phone": ""})
        held = [
            ((one,), {"name": "钟某", "full": True, "branch_id": (single, body)[n % 2], "employer_id": firm, **sealed})
            for n, (one, body, firm) in enumerate(zip(people, bodies, firms, strict=True))
        ]
        writer.put_many(MemberState, held, SINCE)
        asked = sealed_values(WorkerState, {"phone": "", "wage": ""})
        writer.put_many(WorkerState, [((one,), {"name": "卓某", **here, **asked}) for one in workers], SINCE)
        posts = zip(workers, bodies, strict=True)
        writer.put_many(Post, [((one, body, "secretary"), {}) for one, body in posts], SINCE)
        writer.put_many(Coverage, [((body, firm), {}) for body, firm in zip(bodies, firms, strict=True)], SINCE)
        officer = district.workers["liaison"]
        writer.put_many(Assignment, [((officer, firm), {}) for firm in firms], SINCE)


def _details(district: SmallDistrict) -> tuple[str, ...]:
    """One of each kind that everything hangs on."""
    return (
        f"/enterprises/{district.enterprises['apple']}/",
        f"/organisations/{district.organisations['single']}/",
        f"/members/{district.members['zhu']}/",
        f"/workers/{district.workers['liaison']}/",
        f"/areas/{district.areas['east']}/",
    )


def _counted(district: SmallDistrict, role: Role) -> dict[str, int]:
    """Queries of each page that the role may open."""
    client = Client()
    client.force_login(district.users[role])
    found = {}
    for address in (*PAGES, *_details(district)):
        client.get(address)  # what is kept for the session or the process is written once
        with CaptureQueriesContext(connection) as asked:
            status = client.get(address).status_code
        if status == 200:
            # without the last use of a sitting, which is written once a minute
            found[address] = sum(not one["sql"].startswith("UPDATE") for one in asked)
    return found


@pytest.mark.parametrize("role", SEEN_BY)
def test_queries_do_not_grow_with_rows(role: Role) -> None:
    district = build_small_district()
    _grow(district, FEW)
    few = _counted(district, role)
    _grow(district, MANY)
    assert _counted(district, role) == few
    assert len(few) >= SEEN_BY[role]
    over = {address: n for address, n in few.items() if n > _most(address)}
    assert over == {}
