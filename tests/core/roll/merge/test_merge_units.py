"""What a unit is, who controls it, its two addresses, its legal representative; an organisation's superior and seat."""

import pytest

from feigong.core.roll.merge.units import unit_kind
from feigong.core.roll.merge.values import MergeResult, RawTable
from feigong.core.roll.values import ControlType, UnitKind
from feigong.exchange.merge_reference import load_vocabulary
from merge_tables_maker import make_code, merge, table

CODES = [make_code(61000001 + i) for i in range(8)]
HEAD = ["信用代码", "企业名称", "企业类型", "住所", "经营场所", "法定代表人", "法人电话"]


@pytest.mark.parametrize(
    ("name", "code", "entity_type", "kind"),
    [
        ("甲华商贸有限公司", "", "有限责任公司(自然人投资或控股)", UnitKind.ENTERPRISE),
        ("戊记小吃店", "", "个体工商户", UnitKind.SELF_EMPLOYED),
        ("戊记小吃店", "92210502MA00000000", "", UnitKind.SELF_EMPLOYED),
        ("己养老院", "", "民办非企业单位", UnitKind.SOCIAL_ORGANISATION),
        ("己养老院", "52210502MJ00000000", "", UnitKind.SOCIAL_ORGANISATION),
        ("庚木材行业协会", "", "", UnitKind.SOCIAL_ORGANISATION),
        ("协会商务有限公司", "", "", UnitKind.ENTERPRISE),
        ("辛供电局", "12210502MA00000000", "", UnitKind.OTHER),
        ("壬果品专业合作社", "93210502MA00000000", "", UnitKind.OTHER),
        ("癸木材厂", "", "", UnitKind.ENTERPRISE),
    ],
)
def test_the_kind_of_a_unit(name: str, code: str, entity_type: str, kind: UnitKind) -> None:
    assert unit_kind(name, code, entity_type, load_vocabulary().units) == kind


@pytest.mark.parametrize(
    ("entity_type", "control"),
    [
        ("有限责任公司(自然人投资或控股)", ControlType.PRIVATE),
        ("有限责任公司(台港澳法人独资)", ControlType.HONG_KONG_MACAO_TAIWAN),
        ("有限责任公司(外商投资企业与内资合资)", ControlType.FOREIGN),
        ("股份合作制", ControlType.COLLECTIVE),
        ("国有控股", ControlType.STATE),
        ("混合所有制", ControlType.MIXED),
        ("非国有企业", ControlType.PRIVATE),
        ("个体工商户", ControlType.PRIVATE),
        ("有限责任公司", ControlType.UNKNOWN),
        ("", ControlType.UNKNOWN),
    ],
)
def test_who_controls_it(entity_type: str, control: ControlType) -> None:
    row = [CODES[0], "甲华商贸有限公司", entity_type, "平山路1号", "", "", ""]
    assert merge(table("登记.xlsx", HEAD, row)).roll.enterprises[0].control == control


def test_type_and_ownership_may_stand_in_two_columns() -> None:
    register = table(
        "登记.xlsx",
        ["信用代码", "企业名称", "企业类型", "控股情况"],
        [CODES[0], "甲华商贸有限公司", "有限责任公司", "私人控股"],
    )
    (found,) = merge(register).roll.enterprises
    assert (found.kind, found.control) == (UnitKind.ENTERPRISE, ControlType.PRIVATE)


def register() -> RawTable:
    return table(
        "登记.xlsx", HEAD,
        [CODES[0], "甲华商贸有限公司", "有限责任公司", "平山区平山路1号", "平山区东明路59号", "欧阳锦绣",
         "13800001234"],
        [CODES[1], "乙安运输有限公司", "有限责任公司", "平山区平山路2号", "", "司马长风", ""],
    )  # fmt: skip


def test_both_addresses_are_kept_as_written_and_the_place_is_where_it_works() -> None:
    first, second = merge(register()).roll.enterprises
    assert (first.registered_address, first.operating_address) == ("平山区平山路1号", "平山区东明路59号")
    assert first.place.text == "平山区东明路59号"
    assert (second.registered_address, second.operating_address) == ("平山区平山路2号", "")
    assert second.place.text == "平山区平山路2号"


def test_legal_representatives_are_kept_only_when_asked_for() -> None:
    assert "欧阳锦绣" not in repr(merge(register()).roll)
    first, second = merge(register(), identify=True).roll.enterprises
    assert (first.legal_representative, second.legal_representative) == ("欧阳锦绣", "司马长风")


@pytest.mark.parametrize("other", ["负责人", "企业负责人", "经营者", "联系人"])
def test_of_two_persons_the_legal_representative_is_taken(other: str) -> None:
    row = [CODES[0], "甲华商贸行", "某某", "欧阳锦绣"]
    rows = table("登记.xlsx", ["信用代码", "企业名称", other, "法定代表人"], row)
    assert merge(rows, identify=True).roll.enterprises[0].legal_representative == "欧阳锦绣"


def organisations() -> MergeResult:
    known = table("登记.xlsx", ["信用代码", "企业名称", "住所"], [CODES[0], "甲华商贸有限公司", "平山区平山路1号"])
    found = table(
        "党组织.xlsx", ["党组织名称", "类别", "覆盖企业", "上级党组织", "地址"],
        ["商贸行业党委", "党委", "", "社会工作部", ""],
        ["甲华党支部", "党支部", "甲华商贸有限公司", "商贸行业党委", "本溪市平山区东明路59号"],
        ["自指党支部", "党支部", "", "自指党支部", ""],
    )  # fmt: skip
    return merge(known, found)


def test_the_organisation_above_is_found_by_its_name() -> None:
    found = {o.name: o for o in organisations().roll.organisations}
    assert found["甲华党支部"].superior == found["商贸行业党委"].key
    assert (found["商贸行业党委"].superior_text, found["商贸行业党委"].superior) == ("社会工作部", None)
    assert found["自指党支部"].superior is None


def test_an_organisation_has_its_own_seat() -> None:
    found = {o.name: o.place for o in organisations().roll.organisations}
    assert found["甲华党支部"].text == "本溪市平山区东明路59号"
    assert found["甲华党支部"].parts.road == "东明路"
    assert found["商贸行业党委"].text == ""


def test_phones_of_officers_are_kept_only_when_asked_for() -> None:
    officers = table("联络员.xlsx", ["姓名", "办公地址", "最多", "手机"], ["李四", "平山路1号", 4, "13800001234"])
    assert merge(register(), officers).roll.officers[0].phone == ""
    assert merge(register(), officers, identify=True).roll.officers[0].phone == "13800001234"
