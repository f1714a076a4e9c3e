"""Members, organisations and officers: matched with a score, never silently; no person's data in the roll."""

from datetime import date

import pytest

from feigong.core.roll.merge.day import stated_day
from feigong.core.roll.merge.values import FateKind, MergeResult, RawTable
from feigong.core.roll.values import Identity, Member, Organisation, OrganisationKind
from merge_tables_maker import make_code, make_id, merge, problems, table

NAMES = [
    "本溪市甲华商贸有限公司", "本溪采盛沉陷治理工程有限责任公司", "本溪北岭钢铁（集团）有限公司",
    "辽宁丙安运输有限公司平山分公司",
    "本溪丁大机械厂", "辽宁丁大机械厂", "平山区戊记小吃店", "平山区戊记小吃店",
]  # fmt: skip
CODES = [make_code(50000001 + i) for i in range(len(NAMES))]
HEAD = ["姓名", "身份证号", "入党日期", "人员类别", "工作单位", "所在党支部", "联系电话", "月工资"]


def register() -> RawTable:
    rows = [[c, n, "2010-05-06", "平山区平山路1号"] for c, n in zip(CODES, NAMES, strict=True)]
    return table("登记.xlsx", ["统一社会信用代码", "企业名称", "成立日期", "住所"], *rows)


def person(number: int, employer: str, *, status: str = "正式党员", branch: str = "", name: str = "") -> list[object]:
    return [
        name or f"王{'一二三四五六七八九'[number % 9]}",
        make_id(number),
        "2001-07-01",
        status,
        employer,
        branch,
        f"1380000{number:04d}",
        7777,
    ]


def people(*rows: list[object]) -> RawTable:
    return table("党员.xlsx", HEAD, *rows)


def only(result: MergeResult) -> Member:
    (member,) = result.roll.members
    return member


@pytest.mark.parametrize(
    ("employer", "index", "least", "most"),
    [
        ("本溪市甲华商贸有限公司", 0, 1.0, 1.0),
        ("本溪市甲华商贸 有限公司", 0, 1.0, 1.0),
        ("甲华商贸", 0, 0.9, 0.99),
        ("本溪甲华商贸公司", 0, 0.9, 0.99),
        ("甲华商贸有限责任公司", 0, 0.9, 0.99),
        ("本溪甲华", 0, 0.8, 0.9),
        ("本溪采盛沉陷治理工程", 1, 0.9, 0.99),
        ("本溪采盛沉陷治里工程有限公司", 1, 0.8, 0.95),
        ("本溪北岭钢铁集团有限公司", 2, 0.9, 0.99),
        ("丙安运输平山分公司", 3, 0.9, 0.99),
        ("本溪市甲华商贸有限公司总经理", 0, 0.9, 0.99),
    ],
)
def test_employers_are_matched_with_a_score(employer: str, index: int, least: float, most: float) -> None:
    result = merge(register(), people(person(1, employer)))
    member = only(result)
    assert member.employer == CODES[index]
    assert least <= member.match_score <= most
    told = problems(result, "merge.employer_rough")
    assert len(told) == (0 if most == 1.0 else 1)


@pytest.mark.parametrize(
    ("employer", "code"),
    [
        ("丁大机械厂", "merge.employer_ambiguous"),
        ("平山区戊记小吃店", "merge.employer_ambiguous"),
        ("某某商贸行", "merge.employer_unknown"),
        ("甲运商贸有限公司", "merge.employer_unknown"),
        ("中学", "merge.employer_unknown"),
        ("", "merge.employer_empty"),
    ],
)
def test_what_is_not_clear_is_not_matched_but_asked(employer: str, code: str) -> None:
    result = merge(register(), people(person(1, employer)))
    assert only(result).employer is None
    assert only(result).match_score == 0.0
    assert [p.severity for p in result.problems if p.reason.code == code] == ["decide"]


def test_an_exact_name_that_another_firms_name_shortens_to_is_not_certain() -> None:
    long, short = make_code(60000001), make_code(60000002)
    reg = table(
        "登记.xlsx",
        ["统一社会信用代码", "企业名称", "住所"],
        [long, "本溪市庚辰商店", "平山路1号"],
        [short, "庚辰商店", "平山路2号"],
    )
    result = merge(reg, people(person(1, "庚辰商店"), person(2, "本溪市庚辰商店")))
    assert sorted((m.employer, m.match_score < 1) for m in result.roll.members) == sorted(
        [(short, True), (long, False)]
    )


def test_the_same_person_twice_is_one_member_and_two_employers_are_asked() -> None:
    result = merge(
        register(), people(person(1, NAMES[0]), person(1, NAMES[1]), person(2, NAMES[1]), person(2, NAMES[1]))
    )
    assert len(result.roll.members) == 2
    assert sum(f.kind is FateKind.DUPLICATE for f in result.fates) == 2
    assert [p["employers"] for p in problems(result, "merge.member_two_employers")] == ["、".join(sorted(NAMES[:2]))]


def test_one_number_with_two_wholly_different_names_is_two_persons() -> None:
    result = merge(register(), people(person(1, NAMES[0], name="赵铁柱"), person(1, NAMES[1], name="孙小梅")))
    assert len({m.key for m in result.roll.members}) == 2
    assert len(problems(result, "merge.one_id_two_persons")) == 1


def test_status_words_and_what_they_lead_to() -> None:
    words = ["正式党员", "预备党员", "中共党员", "中共预备党员", "入党积极分子", "已转出", "", "Full member"]
    rows = [person(i + 1, NAMES[0], status=w) for i, w in enumerate(words)]
    rows[6][2] = "2026-09-01"
    result = merge(register(), people(*rows))
    by_row = {m.source.row: m.full for m in result.roll.members if m.source}
    assert by_row == {2: True, 3: False, 4: True, 5: False, 8: False, 9: True}
    aside = {
        f.row.row: f.reasons[0].code
        for f in result.fates
        if f.row.table == "党员.xlsx" and f.kind is FateKind.PUT_ASIDE
    }
    assert aside == {1: "merge.row_header", 6: "merge.not_a_member", 7: "merge.member_gone"}
    assert len(problems(result, "merge.status_taken_probationary")) == 1


def test_no_name_number_or_phone_of_a_member_stays_unless_asked() -> None:
    rows = people(person(1, NAMES[0], name="欧阳锦绣"), person(2, f"甲华商贸{make_id(2)} 13800000002", name="司马长风"))
    result = merge(register(), rows)
    everything = repr((result.roll, result.problems, result.fates))
    for secret in (make_id(1), make_id(2), "13800000001", "13800000002", "欧阳锦绣", "司马长风", "7777"):
        assert secret not in everything
    asked = merge(register(), rows, identify=True)
    assert Identity("欧阳锦绣", make_id(1), "13800000001") in {m.identity for m in asked.roll.members}
    assert {m.key for m in asked.roll.members} == {m.key for m in result.roll.members}


def test_a_wrong_or_missing_identity_number_is_said() -> None:
    good, wrong, missing = person(1, NAMES[0]), person(2, NAMES[0]), person(3, NAMES[0])
    wrong[1] = str(wrong[1])[:17] + ("1" if str(wrong[1])[17] != "1" else "2")
    missing[1] = ""
    result = merge(register(), people(good, wrong, missing))
    assert len(result.roll.members) == 3
    assert len(problems(result, "merge.id_wrong")) == 1
    assert len(problems(result, "merge.id_missing")) == 1


def test_employer_by_code_wins_and_a_name_that_differs_is_asked() -> None:
    rows = table(
        "党员.xlsx", ["党员姓名", "公民身份号码", "单位统一社会信用代码", "工作单位", "入党时间"],
        ["王一", make_id(1), CODES[1], NAMES[0], "2001.07"],
    )  # fmt: skip
    result = merge(register(), rows)
    assert (only(result).employer, only(result).match_score) == (CODES[1], 1.0)
    assert len(problems(result, "merge.member_code_and_name")) == 1


def organisations(*rows: list[object]) -> RawTable:
    return table("党组织.xlsx", ["党组织名称", "类别", "覆盖企业", "正式党员数", "书记", "最近一次选举日期"], *rows)


def organisation(result: MergeResult, name: str) -> Organisation:
    return next(o for o in result.roll.organisations if o.name == name)


def test_organisations_cover_enterprises_and_members_find_their_branch() -> None:
    result = merge(
        register(),
        organisations(
            [
                "甲华等联合党支部",
                "联合党支部",
                f"{NAMES[0]}、采盛沉陷治理工程；\n{NAMES[2]}，已注销的厂",
                3,
                "",
                "2024-03-01",
            ],
            ["中共丙安支部委员会", "党支部", NAMES[3], 1, "李四", "2023年5月"],
        ),
        people(
            person(1, NAMES[0], branch="甲华等 联合党支部"),
            person(2, NAMES[3], branch="中共丙安支部委员会"),
            person(3, NAMES[1], branch="河西村党支部"),
        ),
    )
    joint = organisation(result, "甲华等联合党支部")
    assert joint.kind is OrganisationKind.JOINT_BRANCH
    assert joint.covers == tuple(sorted(CODES[:3]))
    assert joint.covers_unmatched == ("已注销的厂",)
    assert joint.has_secretary is False
    assert joint.elected_on == date(2024, 3, 1)
    assert [(p["claimed"], p["counted"]) for p in problems(result, "merge.members_claimed")] == [(3, 1)]
    branch = {m.branch_text: m.organisation for m in result.roll.members}
    assert branch["甲华等 联合党支部"] == joint.key
    assert branch["河西村党支部"] is None
    again = merge(register(), organisations(["甲华等联合党支部 ", "联合支部", NAMES[0], 3, "王五", "2024-03-01"]))
    assert again.roll.organisations[0].key == joint.key


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        ("党委", "中共甲委员会", OrganisationKind.COMMITTEE),
        ("", "中共甲总支部委员会", OrganisationKind.GENERAL_BRANCH),
        ("党总支", "甲联合党总支", OrganisationKind.GENERAL_BRANCH),
        ("", "中共甲有限公司支部委员会", OrganisationKind.BRANCH),
        ("", "甲等联合党支部", OrganisationKind.JOINT_BRANCH),
        ("联合支部", "甲支部", OrganisationKind.JOINT_BRANCH),
        ("", "甲项目临时党支部", OrganisationKind.TEMPORARY),
        ("", "甲街道流动党员党支部", OrganisationKind.FLOATING),
        ("", "甲党小组", OrganisationKind.OTHER),
        ("", "中共甲有限公司委员会", OrganisationKind.COMMITTEE),
    ],
)
def test_kinds_of_organisations(kind: str, name: str, found: OrganisationKind) -> None:
    result = merge(register(), organisations([name, kind, NAMES[0], 3, "李四", "2024-03-01"]))
    assert result.roll.organisations[0].kind is found


def test_two_organisations_of_one_name_stay_two() -> None:
    result = merge(
        register(),
        organisations(
            ["甲等联合党支部", "联合党支部", NAMES[0], 3, "李四", "2024-03-01"],
            ["甲等联合党支部", "联合党支部", NAMES[1], 4, "王五", "2022-01-01"],
        ),
        people(person(1, NAMES[1], branch="甲等联合党支部")),
    )
    keys = {o.covers: o.key for o in result.roll.organisations}
    assert len(set(keys.values())) == 2
    assert only(result).organisation == keys[(CODES[1],)]
    assert len(problems(result, "merge.organisations_same_name")) == 1


def test_officers_with_bases_and_loads() -> None:
    rows = table(
        "联络员.xlsx",
        ["姓名", "办公地址", "最多联系企业数"],
        ["李四", "平山区平山路1号", "5家"],
        ["李四", "平山区东明路2号", 3],
        ["赵六", "平山区", None],
    )
    result = merge(register(), rows)
    found = {(o.name, o.base.text): o.most for o in result.roll.officers}
    assert found == {("李四", "平山区平山路1号"): 5, ("李四", "平山区东明路2号"): 3, ("赵六", "平山区"): None}
    assert len({o.key for o in result.roll.officers}) == 3


def test_candidates_of_one_name_are_told_apart_by_code() -> None:
    result = merge(register(), people(person(1, "平山区戊记小吃店")))
    (told,) = problems(result, "merge.employer_ambiguous")
    assert told["candidates"] == f"{NAMES[6]}({CODES[6]})、{NAMES[7]}({CODES[7]})"


def test_without_a_column_of_branches_no_number_of_members_is_doubted() -> None:
    head, rows = HEAD[:5], [person(1, NAMES[0])[:5], person(2, NAMES[0])[:5]]
    told = organisations(["甲华支部", "党支部", NAMES[0], 4, "王五", "2024-03-01"])
    assert problems(merge(register(), told, table("党员.xlsx", head, *rows)), "merge.members_claimed") == []


def test_a_month_in_a_title_stands_for_its_last_day() -> None:
    def day(title: str) -> date | None:
        return stated_day([RawTable("a.xlsx", "S", ((title,), ("姓名", "单位")))])

    assert day("填报时间：2026年2月") == date(2026, 2, 28)
    assert day("名册（截至2026年3月5日）") == date(2026, 3, 5)
    assert day("2026年13月") is None


@pytest.mark.parametrize("lost", [2.10502197001010e17, "2.10502E+17"])
def test_identity_numbers_that_became_numbers_make_nobody_one_person(lost: object) -> None:
    rows = [person(n, NAMES[n], name=name) for n, name in ((0, "王一二"), (1, "李三四"))]
    for row in rows:
        row[1] = lost
    result = merge(register(), people(*rows))
    assert sorted(m.employer or "" for m in result.roll.members) == sorted(CODES[:2])
    assert len({m.key for m in result.roll.members}) == 2
    assert len(problems(result, "merge.fault_id_number")) == 2
