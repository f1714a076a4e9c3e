"""The page of enterprises that must recruit first: what is missing, what it takes, cases for many at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from feigong.apps.accounts.models import Grant
from feigong.apps.accounts.roles import Role
from feigong.apps.cases import actions as cases
from feigong.apps.cases import queries
from feigong.apps.clock import today
from feigong.apps.coverage import shortage
from feigong.apps.coverage.recruiting import open_recruiting
from feigong.apps.roll.actions.records import create_record
from feigong.apps.roll.kinds import RecordKind
from feigong.core.errors import FeigongError
from platform_district import ON, SmallDistrict, build_small_district
from platform_plans import planned

pytestmark = pytest.mark.django_db
GRAPE = "沐诺电子科技有限公司"


@pytest.fixture
def district() -> SmallDistrict:
    """One enterprise has one member, and nobody near to meet with."""
    district = build_small_district()
    planned(district)
    return district


def signed_in(district: SmallDistrict, role: Role = Role.DISTRICT_OFFICE) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def listed(district: SmallDistrict, role: Role = Role.DISTRICT_OFFICE) -> list[str]:
    return list(shortage.rows(district.sight(role, today())).order_by("name").values_list("name", flat=True))


def test_who_is_short_by_the_latest_plan(district: SmallDistrict) -> None:
    assert listed(district) == [GRAPE]
    assert listed(district, Role.TOWNSHIP) == []
    page = signed_in(district).get(reverse("shortage:list")).content.decode()
    assert GRAPE in page
    assert "先问清空闲时段：附近有 1 户可能联合" in page
    more(district, 2)
    planned(district)
    assert listed(district) == [], "by the later plan it can have its own"


def test_a_part_of_the_district_reads_its_own(district: SmallDistrict) -> None:
    """Rows of a page are read another way for those who do not see everything."""
    user = district.users[Role.TOWNSHIP]
    Grant.objects.filter(user=user).update(area_id=district.areas["park"])
    page = signed_in(district, Role.TOWNSHIP).get(reverse("shortage:list")).content.decode()
    assert GRAPE in page
    assert "云汀经济开发区" in page
    assert "启帆精密机械" not in page, "names of others are not told"


def more(district: SmallDistrict, number: int, on: date = ON) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    facts = {"full": True, "joined_on": date(2016, 7, 1), "employer_id": district.enterprises["grape"]}
    for n in range(number):
        create_record(office, RecordKind.MEMBER, {**facts, "name": f"元朗{n}"}, on=on)


def test_asked_by_number_area_and_case(district: SmallDistrict) -> None:
    client, address = signed_in(district), reverse("shortage:list")
    for query, there in (
        ({"missing_members_from": "2"}, True), ({"missing_members_from": "3"}, False),
        ({"area": str(district.areas["park"])}, True), ({"area": str(district.areas["east"])}, False),
        ({"agreed": "no"}, True), ({"agreed": "yes"}, False), ({"enterprise": "沐诺"}, True),
    ):  # fmt: skip
        assert (GRAPE in client.get(address, query).content.decode()) is there, query
    exported = client.post(reverse("shortage:export"), {"format": "csv"})
    assert GRAPE in b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]


def test_cases_for_the_ticked_ones(district: SmallDistrict) -> None:
    client, grape = signed_in(district), str(district.enterprises["grape"])
    asked = client.post(reverse("shortage:open"), {"ids": [grape]}).content.decode()
    assert "为 1 户企业立" in asked
    owner = district.users[Role.DISTRICT_OFFICE].pk
    sent = {"ids": [grape], "step": "set", "owner": str(owner), "reason": "试点"}
    assert client.post(reverse("shortage:open"), sent, follow=True).status_code == 200
    row = queries.cases(district.sight(Role.DISTRICT_OFFICE, today())).get(case__kind="recruit")
    assert (row.step, row.owner_id, row.case.facts) == ("agree", owner, {"full_members": 1, "target": 3})
    page = client.get(reverse("shortage:list"), {"agreed": "yes"}).content.decode()
    assert GRAPE in page
    assert "商定人数和时限" in page
    again = client.post(reverse("shortage:open"), sent, follow=True).content.decode()
    assert "已立 0 件，1 户已在办" in again
    other = client.post(reverse("shortage:open"), {**sent, "ids": [str(district.enterprises["apple"])]})
    assert (other.status_code, "还没有勾选" in other.content.decode()) == (400, True), "it is not in the list"


def test_reached_is_what_the_roll_says(district: SmallDistrict) -> None:
    office, grape = district.actor(Role.DISTRICT_OFFICE), district.enterprises["grape"]
    (case,) = open_recruiting(office, [grape], on=today()).opened
    by = (today() + timedelta(days=200)).isoformat()
    agreed = {"with_whom": "贺总", "target": "3", "by": by, "way": "hire"}
    cases.do_step(office, case, "agreed", agreed, on=today(), today=today())
    row = queries.case(district.sight(Role.DISTRICT_OFFICE, today()), case)
    assert (row.step, row.due_on) == ("follow", today() + timedelta(days=200))
    page = signed_in(district).get(reverse("cases:detail", args=[case])).content.decode()
    assert "前正式党员达到 3 名；名册上现有 1 名。" in page
    with pytest.raises(FeigongError) as fault:
        cases.do_step(office, case, "reached", {}, on=today(), today=today())
    assert fault.value.reason.code == "error.case.target_not_reached"
    assert fault.value.reason.params == {"found": 1, "target": 3}
    more(district, 2, today())
    cases.do_step(office, case, "reached", {"noted": "招到两名"}, on=today(), today=today())
    row = queries.case(district.sight(Role.DISTRICT_OFFICE, today()), case)
    assert (row.standing, row.outcome) == ("closed", "reached")
    assert open_recruiting(office, [grape], on=today()).under_way == 0, "a closed one is no obstacle"


def test_who_may_open_them(district: SmallDistrict) -> None:
    grape = district.enterprises["grape"]
    with pytest.raises(FeigongError) as fault:
        open_recruiting(district.actor(Role.TOWNSHIP), [grape], on=today())
    assert fault.value.reason.code == "error.not_found"
    refused = signed_in(district, Role.LIAISON_OFFICER).post(reverse("shortage:open"), {"ids": [str(grape)]})
    assert refused.status_code == 403
