"""One table comes alone: matched against the roll as it stands, with what people have decided before."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feigong.core.errors import FeigongError
from feigong.core.roll import uscc
from feigong.core.roll.merge.known import KnownEnterprise, KnownOrganisation, KnownRoll, known_of
from feigong.core.roll.merge.merge import merge_tables
from feigong.core.roll.merge.organisations import organisation_key
from feigong.core.roll.merge.values import Doubt, FateKind, MergeResult, RawTable
from feigong.core.roll.values import FlagCode
from feigong.exchange.pseudonym import pseudonymiser
from merge_tables_maker import ON, make_code, make_id, merge, problems, reference, table

NAMES = ["本溪市甲华商贸有限公司", "本溪乙安运输有限公司", "平山区丙记小吃店", "平山区丙记小吃店", "本溪丁大机械厂"]
CODES = [make_code(62000001 + i) for i in range(len(NAMES))]
ADDRESSES = ["平山路1号", "平山路2号", "东明路3号", "东明路4号", "平山路5号"]
KNOWN = KnownRoll(
    tuple(KnownEnterprise(c, n, (), a) for c, n, a in zip(CODES, NAMES, ADDRESSES, strict=True)),
    (KnownOrganisation("org-7", "甲华党支部", (CODES[0],)),),
)
PEOPLE = ["姓名", "身份证号", "人员类别", "工作单位", "所在党支部"]


def onto(
    *tables: RawTable,
    known: KnownRoll = KNOWN,
    same: dict[str, str] | None = None,
    not_same: frozenset[frozenset[str]] = frozenset(),
    identify: bool = False,
) -> MergeResult:
    return merge_tables(
        tables, on=ON, reference=reference(), pseudonym=pseudonymiser(b"k" * 32), known=known, same=same,
        not_same=not_same, identify=identify,
    )  # fmt: skip


def people(*employers: str) -> RawTable:
    rows = [[f"王{i}明", make_id(i), "正式党员", e, "甲华党支部"] for i, e in enumerate(employers)]
    return table("党员.xlsx", PEOPLE, *rows)


def doubts(result: MergeResult, code: str) -> list[Doubt]:
    return [p.doubt for p in result.problems if p.reason.code == code and p.doubt]


def test_members_alone_find_their_employers_on_the_roll() -> None:
    result = onto(people(NAMES[0], "乙安运输", "某某行"))
    found = {m.employer_text: m.employer for m in result.roll.members}
    assert found == {NAMES[0]: CODES[0], "乙安运输": CODES[1], "某某行": None}
    assert result.roll.enterprises == ()
    assert {m.organisation for m in result.roll.members} == {"org-7"}


def test_without_a_roll_enterprises_are_still_wanted() -> None:
    with pytest.raises(FeigongError) as caught:
        merge(people(NAMES[0]))
    assert caught.value.reason.code == "error.no_enterprises"


def test_only_what_the_tables_speak_of_comes_out_under_its_key() -> None:
    staff = table("参保.xlsx", ["单位名称", "参保人数"], ["甲华商贸有限公司", 12], ["新来的食品厂", 3])
    (only,) = onto(staff).roll.enterprises
    assert (only.uscc, only.name, only.staff) == (CODES[0], NAMES[0], 12)
    assert [p["name"] for p in problems(onto(staff), "merge.firm_unknown")] == ["新来的食品厂"]


def test_organisations_alone_cover_firms_of_the_roll_and_keep_their_key() -> None:
    rows = [["甲华党支部", "党支部", f"{NAMES[0]}、丁大机械"], ["新支部", "党支部", NAMES[1]]]
    result = onto(table("党组织.xlsx", ["党组织名称", "类别", "覆盖企业"], *rows))
    assert {o.key: o.covers for o in result.roll.organisations} == {
        "org-7": tuple(sorted((CODES[0], CODES[4]))),
        organisation_key("新支部"): (CODES[1],),
    }


def test_an_organisation_stands_under_one_of_the_roll() -> None:
    rows = [["乙安党小组", "党支部", NAMES[1], "甲华党支部"]]
    result = onto(table("党组织.xlsx", ["党组织名称", "类别", "覆盖企业", "上级党组织"], *rows))
    assert result.roll.organisations[0].superior == "org-7"


def test_a_new_name_of_a_register_is_used_and_the_old_one_still_understood() -> None:
    register = table("登记.xlsx", ["信用代码", "企业名称", "住所"], [CODES[0], "本溪市晨光实业有限公司", "平山路1号"])
    result = onto(register, people(NAMES[0], "晨光实业"))
    assert [(e.uscc, e.name) for e in result.roll.enterprises] == [(CODES[0], "本溪市晨光实业有限公司")]
    assert [m.employer for m in result.roll.members] == [CODES[0], CODES[0]]
    assert [p["before"] for p in problems(result, "merge.renamed_on_roll")] == [NAMES[0]]
    assert not result.roll.enterprises[0].flagged(FlagCode.CONTRADICTION)


def test_a_short_name_beside_the_code_renames_nobody() -> None:
    staff = table("参保.xlsx", ["信用代码", "单位名称", "参保人数"], [CODES[0], "甲华商贸", 12])
    result = onto(staff)
    assert [e.name for e in result.roll.enterprises] == [NAMES[0]]
    assert problems(result, "merge.renamed_on_roll") == []


def slip(code: str) -> str:
    return next(c for c in (code[:5] + d + code[6:] for d in "0123456789") if not uscc.is_valid(c) and c != code)


def test_a_wrong_code_is_mended_by_the_roll() -> None:
    wrong = slip(CODES[0])
    register = table("登记.xlsx", ["信用代码", "企业名称", "住所"], [wrong, NAMES[0], "平山路1号"])
    result = onto(register)
    assert [e.uscc for e in result.roll.enterprises] == [CODES[0]]
    (doubt,) = doubts(result, "merge.code_mended_by_roll")
    assert (doubt.spelling, doubt.taken, doubt.candidates[0].code) == (wrong, CODES[0], CODES[0])
    apart = onto(register, not_same=frozenset([frozenset((wrong, CODES[0]))]))
    assert [e.uscc for e in apart.roll.enterprises] == [wrong]
    assert apart.roll.enterprises[0].flagged(FlagCode.CODE_INVALID)


def test_of_two_firms_of_a_name_the_address_tells() -> None:
    rows = [[NAMES[2], ADDRESSES[3], "两班倒"], [NAMES[2], "某处", "两班倒"]]
    survey = table("班制.xlsx", ["名称", "地址", "班制"], *rows)
    result = onto(survey)
    assert [e.uscc for e in result.roll.enterprises] == [CODES[3]]
    (doubt,) = doubts(result, "merge.firm_ambiguous")
    assert [(c.code, c.score) for c in doubt.candidates] == [(CODES[2], 1.0), (CODES[3], 1.0)]


def test_a_doubt_is_asked_once() -> None:
    (asked,) = doubts(onto(people("丙记小吃店")), "merge.employer_ambiguous")
    assert [c.code for c in asked.candidates] == [CODES[2], CODES[3]]
    assert {c.name for c in asked.candidates} == {NAMES[2]}
    decided = onto(people("丙记小吃店"), same={asked.spelling: CODES[3]})
    assert [(m.employer, m.match_score) for m in decided.roll.members] == [(CODES[3], 1.0)]
    assert [p for p in decided.problems if p.reason.code.startswith("merge.employer")] == []


def test_what_is_not_the_same_is_not_matched_again() -> None:
    (asked,) = doubts(onto(people("甲华商贸")), "merge.employer_rough")
    assert asked.taken == CODES[0]
    decided = onto(people("甲华商贸"), not_same=frozenset([frozenset((asked.spelling, CODES[0]))]))
    assert decided.roll.members[0].employer is None
    (left,) = doubts(decided, "merge.employer_unknown")
    assert CODES[0] not in {c.code for c in left.candidates}


def test_two_firms_of_one_name_are_asked_about_until_it_is_said_that_they_are_two() -> None:
    other = make_code(62000099)
    register = table("登记.xlsx", ["信用代码", "企业名称", "住所"], [other, NAMES[0], "平山路9号"])
    (asked,) = doubts(onto(register), "merge.same_name_two_codes")
    assert {asked.spelling, *(c.code for c in asked.candidates)} == {CODES[0], other}
    decided = onto(register, not_same=frozenset([frozenset((CODES[0], other))]))
    assert doubts(decided, "merge.same_name_two_codes") == []
    one = onto(register, same={other: CODES[0]})
    assert [(e.uscc, e.name) for e in one.roll.enterprises] == [(CODES[0], NAMES[0])]
    assert [f.kind for f in one.fates] == [FateKind.PUT_ASIDE, FateKind.REPAIRED]


def test_a_member_without_a_number_can_be_said_to_be_somebody() -> None:
    rows = table("党员.xlsx", PEOPLE, ["王明", "", "正式党员", NAMES[0], ""])
    key = onto(rows).roll.members[0].key
    assert [m.key for m in onto(rows, same={key: "member-1"}).roll.members] == ["member-1"]


def test_an_organisation_and_an_officer_can_be_said_to_be_those_of_the_roll() -> None:
    rows = [["甲华(党支部)", NAMES[0]], ["甲华党支部", NAMES[1]]]
    branches = table("党组织.xlsx", ["党组织名称", "覆盖企业"], *rows)
    officers = table("联络员.xlsx", ["姓名", "办公地址"], ["李四", "平山路1号"])
    asked = onto(branches, officers)
    other = next(o.key for o in asked.roll.organisations if o.key != "org-7")
    decided = onto(branches, officers, same={other: "org-7", asked.roll.officers[0].key: "officer-1"})
    assert [(o.key, o.covers) for o in decided.roll.organisations] == [("org-7", (CODES[0], CODES[1]))]
    assert [o.key for o in decided.roll.officers] == ["officer-1"]


def test_claims_are_not_held_against_a_part_of_the_members() -> None:
    branches = table("党组织.xlsx", ["党组织名称", "覆盖企业", "正式党员数"], ["乙安党支部", NAMES[1], 5])
    assert problems(onto(branches, people(NAMES[0])), "merge.members_claimed") == []


@cache
def whole() -> MergeResult:
    rows = [[c, n, a] for c, n, a in zip(CODES, NAMES, ADDRESSES, strict=True)]
    return merge(table("登记.xlsx", ["信用代码", "企业名称", "住所"], *rows))


SPELLINGS = st.sampled_from([*NAMES, "甲华", "乙安运输公司", "丁大机械", "戊己服装厂", "机械厂", "运输"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(SPELLINGS, st.sampled_from(["", *CODES, slip(CODES[1])])), min_size=1, max_size=6))
def test_a_roll_that_is_known_invents_no_enterprise(rows: list[tuple[str, str]]) -> None:
    known = known_of(whole().roll)
    staff = table("参保.xlsx", ["信用代码", "单位名称", "参保人数"], *([c, n, 5] for n, c in rows))
    result = onto(staff, people(*(n for n, _ in rows)), known=known)
    written = {c for _, c in rows if c}
    assert {e.uscc for e in result.roll.enterprises} <= set(CODES) | written
    assert {m.employer for m in result.roll.members} - {None} <= set(CODES) | written
    taken = {d.taken for p in result.problems if (d := p.doubt) and d.taken}
    assert taken <= set(CODES) | written
