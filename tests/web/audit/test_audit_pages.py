"""Records as pages: who may read them, what they can be asked for by, what one record and a check say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from feigong.apps.accounts.actors import operator
from feigong.apps.audit.actions import record_event, verify
from feigong.apps.audit.models import Record
from feigong.apps.audit.recording import changing
from feigong.apps.clock import today
from feigong.apps.jobs.models import Job
from feigong.apps.roll.actions.reveal import reveal
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import EnterpriseState, MemberState
from feigong.apps.roll.writing import Writer
from feigong.apps.seals.fields import sealed_values
from platform_district import ON, Role, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    district = build_small_district()
    with changing(district.actor(Role.TOWNSHIP), "enterprise.change", reason="核实用工") as change:
        facts = {"staff": 61, "standing": "dormant", "area_id": district.areas["west"]}
        Writer(change).put(EnterpriseState, (district.enterprises["apple"],), facts, date(2026, 6, 1))
    with changing(district.actor(Role.TOWNSHIP), "member.change") as change:
        phone = sealed_values(MemberState, {"phone": "13900007777"})
        Writer(change).put(MemberState, (district.members["zhu"],), phone, ON)
    reveal(
        district.actor(Role.TOWNSHIP), RecordKind.MEMBER, district.members["zhu"], "phone", reason="核对方式", on=ON
    )
    record_event(operator("root"), "keys.rotate")
    return district


def signed_in(district: SmallDistrict, role: Role) -> Client:
    client = Client()
    client.force_login(district.users[role])
    return client


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def count(client: Client, query: str) -> str:
    page = text(client, f"/audit/?{query}")
    return page.split('<p class="count" role="status">')[1].split("<")[0].strip()


@pytest.mark.parametrize("role", list(Role))
def test_only_auditors_come_in(district: SmallDistrict, role: Role) -> None:
    client = signed_in(district, role)
    may = role in (Role.AUDITOR, Role.AUDIT_ADMINISTRATOR)
    for address in ("/audit/", "/audit/1/"):
        assert client.get(address).status_code == (200 if may else 403)
    assert client.post("/audit/verify/").status_code == (302 if may else 403)
    assert client.post("/audit/export/", {"format": "csv"}).status_code == (200 if may else 403)
    assert client.get("/audit/checks/1/").status_code == (404 if may else 403)
    assert Client().get("/audit/").status_code == 302


def test_the_list_shows_what_each_reader_may_read(district: SmallDistrict) -> None:
    auditor = text(signed_in(district, Role.AUDITOR), "/audit/")
    administrator = text(signed_in(district, Role.AUDIT_ADMINISTRATOR), "/audit/")
    assert "共 4 条记录" in auditor
    assert "更换加密密钥" not in auditor
    assert "共 5 条记录" in administrator
    assert "更换加密密钥" in administrator
    assert "启帆精密机械有限公司" in auditor  # what the record is about
    assert "核实用工" in auditor


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=核实", 1), ("q=township", 3), ("q=2", 1), ("q=没有", 0), ("code=reveal", 1),
        ("code=reveal&code=member.change", 2), ("role=township", 3), ("door=command", 1), ("door=page", 3),
        ("about=member:{zhu}", 3), ("about=enterprise:{apple}", 2), ("about=enterprise:{birch}", 1),
        ("about=nonsense", 0), ("day_from={today}", 4), ("day_to={yesterday}", 0), ("day_from=nonsense", 4),
        ("day_from=9999-12-31", 4), ("day_from={yesterday}&day_to={today}&code=reveal", 1),
    ],
)  # fmt: skip
def test_what_records_can_be_asked_for_by(district: SmallDistrict, query: str, found: int) -> None:
    asked = query.format(
        zhu=district.members["zhu"], apple=district.enterprises["apple"], birch=district.enterprises["birch"],
        today=today(), yesterday=today() - timedelta(days=1),
    )  # fmt: skip
    assert count(signed_in(district, Role.AUDITOR), asked) == f"共 {found} 条记录"


def test_a_record_is_told_in_words(district: SmallDistrict) -> None:
    client = signed_in(district, Role.AUDITOR)
    page = text(client, "/audit/2/")
    title, since = "企业：启帆精密机械有限公司", "自 2026-06-01 起"
    for said in ("修改企业", title, since, "职工人数", "停业", "东湾镇", "西浦街道", "核实用工"):
        assert said in page, said
    assert f'href="/audit/?about=enterprise:{district.enterprises["apple"]}"' in page
    sealed = text(client, "/audit/3/")
    assert "已登记（加密）" in sealed
    assert "sealed:" not in sealed
    shown = text(client, "/audit/4/")
    assert "查看加密内容" in shown
    assert "党员：祝予安" in shown
    assert text(client, "/audit/5/", 404)
    assert text(client, "/audit/99/", 404)
    for number in range(1, 5):
        assert "13900007777" not in text(client, f"/audit/{number}/")


def test_a_large_record_is_counted(district: SmallDistrict) -> None:
    with changing(operator("clerk"), "import.apply") as change:
        for n in range(1001):
            change.note("roll.enterprisestate", n, None, {"enterprise_id": n})
    page = text(signed_in(district, Role.AUDITOR), f"/audit/{change.record.number}/")
    assert "共 1,001 条明细，按类别统计" in page


def test_an_export_is_recorded_and_holds_what_is_seen(district: SmallDistrict) -> None:
    client = signed_in(district, Role.AUDITOR)
    answer = client.post("/audit/export/?code=reveal", {"format": "csv"})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2
    assert "查看加密内容" in lines[1]
    assert "祝予安" in lines[1]
    last = Record.objects.order_by("-number")[0]
    assert (last.code, last.params["list"], last.params["rows"]) == ("lists.export", "audit", 1)
    assert "操作记录" in text(client, f"/audit/{last.number}/")


def test_a_check_is_a_job_and_says_what_it_found(district: SmallDistrict) -> None:
    from feigong.apps.audit.jobs import verify_all

    client = signed_in(district, Role.AUDITOR)
    assert "还没有核对过" in text(client, "/audit/")
    answer = client.post("/audit/verify/", {"expect": f" 12 {'0' * 64} "})
    job = Job.objects.get()
    assert (job.kind, job.params, answer.headers["Location"]) == (
        "audit.verify", {"expect": f"12 {'0' * 64}"}, f"/jobs/{job.pk}/",
    )  # fmt: skip
    Record.objects.filter(number=2).update(reason="别的理由")

    class Here:
        actor = district.actor(Role.AUDITOR)
        job_id = job.pk

        def progress(self, stage: str, done: int = 0, total: int = 0, **reached: object) -> None: ...

    job.result, job.state = dict(verify_all.run(Here(), job.params)), "done"  # type: ignore[arg-type]
    job.save()
    page = text(client, f"/audit/checks/{job.pk}/")
    assert "发现 2 处问题" in page
    assert "第 2 号记录被改动过。" in page
    assert f"链上找不到上次记下的链尾 {'0' * 64}" in page
    head = Record.objects.order_by("-number")[0]
    assert f"{head.number} {head.hash}" in page
    assert "上次核对发现 2 处问题" in text(client, "/audit/")
    assert text(signed_in(district, Role.AUDIT_ADMINISTRATOR), f"/audit/checks/{job.pk}/", 404)


def test_a_whole_chain_is_said_to_be_whole(district: SmallDistrict) -> None:
    verify(district.actor(Role.AUDIT_ADMINISTRATOR), roll=True)
    assert "没有发现改动" in text(signed_in(district, Role.AUDITOR), "/audit/")


def test_pages_cost_the_same_however_many_records_there_are(
    district: SmallDistrict, django_assert_max_num_queries: object
) -> None:
    client = signed_in(district, Role.AUDITOR)
    text(client, "/audit/")
    for _ in range(120):
        record_event(operator("clerk"), "test", touched=[("roll.member", district.members["zhu"])])
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        text(client, "/audit/?size=100")
