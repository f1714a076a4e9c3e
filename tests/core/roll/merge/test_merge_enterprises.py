"""Enterprises are found by code, by a code mended with evidence, by name; nothing is joined silently."""

from datetime import date

import pytest

from feigong.core.errors import FeigongError
from feigong.core.roll.merge.values import FateKind, MergeResult, TableKind
from feigong.core.roll.values import Enterprise, FlagCode, RowRef
from merge_tables_maker import make_code, merge, problems, table

HEAD = ["统一社会信用代码", "企业名称", "成立日期", "住所", "经营范围"]
A, B, C = make_code(11111111), make_code(22222222), make_code(33333333)


def register(*rows: list[object]) -> object:
    return table("登记.xlsx", HEAD, *rows)


def plain(code: str, name: str, day: object = "2010-05-06", address: str = "平山区平山路1号") -> list[object]:
    return [code, name, day, address, "钢材销售"]


def firm(result: MergeResult, code: str) -> Enterprise:
    return next(e for e in result.roll.enterprises if e.uscc == code)


def fate(result: MergeResult, row: int, name: str = "登记.xlsx") -> tuple[FateKind, list[str]]:
    found = next(f for f in result.fates if f.row == RowRef(name, "Sheet1", row))
    return found.kind, [r.code for r in found.reasons]


def test_what_is_certain_is_repaired() -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in A)
    lower = f" {B[:8].lower()} {B[8:].lower()} "
    look_alike = C.replace("1", "I", 1)
    result = merge(
        register(plain(wide, "甲华商贸有限公司"), plain(lower, "乙新铸造厂"), plain(look_alike, "丙安运输有限公司"))
    )
    assert {e.uscc for e in result.roll.enterprises} == {A, B, C}
    for row in (2, 3, 4):
        assert fate(result, row) == (FateKind.REPAIRED, ["merge.repair_code"])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020-01-02", date(2020, 1, 2)), ("2020/1/2", date(2020, 1, 2)), ("2020年1月2日", date(2020, 1, 2)),
        ("20200102", date(2020, 1, 2)), (20200102, date(2020, 1, 2)), ("2020.1", date(2020, 1, 1)),
        (43832, date(2020, 1, 2)), (43832.0, date(2020, 1, 2)), ("２０２０－０１－０２", date(2020, 1, 2)),
        ("二〇二〇年1月2日", date(2020, 1, 2)), ("2020-01-02 00:00:00", date(2020, 1, 2)),
        ("13/1/2020", date(2020, 1, 13)),
    ],
)  # fmt: skip
def test_dates_in_all_usual_forms(written: object, day: date) -> None:
    result = merge(register(plain(A, "甲华商贸有限公司", written), plain(B, "乙新铸造厂")))
    assert firm(result, A).registered_on == day


def test_a_date_that_cannot_be_read_is_reported_and_unknown() -> None:
    result = merge(register(plain(A, "甲华商贸有限公司", "2020年13月"), plain(B, "乙新铸造厂"), plain(C, "丙厂")))
    assert firm(result, A).registered_on is None
    assert problems(result, "merge.fault_date") == [{"column": "成立日期", "text": "2020年13月"}]


def test_wrong_code_is_mended_where_another_table_has_it() -> None:
    wrong = A[:10] + ("7" if A[10] != "7" else "8") + A[11:]
    staff = table(
        "社保.xlsx", ["信用代码", "单位名称", "参保人数"], [A, "甲华商贸有限公司", "12人"], [B, "乙新铸造厂", 3]
    )
    result = merge(register(plain(wrong, "甲华商贸有限公司"), plain(B, "乙新铸造厂")), staff)
    assert {e.uscc for e in result.roll.enterprises} == {A, B}
    assert firm(result, A).staff == 12
    assert firm(result, A).registered_on == date(2010, 5, 6)
    assert fate(result, 2) == (FateKind.REPAIRED, ["merge.repair_code_by_table"])
    (told,) = problems(result, "merge.code_mended")
    assert (told["written"], told["right"], told["name"]) == (wrong, A, "甲华商贸有限公司")
    assert told["evidence"] == "社保.xlsx 2"


def test_neighbours_changed_over_are_mended() -> None:
    i = next(i for i in range(8, 16) if A[i] != A[i + 1]) if len(set(A[8:17])) > 1 else 7
    wrong = A[:i] + A[i + 1] + A[i] + A[i + 2 :]
    staff = table("社保.xlsx", ["信用代码", "单位名称", "参保人数"], [A, "甲华商贸有限公司", 12])
    result = merge(register(plain(wrong, "甲华商贸有限公司"), plain(B, "乙新铸造厂")), staff)
    assert {e.uscc for e in result.roll.enterprises} == {A, B}


def test_wrong_code_without_evidence_enters_as_written_with_likely_codes() -> None:
    wrong = A[:12] + ("7" if A[12] != "7" else "8") + A[13:]
    result = merge(register(plain(wrong, "甲华商贸有限公司"), plain(B, "乙新铸造厂")))
    assert firm(result, wrong).flagged(FlagCode.CODE_INVALID)
    (told,) = problems(result, "merge.code_wrong")
    assert A in str(told["candidates"]).split("、")
    assert [p.severity for p in result.problems if p.reason.code == "merge.code_wrong"] == ["decide"]


def test_a_far_away_code_of_the_same_name_is_not_joined() -> None:
    wrong = "91210502MA1ABCDEFX"
    staff = table("社保.xlsx", ["信用代码", "单位名称", "参保人数"], [A, "甲华商贸有限公司", 12])
    result = merge(register(plain(wrong, "甲华商贸有限公司"), plain(B, "乙新铸造厂")), staff)
    assert {e.uscc for e in result.roll.enterprises} == {A, B, wrong}
    (told,) = problems(result, "merge.code_wrong")
    assert A in str(told["candidates"])
    assert len(problems(result, "merge.same_name_two_codes")) == 1


def test_two_valid_codes_of_one_name_are_reported_not_joined() -> None:
    result = merge(register(plain(A, "甲华商贸有限公司"), plain(B, "甲华商贸有限公司")))
    assert len(result.roll.enterprises) == 2
    (told,) = problems(result, "merge.same_name_two_codes")
    assert told["codes"] == "、".join(sorted((A, B)))


def test_same_row_twice_is_a_duplicate_and_a_rename_is_said() -> None:
    result = merge(
        register(
            plain(A, "甲华商贸有限公司"),
            plain(A, "甲华商贸有限公司"),
            [A, "甲华商贸有限责任公司", "2010-05-06", "", ""],
        )
    )
    assert len(result.roll.enterprises) == 1
    kinds = sorted(fate(result, r)[0] for r in (2, 3, 4))
    assert kinds == [FateKind.DUPLICATE, FateKind.DUPLICATE, FateKind.USED]
    assert fate(result, 4) == (FateKind.DUPLICATE, ["merge.duplicate_renamed"])
    assert len(problems(result, "merge.renamed")) == 1
    assert not firm(result, A).flagged(FlagCode.CONTRADICTION)


def test_one_code_with_wholly_different_names_contradicts_itself() -> None:
    staff = table("社保.xlsx", ["信用代码", "单位名称", "参保人数"], [A, "丁大酒店有限公司", 12])
    result = merge(register(plain(A, "甲华商贸有限公司"), plain(B, "乙新铸造厂")), staff)
    assert firm(result, A).flagged(FlagCode.CONTRADICTION)
    assert problems(result, "merge.contradiction_names")[0]["names"] == "丁大酒店有限公司、甲华商贸有限公司"


def test_a_former_name_is_no_contradiction_and_finds_the_firm() -> None:
    reg = table(
        "登记.xlsx", [*HEAD, "曾用名"], [*plain(A, "甲华商贸有限公司"), "丁大物资公司"], [*plain(B, "乙新铸造厂"), ""]
    )
    survey = table("班制.xlsx", ["单位名称", "班制"], ["丁大物资公司", "双休"], ["乙新铸造厂", "双休"])
    result = merge(reg, survey)
    assert firm(result, A).shift == "双休"
    assert not firm(result, A).flagged(FlagCode.CONTRADICTION)
    assert [p["text"] for p in problems(result, "merge.firm_rough")] == ["丁大物资公司"]


def test_staff_far_apart_contradict_and_dates_over_a_year_apart_too() -> None:
    staff = table("社保.xlsx", ["信用代码", "单位名称", "参保人数"], [A, "甲华商贸有限公司", 12], [B, "乙新铸造厂", 8])
    other = table(
        "统计.xlsx", ["单位代码", "单位名称", "从业人数", "成立时间", "单位地址"],
        [A, "甲华商贸有限公司", 260, "2010-05-06", "平山区平山路1号"],
        [B, "乙新铸造厂", 9, "2014-01-01", "明山区峪明路2号"],
    )  # fmt: skip
    result = merge(register(plain(A, "甲华商贸有限公司"), plain(B, "乙新铸造厂")), staff, other)
    assert [f.reason.code for f in firm(result, A).flags if f.code is FlagCode.CONTRADICTION] == [
        "merge.contradiction_staff"
    ]
    assert sorted(f.reason.code for f in firm(result, B).flags if f.code is FlagCode.CONTRADICTION) == [
        "merge.contradiction_addresses", "merge.contradiction_registered",
    ]  # fmt: skip
    assert firm(result, A).staff == 12


def test_dormant_closed_and_members_who_speak_against_it() -> None:
    rows = [plain(make_code(n), f"第{n}号工贸有限公司") for n in range(40000001, 40000011)]
    codes = [str(r[0]) for r in rows]
    reg = table(
        "登记.xlsx", [*HEAD, "登记状态"], *([*r, "吊销" if i == 0 else "存续（在营）"] for i, r in enumerate(rows))
    )
    staff = table("社保.xlsx", ["信用代码", "参保人数"], *([c, 0 if i == 1 else 5] for i, c in enumerate(codes[:8])))
    people = table(
        "党员.xlsx",
        ["姓名", "工作单位", "入党日期", "人员类别"],
        ["王一", "第40000010号工贸有限公司", "2001-01-01", "正式党员"],
    )
    result = merge(reg, staff, people)
    reasons = {e.uscc: [f.reason.code for f in e.flags] for e in result.roll.enterprises}
    assert reasons[codes[0]] == ["merge.flag_closed"]
    assert reasons[codes[1]] == ["merge.flag_dormant_zero"]
    assert reasons[codes[8]] == ["merge.flag_dormant_not_insured"]
    assert reasons[codes[9]] == []
    assert [p["members"] for p in problems(result, "merge.members_without_staff")] == [1]
    assert firm(result, codes[8]).staff is None


def test_without_a_staff_table_nothing_is_dormant() -> None:
    result = merge(register(plain(A, "甲华商贸有限公司"), plain(B, "乙新铸造厂")))
    assert all(not e.flags for e in result.roll.enterprises)


@pytest.mark.parametrize(
    ("name", "kind", "flags"),
    [
        ("甲华商贸有限公司", "有限责任公司(自然人投资或控股)", []),
        ("甲华商贸有限公司", "有限责任公司（国有独资）", [FlagCode.STATE_OWNED]),
        ("甲华供销社", "", [FlagCode.COLLECTIVE]),
        ("甲华修配厂", "集体所有制", [FlagCode.COLLECTIVE]),
        ("甲华修配厂", "私营企业", []),
        ("国营甲华农场", "", [FlagCode.STATE_OWNED]),
        ("甲华商贸有限公司东街分公司", "", [FlagCode.BRANCH_OFFICE]),
        ("甲华商贸有限公司平山路店", "", [FlagCode.BRANCH_OFFICE]),
        ("甲华商贸（集团）有限公司", "", []),
        ("甲华商贸有限公司（普通合伙）", "", []),
        ("甲华公司第二铸造厂", "", []),
    ],
)
def test_ownership_and_branch_offices(name: str, kind: str, flags: list[FlagCode]) -> None:
    reg = table("登记.xlsx", [*HEAD, "企业类型"], [*plain(A, name), kind], [*plain(B, "乙新铸造厂"), "个人独资企业"])
    assert [f.code for f in firm(merge(reg), A).flags] == flags


def test_a_branch_office_finds_its_parent() -> None:
    result = merge(
        register(plain(A, "甲华商贸有限公司"), plain(B, "甲华商贸有限公司东街分公司"), plain(C, "外地某公司平山分公司"))
    )
    assert firm(result, B).parent == A
    assert firm(result, C).parent is None
    assert firm(result, C).flagged(FlagCode.BRANCH_OFFICE)


def test_title_unit_total_signature_blank_and_note_rows_are_put_aside() -> None:
    rows = table(
        "登记.xlsx",
        ["企业登记情况表（截至2026年10月31日）"],
        ["填报单位：", None, "单位：户"],
        ["序号", *HEAD],
        [1, *plain(A, "甲华商贸有限公司")],
        [],
        [2, *plain(B, "乙新铸造厂")],
        ["序号", *HEAD],
        [3, *plain(C, "合计机械有限公司")],
        ["合计", 3],
        ["填表人：王某", None, "审核人："],
        ["注：数据来自登记系统。"],
    )
    result = merge(rows)
    assert [fate(result, r)[1] for r in (1, 2, 3, 5, 7, 9, 10, 11)] == [
        ["merge.row_title"], ["merge.row_unit"], ["merge.row_header"], ["merge.row_blank"], ["merge.row_header"],
        ["merge.row_total"], ["merge.row_signature"], ["merge.row_note"],
    ]  # fmt: skip
    assert {e.uscc for e in result.roll.enterprises} == {A, B, C}


def test_a_sheet_of_notes_is_put_aside_row_by_row() -> None:
    notes = table("登记.xlsx", ["本表由系统导出。"], ["企业名称以执照为准。"], sheet="说明")
    result = merge(register(plain(A, "甲华商贸有限公司"), plain(B, "乙新铸造厂")), notes)
    assert [f.reasons[0].code for f in result.fates if f.row.sheet == "说明"] == ["merge.row_sheet_of_notes"] * 2
    assert result.tables[1].kind is TableKind.NONE


def test_row_order_changes_nothing_but_row_numbers() -> None:
    rows = [
        plain(A, "甲华商贸有限公司"),
        plain(A, "甲华商贸有限责任公司"),
        plain(B, "乙新铸造厂"),
        plain(C, "丙安运输有限公司"),
    ]
    survey = [["丙安运输", "双休", ""], ["乙新铸造厂", "白班", "周日上午"], ["丙安运输有限公司", "", "周六"]]
    one = merge(register(*rows), table("班制.xlsx", ["单位名称", "班制", "空闲时间"], *survey))
    two = merge(table("班制.xlsx", ["单位名称", "班制", "空闲时间"], *survey[::-1]), register(*rows[::-1]))

    def without_rows(e: Enterprise) -> tuple[object, ...]:
        return (e.uscc, e.name, e.place, e.registered_on, e.staff, e.shift, e.free_text, e.slots, e.flags, e.parent)

    assert [without_rows(e) for e in one.roll.enterprises] == [without_rows(e) for e in two.roll.enterprises]
    assert [p.reason for p in one.problems] == [p.reason for p in two.problems]


def test_codes_read_as_numbers_are_an_error_with_column_and_rows() -> None:
    with pytest.raises(FeigongError) as caught:
        merge(register([9.12105020596354e17, "甲华商贸有限公司", "2010-05-06", "平山路", ""], plain(B, "乙新铸造厂")))
    assert caught.value.reason.code == "error.code_is_number"
    assert caught.value.reason.params["column"] == "统一社会信用代码"
    assert caught.value.reason.params["rows"] == "2"


def test_codes_read_as_numbers_in_another_table_leave_the_names() -> None:
    staff = table(
        "社保.xlsx",
        ["信用代码", "单位名称", "参保人数"],
        ["9.12105E+17", "甲华商贸有限公司", 12],
        ["9.12105E+17", "乙新铸造厂", 3],
    )
    result = merge(register(plain(A, "甲华商贸有限公司"), plain(B, "乙新铸造厂")), staff)
    assert [firm(result, c).staff for c in (A, B)] == [12, 3]
    assert problems(result, "merge.codes_are_numbers")[0]["count"] == 2


def test_no_enterprise_at_all_is_an_error() -> None:
    with pytest.raises(FeigongError) as caught:
        merge(table("班制.xlsx", ["单位名称", "班制"], ["乙新铸造厂", "双休"]))
    assert caught.value.reason.code == "error.no_enterprises"


def test_an_identity_number_in_the_column_of_codes_never_enters() -> None:
    from_owner = "210502198001010016"  # its check character is wrong: still somebody
    result = merge(register(plain(A, "甲华商贸有限公司"), plain(from_owner, "老王面馆")))
    assert {e.uscc for e in result.roll.enterprises} == {A}
    assert from_owner not in str(result.roll) + str(result.problems) + str(result.fates)
