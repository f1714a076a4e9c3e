"""Imports, jobs and plans of coverage by REST: asked for here, done by a worker, looked at here."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from api.askers import BASE, Asker, code, ok
from feigong.apps.accounts.roles import Role
from feigong.apps.jobs.registry import discover
from feigong.apps.jobs.worker import JobWorker
from merge_tables_maker import make_code
from platform_district import SmallDistrict, build_small_district
from platform_street import add_street

pytestmark = pytest.mark.django_db(transaction=True)
_HEAD = "统一社会信用代码,企业名称,地址,职工人数\n"
_TABLE = (
    _HEAD + f"{make_code(0)},启帆精密机械有限公司,云汀区东湾镇和路12号,66\n" + "无代码,无名,,\n,,某路1号,3\n"
).encode()


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def work() -> None:
    """All that waits, with nothing beside it: the database in memory has one writer."""
    worker = JobWorker(discover(), threading.Event())
    while worker.do_next():
        pass


def hand_in(asker: Asker, name: str, content: bytes, **given: str) -> Any:
    return asker.client.post(f"{BASE}/imports", {"files": [SimpleUploadedFile(name, content)], **given})


def test_an_import_from_file_to_roll_and_back(district: SmallDistrict) -> None:
    township = Asker(district, Role.TOWNSHIP)
    answer = hand_in(township, "登记.csv", _TABLE, on="2026-11-01", department="市场监管")
    made = ok(answer, 201)
    path = answer.headers["Location"].removeprefix(BASE)
    assert (made["state"], made["on"], made["sheets"][0]["file"]) == ("read", "2026-11-01", "登记.csv")
    assert code(township.post(f"{path}/apply")) == (409, "error.imports.state")
    job = ok(township.post(f"{path}/check"), 202)
    assert (job["kind"], job["state"]) == ("imports.dry_run", "waiting")
    work()
    assert ok(township.get(f"/jobs/{job['id']}"))["state"] == "done"
    changed = ok(township.get(f"{path}/items?verdict=changed"))["items"]
    assert [(i["target"], [c for c in i["changes"] if c["field"] == "staff"]) for i in changed] == [
        (district.enterprises["apple"], [{"field": "staff", "before": 60, "after": 66}])
    ]
    aside = ok(township.get(f"{path}/rows"))["items"]
    assert [(r["file"], r["row"], r["fate"]) for r in aside] == [("登记.csv", 4, "put_aside")]
    doubts = ok(township.get(f"{path}/problems?severity=decide"))["items"]
    assert {d["code"] for d in doubts} == {"merge.code_wrong", "compare.code_invalid"}
    ok(township.post(f"{path}/apply"), 202)
    work()
    apple = f"/enterprises/{district.enterprises['apple']}"
    assert (ok(township.get(path))["state"], township.get(apple).json()["staff"]) == ("applied", 66)
    ok(township.post(f"{path}/take-back", {"reason": "表不对"}), 202)
    work()
    assert (ok(township.get(path))["state"], township.get(apple).json()["staff"]) == ("taken_back", 60)


def test_an_import_of_others_is_not_there(district: SmallDistrict) -> None:
    office, township = Asker(district, Role.DISTRICT_OFFICE), Asker(district, Role.TOWNSHIP)
    path = hand_in(office, "登记.csv", _TABLE).headers["Location"].removeprefix(BASE)
    assert code(township.get(path)) == (404, "error.not_found")
    assert ok(township.get("/imports"))["total"] == 0
    assert code(township.post(f"{path}/abandon")) == (404, "error.not_found")


@pytest.mark.parametrize(
    ("name", "content", "given", "expected"),
    [
        ("a.exe", b"x", {}, (400, "error.table_kind")),
        ("a.xlsx", b"PK\x03\x04 broken", {}, (400, None)),
        ("a.csv", _TABLE, {"on": "soon"}, (422, "error.api_shape")),
        ("a.csv", _TABLE, {"more": "1"}, (422, "error.api_shape")),
        ("a.csv", _TABLE, {"department": "甲\x00"}, (422, "error.api_shape")),
    ],
)
def test_what_cannot_be_read_is_refused(
    district: SmallDistrict, name: str, content: bytes, given: dict[str, str], expected: tuple[int, str | None]
) -> None:
    answer = hand_in(Asker(district, Role.TOWNSHIP), name, content, **given)
    assert answer.status_code == expected[0], answer.content.decode()
    assert expected[1] in (None, answer.json()["code"])


def test_a_plan_is_asked_for_stopped_and_made(district: SmallDistrict) -> None:
    office, township = Asker(district, Role.DISTRICT_OFFICE), Asker(district, Role.TOWNSHIP)
    assert code(township.post("/coverage-plans", {})) == (403, "error.not_permitted")
    first = ok(office.post("/coverage-plans", {"on": "2026-11-01"}), 202)
    assert ok(office.post(f"/jobs/{first['id']}/cancel"))["state"] == "cancelled"
    assert code(office.post(f"/jobs/{first['id']}/cancel")) == (409, "error.job_ended")
    assert code(township.get(f"/jobs/{first['id']}")) == (404, "error.not_found")
    job = ok(office.post("/coverage-plans", {"on": "2026-11-01", "seed": 7}), 202)
    work()
    plan = ok(office.get(f"/jobs/{job['id']}"))["result"]["plan"]
    whole = ok(office.get(f"/coverage-plans/{plan}"))
    assert (whole["on"], whole["seed"], whole["whole"]) == (date(2026, 11, 1).isoformat(), 7, True)
    assert sum(f["enterprises"] for f in whole["figures"]) == 8
    part = ok(township.get(f"/coverage-plans/{plan}/outcomes"))
    assert {o["enterprise_id"] for o in part["items"]} == {district.enterprises[n] for n in ("apple", "birch", "cedar")}
    assert ok(township.get(f"/coverage-plans/{plan}"))["whole"] is False
    assert [p["id"] for p in ok(township.get("/coverage-plans"))["items"]] == [plan]


def test_a_plan_with_parameters_is_changed_by_hand_and_compared(district: SmallDistrict) -> None:
    add_street(district)
    office, township = Asker(district, Role.DISTRICT_OFFICE), Asker(district, Role.TOWNSHIP)
    wanted = {"on": "2026-11-01", "name": "初稿", "parameters": {"turnover": 0.2, "bases": ["street", "area"]}}
    job = ok(office.post("/coverage-plans", wanted), 202)
    work()
    first = ok(office.get(f"/jobs/{job['id']}"))["result"]["plan"]
    whole = ok(office.get(f"/coverage-plans/{first}"))
    assert (whole["name"], whole["previous_id"], whole["parameters"]["turnover"]) == ("初稿", None, 0.2)
    assert ok(township.get(f"/coverage-plans/{first}"))["parameters"] is None
    branches = ok(office.get(f"/coverage-plans/{first}/branches"))["items"]
    assert sum(b["enterprises"] for b in branches) == 7
    with_key = next(b for b in branches if b["enterprises"] == 4)
    change = {"kind": "slot", "branch": with_key["key"], "slot": 19}
    assert code(office.post(f"/coverage-plans/{first}/adjust", {"wishes": [{**change, "slot": 0}]})) == (
        400, "error.wish_not_allowed",
    )  # fmt: skip
    assert code(office.post(f"/coverage-plans/{first}/adjust", {"wishes": []})) == (422, "error.api_shape")
    assert code(office.post(f"/coverage-plans/{first}/adjust", {"wishes": [{"kind": "x"}]})) == (422, "error.api_shape")
    assert code(township.post(f"/coverage-plans/{first}/adjust", {"wishes": [change]})) == (403, "error.not_permitted")
    job = ok(office.post(f"/coverage-plans/{first}/adjust", {"wishes": [change], "name": "改时间"}), 202)
    work()
    second = ok(office.get(f"/jobs/{job['id']}"))["result"]["plan"]
    found = ok(office.get(f"/coverage-plans/{second}/comparison?size=3"))
    assert (found["total"], len(found["items"]), found["items"][0]["differences"]) == (4, 3, ["time"])
    assert [c["code"] for c in found["cost"]] == ["compare.costs_nothing"]
    assert ok(office.get(f"/coverage-plans/{second}"))["wishes"] == [{**change, "cycle_weeks": 1}]
    assert ok(office.get(f"/coverage-plans/{first}/comparison"))["total"] == 0  # from no other: itself
    assert code(township.get(f"/coverage-plans/{first}/comparison")) == (404, "error.not_found")
    back = ok(office.get(f"/coverage-plans/{first}/comparison?before={second}"))
    assert back["items"][0]["before"] == found["items"][0]["after"]
    assert code(township.get(f"/coverage-plans/{second}/comparison")) == (404, "error.not_found")
    assert code(office.post("/coverage-plans", {"parameters": {"travel_m": 1}})) == (400, "error.parameters.range")
    assert code(office.post("/coverage-plans", {"parameters": {"moon": 1}})) == (400, "error.parameters.unknown")
