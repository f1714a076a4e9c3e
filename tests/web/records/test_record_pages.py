"""Pages of records: what stands on them, for whom, as of which day; forms, ties, taking back, merging, batches."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.clock import today
from feigong.apps.roll import queries
from feigong.apps.roll.actions.records import change_record
from feigong.apps.roll.kinds import RecordKind
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def at_door(district: SmallDistrict, role: Role = Role.DISTRICT_OFFICE) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def form_of(client: Client, address: str) -> dict[str, str]:
    """What the browser would send back without touching anything."""
    form = client.get(address).context["form"]
    found = {}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, bool):
            found |= {name: "on"} if value else {}
        else:
            found[name] = "" if value is None else str(form.fields[name].prepare_value(value))
    return found


def enterprise(district: SmallDistrict, name: str, on: date | None = None):  # type: ignore[no-untyped-def]
    sight = district.sight(Role.DISTRICT_OFFICE, on or today())
    return queries.enterprises(sight).get(enterprise_id=district.enterprises[name])


def apple(district: SmallDistrict, more: str = "") -> str:
    return f"/enterprises/{district.enterprises['apple']}/{more}"


# Reading ------------------------------------------------------------------------------------------------------------


def test_an_enterprise_shows_what_belongs_to_it(district: SmallDistrict) -> None:
    text = page(at_door(district), apple(district))
    for found in ("启帆精密机械有限公司", "东湾镇", "启帆精密机械党支部", "钟舒岩", "柏知行", "白班", "变动记录"):
        assert found in text
    assert text.count('class="free"') == 6  # Saturday and Sunday, all day


def test_members_stand_there_only_for_those_who_may_see_them(district: SmallDistrict) -> None:
    text = page(at_door(district, Role.DEPARTMENT), apple(district))
    assert "启帆精密机械党支部" in text
    assert "柏知行" not in text
    assert "在这里工作的党员" not in text


def test_branch_and_employer_are_two_things(district: SmallDistrict) -> None:
    client = at_door(district)
    text = page(client, f"/members/{district.members['mu']}/")
    assert f'href="/organisations/{district.organisations["joint"]}/"' in text
    assert f'href="/enterprises/{district.enterprises["daisy"]}/"' in text


def test_an_area_counts_what_is_in_it_and_below(district: SmallDistrict) -> None:
    answer = at_door(district).get(f"/areas/{district.areas['west']}/")
    counts = {kind: count for kind, count, _ in answer.context["counts"]}
    assert counts == {"enterprise": 3, "organisation": 1, "venue": 1, "worker": 1}


def test_before_it_was_there_it_is_not_found(district: SmallDistrict) -> None:
    page(at_door(district), apple(district, "?on=2025-12-31"), 404)


def test_out_of_sight_is_not_found(district: SmallDistrict) -> None:
    daisy = f"/enterprises/{district.enterprises['daisy']}/"
    for more in ("", "change/", "end/", "merge/", "take-back/?record=1"):
        page(at_door(district, Role.TOWNSHIP), daisy + more, 404)


def test_sealed_numbers_are_in_no_page(district: SmallDistrict) -> None:
    client, zhu = at_door(district), f"/members/{district.members['zhu']}/"
    for more in ("", "change/", "reveal/phone/"):
        text = page(client, zhu + more)
        assert "13900000002" not in text
        assert "990101198502020026" not in text


def test_without_a_reason_nothing_is_shown(district: SmallDistrict) -> None:
    client, address = at_door(district), f"/members/{district.members['zhu']}/reveal/id_number/"
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 400
    assert "990101198502020026" not in refused.content.decode()
    assert Record.objects.filter(code="reveal").count() == 0


@pytest.mark.django_db(transaction=True)
def test_the_reason_is_recorded_before_the_number_is_shown() -> None:
    district = build_small_district()
    answer = at_door(district).post(
        f"/members/{district.members['zhu']}/reveal/id_number/", {"reason": "核对身份信息"}
    )
    assert "990101198502020026" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    record = Record.objects.get(code="reveal")
    assert (record.reason, record.params) == ("核对身份信息", {"kind": "member", "field": "id_number"})


# Writing ------------------------------------------------------------------------------------------------------------


def test_only_what_was_altered_is_written(district: SmallDistrict) -> None:
    client, address = at_door(district), apple(district, "change/")
    sent = form_of(client, address) | {"staff": "75", "on": "2026-06-01", "reason": "年报"}
    assert client.post(address, sent).status_code == 302
    assert enterprise(district, "apple").staff == 75
    assert enterprise(district, "apple", date(2026, 5, 31)).staff == 60
    record = Record.objects.latest("pk")
    assert (record.code, record.reason) == ("enterprise.change", "年报")
    text = page(client, apple(district))
    assert "<del>60</del>" in text
    assert "2026-06-01 起" in text
    assert "<dd>60</dd>" in page(client, apple(district, "?on=2026-05-31")).replace("\n", "")


def test_nothing_altered_nothing_written(district: SmallDistrict) -> None:
    client, address = at_door(district), apple(district, "change/")
    before = Record.objects.count()
    assert client.post(address, form_of(client, address)).status_code == 302
    assert Record.objects.count() == before


def test_a_wrong_value_is_said_beside_its_field_and_all_input_stays(district: SmallDistrict) -> None:
    client, address = at_door(district), apple(district, "change/")
    answer = client.post(address, form_of(client, address) | {"uscc": "91210502000000000X", "staff": "81"})
    assert answer.status_code == 400
    form = answer.context["form"]
    assert list(form.errors) == ["uscc"]
    assert form["staff"].value() == "81"


def test_two_editors_see_each_other_and_nothing_is_lost(district: SmallDistrict) -> None:
    client, address = at_door(district), apple(district, "change/")
    mine = form_of(client, address) | {"staff": "75", "shift": "两班倒"}
    other = district.actor(Role.TOWNSHIP)
    theirs = {"staff": 90, "legal_representative": "丁一鸣"}
    change_record(other, RecordKind.ENTERPRISE, district.enterprises["apple"], theirs, on=today())
    answer = client.post(address, mine)
    assert answer.status_code == 409
    clashes = {c.name: (c.was.text, c.theirs.text, c.mine.text if c.mine else None) for c in answer.context["clashes"]}
    assert clashes == {"staff": ("60", "90", "75"), "legal_representative": ("裴知远", "丁一鸣", None)}
    form = answer.context["form"]
    again = {"staff": "75", "shift": "两班倒", "legal_representative": "丁一鸣"}
    assert {name: form[name].value() for name in again} == again
    sent = mine | {name: form[name].value() for name in ("legal_representative", "version", "seen")}
    assert client.post(address, sent).status_code == 302
    row = enterprise(district, "apple")
    assert (row.staff, row.legal_representative, row.shift) == (75, "丁一鸣", "两班倒")


def test_a_new_record(district: SmallDistrict) -> None:
    client = at_door(district)
    sent = form_of(client, "/venues/new/") | {"name": "东湾镇会客厅", "area_id": str(district.areas["east"])}
    answer = client.post("/venues/new/", sent | {"on": today().isoformat()})
    assert answer.status_code == 302
    assert "东湾镇会客厅" in page(client, answer.headers["Location"])


def test_ending_says_what_hangs_on_it(district: SmallDistrict) -> None:
    client, address = at_door(district), f"/organisations/{district.organisations['joint']}/end/"
    answer = client.get(address)
    assert answer.context["counts"] == [("coverage", 3), ("members", 4), ("posts", 1)]
    sent = {"on": today().isoformat(), "reason": "期满", "version": str(answer.context["version"])}
    assert client.post(address, sent).status_code == 400
    assert client.post(address, sent | {"with_edges": "1"}).status_code == 302
    page(client, f"/organisations/{district.organisations['joint']}/", 404)


def test_an_area_moves_closes_and_stays_in_history(district: SmallDistrict) -> None:
    client, street = at_door(district), f"/areas/{district.areas['street']}/"
    sent = form_of(client, street + "change/") | {"parent_id": str(district.areas["east"]), "name": "澜江商业街区"}
    assert client.post(street + "change/", sent).status_code == 302
    assert "东湾镇" in page(client, street)
    assert "西浦街道" in page(client, street + "?on=2026-06-30")
    closing = {"on": today().isoformat(), "reason": "并入", "successor": str(district.areas["east"])}
    assert client.post(street + "end/", closing).status_code == 302
    page(client, street, 404)
    assert enterprise(district, "fern").area_id == district.areas["east"]


def test_what_was_recorded_is_taken_back(district: SmallDistrict) -> None:
    client, address = at_door(district), apple(district, "change/")
    client.post(address, form_of(client, address) | {"staff": "75"})
    record = Record.objects.get(code="enterprise.change").pk
    back = apple(district, f"take-back/?record={record}")
    assert "撤回" in page(client, back)
    assert client.post(back, {"reason": ""}).status_code == 400
    assert client.post(back, {"reason": "填错"}).status_code == 302
    assert enterprise(district, "apple").staff == 60
    assert "已撤回" in page(client, apple(district))
    page(client, back, 404)


# Ties ---------------------------------------------------------------------------------------------------------------


def test_covered_by_and_no_longer(district: SmallDistrict) -> None:
    client, here = at_door(district), f"/enterprises/{district.enterprises['birch']}/"
    said = {"organisation_id": str(district.organisations["single"]), "on": today().isoformat()}
    assert client.post(here + "cover/", said).status_code == 302
    assert "启帆精密机械党支部" in page(client, here)
    assert client.post(here + "cover/", said).status_code == 400
    assert client.post(here + "uncover/", said).status_code == 302
    assert client.get(here).context["covering"].count == 0


def test_a_host_who_goes_needs_a_next_one(district: SmallDistrict) -> None:
    client, here = at_door(district), f"/organisations/{district.organisations['joint']}/"
    daisy, elm = (str(district.enterprises[n]) for n in ("daisy", "elm"))
    said = {"enterprise_id": daisy, "on": today().isoformat()}
    assert client.post(here + "uncover/", said).status_code == 400
    assert client.post(here + "uncover/", said | {"host": elm}).status_code == 302
    hosts = [line.id for line in client.get(here).context["covers"].lines if line.tag]
    assert hosts == [district.enterprises["elm"]]


def test_appointed_replacing_and_relieved(district: SmallDistrict) -> None:
    client, here = at_door(district), f"/organisations/{district.organisations['single']}/"
    deputy, on = district.workers["deputy"], today().isoformat()
    said = {"worker_id": str(deputy), "role": "secretary", "on": on}
    assert client.post(here + "appoint/", said).status_code == 400
    assert client.post(here + "appoint/", said | {"replacing": "1"}).status_code == 302
    held = [(line.id, line.role) for line in client.get(here).context["posts"].lines]
    assert held == [(deputy, "secretary"), (deputy, "deputy_secretary")]
    assert client.post(here + "relieve/", {"worker_id": f"{deputy}:deputy_secretary", "on": on}).status_code == 302
    assert [line.role for line in client.get(here).context["posts"].lines] == ["secretary"]


def test_officers_are_assigned_from_either_side(district: SmallDistrict) -> None:
    client, officer = at_door(district), district.workers["liaison"]
    on = today().isoformat()
    assert client.post(apple(district, "assign/"), {"worker_id": str(officer), "on": on}).status_code == 302
    assert client.get(f"/workers/{officer}/").context["enterprises"].count == 3
    gone = {"enterprise_id": str(district.enterprises["apple"]), "on": on}
    assert client.post(f"/workers/{officer}/unassign/", gone).status_code == 302
    assert client.get(f"/workers/{officer}/").context["enterprises"].count == 2


# Merging ------------------------------------------------------------------------------------------------------------


def test_merged_and_split_again(district: SmallDistrict) -> None:
    client, birch, cedar = at_door(district), district.enterprises["birch"], district.enterprises["cedar"]
    merge = f"/enterprises/{birch}/merge/"
    answer = client.get(f"{merge}?other={cedar}")
    assert {p.name for p in answer.context["pairs"]} >= {"name", "uscc", "staff", "longitude", "free_text"}
    assert answer.context["counts"] == [("assignments", 1)]
    said = {"other": str(cedar), "version": str(answer.context["version"]), "on": today().isoformat(),
            "reason": "同一家", "stays-staff": "gone", "decision": "merge"}  # fmt: skip
    assert client.post(merge, said).status_code == 302
    assert enterprise(district, "birch").staff == 12
    assert client.get(f"/enterprises/{cedar}/").headers["Location"].startswith(f"/enterprises/{birch}/")
    assert "合并进来的记录" in page(client, f"/enterprises/{birch}/")
    split = f"/enterprises/{birch}/split/?gone={cedar}"
    assert "瑞航物流有限公司" in page(client, split)
    assert client.post(split, {"on": today().isoformat(), "reason": "不是一家"}).status_code == 302
    assert (enterprise(district, "birch").staff, enterprise(district, "cedar").staff) == (35, 12)


def test_not_the_same_is_remembered(district: SmallDistrict) -> None:
    client, birch, cedar = at_door(district), district.enterprises["birch"], district.enterprises["cedar"]
    merge = f"/enterprises/{birch}/merge/"
    said = {"other": str(cedar), "on": today().isoformat(), "reason": "查过", "decision": "not_same"}
    assert client.post(merge, said).status_code == 302
    answer = client.post(merge, said | {"decision": "merge"})
    assert answer.status_code == 400
    assert answer.context["refused"].reason.code == "error.roll.said_not_same"
    assert client.post(merge, {"other": str(cedar), "decision": "unsay"}).status_code == 302
    assert client.get(f"{merge}?other={cedar}").context["said"] is False
    assert client.post(merge, said | {"decision": "merge"}).status_code == 302


# Batches and helps --------------------------------------------------------------------------------------------------


def test_a_batch_asks_first_and_is_one_record(district: SmallDistrict) -> None:
    client = at_door(district)
    ids = [str(district.enterprises[n]) for n in ("apple", "birch")]
    asked = client.post("/enterprises/batch/standing/", {"ids": ids})
    assert (asked.status_code, asked.context["count"]) == (200, 2)
    said = {"ids": ids, "step": "set", "standing": "dormant", "on": today().isoformat(), "reason": "停业"}
    assert client.post("/enterprises/batch/standing/?q=", said).status_code == 302
    assert [enterprise(district, n).standing for n in ("apple", "birch", "cedar")] == ["dormant", "dormant", "active"]
    assert Record.objects.filter(code="enterprise.batch").count() == 1


def test_an_officer_for_all_that_a_list_found(district: SmallDistrict) -> None:
    client, officer = at_door(district), district.workers["second"]
    said = {"all": "1", "step": "set", "worker_id": str(officer), "on": today().isoformat()}
    address = f"/enterprises/batch/officer/?area={district.areas['west']}"
    assert client.post(address, said).status_code == 302
    assert client.get(f"/workers/{officer}/").context["enterprises"].count == 4


def test_naming_a_record_by_pinyin(district: SmallDistrict) -> None:
    client = at_door(district, Role.TOWNSHIP)
    found = client.get("/records/pick/enterprise/?q=hysp").json()["found"]
    assert found == [{"id": district.enterprises["birch"], "text": "恒岳食品有限公司", "where": "东湾镇"}]
    assert client.get("/records/pick/enterprise/?q=jcrj").json()["found"] == []  # in the west
    assert at_door(district, Role.DEPARTMENT).get("/records/pick/member/").json()["found"] == []


def test_free_time_is_read_while_it_is_written(district: SmallDistrict) -> None:
    client = at_door(district)
    text = page(client, "/records/free-time/?shift=白班&free_text=周三晚上")
    assert text.count(" checked") == 1
    assert 'value="0.8" aria-label="周三晚上" checked' in text
    text = page(client, "/records/free-time/?free_text=看心情")
    assert text.count(" checked") == 1
    assert 'name="slots_unknown" checked' in text


def test_points_of_the_same_area_are_near(district: SmallDistrict) -> None:
    points = at_door(district).get(f"/records/near/enterprise/{district.enterprises['apple']}/").json()["points"]
    assert sorted(p["name"] for p in points) == ["恒岳食品有限公司", "瑞航物流有限公司"]
