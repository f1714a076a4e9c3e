"""Trees: opened where the address says; each number is the number of rows in the list that it opens."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts.roles import Role
from feigong.web.lists import trees
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district(db: None) -> SmallDistrict:
    return build_small_district()


def visit(district: SmallDistrict, role: Role = Role.DISTRICT_OFFICE) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def names(text: str) -> list[str]:
    cells = re.findall(r'<th scope="row" class="row-name">(.*?)</th>', text, re.S)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]


def test_roots_are_open_at_first(district: SmallDistrict) -> None:
    assert names(page(visit(district), "/areas/")) == ["云汀区", "东湾镇", "西浦街道", "云汀经济开发区"]


def test_nothing_open_and_everything_open(district: SmallDistrict) -> None:
    client = visit(district)
    assert names(page(client, "/areas/?open=")) == ["云汀区"]
    whole = ["云汀区", "东湾镇", "西浦街道", "澜江商圈", "澜汇大厦", "云汀经济开发区"]
    assert names(page(client, "/areas/?open=all")) == whole


def test_a_branch_below_a_closed_one_is_not_shown(district: SmallDistrict) -> None:
    areas = district.areas
    client = visit(district)
    assert names(page(client, f"/areas/?open={areas['street']}")) == ["云汀区"]
    opened = f"/areas/?open={areas['district']},{areas['west']}"
    assert "澜江商圈" in names(page(client, opened))
    assert "澜汇大厦" not in names(page(client, opened))


def knob(text: str, name: str) -> str:
    """The address that opens or closes a node."""
    found = re.search(rf'href="([^"]+)" hx-get="[^"]+" aria-label="(?:展开|收起) {name}"', text)
    assert found is not None
    return html.unescape(found[1])


def test_a_node_opens_and_closes_and_the_rest_stays(district: SmallDistrict) -> None:
    client = visit(district)
    opened = knob(page(client, "/areas/"), "西浦街道")
    assert opened == f"/areas/?turned={district.areas['west']}"
    assert names(page(client, opened)) == ["云汀区", "东湾镇", "西浦街道", "澜江商圈", "云汀经济开发区"]
    assert knob(page(client, opened), "西浦街道") == "/areas/?"
    closed = knob(page(client, "/areas/?open=all"), "西浦街道")
    assert names(page(client, closed)) == ["云汀区", "东湾镇", "西浦街道", "云汀经济开发区"]
    found = knob(page(client, "/areas/?q=商圈"), "西浦街道")
    assert names(page(client, found)) == ["云汀区", "东湾镇", "西浦街道", "云汀经济开发区"]


@pytest.mark.parametrize("opened", ["", "?open=all"])
def test_many_lines_are_shown_a_page_at_a_time(
    district: SmallDistrict, opened: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visit(district)
    whole = page(client, f"/superiors/{opened}")
    monkeypatch.setattr(trees, "_A_PAGE", 2)
    pages = -(-len(names(whole)) // 2)
    join = "&" if opened else "?"
    texts = [page(client, f"/superiors/{opened}{join}page={n + 1}") for n in range(pages)]
    assert [name for text in texts for name in names(text)] == names(whole)
    levels = [level for text in texts for level in re.findall(r"level-(\d)", text)]
    assert levels == re.findall(r"level-(\d)", whole)
    assert pages > 1
    assert names(page(client, f"/superiors/{opened}{join}page=999999")) == names(texts[-1])
    assert f"第 1–2 行，共 {len(names(whole))} 行" in texts[0]


def test_search_shows_what_is_around(district: SmallDistrict) -> None:
    assert names(page(visit(district), "/areas/?q=大厦")) == ["云汀区", "西浦街道", "澜江商圈", "澜汇大厦"]
    assert "没有符合条件的" in page(visit(district), "/areas/?q=zzz")


@pytest.mark.parametrize("tree", ["areas", "superiors"])
@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICE, Role.TOWNSHIP])
def test_every_number_is_the_length_of_its_list(district: SmallDistrict, tree: str, role: Role) -> None:
    client = visit(district, role)
    figures = re.findall(r'<td class="num"[^>]*><a href="([^"]+)">([\d,]+)</a>', page(client, f"/{tree}/?open=all"))
    assert len(figures) >= 4
    for address, number in figures:
        listed = page(client, html.unescape(address))
        assert f"共 {number} " in listed, address


def test_a_township_has_its_own_root(district: SmallDistrict) -> None:
    assert names(page(visit(district, Role.TOWNSHIP), "/areas/?open=all")) == ["东湾镇"]


def test_superiors_hang_under_superiors(district: SmallDistrict) -> None:
    text = page(visit(district), "/superiors/?open=all")
    assert names(text)[0] == "中共云汀区非公企业工作委员会"
    levels = dict(zip(names(text), re.findall(r"level-(\d)", text), strict=True))
    assert levels["启帆精密机械党支部"] == "2"
    assert levels["澜汇大厦联合党支部"] == "1"


@pytest.mark.parametrize("tree", ["areas", "superiors"])
def test_the_number_of_queries_is_small(district: SmallDistrict, tree: str) -> None:
    client = visit(district)
    client.get("/")
    with CaptureQueriesContext(connection) as caught:
        page(client, f"/{tree}/?open=all")
    assert len(caught) <= 20


def test_a_number_finds_its_member_and_is_recorded_without_it(district: SmallDistrict) -> None:
    client = visit(district)
    found = client.post("/members/number/", {"number": "13900000004"})
    assert found.headers["Location"] == f"/members/?found={district.members['mu']}"
    assert names(page(client, found.headers["Location"])) == ["穆青禾"]
    nobody = client.post("/members/number/", {"number": "13999999999"}, follow=True)
    assert "没有查到这个号码" in nobody.content.decode()
    assert client.get("/members/number/").status_code == 405
