"""Changing a plan on its map: what the map draws, what is chosen, what the list beside it says; one door for all."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feigong.apps.accounts.roles import Role
from feigong.apps.coverage import queries
from feigong.apps.coverage.models import Plan
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from feigong.core.coverage.values import JointBranch
from feigong.core.coverage.wishes import Move, members_of
from platform_district import SINCE, SmallDistrict, build_small_district
from platform_plans import adjusted, planned
from platform_street import STEP, add_street

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def street(district: SmallDistrict) -> list[int]:
    return add_street(district)


@pytest.fixture
def plan(district: SmallDistrict, street: list[int]) -> Plan:
    return planned(district)


def office(district: SmallDistrict, role: Role = Role.DISTRICT_OFFICE) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def points(district: SmallDistrict, plan: Plan, **asked: str) -> dict[str, Any]:
    answer = office(district).get(reverse("coverage:points", args=[plan.pk]), asked)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def part(district: SmallDistrict, plan: Plan, **given: Any) -> str:
    """What htmx gets for a button of the page."""
    check = reverse("coverage:check", args=[plan.pk])
    answer = office(district).post(check, given, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "<html" not in text
    return text


def drawn(text: str) -> dict[str, Any]:
    found = re.search(r'data-drawn="([^"]*)"', text)
    assert found
    made: dict[str, Any] = json.loads(unescape(found[1]))
    return made


def two(plan: Plan) -> tuple[JointBranch, JointBranch]:
    """The branch of four and the branch of three."""
    four, three = sorted(queries.branches_of(plan).branches, key=lambda b: -len(b.seats))
    assert (len(four.seats), len(three.seats)) == (4, 3)
    return four, three


def guest_of(plan: Plan, branch: JointBranch) -> tuple[str, int]:
    """One of its enterprises that does not host it: its key and its identity."""
    uscc = branch.seats[1].uscc
    return uscc, queries.numbers_in(plan, [uscc])[uscc]


def test_points_are_the_places_of_the_plans_enterprises_and_stars(
    district: SmallDistrict, street: list[int], plan: Plan
) -> None:
    data = points(district, plan)
    at = dict(zip(data["ids"], zip(data["x"], data["y"], strict=True), strict=True))
    assert set(street) <= set(at)
    west = [at[one] for one in street]
    assert [x - west[0][0] for x, _ in west] == [round(k * STEP * data["scale"]) for k in range(7)]
    kind = dict(zip(data["ids"], (data["kinds"][k] for k in data["kind"]), strict=True))
    assert {kind[one] for one in street} == {"joint"}
    keys = [star["key"] for star in data["stars"]]
    star = dict(zip(data["ids"], data["star"], strict=True))
    of = {number: keys[star[number]] for number in street}
    assert of == dict(plan.outcomes.filter(outcome="joint").values_list("enterprise_id", "branch"))
    assert [s["state"] for s in data["stars"]] == ["kept", "kept"]  # it follows no other
    assert {s["host"] for s in data["stars"]} <= set(street)
    assert data["moved"] == []


def test_points_of_one_outcome_come_when_they_are_asked_for(
    district: SmallDistrict, street: list[int], plan: Plan
) -> None:
    keep = set(plan.outcomes.filter(outcome="keep").values_list("enterprise_id", flat=True))
    assert keep
    for enterprise in keep:
        facts = {"longitude": 123.7, "latitude": 30.71}
        change_record(district.actor(Role.DISTRICT_OFFICE), RecordKind.ENTERPRISE, enterprise, facts, on=SINCE)
    later = planned(district)
    first, asked = points(district, later), points(district, later, outcome="keep")
    assert not keep & set(first["ids"])
    assert set(asked["ids"]) == keep
    assert "stars" not in asked
    assert office(district).get(reverse("coverage:points", args=[later.pk]), {"outcome": "x"}).status_code == 404
    township = office(district, Role.TOWNSHIP).get(reverse("coverage:points", args=[later.pk]))
    assert township.status_code == 403


def test_an_enterprise_is_chosen_with_the_nearest_branches_that_it_could_go_to(
    district: SmallDistrict, plan: Plan
) -> None:
    four, three = two(plan)
    uscc, number = guest_of(plan, four)
    text = part(district, plan, choose=f"firm:{number}")
    assert f'name="enterprise" value="{number}"' in text
    assert re.search(rf'data-to="{three.key} "', text)
    assert "都有空：周日上午、周日下午、周日晚上" in text
    assert f'value="move:{three.key}"' in text
    assert f'value="move:{four.key}"' not in text  # it is there already
    host = queries.numbers_in(plan, [three.host])[three.host]
    here, there = (int(plan.outcomes.get(key=u).enterprise_id) for u in (uscc, three.host))
    assert there == host
    places = {i: (x, y) for i, x, y in zip(*(points(district, plan)[n] for n in ("ids", "x", "y")), strict=True)}
    metres = abs(places[here][0] - places[there][0]) / 100_000 * 111_320 * 0.8599  # along a parallel, at 30.7°
    said = re.search(r"small\">(\d+) 米 · 都有空", text) or re.search(r"small\">([\d.]+) 公里 · 都有空", text)
    assert said
    shown = float(said[1]) * (1000 if "公里" in said[0] else 1)
    assert abs(shown - metres) <= max(500 if "公里" in said[0] else 10, 0.02 * metres)


def test_a_move_from_the_map_is_the_move_of_the_list(district: SmallDistrict, plan: Plan) -> None:
    four, three = two(plan)
    uscc, number = guest_of(plan, four)
    by_list = part(district, plan, add="move", enterprise=number, to=three.key)
    by_target = part(district, plan, add=f"move:{three.key}", enterprise=number)
    by_star = part(district, plan, add="bring", other=number, branch=three.key)
    wish = {"kind": "move", "uscc": uscc, "to": three.key}
    for text in (by_list, by_target, by_star):
        found = re.findall(r'name="wish" value="([^"]*)"', text)
        assert [json.loads(unescape(one)) for one in found] == [wish]
        assert "可以：" in text
    made = {b["key"]: b for b in drawn(by_star)["branches"]}
    assert number in made[three.key]["firms"]
    assert number not in made[four.key]["firms"]
    assert len(made[three.key]["firms"]) == 4
    assert (drawn(by_star)["gone"], drawn(by_star)["loose"]) == ([], [])


def test_what_is_refused_is_said_and_changes_nothing_on_the_map(district: SmallDistrict, plan: Plan) -> None:
    _, three = two(plan)
    apple = district.enterprises["apple"]
    said = part(district, plan, add=f"move:{three.key}", enterprise=apple)
    assert "note-error" in said
    assert "已有党组织" in said
    assert drawn(said) == {"branches": [], "gone": [], "loose": []}
    assert "hx-swap-oob" not in said  # what is chosen stays as it stands there
    chosen = part(district, plan, choose=f"firm:{apple}")
    assert "都不能移" in chosen
    assert chosen.count("已有党组织，不用再联合") == 1  # said once, not for each branch


def test_what_was_chosen_before_goes_with_what_is_chosen_now(district: SmallDistrict, plan: Plan) -> None:
    four, three = two(plan)
    _, number = guest_of(plan, four)
    star = part(district, plan, choose=f"branch:{three.key}", enterprise=number)
    assert f'name="other" value="{number}"' in star
    assert "把它移到这里" in star
    own = part(district, plan, choose=f"branch:{four.key}", enterprise=number)
    assert "把它移到这里" not in own  # it is there already
    _, second = guest_of(plan, three)
    other = part(district, plan, choose=f"firm:{second}", enterprise=number)
    assert 'value="part"' in other
    apart = part(district, plan, add="part", enterprise=second, other=number)
    [wish] = [json.loads(unescape(w)) for w in re.findall(r'name="wish" value="([^"]*)"', apart)]
    keys = {queries.keys_in(plan, [n])[n] for n in (number, second)}
    assert (wish["kind"], set(wish["usccs"])) == ("forbid", keys)
    nothing = part(district, plan, choose="none", enterprise=number, other=second)
    assert "先选要调整的" in nothing


def test_a_branch_is_shown_as_the_changes_so_far_leave_it(district: SmallDistrict, plan: Plan) -> None:
    four, three = two(plan)
    uscc, _ = guest_of(plan, four)
    wish = json.dumps({"kind": "move", "uscc": uscc, "to": three.key})
    name = queries.names_by_key(district.sight(Role.DISTRICT_OFFICE), [plan], [uscc])[uscc]
    text = part(district, plan, choose=f"branch:{three.key}", wish=wish)
    assert "（4 户）" in text
    assert re.search(rf"{name}\s*<span[^>]*>移来的", text)
    gone = json.dumps({"kind": "forbid", "usccs": sorted(members_of(four)), "organisation": ""})
    listed = part(district, plan, look="1", kind="branches", wish=gone)
    assert listed.count("已拆开") == 1
    assert drawn(part(district, plan, add="pin", branch=three.key, wish=gone))["gone"] == [four.key]


def test_the_whole_page_shows_what_the_address_names(district: SmallDistrict, plan: Plan) -> None:
    four, three = two(plan)
    numbers = queries.numbers_in(plan, members_of(four))
    client, page = office(district), reverse("coverage:adjust", args=[plan.pk])
    text = client.get(page, {"branch": four.key}).content.decode()
    chosen, _, rest = text.partition('<div id="changes">')
    assert {f"firm:{n}" for n in numbers.values()} == set(re.findall(r'value="(firm:\d+)"', chosen))
    assert {f"branch:{b.key}" for b in (four, three)} == set(re.findall(r'value="(branch:[^"]+)"', rest))
    assert f">第 {plan.pk} 号方案</a>" in chosen
    client.cookies["feigong_language"] = "en"
    firm = client.get(page, {"enterprise": str(numbers[four.host])}).content.decode()
    assert f'value="move:{three.key}"' in firm


def test_the_list_says_what_the_map_shows(district: SmallDistrict, street: list[int], plan: Plan) -> None:
    four, three = two(plan)
    branches = part(district, plan, look="1", kind="branches")
    assert "共 2 个联合党支部" in branches
    assert {f"branch:{b.key}" for b in (four, three)} == set(re.findall(r'value="(branch:[^"]+)"', branches))
    firms = part(district, plan, look="1", kind="joint")
    assert set(re.findall(r'value="firm:(\d+)"', firms)) == {str(one) for one in street}
    one = part(district, plan, look="1", kind="joint", q="103号")
    assert re.findall(r'value="firm:(\d+)"', one) == [str(street[3])]
    of_it = part(district, plan, look="1", kind="branches", q="103号")
    assert len(re.findall(r'value="branch:', of_it)) == 1
    here = part(district, plan, look="1", kind="branches", among=f"{street[0]},{street[1]},x")
    assert set(re.findall(r'value="firm:(\d+)"', here)) == {str(one) for one in street[:2]}
    assert "没有符合的" in part(district, plan, look="1", kind="joint", q="没有这家")


def test_the_next_plan_shows_on_the_map_what_changed(district: SmallDistrict, plan: Plan) -> None:
    four, three = two(plan)
    uscc, number = guest_of(plan, four)
    second = adjusted(district, plan, Move(uscc, three.key))
    data = points(district, second)
    assert {s["key"]: s["state"] for s in data["stars"]} == {four.key: "changed", three.key: "changed"}
    assert data["moved"] == [number]
    page = office(district).get(reverse("coverage:adjust", args=[second.pk])).content.decode()
    assert f"只看与第 {plan.pk} 号方案不同的" in page


def test_queries_do_not_grow_with_the_plan(district: SmallDistrict) -> None:
    counts = []
    for first, size in ((100, 7), (200, 21)):
        add_street(district, size, first=first)
        made = planned(district)
        branch = queries.branches_of(made).branches[0]
        _, firm = guest_of(made, branch)
        client, check = office(district), reverse("coverage:check", args=[made.pk])
        posts = ({"choose": f"firm:{firm}"}, {"choose": f"branch:{branch.key}"}, {"add": "pin", "branch": branch.key},
                 {"look": "1", "kind": "branches", "q": "和路"}, {"add": "alone", "enterprise": firm})  # fmt: skip
        asked = []
        for page in (reverse("coverage:adjust", args=[made.pk]), reverse("coverage:points", args=[made.pk])):
            client.get(page)
            with CaptureQueriesContext(connection) as found:
                assert client.get(page).status_code == 200
            asked.append(len(found))
        for given in posts:
            with CaptureQueriesContext(connection) as found:
                assert client.post(check, given, headers={"HX-Request": "true"}).status_code == 200
            asked.append(len(found))
        counts.append(asked)
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 25, counts
