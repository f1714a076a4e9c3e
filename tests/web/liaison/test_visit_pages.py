"""The officer's page, a visit logged by a plain form and by the page's script, the list, corrections, the ladder."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from feigong.apps.accounts.roles import Role
from feigong.apps.clock import today
from feigong.apps.liaison.actions import Told, log_visit
from feigong.apps.liaison.models import Visit
from feigong.apps.roll.models import EnterpriseState
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
SENT = {"key": "visit-0001", "on": "", "met": "owner", "purpose": "talk"}


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def signed_in(district: SmallDistrict, role: Role) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def sent(**more: str) -> dict[str, str]:
    return {**SENT, "on": today().isoformat(), **more}


def text(answer: Any) -> str:
    return answer.content.decode()  # type: ignore[no-any-return]


@pytest.mark.parametrize("address", ["/", "/liaison/"])
def test_the_officer_sees_who_is_next(district: SmallDistrict, address: str) -> None:
    officer = signed_in(district, Role.LIAISON_OFFICER)
    told = Told(today(), "owner", "talk")
    log_visit(district.actor(Role.LIAISON_OFFICER), district.enterprises["birch"], told, "visit-0009", today=today())
    page = text(officer.get(address))
    assert page.index("瑞航物流有限公司") < page.index("恒岳食品有限公司")  # the one never visited comes first
    assert "1 户应走访" in page
    assert "没有党员" in page
    assert (today() + timedelta(60)).isoformat() in page
    assert "本系统预设" in page
    assert page.count("data-visit=") == 2


def test_what_is_not_known_leaves_no_dot(district: SmallDistrict) -> None:
    states = EnterpriseState.rows.filter(enterprise_id=district.enterprises["birch"])
    states.update(staff=None, legal_representative="", shift="白班", free_text="周三晚上")
    page = text(signed_in(district, Role.LIAISON_OFFICER).get("/liaison/"))
    assert '<p class="soft small">白班 · 周三晚上</p>' in page


def test_an_office_is_led_to_the_visits_of_all(district: SmallDistrict) -> None:
    assert signed_in(district, Role.TOWNSHIP).get(reverse("liaison:mine")).headers["Location"] == reverse("visits:list")
    assert signed_in(district, Role.DEPARTMENT).get(reverse("liaison:mine")).status_code == 403


def test_a_visit_by_a_plain_form(district: SmallDistrict) -> None:
    officer = signed_in(district, Role.LIAISON_OFFICER)
    address = reverse("liaison:log", args=[district.enterprises["birch"]])
    assert today().isoformat() in text(officer.get(address))
    refused = officer.post(address, sent(met="", note="谈得好"))
    assert refused.status_code == 400
    assert "谈得好" in text(refused)
    assert officer.post(address, sent(problem="用工难")).headers["Location"] == reverse("liaison:mine")
    assert "问题已转街道办理" in text(officer.get(reverse("liaison:mine")))
    assert Visit.objects.get().case_id is not None


def test_the_script_is_answered_in_its_own_way(district: SmallDistrict) -> None:
    officer = signed_in(district, Role.LIAISON_OFFICER)
    address = reverse("liaison:log", args=[district.enterprises["birch"]])
    asked = {"Accept": "application/json"}
    first = officer.post(address, sent(), headers=asked)
    again = officer.post(address, sent(), headers=asked)
    assert (first.status_code, first.json()["again"], again.json()["again"]) == (200, False, True)
    assert first.json()["visit"] == again.json()["visit"] == Visit.objects.get().pk
    refused = officer.post(address, sent(key="visit-0002", on="2030-01-01"), headers=asked)
    assert (refused.status_code, refused.json()["sentence"]) == (400, "走访日期 2030-01-01 还没有到，最晚填今天。")
    far = reverse("liaison:log", args=[district.enterprises["daisy"]])
    assert officer.post(far, sent(key="visit-0003"), headers=asked).status_code == 404


@pytest.mark.parametrize("number", ["-1", "三", "9" * 12])
def test_a_number_that_is_none_is_refused(district: SmallDistrict, number: str) -> None:
    officer = signed_in(district, Role.LIAISON_OFFICER)
    address = reverse("liaison:log", args=[district.enterprises["birch"]])
    assert officer.post(address, sent(members=number)).status_code == 400
    assert Visit.objects.count() == 0


def test_the_list_and_a_correction(district: SmallDistrict) -> None:
    office, officer = signed_in(district, Role.TOWNSHIP), signed_in(district, Role.LIAISON_OFFICER)
    officer.post(reverse("liaison:log", args=[district.enterprises["birch"]]), sent(problem="厂门口积水", members="3"))
    first = Visit.objects.get().pk
    assert "厂门口积水" in text(office.get(reverse("visits:list"), {"raised": "yes"}))
    assert "恒岳" not in text(office.get(reverse("visits:list"), {"met": "members"}))
    assert "恒岳" in text(office.get(reverse("visits:list"), {"purpose": "talk", "enterprise": "恒岳"}))
    file = office.post(reverse("visits:export"), {"format": "csv"})
    assert "厂门口积水" in b"".join(file.streaming_content).decode()  # type: ignore[attr-defined]
    assert "厂门口积水" in text(officer.get(reverse("visits:correct", args=[first])))
    answer = officer.post(reverse("visits:correct", args=[first]), sent(key="visit-0002", members="4", note="再核实"))
    page = text(officer.get(answer.headers["Location"]))
    assert "再核实" in page
    assert "更正前" in page
    assert officer.get(reverse("visits:detail", args=[first])).status_code == 404  # said anew: another one stands
    last = Visit.objects.latest("pk").pk
    gone = officer.post(reverse("visits:correct", args=[last]), sent(key="visit-0003", none="1"))
    assert gone.headers["Location"] == reverse("visits:list")
    assert "恒岳" not in text(officer.get(reverse("visits:list")))


def test_the_enterprise_tells_its_ladder_and_visits(district: SmallDistrict) -> None:
    grape = district.enterprises["grape"]
    told = Told(today(), "owner", "talk", members=3)
    log_visit(district.actor(Role.DISTRICT_OFFICE), grape, told, "visit-0001", today=today())
    page = text(signed_in(district, Role.DISTRICT_OFFICE).get(reverse("enterprises:detail", args=[grape])))
    assert "已掌握党员" in page
    assert "2026-01-01 起" in page
    assert "了解到党员 3 名 （名册上 1 名，请核对）" in page
    other = text(signed_in(district, Role.DEPARTMENT).get(reverse("enterprises:detail", args=[grape])))
    assert "组建阶梯" not in other
    assert "了解到党员" not in other


def test_enterprises_by_rung(district: SmallDistrict) -> None:
    office = signed_in(district, Role.DISTRICT_OFFICE)
    asked = {"rung": "known", "columns": "name,rung,rung_since,next_visit"}
    page = text(office.get(reverse("enterprises:list"), asked))
    assert "沐诺电子科技有限公司" in page
    assert "2026-01-15" in page  # never visited: two weeks after it was assigned
    assert "启帆精密机械有限公司" not in page
    assert "恒岳食品有限公司" in text(office.get(reverse("enterprises:list"), {"rung": ["none", "enough"]}))


def test_a_follow_up_shows_the_problem(district: SmallDistrict) -> None:
    told = Told(today(), "owner", "talk", problem="厂门口积水")
    office = district.actor(Role.TOWNSHIP)
    logged = log_visit(office, district.enterprises["birch"], told, "visit-0001", today=today())
    page = text(signed_in(district, Role.TOWNSHIP).get(reverse("cases:detail", args=[logged.case])))
    assert "厂门口积水" in page
    assert "走访问题办理" in page
