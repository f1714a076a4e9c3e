"""Columns are known by their meaning, whatever their words, order and place."""

from datetime import date

import pytest

from feigong.core.errors import FeigongError
from feigong.core.roll.merge.columns import plain_header
from feigong.core.roll.merge.headers import find_shape
from feigong.core.roll.merge.values import RawTable, TableKind
from merge_tables_maker import make_code, make_id, merge, reference, table

CODES = [make_code(70000001 + i) for i in range(3)]
NAMES = ["庚辰木业有限公司", "辛未食品加工厂", "壬申物流有限公司"]


def meanings(raw: RawTable) -> dict[str, str]:
    shape = find_shape(raw, reference().columns)
    assert shape is not None
    return {c.header: c.meaning for c in shape.readings()}


def kind(raw: RawTable) -> TableKind:
    shape = find_shape(raw, reference().columns)
    return shape.kind if shape else TableKind.NONE


@pytest.mark.parametrize(
    ("header", "plain"),
    [
        ("参保人数（人）", "参保人数"), (" 企业 名称 ", "企业名称"), ("ＵＳＣＣ", "uscc"),
        ("Credit_Code", "creditcode"),
        ("企业名称\n（全称）", "企业名称"), ("（经度）", "经度"), ("*单位名称：", "单位名称"),
    ],
)  # fmt: skip
def test_headers_in_plain_form(header: str, plain: str) -> None:
    assert plain_header(header) == plain


def test_english_headers_in_another_order() -> None:
    raw = table(
        "companies.csv",
        [
            "Registered address",
            "No.",
            "Company name",
            "Date of registration",
            "Unified Social Credit Code",
            "Employees",
        ],
        *(
            ["平山区平山路1号", i, n, "2011-02-03", c, 10 + i]
            for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))
        ),
    )
    result = merge(raw)
    assert [(e.uscc, e.name, e.staff, e.registered_on) for e in result.roll.enterprises] == sorted(
        (c, n, 10 + i, date(2011, 2, 3)) for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))
    )


def test_english_members_and_officers() -> None:
    reg = table("companies.csv", ["uscc", "name"], *zip(CODES, NAMES, strict=True))
    people = table(
        "members.csv", ["Name", "ID number", "Membership", "Date joined", "Employer", "Party branch", "Mobile"],
        ["王一", make_id(1), "full", "2001-07-01", NAMES[0], "Branch A", "13800000001"],
        ["王二", make_id(2), "probationary", "2026-03-01", NAMES[1], "Branch A", "13800000002"],
    )  # fmt: skip
    officers = table("officers.csv", ["Liaison officer", "Office address", "Max enterprises"], ["李四", "平山路3号", 4])
    result = merge(reg, people, officers)
    assert [t.kind for t in result.tables] == [TableKind.REGISTER, TableKind.MEMBERS, TableKind.OFFICERS]
    assert sorted((m.employer, m.full) for m in result.roll.members) == sorted([(CODES[0], True), (CODES[1], False)])
    assert [(o.name, o.most) for o in result.roll.officers] == [("李四", 4)]


def test_header_over_two_rows_with_merged_cells() -> None:
    raw = table(
        "花名册.xlsx",
        ["某区企业情况花名册"],
        ["序号", "企业基本情况", None, None, "用工情况", None, "联系方式", None],
        [None, "名称", "统一社会信用代码", "注册地址", "参保人数（人）", "班制", "联系人", "电话"],
        *(
            [i, n, c, "平山区平山路1号", f"{i + 5}人", "双休", "张三", "13900000000"]
            for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))
        ),
    )
    result = merge(raw)
    assert {(e.uscc, e.name, e.staff, e.shift) for e in result.roll.enterprises} == {
        (c, n, i + 5, "双休") for i, (c, n) in enumerate(zip(CODES, NAMES, strict=True))
    }
    assert "13900000000" not in repr(result)
    assert [f.reasons[0].code for f in result.fates[:3]] == ["merge.row_title", "merge.row_header", "merge.row_header"]


def test_one_sheet_with_everything() -> None:
    raw = table(
        "企业花名册.xlsx",
        [
            "企业名称",
            "信用代码",
            "成立时间",
            "地址",
            "主营业务",
            "从业人数",
            "上班制度",
            "可参加活动时间",
            "企业类型",
            "备注",
            "坐标（GCJ-02）",
        ],
        [
            NAMES[0],
            CODES[0],
            "2011.2",
            "平山区平山路1号",
            "木材加工",
            18,
            "白班",
            "周日上午",
            "有限责任公司",
            "",
            "123.76,41.29",
        ],
        [NAMES[1], CODES[1], "2012年", "平山区平山路2号", "食品", 7, "三班倒", "", "集体", "已停业", ""],
    )
    result = merge(raw)
    one = next(e for e in result.roll.enterprises if e.uscc == CODES[0])
    two = next(e for e in result.roll.enterprises if e.uscc == CODES[1])
    assert result.tables[0].kind is TableKind.REGISTER
    assert (one.staff, one.slots.weeks if one.slots else None) == (18, (1 << 18,))
    assert one.place.point is not None
    assert abs(one.place.point.longitude - 123.76) < 0.01
    assert sorted(f.code for f in two.flags) == ["collective", "dormant"]


def test_tax_table_chamber_list_and_unknown_tables_give_enterprises() -> None:
    tax = table(
        "税务.xlsx", ["纳税人识别号", "纳税人名称", "税款所属期", "入库税额"], [CODES[0], NAMES[0], "2026-09", 1234.5]
    )
    chamber = table(
        "工商联会员.xlsx", ["编号", "会员单位", "证照编号", "会内职务"], ["001", NAMES[1], CODES[1], "理事"]
    )
    bare = table("名单.xlsx", [CODES[2], NAMES[2], "甲"], [CODES[0], NAMES[0], "乙"])
    result = merge(tax, chamber, bare)
    assert {(e.uscc, e.name) for e in result.roll.enterprises} == set(zip(CODES, NAMES, strict=True))
    assert result.tables[0].unmapped == ("税款所属期", "入库税额")


@pytest.mark.parametrize(
    ("head", "row", "found"),
    [
        (["支部名称", "支部类型", "书记姓名", "所含企业", "换届时间", "党员总数"],
         ["甲支部", "联合支部", "李四", NAMES[0], "2024.5", 5], TableKind.ORGANISATIONS),
        (["组织名称", "党员数", "涵盖单位"], ["中共甲支部", 3, NAMES[0]], TableKind.ORGANISATIONS),
        (["党员", "公民身份号码", "现工作单位", "党籍状态"], ["王一", make_id(1), NAMES[0], "正式"], TableKind.MEMBERS),
        (["姓名", "单位", "入党年月", "组织关系所在地"],
         ["王一", NAMES[0], "2001.07", "河西村党支部"], TableKind.MEMBERS),
        (["指导员姓名", "驻地", "联系户数上限"], ["王一", "平山区平山路1号", 4], TableKind.OFFICERS),
        (["企业全称", "倒班方式", "党员空闲时间"], [NAMES[0], "两班倒", "周日"], TableKind.SHIFTS),
        (["用人单位名称", "社会信用代码", "缴费人数"], [NAMES[0], CODES[0], 12], TableKind.STAFF),
    ],
)  # fmt: skip
def test_kinds_of_tables_by_other_headers(head: list[str], row: list[object], found: TableKind) -> None:
    assert kind(table("表.xlsx", head, row, row)) is found


def test_similar_headers_are_told_apart() -> None:
    raw = table(
        "党组织.xlsx",
        [
            "党组织名称",
            "上级党组织",
            "成立时间",
            "届满日期",
            "换届日期",
            "正式党员数",
            "预备党员数",
            "书记",
            "副书记",
            "书记电话",
            "覆盖企业数",
            "覆盖企业名单",
        ],
        [
            "中共甲支部",
            "某街道党工委",
            "2015-01-01",
            "2027-01-01",
            "2024-01-01",
            3,
            1,
            "李四",
            "赵六",
            "13800000000",
            1,
            NAMES[0],
        ],
    )
    found = meanings(raw)
    assert found["换届日期"] == "elected_on"
    assert found["届满日期"] == "term_end"
    assert found["成立时间"] == "founded_on"
    assert found["正式党员数"] == "claimed_members"
    assert found["书记"] == "secretary"
    assert found["覆盖企业名单"] == "covers"
    assert found["上级党组织"] == "superior"


def test_a_column_is_known_by_its_values_where_its_header_says_nothing() -> None:
    raw = table("表.xlsx", ["甲栏", "乙栏", "参保人数"], *([c, n, 5] for c, n in zip(CODES, NAMES, strict=True)))
    assert meanings(raw) == {"甲栏": "uscc", "乙栏": "name", "参保人数": "staff"}


@pytest.mark.parametrize(
    ("head", "row", "missing"),
    [
        (["姓名", "身份证号", "入党日期", "人员类别"], ["王一", make_id(1), "2001-07-01", "正式党员"], "employer|uscc"),
        (["参保人数", "参保日期", "班制"], [12, "2026-01-01", "双休"], "uscc|name"),
        (["覆盖企业", "正式党员数", "书记"], [NAMES[0], 3, "李四"], "org_name"),
    ],
)  # fmt: skip
def test_a_missing_column_is_named_with_what_was_found(head: list[str], row: list[object], missing: str) -> None:
    with pytest.raises(FeigongError) as caught:
        merge(table("表.xlsx", ["标题"], head, row))
    assert caught.value.reason.code == "error.column_missing"
    assert caught.value.reason.params["column"] == missing
    assert caught.value.reason.params["found"] == "、".join(head)
    assert caught.value.reason.params["row"] == 2


def test_a_file_that_is_no_table_is_an_error() -> None:
    reg = table("登记.xlsx", ["统一社会信用代码", "企业名称"], *zip(CODES, NAMES, strict=True))
    with pytest.raises(FeigongError) as caught:
        merge(reg, table("信.xlsx", ["各部门："], ["请于月底前报送。"]))
    assert caught.value.reason.code == "error.table_unknown"
    assert caught.value.reason.params["table"] == "信.xlsx"


def test_coordinates_that_cannot_be_right_are_not_used() -> None:
    good = [
        [make_code(80000001 + i), f"第{i}工贸有限公司", "平山区平山路1号", 123.75 + i / 1000, 41.29] for i in range(12)
    ]
    bad = [(41.29, 123.75), (0, 0), (116.4, 39.9), (4_567_890.5, 41_512_345.5)]
    rows = [[make_code(80000101 + i), f"第{i}商贸有限公司", "平山区平山路1号", *p] for i, p in enumerate(bad)]
    result = merge(table("登记.xlsx", ["信用代码", "名称", "住所", "经度(BD-09)", "纬度(BD-09)"], *good, *rows))
    points = {e.uscc: e.place.point for e in result.roll.enterprises}
    assert all(points[r[0]] is not None for r in good)
    assert all(points[r[0]] is None for r in rows)
    codes = [p.reason.code for p in result.problems if p.reason.code.startswith("merge.point")]
    assert sorted(codes) == [
        "merge.point_outside_district", "merge.point_projected", "merge.point_swapped", "merge.point_zero",
    ]  # fmt: skip
    assert result.tables[0].datum == "BD-09"


def test_columns_of_coordinates_filled_the_wrong_way_round_are_said_once() -> None:
    rows = [[make_code(82000001 + i), f"第{i}工贸有限公司", 41.29, 123.75 + i / 1000] for i in range(12)]
    result = merge(table("登记.xlsx", ["信用代码", "名称", "经度", "纬度"], *rows))
    told = [p for p in result.problems if p.reason.code == "merge.point_swapped"]
    assert [(p.severity, len(p.rows)) for p in told] == [("decide", 12)]
    assert all(e.place.point is None for e in result.roll.enterprises)


def test_one_of_a_few_points_far_away_is_not_used() -> None:
    points = [(123.75, 41.29), (123.76, 41.30), (123.77, 41.28), (116.4, 39.9)]
    rows = [[make_code(83000001 + i), f"第{i}工贸有限公司", *p] for i, p in enumerate(points)]
    result = merge(table("登记.xlsx", ["信用代码", "名称", "经度", "纬度"], *rows))
    assert [e.place.point is None for e in result.roll.enterprises] == [False, False, False, True]
