"""Lists of the roll in a small district: filters, scope, parts, saved views, exports, number of queries."""

from __future__ import annotations

import csv
import io
import re
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts.models import SavedView
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.clock import now
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import EnterpriseState
from platform_district import ON, SINCE, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

LISTS = ("enterprises", "organisations", "members", "workers", "venues")


@pytest.fixture
def district(db: None) -> SmallDistrict:
    return build_small_district()


def visit(district: SmallDistrict, role: Role) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


@pytest.fixture
def office(district: SmallDistrict) -> Client:
    return visit(district, Role.DISTRICT_OFFICE)


def text(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert response.status_code == 200, response.content.decode()[:2000]
    return response.content.decode()


def names(client: Client, address: str) -> list[str]:
    """The first cell of each row."""
    cells = re.findall(r'<th scope="row" class="row-name">(.*?)</th>', text(client, address), re.S)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=qfjm", {"启帆精密机械有限公司"}),
        ("q=启帆", {"启帆精密机械有限公司"}),
        ("q=qifan", {"启帆精密机械有限公司"}),
        ("covered=no", {"恒岳食品有限公司", "瑞航物流有限公司", "沐诺电子科技有限公司", "璟朗家具有限公司"}),
        ("covered=yes&staff_from=20", {"启帆精密机械有限公司", "锦川软件有限公司"}),
        ("staff_from=18&staff_to=25", {"昊舟餐饮管理有限公司", "锦川软件有限公司"}),
        ("has_officer=yes", {"恒岳食品有限公司", "瑞航物流有限公司", "沐诺电子科技有限公司"}),
        ("officer=xws", {"沐诺电子科技有限公司"}),
        ("organisation=联合", {"锦川软件有限公司", "凌奕文化传媒有限公司", "昊舟餐饮管理有限公司"}),
        ("located=no", set()),
        ("kind=self_employed", set()),
        ("industry=99", set()),
    ],
)
def test_enterprises_are_found_by(office: Client, query: str, found: set[str]) -> None:
    assert set(names(office, f"/enterprises/?{query}")) == found


def test_an_area_means_all_below_it(office: Client, district: SmallDistrict) -> None:
    west = district.areas["west"]
    below = {"锦川软件有限公司", "凌奕文化传媒有限公司", "昊舟餐饮管理有限公司"}
    assert set(names(office, f"/enterprises/?area={west}")) == below
    assert len(names(office, f"/enterprises/?area={west}&area={district.areas['east']}")) == 6


def test_a_link_asks_for_one_organisation(office: Client, district: SmallDistrict) -> None:
    address = f"/enterprises/?organisation_id={district.organisations['single']}"
    assert "覆盖党组织：启帆精密机械党支部" in text(office, address)
    assert names(office, address) == ["启帆精密机械有限公司"]


def test_members_by_branch_standing_and_employer(office: Client, district: SmallDistrict) -> None:
    assert names(office, "/members/?full=no") == ["卓星河"]
    assert names(office, "/members/?placed=no") == ["蔺景初"]
    assert set(names(office, "/members/?branch=qfjm")) == {"钟舒岩", "祝予安", "柏知行"}
    assert names(office, f"/members/?area={district.areas['park']}") == ["蔺景初"]


def test_numbers_of_people_are_on_no_list(office: Client) -> None:
    for name in ("members", "workers"):
        page = text(office, f"/{name}/?columns=name,id_number,phone,wage")
        assert "••••" in page
        assert re.findall(r"990101\d{11}|139\d{8}|k1:", page) == []


def test_organisations_and_workers(office: Client) -> None:
    assert names(office, "/organisations/?kind=joint_branch") == ["澜汇大厦联合党支部"]
    committees = {"中共云汀区非公企业工作委员会", "中共东湾镇委员会非公企业党委"}
    assert set(names(office, "/organisations/?led=no")) == committees
    assert set(names(office, "/workers/?liaison=yes")) == {"褚行川", "邢望舒"}
    assert set(names(office, "/workers/?post=secretary")) == {"钟舒岩", "穆青禾"}
    assert "启帆精密机械党支部 书记" in text(office, "/workers/?post=secretary")


@pytest.mark.parametrize("name", LISTS)
def test_every_list_in_both_languages_with_every_column(office: Client, name: str) -> None:
    spec = import_module(f"feigong.web.{name}.listing").SPEC
    columns = ",".join(c.code for c in spec.columns)
    for language in ("zh", "en"):
        office.cookies["feigong_language"] = language
        page = text(office, f"/{name}/?columns={columns}")
        assert page.count('scope="col"') == len(spec.columns) + 1


@pytest.mark.parametrize("name", LISTS)
def test_every_sortable_column_sorts_both_ways(office: Client, name: str) -> None:
    spec = import_module(f"feigong.web.{name}.listing").SPEC
    for column in spec.columns:
        if column.sort:
            up = names(office, f"/{name}/?sort={column.code}&columns=name,{column.code}")
            down = names(office, f"/{name}/?sort=-{column.code}&columns=name,{column.code}")
            assert sorted(up) == sorted(down)


def test_sorting_by_staff(office: Client) -> None:
    found = names(office, "/enterprises/?sort=-staff&staff_from=0")
    assert found[:2] == ["沐诺电子科技有限公司", "启帆精密机械有限公司"]
    assert 'aria-sort="descending"' in text(office, "/enterprises/?sort=-staff")


def test_a_township_sees_its_part_only(district: SmallDistrict) -> None:
    client = visit(district, Role.TOWNSHIP)
    assert set(names(client, "/enterprises/")) == {"启帆精密机械有限公司", "恒岳食品有限公司", "瑞航物流有限公司"}
    assert names(client, f"/enterprises/?area={district.areas['park']}") == []
    page = text(client, "/enterprises/")
    assert "云汀经济开发区" not in page


def test_who_may_not_see_people_gets_no_list_of_them(district: SmallDistrict) -> None:
    client = visit(district, Role.DEPARTMENT)
    assert client.get("/members/").status_code == 403
    assert client.get("/enterprises/").status_code == 200
    assert client.post("/enterprises/export/", {"format": "csv"}).status_code == 403
    assert "导出" not in text(client, "/enterprises/")


def test_as_of_a_day_before_anything(office: Client) -> None:
    page = text(office, "/enterprises/?on=2025-12-31")
    assert "共 0 户，截至 2025-12-31" in page
    assert "台账里还没有企业" in page
    assert office.get("/enterprises/?on=gibberish").status_code == 400


def test_an_empty_answer_says_what_to_do(office: Client) -> None:
    page = text(office, "/enterprises/?q=zzzz&on=2026-11-01")
    assert "没有符合条件的" in page
    assert 'href="/enterprises/?on=2026-11-01"' in page


def test_htmx_gets_the_part_it_asks_for(office: Client) -> None:
    found = text(office, "/enterprises/?q=qfjm", HX_Request="true", HX_Target="found")
    assert found.strip().startswith('<section id="found"')
    assert '<form id="query"' not in found
    whole = text(office, "/enterprises/?q=qfjm", HX_Request="true", HX_Target="list")
    assert whole.strip().startswith('<div id="list">')
    assert '<form id="query"' in whole
    assert "<html" not in whole


def exported(client: Client, address: str, **data: Any) -> list[list[str]]:
    response = client.post(address, {"format": "csv", **data})
    assert response.status_code == 200
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


def test_an_export_is_what_is_seen_and_is_recorded(office: Client, district: SmallDistrict) -> None:
    query = "covered=yes&sort=-staff&columns=name,staff,covering&on=2026-11-01"
    rows = exported(office, f"/enterprises/export/?{query}")
    assert rows[0] == ["名称", "职工人数", "覆盖党组织"]
    assert [row[0] for row in rows[1:]] == names(office, f"/enterprises/?{query}")
    assert rows[1] == ["启帆精密机械有限公司", "60", "启帆精密机械党支部"]
    record = Record.objects.get(code="lists.export")
    assert record.user_id == district.users[Role.DISTRICT_OFFICE].pk
    assert (record.params["rows"], record.params["list"]) == (4, "enterprises")
    assert record.params["columns"] == ["name", "staff", "covering"]


def test_ticked_rows_only_and_only_in_sight(district: SmallDistrict) -> None:
    client = visit(district, Role.TOWNSHIP)
    ids = [district.enterprises["apple"], district.enterprises["grape"]]
    rows = exported(client, "/enterprises/export/?columns=name", ids=ids)
    assert [row[0] for row in rows[1:]] == ["启帆精密机械有限公司"]
    touched = Record.objects.get(code="lists.export").entries
    assert list(touched.values_list("kind", "object_id")) == [("roll.enterprise", district.enterprises["apple"])]
    assert len(exported(client, "/enterprises/export/?columns=name", ids=ids, all="1")) == 4


def test_an_export_of_members_holds_no_numbers(office: Client) -> None:
    rows = exported(office, "/members/export/?columns=name,id_number,phone")
    assert {row[1] for row in rows[1:]} == {"••••"}


def test_a_view_is_saved_opened_shared_and_dropped(district: SmallDistrict, office: Client) -> None:
    address = "/enterprises/views/?covered=no&columns=name,staff"
    assert office.post(address, {"name": "未覆盖", "shared": "1"}).status_code == 302
    view = SavedView.objects.get()
    assert (view.query, view.columns) == ("covered=no&columns=name%2Cstaff", ["name", "staff"])
    page = text(office, "/enterprises/")
    assert 'href="/enterprises/?covered=no&amp;columns=name%2Cstaff"' in page
    assert "未覆盖</a>" in page.replace("\n", "")
    other = visit(district, Role.TOWNSHIP)
    assert other.post(f"/enterprises/views/{view.pk}/drop/").status_code == 404
    assert office.post(f"/enterprises/views/{view.pk}/drop/").status_code == 302
    assert not SavedView.objects.exists()


def test_columns_are_kept_for_the_account(district: SmallDistrict, office: Client) -> None:
    office.post("/enterprises/views/?columns=name,staff&sort=-staff&q=有限", {"usual": "1"})
    page = text(office, "/enterprises/")
    assert page.count('scope="col"') == 3
    assert names(office, "/enterprises/?staff_from=0")[0] == "沐诺电子科技有限公司"
    assert "常用查询" in page
    assert text(visit(district, Role.TOWNSHIP), "/enterprises/").count('scope="col"') == 8
    assert office.post("/enterprises/views/", {"name": "*"}).status_code == 400


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICE, Role.TOWNSHIP, Role.BRANCH_SECRETARY])
def test_the_number_of_queries_is_small(district: SmallDistrict, role: Role, name: str) -> None:
    client = visit(district, role)
    client.get("/")  # the first page of a session writes
    with CaptureQueriesContext(connection) as caught:
        text(client, f"/{name}/")
    assert len(caught) <= 25, "\n".join(q["sql"][:300] for q in caught.captured_queries)


def test_a_day_stands_as_a_chip_and_is_taken_away(office: Client) -> None:
    page = text(office, "/enterprises/?on=2026-06-30&covered=yes")
    assert "看哪一天：2026-06-30" in page
    assert 'href="/enterprises/?covered=yes"' in page


def test_doubts_about_a_unit_are_said_in_words(office: Client, district: SmallDistrict) -> None:
    state = EnterpriseState.rows.filter(enterprise_id=district.enterprises["apple"])
    state.update(flags=[["dormant", "merge.any", {}], ["code_invalid", "merge.any", {}]])
    assert "疑似停业、代码有误" in text(office, "/enterprises/?columns=name,flags&q=qfjm")


@pytest.mark.parametrize("query", ["sort=name", "sort=-name", "on=2026-06-30", "on=2026-11-20", "known=now"])
def test_namesakes_lie_in_one_order_whichever_of_their_states_is_looked_at(
    district: SmallDistrict, office: Client, query: str
) -> None:
    clerk, e = district.actor(Role.DISTRICT_OFFICE), district.enterprises
    for name in ("birch", "apple", "cedar"):
        change_record(clerk, RecordKind.ENTERPRISE, e[name], {"name": "同名有限公司"}, on=SINCE)
    before = now().isoformat()
    change_record(clerk, RecordKind.ENTERPRISE, e["birch"], {"staff": 77}, on=ON)
    change_record(clerk, RecordKind.ENTERPRISE, e["apple"], {"staff": 99}, on=ON)
    address = "/enterprises/?" + urlencode({"q": "同名", **dict([query.replace("=now", f"={before}").split("=", 1)])})
    found = re.findall(r'class="row-name">\s*<a [^>]*href="/enterprises/(\d+)/', text(office, address))
    assert [int(number) for number in found] == sorted((e["apple"], e["birch"], e["cedar"]))
