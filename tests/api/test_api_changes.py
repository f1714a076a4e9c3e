"""Changes by REST: the same actions as the pages, each with the version that was read."""

from __future__ import annotations

import pytest

from api.askers import Asker, code, ok
from feigong.api.changes import FACTS
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.roll.kinds import TABLES
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
ON = "2026-11-01"


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def office(district: SmallDistrict) -> Asker:
    return Asker(district, Role.DISTRICT_OFFICE)


@pytest.fixture
def township(district: SmallDistrict) -> Asker:
    return Asker(district, Role.TOWNSHIP)


def test_a_change_needs_the_version_that_was_read(district: SmallDistrict, township: Asker) -> None:
    path = f"/enterprises/{district.enterprises['apple']}"
    first = township.version(path)
    change = {"on": ON, "reason": "年报", "facts": {"staff": 66}}
    assert code(township.patch(path, change)) == (428, "error.version_needed")
    assert code(township.patch(path, change, if_match='"99999999"')) == (412, "error.changed_meanwhile")
    answer = township.patch(path, change, if_match=first)
    changed = ok(answer)
    assert (changed["staff"], changed["valid_from"]) == (66, ON)
    assert answer.headers["ETag"] == f'"{changed["version"]}"' != first
    assert code(township.patch(path, change, if_match=first)) == (412, "error.changed_meanwhile")
    assert township.get(path).json()["staff"] == 66
    assert township.get(f"{path}?on=2026-10-31").json()["staff"] == 60
    record = Record.objects.filter(code="enterprise.change").get()
    assert (record.door, record.reason, record.user_id) == ("api", "年报", district.users[Role.TOWNSHIP].pk)


def test_what_is_known_already_is_not_sent_again(district: SmallDistrict, township: Asker) -> None:
    path = f"/enterprises/{district.enterprises['apple']}"
    version = township.version(path)
    for known in (version, f'"77777", W/{version}', "*"):
        answer = township.get(path, if_none_match=known)
        assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", version)
    assert township.get(path, if_none_match='"77777"').status_code == 200


def test_a_new_enterprise_and_its_end(district: SmallDistrict, township: Asker) -> None:
    facts = {"name": "新禾农业有限公司", "area_id": district.areas["east"], "staff": 9}
    answer = township.post("/enterprises", {"on": ON, "facts": facts})
    made = ok(answer, 201)
    path = f"/enterprises/{made['enterprise_id']}"
    assert answer.headers["Location"] == f"/api/v1{path}"
    end = {"on": "2026-11-10", "reason": "注销"}
    assert code(township.post(f"{path}/end", end)) == (428, "error.version_needed")
    ok(township.post(f"{path}/end", end, if_match=answer.headers["ETag"]), 204)
    assert code(township.get(path)) == (404, "error.not_found")
    assert township.get(f"{path}?on={ON}").json()["name"] == "新禾农业有限公司"


def test_what_something_hangs_on_does_not_end(district: SmallDistrict, township: Asker) -> None:
    path = f"/enterprises/{district.enterprises['apple']}"
    end = {"on": ON, "reason": "注销"}
    answer = township.post(f"{path}/end", end, if_match=township.version(path))
    assert code(answer) == (409, "error.still_used.enterprise")
    assert "1" in answer.json()["message"]


def test_nothing_is_written_out_of_sight(district: SmallDistrict, township: Asker) -> None:
    foreign = f"/enterprises/{district.enterprises['grape']}"
    change = {"on": ON, "facts": {"staff": 1}}
    assert code(township.patch(foreign, change, if_match='"1"')) == (404, "error.not_found")
    moved = {"on": ON, "facts": {"area_id": district.areas["park"]}}
    own = f"/enterprises/{district.enterprises['apple']}"
    assert code(township.patch(own, moved, if_match=township.version(own)))[0] == 400
    assert code(township.post("/areas", {"facts": {"name": "新区", "kind": "park"}})) == (403, "error.not_permitted")


def test_areas_are_moved_and_closed(district: SmallDistrict, office: Asker) -> None:
    tower = f"/areas/{district.areas['tower']}"
    moved = ok(
        office.patch(tower, {"on": ON, "facts": {"parent_id": district.areas["park"]}}, if_match=office.version(tower))
    )
    assert moved["path"].startswith(office.get(f"/areas/{district.areas['park']}").json()["path"])
    street = f"/areas/{district.areas['street']}"
    close = {"on": ON, "reason": "撤并", "successor": district.areas["west"]}
    ok(office.post(f"{street}/close", close, if_match=office.version(street)), 204)
    fern = office.get(f"/enterprises/{district.enterprises['fern']}").json()
    assert fern["area_id"] == district.areas["west"]


def test_edges_begin_and_end(district: SmallDistrict, office: Asker) -> None:
    joint, grape = district.organisations["joint"], district.enterprises["grape"]
    ends = {"organisation_id": joint, "enterprise_id": grape, "on": ON}
    assert ok(office.post("/coverage", ends), 201)["host"] is False
    assert code(office.post("/coverage", ends)) == (409, "error.roll.covered_already")
    ok(office.post("/coverage/host", ends), 204)
    ok(office.post("/coverage/end", {**ends, "on": "2026-11-05", "next_host": district.enterprises["elm"]}), 204)
    hosts = office.get(f"/coverage?organisation_id={joint}&host=true").json()["items"]
    assert [h["enterprise_id"] for h in hosts] == [district.enterprises["elm"]]
    post = {"worker_id": district.workers["second"], "organisation_id": joint, "role": "instructor", "on": ON}
    assert ok(office.post("/posts", post), 201)["role"] == "instructor"
    ok(office.post("/posts/end", {**post, "on": "2026-11-05"}), 204)
    case = {"enterprise_ids": [district.enterprises["birch"]], "worker_id": district.workers["second"], "on": ON}
    assert ok(office.post("/assignments", case)) == {"changed": 1}
    assert ok(office.post("/assignments/end", {"enterprise_ids": case["enterprise_ids"], "on": ON})) == {"changed": 1}


def test_many_at_once(district: SmallDistrict, office: Asker) -> None:
    ids = [district.enterprises[n] for n in ("apple", "birch")]
    many = {"ids": ids, "on": ON, "facts": {"standing": "dormant"}}
    assert ok(office.post("/enterprises/batch", many)) == {"changed": 2}
    found = office.get("/enterprises?standing=dormant").json()
    assert sorted(e["enterprise_id"] for e in found["items"]) == sorted(ids)
    assert code(office.post("/enterprises/batch", {**many, "facts": {"name": "同名"}}))[1] == "error.roll.field_unknown"


def test_merged_and_split_again_and_taken_back(district: SmallDistrict, office: Asker) -> None:
    kept, gone = district.enterprises["birch"], district.enterprises["cedar"]
    merge = {"gone": gone, "take": ["staff"], "reason": "同一家", "on": ON}
    path = f"/enterprises/{kept}"
    assert ok(office.post(f"{path}/merge", merge, if_match=office.version(path)))["staff"] == 12
    assert code(office.get(f"/enterprises/{gone}"))[0] == 404
    assert ok(office.post(f"/enterprises/{gone}/split", {"reason": "两家", "on": ON}))["stayed"] == []
    assert office.get(path).json()["staff"] == 35
    happened = office.get(f"{path}/history").json()["items"]
    assert [h["code"] for h in happened[:2]] == ["record.split", "record.merge"]
    taken = ok(office.post(f"/records/{happened[0]['record']}/take-back", {"reason": "误操作"}))
    assert taken["number"] == happened[0]["number"] + 1
    assert code(office.get(f"/enterprises/{gone}"))[0] == 404
    again = office.post(f"/records/{happened[0]['record']}/take-back", {"reason": "误操作"})
    assert code(again) == (409, "error.roll.taken_back_already")


def test_sealed_fields_are_written_and_never_read(district: SmallDistrict, township: Asker) -> None:
    path = f"/members/{district.members['zhu']}"
    change = {"on": ON, "facts": {"phone": "13900009999"}}
    answer = township.patch(path, change, if_match=township.version(path))
    assert "13900009999" not in answer.content.decode()
    assert not {"phone", "id_number", "phone_index", "search"} & set(ok(answer))
    assert "13900009999" not in township.get(f"{path}/history").content.decode()


@pytest.mark.parametrize(
    ("given", "status", "fields"),
    [
        ({"facts": {"nonsense": 1}}, 422, ["facts.nonsense"]),
        ({"facts": {}, "more": 1}, 422, ["more"]),
        ({"facts": {"staff": "12"}}, 422, ["facts.staff"]),
        ({"facts": {"staff": 10**30}}, 422, ["facts.staff"]),
        ({"facts": {"area_id": 2**63}}, 422, ["facts.area_id"]),
        ({"facts": {"name": "甲\x00乙"}}, 422, ["facts.name"]),
        ({"facts": {"name": "甲\ud800"}}, 422, ["facts.name"]),
        ({"on": "soon", "facts": {}}, 422, ["on"]),
        ({"on": 20261101, "facts": {}}, 422, ["on"]),
        ({"on": "0001-01-01", "facts": {"staff": 1}}, 404, []),
        ({"on": "9999-12-31", "facts": {"staff": 1}}, 404, []),
        ({"facts": {"longitude": float("nan")}}, 422, ["facts.longitude"]),
        ({"facts": {"industry": "ZZ"}}, 400, []),
        ([], 422, ["body"]),
        (b"{", 400, []),
        (b"\xff", 400, []),
    ],
)
def test_what_makes_no_sense_is_named(
    district: SmallDistrict, township: Asker, given: object, status: int, fields: list[str]
) -> None:
    path = f"/enterprises/{district.enterprises['apple']}"
    answer = township.patch(path, given, if_match=township.version(path))
    assert (answer.status_code, answer.json()["fields"]) == (status, fields), answer.content.decode()
    assert answer.json()["message"].endswith("。")


def test_facts_are_those_that_the_roll_knows() -> None:
    """A field that the roll has and the API has not could only be changed on pages."""
    for kind, (new, change) in FACTS.items():
        tables = TABLES[kind]
        told = {"host_id"} if kind == "organisation" else set()  # with a change, and kept elsewhere
        assert set(change.model_fields) - told == set(tables.editable) == set(new.model_fields), kind
        assert told <= set(change.model_fields)
        for name in new.model_fields:
            most = tables.state._meta.get_field(name).max_length
            said = [m.max_length for m in change.model_fields[name].metadata if hasattr(m, "max_length")]
            if said and name not in ("id_number", "phone", "wage", "scope"):
                assert said == [most], (kind, name)


def test_a_joint_branch_is_told_its_host(district: SmallDistrict, office: Asker) -> None:
    path, e = f"/organisations/{district.organisations['single']}", district.enterprises
    covers = {"organisation_id": district.organisations["single"], "enterprise_id": e["birch"], "on": ON}
    assert office.post("/coverage", covers).status_code in (200, 201, 204)
    change = {"on": ON, "facts": {"kind": "joint_branch"}}
    assert code(office.patch(path, change, if_match=office.version(path))) == (400, "error.roll.host_choose")
    change["facts"] = {"kind": "joint_branch", "host_id": e["birch"]}
    assert ok(office.patch(path, change, if_match=office.version(path)))["kind"] == "joint_branch"
    found = ok(office.get(f"/coverage?organisation_id={district.organisations['single']}&on={ON}"))["items"]
    assert [item["enterprise_id"] for item in found if item["host"]] == [e["birch"]]
