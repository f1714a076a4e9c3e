"""The pages on which plans are asked for, changed by hand and compared."""

from __future__ import annotations

import io
import json
import re

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.coverage import queries
from feigong.apps.coverage.models import Plan, PlannedBranch, PlannedOutcome
from feigong.apps.jobs.models import Job
from feigong.core.coverage.wishes import Forbid, Move, members_of
from feigong.wording import Words
from platform_district import SmallDistrict, build_small_district
from platform_plans import adjusted, done, planned
from platform_street import add_street

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def street(district: SmallDistrict) -> list[int]:
    return add_street(district)


def signed_in(district: SmallDistrict, role: Role = Role.DISTRICT_OFFICE) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def text(client: Client, name: str, *args: object, status: int = 200, **asked: str) -> str:
    answer = client.get(reverse(name, args=args), asked)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_the_form_offers_each_parameter_with_range_and_source(district: SmallDistrict) -> None:
    page = text(signed_in(district), "coverage:new")
    assert re.search(r'name="p.travel_m" value="3000" min="100" max="50000" step="any"', page)
    assert "下班后步行加公交半小时左右能到" in page
    assert page.count('name="p.') >= 20
    assert text(signed_in(district, Role.TOWNSHIP), "coverage:new", status=403)


def test_what_is_chosen_on_the_form_is_asked_for(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    given = {
        "on": "2026-11-01", "name": "步行", "previous": str(first.pk), "p.travel_m": "400", "p.most_enterprises": "5",
        "p.bases.there": "1", "p.bases": ["street", "area"], "p.allow_unverified.there": "1", "p.turnover": "",
    }  # fmt: skip
    answer = signed_in(district).post(reverse("coverage:new"), given)
    job = Job.objects.latest("pk")
    assert answer.headers["Location"] == reverse("jobs:detail", args=[job.pk])
    plan, _ = done(job, district.actor(Role.DISTRICT_OFFICE))
    assert (plan.name, plan.previous_id) == ("步行", first.pk)
    assert plan.parameters == {"travel_m": 400, "bases": ["street", "area"]}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("p.travel_m", "5", "100"), ("p.travel_m", "远", "远"), ("on", "soon", "soon"), ("seed", "x", "种子"),
        ("name", "长" * 61, "60"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_stays_in_the_form(
    district: SmallDistrict, field: str, value: str, said: str
) -> None:
    given = {"on": "2026-11-01", "p.officer_usual": "4", field: value}
    answer = signed_in(district).post(reverse("coverage:new"), given)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert said in page
    assert 'name="p.officer_usual" value="4"' in page
    assert not Job.objects.exists()


def test_the_plan_says_what_a_change_cost_against_its_parent(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    guest = queries.branches_of(first).branches[0].seats[1].uscc
    second = adjusted(district, first, Forbid((guest,)), name="少一户")
    page = text(signed_in(district), "coverage:detail", second.pk)
    assert "少一户" in page
    assert re.search(r"少覆盖 \d 名党员", page)
    assert "不参加联合党支部" in page
    assert reverse("coverage:compare", args=[second.pk]) in page
    part = text(signed_in(district, Role.TOWNSHIP), "coverage:detail", second.pk)
    assert "少覆盖" not in part
    assert reverse("coverage:adjust", args=[second.pk]) not in part


def test_plans_are_a_list_with_figures_for_those_who_see_the_whole(
    district: SmallDistrict, street: list[int]
) -> None:
    first = planned(district, name="第一稿")
    office = text(signed_in(district), "coverage:list")
    assert "第一稿" in office
    travel = Words("zh").distance(first.travel_m)
    assert "公里" in travel
    assert travel in office
    assert travel not in text(signed_in(district, Role.TOWNSHIP), "coverage:list")


def test_branches_are_a_list_with_filters_and_a_page_each(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    office = signed_in(district)
    page = text(office, "planned_branches:list", plan=str(first.pk))
    rows = list(PlannedBranch.objects.filter(plan=first))
    assert all(reverse("planned_branches:detail", args=[b.pk]) in page for b in rows)
    four = next(b for b in rows if b.enterprises == 4)
    for asked in ({"plan": str(first.pk), "enterprises_from": "4"}, {"enterprise_id": str(four.host_id)}):
        found = text(office, "planned_branches:list", **asked)
        assert [reverse("planned_branches:detail", args=[b.pk]) in found for b in rows] == [b == four for b in rows]
    one = text(office, "planned_branches:detail", four.pk)
    for seat in queries.seats(four):
        assert reverse("enterprises:detail", args=[seat.enterprise_id]) in one
    assert "周日" in one
    assert "其他办法" in one
    export = office.post(reverse("planned_branches:export") + f"?plan={first.pk}", {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(export.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet.max_row == 1 + len(rows)


def wishes_in(page: str) -> list[dict[str, object]]:
    found = re.findall(r'name="wish" value="([^"]*)"', page)
    return [json.loads(one.replace("&quot;", '"')) for one in found]


def test_a_change_is_checked_at_once_and_listed(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    office, check = signed_in(district), reverse("coverage:check", args=[first.pk])
    one, other = queries.branches_of(first).branches
    guest = queries.numbers_in(first, [one.seats[1].uscc])[one.seats[1].uscc]
    page = text(office, "coverage:adjust", first.pk, branch=one.key)
    assert "周日上午" in page
    moved = office.post(
        check, {"add": "move", "enterprise": guest, "to": other.key}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in moved
    assert wishes_in(moved) == [{"kind": "move", "uscc": one.seats[1].uscc, "to": other.key}]
    assert "可以：" in moved
    kept = {"wish": json.dumps(wishes_in(moved)[0])}
    apart = office.post(check, {**kept, "add": "host", "branch": other.key, "host": district.enterprises["daisy"]})
    assert "不合规定" in apart.content.decode()
    assert len(wishes_in(apart.content.decode())) == 1
    instead = office.post(check, {**kept, "add": "alone", "enterprise": guest}).content.decode()
    assert [w["kind"] for w in wishes_in(instead)] == ["forbid"]  # the later one holds
    empty = office.post(check, {**kept, "drop": "0"}).content.decode()
    assert wishes_in(empty) == []


@pytest.mark.parametrize("add", ["", "marry", "move", "slot", "pin", "together", "alone"])
def test_a_form_without_what_it_needs_says_so(district: SmallDistrict, street: list[int], add: str) -> None:
    first = planned(district)
    answer = signed_in(district).post(reverse("coverage:check", args=[first.pk]), {"add": add})
    assert answer.status_code == 200
    assert "没有加入" in answer.content.decode()


@pytest.mark.parametrize("add", ["alone", "apart", "together", "host", "slot", "pin", "dissolve"])
def test_each_kind_of_change_can_be_made(district: SmallDistrict, street: list[int], add: str) -> None:
    first = planned(district)
    office = signed_in(district)
    four = max(queries.branches_of(first).branches, key=lambda b: len(b.seats))
    numbers = queries.numbers_in(first, members_of(four))
    a, b, c, d = (numbers[s.uscc] for s in four.seats)
    given = {
        "branch": four.key, "enterprise": b, "first": b, "second": c, "host": d, "slot": "19.1", "firm0": a, "firm1": b,
        "firm2": c, "add": add,
    }  # fmt: skip
    page = office.post(reverse("coverage:check", args=[first.pk]), given).content.decode()
    (wish,) = wishes_in(page)
    answer = office.post(reverse("coverage:adjust", args=[first.pk]), {"wish": json.dumps(wish), "name": add})
    assert answer.status_code == 302
    plan, _ = done(Job.objects.latest("pk"), district.actor(Role.DISTRICT_OFFICE))
    assert (plan.previous_id, plan.by_hand, plan.name, plan.wishes) == (first.pk, True, add, [wish])
    assert text(office, "coverage:detail", plan.pk)


def test_an_organisation_in_being_takes_in_one_after_the_other(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district, parameters={"travel_m": 30000, "least_members": 3})
    office, check = signed_in(district), reverse("coverage:check", args=[first.pk])
    page = text(office, "coverage:adjust", first.pk)
    assert 'name="organisation"' in page
    assert reverse("records:pick", args=["organisation"]) in page
    single, joint = district.organisations["single"], district.organisations["joint"]
    key, (a, b, *_) = f"o{single:08d}", (queries.keys_in(first, street)[n] for n in street)
    host = queries.keys_in(first, [district.enterprises["apple"]])[district.enterprises["apple"]]
    join = {"add": "join", "organisation": str(single)}
    one = office.post(check, join | {"enterprise": street[0]}).content.decode()
    assert "和路100号店有限公司并入启帆精密机械党支部" in one
    (wish,) = wishes_in(one)
    assert wish == {"kind": "pin", "usccs": [a], "host": host, "slot": None, "cycle_weeks": 1, "joins": key}
    two = office.post(check, join | {"enterprise": street[1], "wish": json.dumps(wish)}).content.decode()
    assert [w["usccs"] for w in wishes_in(two)] == [sorted([a, b])]
    (both,) = wishes_in(two)
    refused = office.post(check, join | {"enterprise": district.enterprises["grape"]}).content.decode()
    assert wishes_in(refused) == []
    assert "不合规定" in refused
    cannot = office.post(check, {"add": "join", "enterprise": street[0], "organisation": joint}).content.decode()
    assert "澜汇大厦联合党支部现在不能接收别的企业" in cannot
    assert "请先选党组织" in office.post(check, {"add": "join", "enterprise": street[0]}).content.decode()
    assert office.post(reverse("coverage:adjust", args=[first.pk]), {"wish": json.dumps(both)}).status_code == 302
    plan, _ = done(Job.objects.latest("pk"), district.actor(Role.DISTRICT_OFFICE))
    assert {o.key for o in plan.outcomes.filter(outcome="join")} >= {a, b}
    assert PlannedBranch.objects.get(plan=plan, organisation_id=single).enterprises >= 2
    assert "并入启帆精密机械党支部" in text(office, "coverage:detail", plan.pk)
    forbid = json.dumps({"kind": "forbid", "usccs": [a], "organisation": key})
    assert "和路100号店有限公司不并入启帆精密机械党支部" in office.post(
        check, {"wish": forbid, "add": "alone", "enterprise": street[1]}
    ).content.decode()


def test_an_organisation_out_of_sight_takes_nobody_in(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    given = {"add": "join", "enterprise": street[0], "organisation": "99999999"}
    answer = signed_in(district).post(reverse("coverage:check", args=[first.pk]), given)
    assert wishes_in(answer.content.decode()) == []
    assert "不能接收" in answer.content.decode()


def test_a_hidden_field_that_was_tampered_with_is_refused(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    office = signed_in(district)
    for wish in ("nonsense", '{"kind": "marry"}', "[]"):
        assert office.post(reverse("coverage:adjust", args=[first.pk]), {"wish": wish}).status_code == 400
    a, b = (o.key for o in first.outcomes.filter(outcome="joint")[:2])
    broken = json.dumps({"kind": "pin", "usccs": [a, b], "host": a})
    answer = office.post(reverse("coverage:adjust", args=[first.pk]), {"wish": broken})
    assert (answer.status_code, "第 1 项" in answer.content.decode()) == (400, True)
    assert Plan.objects.count() == 1
    assert office.post(reverse("coverage:adjust", args=[first.pk]), {}).status_code == 400


def test_two_plans_side_by_side_and_as_a_table(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    near = planned(district, parameters={"travel_m": 200})
    office = signed_in(district)
    page = text(office, "coverage:compare", near.pk, before=str(first.pk))
    assert "少覆盖 7 名党员" in page
    assert "到会路程上限：3000 米 → 200 米" in page
    assert page.count("联合建：") == 7
    for plan in (first, near):
        own = reverse("coverage:detail", args=[plan.pk]) + "?outcome=joint"
        count = PlannedOutcome.objects.filter(plan=plan, outcome="joint").count()
        assert f'<a href="{own}">{count}</a>' in page, "a figure opens its rows"
        assert f'<a href="{reverse("planned_branches:list")}?plan={plan.pk}">' in page
    only = text(office, "coverage:compare", near.pk, before=str(first.pk), difference="time")
    assert "联合建：" not in only
    assert "两个方案没有不同" in text(office, "coverage:compare", near.pk)
    export = reverse("coverage:export_comparison", args=[near.pk])
    answer = office.post(f"{export}?before={first.pk}")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active  # type: ignore[attr-defined]
    assert sheet.max_row == 1 + 7
    assert [c.value for c in sheet[1]][:3] == ["企业", "代码", "正式党员"]
    assert Record.objects.latest("pk").params["list"] == "coverage.compare"
    township = signed_in(district, Role.TOWNSHIP)
    assert township.get(reverse("coverage:compare", args=[near.pk])).status_code == 404


def test_another_months_plan_shows_the_changes_it_kept(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    one, other = queries.branches_of(first).branches
    guest = next(s.uscc for s in max((one, other), key=lambda b: len(b.seats)).seats[1:])
    to = min((one, other), key=lambda b: len(b.seats))
    second = adjusted(district, first, Move(guest, to.key))
    third = planned(district, previous=second.pk, keep_wishes=True)
    assert len(third.wishes) == 1
    page = text(signed_in(district), "coverage:detail", third.pk)
    assert "移到" in page
    later = text(signed_in(district), "coverage:adjust", third.pk)
    assert "以前的 1 项调整仍然有效" in later


PAGES = ("/coverage/{plan}/", "/coverage/{plan}/compare/", "/coverage/{plan}/adjust/", "/coverage/branches/{branch}/",
         "/coverage/branches/?plan={plan}", "/coverage/", "/coverage/new/")  # fmt: skip


def test_pages_ask_as_much_of_few_as_of_many(district: SmallDistrict) -> None:
    counts: list[list[int]] = []
    for first, size in ((100, 7), (200, 14)):
        add_street(district, size, first=first)
        made = planned(district)
        changed = adjusted(district, made, Forbid((made.outcomes.filter(outcome="joint").first().key,)))  # type: ignore[union-attr]
        branch = PlannedBranch.objects.filter(plan=made).first()
        assert branch is not None
        office = signed_in(district)
        office.get("/coverage/")
        asked = []
        for page in PAGES:
            with CaptureQueriesContext(connection) as queries_asked:
                assert office.get(page.format(plan=changed.pk, branch=branch.pk)).status_code == 200
            asked.append(len(queries_asked))
        counts.append(asked)
    few, many = counts
    assert few == many, counts
    assert max(many) <= 45, counts
