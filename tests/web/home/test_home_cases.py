"""The tile of cases: every figure is the length of the list it opens, on any day, whenever one looks."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.test import Client

from feigong.apps.accounts.roles import Role
from feigong.apps.cases import actions
from feigong.apps.cases.actions import Opening
from feigong.apps.clock import today
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
FIGURE = r'<a href="(/cases/\?[^"]*)"><span>([^<]*)</span><strong>(\d+)</strong>'


@pytest.fixture
def district() -> SmallDistrict:
    """Three of the east, long ago, now and of the liaison officer; one of the park."""
    district = build_small_district()
    office, firms, areas = district.actor(Role.DISTRICT_OFFICE), district.enterprises, district.areas
    for firm, area, ago, worker in (
        ("apple", "east", 40, None), ("birch", "east", 26, "liaison"), ("cedar", "east", 0, "liaison"),
        ("grape", "park", 200, None),
    ):  # fmt: skip
        number = district.workers[worker] if worker else None
        opening = Opening("branch_own", areas[area], (firms[firm],), worker=number)
        actions.open_case(office, opening, on=today() - timedelta(days=ago))
    return district


def page(district: SmallDistrict, role: Role, address: str = "/") -> str:
    client = Client()
    client.force_login(district.users[role])
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.DISTRICT_OFFICE, {"已超期": 2, "7 天内到期": 1, "我经办的": 0, "无人经办": 2}),
        (Role.TOWNSHIP, {"已超期": 1, "7 天内到期": 1, "我经办的": 0, "无人经办": 1}),
        (Role.LIAISON_OFFICER, {"已超期": 0, "7 天内到期": 1, "我经办的": 2, "无人经办": 0}),
    ],
)
def test_every_figure_opens_its_rows(district: SmallDistrict, role: Role, expected: dict[str, int]) -> None:
    found = re.findall(FIGURE, page(district, role))
    assert {said: int(number) for _, said, number in found} == expected
    for address, said, number in found:
        listed = page(district, role, html.unescape(address))
        shown = re.search(r'role="status">(\d+) 件', listed)
        assert (int(shown[1]) if shown else 0) == int(number), said


def test_days_without_a_server_are_made_up_for(district: SmallDistrict) -> None:
    """What is late is reckoned from the day one asks about, not from what a clock did."""
    later = today() + timedelta(days=60)
    found = re.findall(FIGURE, page(district, Role.TOWNSHIP, f"/?on={later}"))
    assert {said: int(number) for _, said, number in found}["已超期"] == 3


def test_nothing_under_way_is_not_worth_a_word() -> None:
    assert 'id="cases-title"' not in page(build_small_district(), Role.DISTRICT_OFFICE)
