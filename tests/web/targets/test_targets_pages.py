"""The pages of targets: every number opens a list of that length; set, split, corrected, taken away as a file."""

from __future__ import annotations

import html
import io
import re
from datetime import date

import openpyxl
import pytest
from django.test import Client

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.clock import today
from feigong.apps.targets import queries
from feigong.apps.targets.actions import Wanted, set_targets
from feigong.core.coverage.facts import Exclusion
from feigong.wording import Words
from platform_district import SmallDistrict
from targets_district import build_year

pytestmark = pytest.mark.django_db

OFFICE, TOWN = Role.DISTRICT_OFFICE, Role.TOWNSHIP
LINK = re.compile(r'<a href="(/(?:enterprises|organisations)/\?[^"]+)"[^>]*>(?:<span>[^<]*</span><strong>)?([\d,]+)<')


@pytest.fixture
def district() -> SmallDistrict:
    return build_year()


def _client(district: SmallDistrict, role: Role = OFFICE) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def _set(district: SmallDistrict, /, on: date = date(2026, 11, 1), **values: int) -> None:
    """Targets of the coverage rate by short names of areas; those of others with ``measure__area``."""
    wanted = []
    for name, value in values.items():
        measure, _, area = name.rpartition("__")
        wanted.append(Wanted(district.areas[area], measure or "coverage_rate", value))
    set_targets(district.actor(OFFICE), on.year, wanted, on=on)


def _text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


@pytest.mark.parametrize("role", [OFFICE, TOWN, Role.DEPARTMENT])
def test_each_number_opens_its_rows(district: SmallDistrict, role: Role) -> None:
    _set(district, district=8500, east=9000)
    client, seen = _client(district, role), 0
    own = district.areas["east" if role is TOWN else "district"]
    codes = ["coverage_rate", "own_organisations", "joint_branches", "new_organisations"]
    codes += [] if role is Role.DEPARTMENT else ["liaison_coverage"]
    addresses = [f"/targets/?measure={code}&on=2026-11-20&year=2026" for code in codes]
    addresses += [f"/targets/{own}/?on=2026-11-20"]
    addresses += [f"/targets/?{asked}&on=2026-11-20" for asked in ("kind=building", "by=industries")]
    for address in addresses:
        for link, number in LINK.findall(_text(client, address)):
            text = _text(client, html.unescape(link))
            found = re.search(r"共 ([\d,]+) [户个]", text)
            assert (found[1] if found else "0") == number, (address, link)
            seen += 1
    assert seen > 20


def test_what_each_role_sees(district: SmallDistrict) -> None:
    _set(district, district=8500, east=9000, park=7500)
    town, department = _client(district, TOWN), _client(district, Role.DEPARTMENT)
    page = _text(town, "/targets/?year=2026")
    assert "90.0%" in page
    assert "85.0%" not in page
    assert "云汀经济开发区" not in page
    assert "/set/" not in page  # its own target is set above
    own = district.areas["east"]
    assert "本级的目标由上级下达" in _text(town, f"/targets/{own}/set/?year=2026", 400)
    assert _text(town, f"/targets/{own}/split/?by=industries&year=2026").count('name="value_') == 1
    page = _text(department, "/targets/?year=2026&measure=liaison_coverage")
    assert "85.0%" in page
    assert "/split/" not in page
    assert "联络员覆盖率" not in page
    assert _client(district, Role.LIAISON_OFFICER).get("/targets/").status_code == 403


def test_set_for_the_year(district: SmallDistrict) -> None:
    client, root, year = _client(district), district.areas["district"], today().year
    address = f"/targets/{root}/set/?year={year}"
    sent = {"value_coverage_rate": "85.5%", "value_new_organisations": "1,200", "reason": "年初部署"}
    sent |= {f"version_{code}": "0" for code in ("coverage_rate", "new_organisations")}
    answer = client.post(address, sent)
    assert (answer.status_code, answer["Location"]) == (302, f"/targets/?year={year}&measure=coverage_rate&area={root}")
    stands = queries.of_area(district.sight(OFFICE, today()), year, root)
    assert {code: one.value for code, one in stands.items()} == {"coverage_rate": 8550, "new_organisations": 1200}
    assert Record.objects.get(code="targets.set").reason == "年初部署"
    assert 'value="85.5"' in _text(client, address)
    for wrong in ("a", "101", "-1", "85.555", "Infinity"):
        answer = client.post(address, sent | {"value_coverage_rate": wrong})
        assert answer.status_code == 400
        text = answer.content.decode()
        assert "目标填得不对" in text
        assert f'value="{wrong}"' in text
    answer = client.post(address, sent)  # from a form that was made before
    assert answer.status_code == 409


def test_split_corrected_by_hand(district: SmallDistrict) -> None:
    client, areas, year = _client(district), district.areas, today().year
    address = f"/targets/{areas['district']}/split/?measure=new_organisations&year={year}"
    assert "还没有可以分解的目标" in _text(client, address, 400)
    _set(district, on=today(), new_organisations__district=18)
    page = _text(client, address)
    offered = {int(k): int(v) for k, v in re.findall(r'name="value_(\d+)" value="(\d+)"', page)}
    assert offered == {areas["east"]: 2, areas["west"]: 4, areas["park"]: 12}
    assert "合计 18，与本级目标 18 相符" in page
    sent = {f"value_{one}": str(value) for one, value in offered.items()}
    sent |= {f"version_{one}": "0" for one in offered}
    answer = client.post(address, sent | {f"value_{areas['park']}": "10"})
    assert answer.status_code == 400
    text = answer.content.decode()
    assert "合计 16，比本级目标 18 少 2" in text
    assert 'name="accept"' in text
    assert client.post(address, sent | {f"value_{areas['park']}": "10", "accept": "1"}).status_code == 302
    stands = queries.standing(district.sight(OFFICE, today()), year, "new_organisations")
    assert {key: one.value for key, one in stands.items()} == {
        areas["district"]: 18, areas["east"]: 2, areas["west"]: 4, areas["park"]: 10
    }  # fmt: skip
    assert 'name="accept"' not in _text(client, address)


def test_a_round_share_is_written_whole(district: SmallDistrict) -> None:
    _set(district, district=9000, east=10_000, park=0)
    page = _text(_client(district), f"/targets/{district.areas['district']}/split/?year=2026")
    offered = dict(re.findall(r'name="value_(\d+)" value="([\d.]*)"', page))
    areas = district.areas
    assert offered == {str(areas["east"]): "100", str(areas["park"]): "0", str(areas["west"]): "90"}


def test_one_area_by_months(district: SmallDistrict) -> None:
    _set(district, district=8500)
    page = _text(_client(district), f"/targets/{district.areas['district']}/?on=2026-11-20")
    assert page.count('<th scope="row" class="row-name nowrap">2026-') == 12
    for reason in Exclusion:
        assert f"<dt>{Words('zh').word(f'exclusion.{reason}')}</dt>" in page
    assert "85.0%" in page
    joint = _text(_client(district), f"/targets/{district.areas['district']}/?on=2026-11-20&measure=joint_branches")
    assert "不计入的，各有原因" not in joint


def test_the_table_as_a_file(district: SmallDistrict) -> None:
    _set(district, district=8500)
    answer = _client(district).post("/targets/export/?year=2026&on=2026-11-20")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    rows = [list(row) for row in book.active.iter_rows(values_only=True)]
    assert rows[0][:9] == ["区域或行业", "目标", "现有", "尚无", "基数", "比率", "缺口", "按进度应有", "进度"]
    assert rows[0][-1] == "2026-11-20"
    assert rows[1][:10] == ["云汀区", 85, 4, 6, 10, 40, 5, 7, "落后", 30]
    assert [row[0] for row in rows[2:]] == ["东湾镇", "西浦街道", "云汀经济开发区"]
    assert Record.objects.get(code="lists.export").params["list"] == "targets"
    assert _client(district, Role.DEPARTMENT).post("/targets/export/").status_code == 403


@pytest.mark.parametrize("query", ["year=9999", "year=x", "area=x", "measure=none", "by=none", "area=99999999999"])
def test_what_makes_no_sense_asks_for_nothing(district: SmallDistrict, query: str) -> None:
    assert f"{today().year} 年度目标" in _text(_client(district), f"/targets/?{query}")


def test_an_area_out_of_sight_is_not_there(district: SmallDistrict) -> None:
    assert _client(district, TOWN).get(f"/targets/?area={district.areas['park']}").status_code == 404
    assert _client(district, TOWN).get(f"/targets/{district.areas['park']}/").status_code == 404


@pytest.mark.parametrize(("role", "target", "now"), [(OFFICE, "85.0%", "4"), (TOWN, "90.0%", "1")])
def test_the_first_page_says_the_years_target(district: SmallDistrict, role: Role, target: str, now: str) -> None:
    client = _client(district, role)
    assert "今年的目标" not in _text(client, "/?on=2026-11-20")
    _set(district, district=8500, east=9000)
    part = _text(client, "/?on=2026-11-20").split("今年的目标")[1].split("</section>")[0]
    assert f"<strong>{target}</strong>" in part
    numbers = LINK.findall(part)
    assert [number for _, number in numbers] == [now]
    assert f"共 {now} 户" in _text(client, html.unescape(numbers[0][0]))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_set_is_told_where_one_looks_for_it(district: SmallDistrict, language: str) -> None:
    """In the record of the audit, and among what happened to the area."""
    _set(district, district=8500, new_organisations__east=7)
    record = Record.objects.get(code="targets.set")
    pages = {Role.AUDITOR: f"/audit/{record.number}/", OFFICE: f"/areas/{district.areas['district']}/"}
    texts = {}
    for role, address in pages.items():
        client = _client(district, role)
        client.cookies["feigong_language"] = language
        texts[role] = _text(client, address)
        assert Words(language).word("action.targets.set") in texts[role], address
    said = {"zh": "组织覆盖率、当年新建党组织", "en": "Organisation coverage, New organisations this year"}
    assert said[language] in texts[Role.AUDITOR]
    assert "coverage_rate" not in texts[Role.AUDITOR]
    assert "8500" in texts[Role.AUDITOR]
