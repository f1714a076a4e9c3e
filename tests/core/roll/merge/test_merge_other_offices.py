"""Tables as other offices keep them: other words, aliases, codes for names, a register split by township."""

import pytest

from feigong.core.roll.merge.cells import read_count, read_date
from feigong.core.roll.merge.headers import find_shape
from feigong.core.roll.merge.reader import name_and_code
from feigong.core.roll.merge.values import FateKind, MergeResult, RawTable, TableKind
from feigong.core.roll.values import FlagCode
from merge_tables_maker import make_code, make_id, merge, problems, reference, table

CODES = [make_code(52000001 + i) for i in range(5)]
NAMES = ["青禾木业有限公司", "北斗食品厂", "长风物流有限公司", "玉衡机械有限公司", "天枢工贸有限公司"]


def register(*rows: int, name: str = "登记") -> RawTable:
    body = [[CODES[i], NAMES[i], f"平山区平山路{i + 1}号"] for i in rows or range(5)]
    return table(f"{name}.xlsx", ["统一社会信用代码", "企业名称", "住所"], *body)


def people(*employers: str, header: str = "工作单位") -> RawTable:
    body = [[f"欧阳{chr(0x4E00 + i)}", make_id(i + 1), "正式党员", e] for i, e in enumerate(employers)]
    return table("党员.xlsx", ["姓名", "身份证号", "人员类别", header], *body)


def employers(result: MergeResult) -> list[tuple[str | None, float]]:
    members = result.roll.members
    return [(m.employer, m.match_score) for m in sorted(members, key=lambda m: m.source.row if m.source else 0)]


def test_an_alias_in_brackets_is_a_rough_name() -> None:
    result = merge(
        register(),
        people(f"{NAMES[0]}（老木器厂）", f"红星社({NAMES[1]})", f"{NAMES[2]}（{NAMES[3]}）", "谁也不知（老店）"),
    )
    assert employers(result) == [(CODES[0], 0.93), (CODES[1], 0.93), (None, 0.0), (None, 0.0)]
    assert {str(p["text"]) for p in problems(result, "merge.employer_ambiguous")} == {f"{NAMES[2]}({NAMES[3]})"}


def test_a_name_that_lost_its_end_is_preferred_to_one_that_lost_a_word_in_the_middle() -> None:
    firms = [[CODES[0], "云山钢铁公司安装工程公司"], [CODES[1], "云山钢铁安装工程有限公司"]]
    result = merge(table("登记.csv", ["信用代码", "企业名称"], *firms), people("云山钢铁安装工程"))
    assert employers(result) == [(CODES[1], 0.95)]


@pytest.mark.parametrize("header", ["工作单位", "工作单位统一社会信用代码"])
def test_employers_given_by_code_in_the_column_of_names_or_of_codes(header: str) -> None:
    unknown = make_code(59999999)
    result = merge(register(), people(CODES[0], f" {CODES[1].lower()}", NAMES[2], unknown, header=header))
    assert employers(result) == [(CODES[0], 1.0), (CODES[1], 1.0), (CODES[2], 1.0), (None, 0.0)]
    assert [p["text"] for p in problems(result, "merge.employer_unknown")] == [unknown]


def test_a_code_beside_the_name_decides_for_two_of_one_name() -> None:
    twins = table("登记.csv", ["信用代码", "企业名称"], [CODES[0], "双生商店"], [CODES[1], "双生商店"])
    result = merge(twins, people(f"双生商店（{CODES[1]}）", "双生商店"))
    assert employers(result) == [(CODES[1], 1.0), (None, 0.0)]


def test_a_member_known_by_a_wrong_code_goes_where_the_code_was_mended_to() -> None:
    wrong = CODES[0][:9] + ("1" if CODES[0][9] != "1" else "2") + CODES[0][10:]
    first = table("登记.xlsx", ["统一社会信用代码", "企业名称", "住所"], [wrong, NAMES[0], "平山路1号"])
    staff = table("社保.xlsx", ["信用代码", "单位名称", "参保人数"], [CODES[0], NAMES[0], 5], [CODES[1], NAMES[1], 3])
    result = merge(first, staff, people(wrong))
    assert [e.uscc for e in result.roll.enterprises] == sorted(CODES[:2])
    assert employers(result) == [(CODES[0], 1.0)]


def test_rows_with_nothing_but_a_wrong_code_go_where_the_named_row_of_that_code_goes() -> None:
    wrong = [c[:9] + ("1" if c[9] != "1" else "2") + c[10:] for c in CODES[:2]]
    first = table("登记.csv", ["统一社会信用代码", "企业名称"], [wrong[0], NAMES[0]], [wrong[1], NAMES[1]])
    staff = table("社保.csv", ["信用代码", "单位名称", "参保人数"], [CODES[0], NAMES[0], 5])
    survey = table("班制.csv", ["企业代码", "班制"], [wrong[0], "双休"], [wrong[1], "双休"])
    result = merge(first, staff, survey)
    assert {e.uscc: e.shift for e in result.roll.enterprises} == {CODES[0]: "双休", wrong[1]: "双休"}


def test_organisations_that_name_enterprises_by_code() -> None:
    rows = [["中共北斗联合支部委员会", f"{CODES[1]}、{NAMES[2]}（{CODES[2]}）、{NAMES[3]}", 4]]
    result = merge(register(), table("党组织.xlsx", ["党组织全称", "所覆盖企业名单", "现有正式党员"], *rows))
    (organisation,) = result.roll.organisations
    assert organisation.covers == tuple(sorted(CODES[1:4]))
    assert not organisation.covers_unmatched


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (f"{NAMES[0]}({CODES[0]})", (NAMES[0], CODES[0])),
        (f"{CODES[0]} {NAMES[0]}", (NAMES[0], CODES[0])),
        (f"{CODES[0][:6]} {CODES[0][6:]}", ("", CODES[0])),
        (NAMES[0], (NAMES[0], "")),
        (make_id(7), (make_id(7), "")),
        ("", ("", "")),
    ],
)
def test_name_and_code(written: str, read: tuple[str, str]) -> None:
    assert name_and_code(written) == read


def test_an_identity_number_typed_for_an_employer_leaves_no_trace() -> None:
    result = merge(register(), people(make_id(8), f"{NAMES[0]}{make_id(9)}"))
    assert make_id(8) not in repr(result) and make_id(9) not in repr(result)


def test_a_register_split_by_township_with_rows_in_two_files() -> None:
    result = merge(register(0, 1, 2, name="东镇"), register(2, 3, name="西镇"), register(4, 0, name="南乡"))
    assert [e.uscc for e in result.roll.enterprises] == sorted(CODES)
    kinds = [f.kind for f in result.fates]
    assert FateKind.PUT_ASIDE not in kinds[1:4]
    assert all(len(e.sources) == (2 if e.uscc in (CODES[0], CODES[2]) else 1) for e in result.roll.enterprises)


def test_missing_from_a_table_of_staff_means_the_same_whatever_its_header() -> None:
    for header in ("参保人数", "职工总数"):
        staff = [[CODES[i], NAMES[i], 6] for i in range(4)]
        result = merge(register(), table("人数.xlsx", ["纳税人识别号", "单位全称", header], *staff))
        assert {e.uscc for e in result.roll.enterprises if e.flagged(FlagCode.DORMANT)} == {CODES[4]}


@pytest.mark.parametrize(
    ("headers", "row", "kind", "meanings"),
    [
        (["挂钩联系人", "办公地点", "最多可挂钩企业（家）"], ["司马懿", "平山路1号", 5], TableKind.OFFICERS,
         ["officer_name", "base", "most"]),
        (["社会信用代码（统一）", "单位全称", "核准日期", "注册地址"], [CODES[0], NAMES[0], "2020-01-02", "平山路1号"],
         TableKind.REGISTER, ["uscc", "name", "registered_on", "address"]),
        (["Company Name", "Unified Social Credit Code", "Date of Establishment"], [NAMES[0], CODES[0], "2020/1/2"],
         TableKind.REGISTER, ["name", "uscc", "registered_on"]),
        (["党组织全称", "挂靠企业（覆盖）", "本届选举产生时间"], ["中共青禾支部", NAMES[0], "2023-05-01"],
         TableKind.ORGANISATIONS, ["org_name", "covers", "elected_on"]),
        (["单位名称", "上班班次", "什么时间有空"], [NAMES[0], "三班倒", "周日上午"], TableKind.SHIFTS,
         ["name", "shift", "free_text"]),
    ],
)  # fmt: skip
def test_other_words_for_the_same(headers: list[str], row: list[object], kind: TableKind, meanings: list[str]) -> None:
    shape = find_shape(table("导出.xlsx", headers, row, row), reference().columns)
    assert shape is not None
    assert (shape.kind, [c.meaning for c in shape.readings()]) == (kind, meanings)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("31 Oct 2020", "2020-10-31"),
        ("October 3rd, 2020", "2020-10-03"),
        ("2020 年 10 月 31 日", "2020-10-31"),
        ("2020年10月31日（补录）", "2020-10-31"),
        ("Oct 2020", "2020-10-01"),
        ("Mat 5, 2020", None),
        ("31 Feb 2020", None),
    ],
)
def test_dates_in_other_hands(written: str, day: str | None) -> None:
    found = read_date(written).value
    assert (found.isoformat() if found else None) == day


@pytest.mark.parametrize(
    ("written", "count"),
    [("12（含临时3）", 12), ("20余人", 20), ("5 persons", 5), ("(3)", None), ("12-20", None), ("100+", 100),
     ("约100人左右", 100), ("大约 30 多人", 30), ("50人以上", 50), ("1.2万", 12_000), ("1.23456万", None),
     ("十", 10), ("十二", 12), ("二十人", 20), ("一百二十人", 120), ("约一百二十余人", 120), ("一百零五", 105),
     ("一百一十二", 112), ("壹佰贰拾", 120), ("两千零三人", 2003), ("一万二千", 12_000), ("一二〇", 120), ("三十+", 30),
     ("零人", 0), ("三五人", None), ("十几人", None), ("一百二", None), ("一万二", None), ("一百零", None),
     ("百二十十", None), ("若干", None), ("万", None)],
)  # fmt: skip
def test_counts_in_other_hands(written: str, count: int | None) -> None:
    read = read_count(written)
    assert read.value == count
    assert (read.repair.code if read.repair else "") == ("" if count is None else "merge.repair_count")
    assert (read.fault.code if read.fault else "") == ("merge.fault_count" if count is None else "")


def test_a_count_that_cannot_be_read_is_asked_about_and_makes_no_firm_dormant() -> None:
    counts = ["十二人", "十几人", "30", "45"]
    rows = [[CODES[n], NAMES[n], written] for n, written in enumerate(counts)]
    result = merge(register(), table("社保.xlsx", ["统一社会信用代码", "企业名称", "参保人数"], *rows))
    firms = {e.uscc: e for e in result.roll.enterprises}
    assert [firms[CODES[n]].staff for n in range(4)] == [12, None, 30, 45]
    assert not any(f.code is FlagCode.DORMANT for n in range(4) for f in firms[CODES[n]].flags)
    faults = [p for p in result.problems if p.reason.code == "merge.fault_count"]
    assert [(p.subject, dict(p.reason.params)) for p in faults] == [
        (CODES[1], {"column": "参保人数", "text": "十几人"})
    ]
    assert [r.row for r in faults[0].rows] == [3]


@pytest.mark.parametrize(
    ("header", "full", "probationary"),
    [("是否正式党员", "是", "否"), ("政治面貌", "中共党员", "中共预备党员"), ("党员类别", "正式", "预备"),
     ("是否预备党员", "否", "是"),
     ("Membership", "Full", "Probationary"), ("Full member (Y/N)", "Y", "N")],
)  # fmt: skip
def test_full_and_probationary_in_other_words(header: str, full: str, probationary: str) -> None:
    rows = [
        ["欧阳修", make_id(1), full, "2000-07-01", NAMES[0]],
        ["司马光", make_id(2), probationary, "2001-07-01", NAMES[0]],
    ]
    result = merge(register(), table("党员.xlsx", ["姓名", "身份证号", header, "入党日期", "工作单位"], *rows))
    members = sorted(result.roll.members, key=lambda m: m.source.row if m.source else 0)
    assert [m.full for m in members] == [True, False]


def test_an_organisation_told_on_several_rows_with_its_name_on_the_first() -> None:
    rows = [
        ["中共北斗联合支部委员会", "联合党支部", NAMES[1]],
        [None, None, NAMES[2]],
        ["中共青禾支部委员会", "党支部", NAMES[0]],
    ]
    result = merge(register(), table("党组织.xlsx", ["党组织名称", "类别", "覆盖企业"], *rows))
    covers = {o.name: set(o.covers) for o in result.roll.organisations}
    assert covers == {"中共北斗联合支部委员会": set(CODES[1:3]), "中共青禾支部委员会": {CODES[0]}}
