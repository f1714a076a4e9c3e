"""Templates of a district: uploaded, checked, used by the areas below, kept, taken out of use; recorded each time."""

from __future__ import annotations

import io
from datetime import date

import pytest

from exchange.documents.paper_maker import edited, opened
from feigong.apps.accounts.models import Grant
from feigong.apps.accounts.roles import Permission, Role
from feigong.apps.audit.models import Record
from feigong.apps.audit.verifying import verify_chain
from feigong.apps.clock import now
from feigong.apps.documents import actions, queries
from feigong.apps.documents.making import documents, fields_of, make, template_of
from feigong.apps.documents.models import Template
from feigong.core.errors import FeigongError
from platform_district import ON, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
CODE = "reply_set_up"
VALUES = {"organisation": "中共苹果支部委员会", "unit": "苹果公司", "superior": "中共澜江区委社会工作部"}


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def upload(district: SmallDistrict, area: str, said: str, role: Role = Role.DISTRICT_OFFICE, **more: object) -> int:
    content = edited(CODE, "此复。", said)
    actor = district.actor(role)
    return actions.upload_template(actor, CODE, district.areas[area], "批复.docx", content, on=ON, **more)  # type: ignore[arg-type]


def said(district: SmallDistrict, area: str | None) -> str:
    made = make(CODE, VALUES, on=ON, area=district.areas[area] if area else None)
    return "\n".join(p.text for p in opened(made.content).paragraphs)


def grant(district: SmallDistrict, area: str) -> None:
    user, record = district.users[Role.DISTRICT_OFFICE], Record.objects.latest("pk")
    Grant.objects.create(user=user, area_id=district.areas[area], granted_by=record)


def refused(call: object) -> str:
    with pytest.raises(FeigongError) as caught:
        call()  # type: ignore[operator]
    return caught.value.reason.code


def test_a_template_is_used_in_its_area_and_below(district: SmallDistrict) -> None:
    assert "此复。" in said(district, "east")
    upload(district, "district", "特此批复。")
    assert "特此批复。" in said(district, "district") and "特此批复。" in said(district, "east")
    assert "特此批复。" not in said(district, None)


def test_the_nearest_area_counts(district: SmallDistrict) -> None:
    upload(district, "district", "全区批复。")
    grant(district, "east")
    upload(district, "east", "东区批复。")
    assert "东区批复。" in said(district, "east")
    assert "全区批复。" in said(district, "west")
    actions.reset_template(district.actor(Role.DISTRICT_OFFICE), CODE, district.areas["east"], on=ON)
    assert "全区批复。" in said(district, "east")


def test_versions_are_kept_and_can_be_used_again(district: SmallDistrict) -> None:
    actor, area = district.actor(Role.DISTRICT_OFFICE), district.areas["district"]
    first = upload(district, "district", "第一版。", reason="换格式")
    second = upload(district, "district", "第二版。")
    third = actions.reuse_template(actor, CODE, area, first, on=ON)
    assert "第一版。" in said(district, "east")
    fourth = actions.reset_template(actor, CODE, area, on=ON)
    assert "此复。" in said(district, "east") and "第一版。" not in said(district, "east")
    at = queries.place(actor.sight(ON, now()), area)
    kept = list(queries.history(at, CODE))
    assert [row.pk for row in kept] == [fourth, third, second, first]
    assert [row.record.code for row in kept] == [
        "documents.reset", "documents.reuse", "documents.upload", "documents.upload",
    ]  # fmt: skip
    assert kept[-1].record.reason == "换格式" and kept[-1].name == "批复.docx"
    assert "第二版。" in [p.text for p in opened(bytes(queries.version(at, CODE, second).content)).paragraphs]
    assert refused(lambda: queries.version(at, CODE, fourth)) == "error.not_found"  # nothing was uploaded there
    assert verify_chain().findings == ()


def test_every_change_is_one_record_with_before_and_after(district: SmallDistrict) -> None:
    first = upload(district, "district", "第一版。")
    upload(district, "district", "第二版。")
    record = Record.objects.filter(code="documents.upload").latest("pk")
    assert record.params == {"document": CODE, "area": district.areas["district"]}
    (entry,) = record.entries.all()
    digests = dict(Template.objects.values_list("pk", "digest"))
    assert entry.before["digest"] == digests[first]
    assert entry.after == {
        "code": CODE, "area_id": district.areas["district"], "name": "批复.docx", "digest": digests[entry.object_id],
    }  # fmt: skip


def test_what_would_change_nothing_is_said(district: SmallDistrict) -> None:
    actor, area = district.actor(Role.DISTRICT_OFFICE), district.areas["district"]
    assert refused(lambda: actions.reset_template(actor, CODE, area, on=ON)) == "error.documents.same"
    first = upload(district, "district", "第一版。")
    assert refused(lambda: upload(district, "district", "第一版。")) == "error.documents.same"
    assert refused(lambda: actions.reuse_template(actor, CODE, area, first, on=ON)) == "error.documents.same"
    assert Template.objects.count() == 1


def test_two_offices_at_once(district: SmallDistrict) -> None:
    seen = upload(district, "district", "第一版。", expected=0)
    upload(district, "district", "第二版。", expected=seen)
    assert refused(lambda: upload(district, "district", "第三版。", expected=seen)) == "error.changed_meanwhile"
    assert "第二版。" in said(district, "east")


def test_a_bad_template_is_refused_and_nothing_is_kept(district: SmallDistrict) -> None:
    actor, area = district.actor(Role.DISTRICT_OFFICE), district.areas["district"]
    bad = edited(CODE, "{{申请单位}}：", "{{单位}}：")
    before = Record.objects.count()
    code = refused(lambda: actions.upload_template(actor, CODE, area, "x.docx", bad, on=ON))
    assert code == "error.documents.template_unknown"
    assert (Template.objects.count(), Record.objects.count()) == (0, before)


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.DISTRICT_OFFICE])
def test_only_a_district_office_changes_templates(district: SmallDistrict, role: Role) -> None:
    assert refused(lambda: upload(district, "east", "甲。", role)) == "error.not_permitted"


def test_templates_of_others_are_not_there(district: SmallDistrict) -> None:
    upload(district, "district", "第一版。")
    user = district.users[Role.DISTRICT_OFFICE]
    Grant.objects.filter(user=user).delete()
    grant(district, "east")
    actor = district.actor(Role.DISTRICT_OFFICE)
    sight = actor.sight(ON, now())
    assert refused(lambda: upload(district, "district", "甲。")) == "error.not_found"
    assert refused(lambda: queries.place(sight, district.areas["west"])) == "error.not_found"
    at = queries.place(sight, None)
    assert at.area_id == district.areas["east"]
    used = queries.used(sight, at, [CODE])[CODE]
    assert (used.own, used.version) == (None, 0)
    assert used.template is not None and used.above  # what is used below is seen, and where it comes from
    Grant.objects.filter(user=user).delete()
    assert refused(lambda: upload(district, "east", "甲。")) == "error.documents.no_area"


def test_a_file_name_is_safe(district: SmallDistrict) -> None:
    made = make("application", {"organisation": '中共"甲/乙\\丙:*?<>|\n支部' + "长" * 90}, "pdf", on=ON)
    assert made.name.startswith("成立党支部的请示-中共 甲 乙 丙") and made.name.endswith(".pdf")
    assert len(made.name) <= 64 and made.content.startswith(b"%PDF")
    assert make("talk_record", {}, on=ON).name == "谈话记录.docx"


def test_making_asks_for_nothing_it_does_not_know() -> None:
    for found in documents():
        made = make(found.code, {"nobody_asks": object(), "staff": None}, "pdf", on=date(2026, 6, 1))
        assert made.content.startswith(b"%PDF")
        assert {f.code for f in fields_of(found.code)} == {f.code for f in found.fields if not f.rule}
    assert refused(lambda: make("nothing", {}, on=ON)) == "error.documents.unknown"
    assert refused(lambda: make("application", {}, "odt", on=ON)) == "error.documents.kind"
    assert refused(lambda: make("application", {}, on=ON, area=987654)) == "error.not_found"


def test_an_uploaded_name_is_cut_to_the_file(district: SmallDistrict) -> None:
    actor, area = district.actor(Role.DISTRICT_OFFICE), district.areas["district"]
    name = "C:\\办公\\" + "很" * 200 + ".docx"
    content = edited(CODE, "此复。", "甲。")
    number = actions.upload_template(actor, CODE, area, name, content, on=ON)
    assert Template.objects.get(pk=number).name == "很" * 160


def test_what_is_kept_opens_in_word(district: SmallDistrict) -> None:
    upload(district, "district", "甲。")
    kept = bytes(Template.objects.get().content)
    assert opened(kept).paragraphs[0].text == "{{批复文号}}"
    assert io.BytesIO(kept).read(2) == b"PK" and kept != template_of(next(d for d in documents() if d.code == CODE))


def test_the_permission_is_the_offices() -> None:
    from feigong.apps.accounts.roles import PERMISSIONS, WRITING

    assert [role for role, may in PERMISSIONS.items() if Permission.DOCUMENTS_MANAGE in may] == [Role.DISTRICT_OFFICE]
    assert Permission.DOCUMENTS_MANAGE in WRITING
