"""What tables would change in the roll: silence changes nothing, a person decides what is open."""

from __future__ import annotations

import random
import time
from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feigong.core.reasons import reason
from feigong.core.roll.compare import Difference, Kind, Verdict, compare
from feigong.core.roll.differences import FieldChange
from feigong.core.roll.places.values import AreaFrom, Place, Point
from feigong.core.roll.slots import FreeSlots
from feigong.core.roll.values import (
    ControlType,
    Enterprise,
    Flag,
    FlagCode,
    Identity,
    Industry,
    Member,
    Officer,
    Organisation,
    OrganisationKind,
    Roll,
    RowRef,
    UnitKind,
)
from feigong.wording import LANGUAGES, Words

ON = date(2026, 10, 31)
A, B = "91210502500000010A", "91210502500000029B"
FIRM = Enterprise(
    A, "青禾木业有限公司", Place("平山路1号", area="210502001", area_from=AreaFrom.GIVEN, point=Point(123.7, 41.3)),
    registered_on=date(2010, 5, 6), industry=Industry("20", 1.0, given=True), scope="木材加工", staff=12,
    shift="两班倒", free_text="周日", slots=FreeSlots((7,)), kind=UnitKind.ENTERPRISE, control=ControlType.PRIVATE,
    registered_address="平山路9号", operating_address="平山路1号", status="存续", legal_representative="欧阳锦绣",
)  # fmt: skip
BARE = Enterprise(A, "", Place())
PERSON = Member(
    "M1", True, date(2001, 7, 1), A, "青禾木业有限公司", 1.0, "青禾党支部", "O1", True,
    Identity("欧阳锦绣", "210502198001010011", "13800000001"), RowRef("党员.xlsx", "", 2),
)  # fmt: skip
BRANCH = Organisation("O1", "青禾党支部", OrganisationKind.BRANCH, (A,), (), 3, True, date(2024, 3, 1))
OFFICER = Officer("L1", "李四", Place("平山路3号"), 4, None, "13800000002")


def roll(*things: Enterprise | Member | Organisation | Officer) -> Roll:
    def of(kind: type) -> tuple[object, ...]:
        return tuple(t for t in things if isinstance(t, kind))

    return Roll(ON, of(Enterprise), of(Member), of(Organisation), of(Officer))  # type: ignore[arg-type]


def one(before: Roll, after: Roll, **decided: frozenset[frozenset[str]]) -> Difference:
    (found,) = compare(before, after, **decided)
    return found


def why(found: Difference) -> list[str]:
    return [r.code for r in found.reasons]


def changed(found: Difference) -> dict[str, tuple[object, object]]:
    return {c.field: (c.before, c.after) for c in found.changes}


@pytest.mark.parametrize("thing", [FIRM, PERSON, BRANCH, OFFICER])
def test_what_is_not_on_the_roll_is_new_and_a_repeat_is_no_change(thing: Enterprise | Member) -> None:
    new = one(roll(), roll(thing))
    assert (new.verdict, new.changes, new.reasons) == (Verdict.NEW, (), ())
    assert one(roll(thing), roll(thing)).verdict is Verdict.UNCHANGED


def test_differences_come_by_kind_and_key_with_their_rows() -> None:
    other = replace(FIRM, uscc=B, name="北斗食品厂", sources=(RowRef("登记.xlsx", "", 3),))
    found = compare(roll(), roll(OFFICER, BRANCH, PERSON, other, FIRM))
    assert [(d.kind, d.key) for d in found] == [
        (Kind.ENTERPRISE, A), (Kind.ENTERPRISE, B), (Kind.MEMBER, "M1"), (Kind.ORGANISATION, "O1"),
        (Kind.OFFICER, "L1"),
    ]  # fmt: skip
    assert found[1].sources == (RowRef("登记.xlsx", "", 3),)
    assert found[2].sources == (RowRef("党员.xlsx", "", 2),)


@pytest.mark.parametrize(
    ("before", "silent"),
    [
        (FIRM, BARE),
        (replace(FIRM, flags=(Flag(FlagCode.CLOSED, reason("merge.flag_closed", word="注销")),)), BARE),
        (PERSON, Member("M1", True)),
        (BRANCH, Organisation("O1", "", OrganisationKind.OTHER)),
        (OFFICER, Officer("L1", "", Place())),
    ],
)
def test_silence_erases_nothing(before: Enterprise, silent: Enterprise) -> None:
    assert one(roll(before), roll(silent)).verdict is Verdict.UNCHANGED


@pytest.mark.parametrize(
    ("said", "field", "after"),
    [
        ({"name": "青禾实业有限公司"}, "name", "青禾实业有限公司"),
        ({"registered_address": "东明路1号"}, "registered_address", "东明路1号"),
        ({"operating_address": "东明路1号"}, "operating_address", "东明路1号"),
        ({"staff": 0}, "staff", 0),
        ({"shift": "三班倒"}, "shift", "三班倒"),
        ({"scope": "木材销售"}, "scope", "木材销售"),
        ({"registered_on": date(2011, 1, 2)}, "registered_on", date(2011, 1, 2)),
        ({"industry": Industry("21", 0.7, given=True)}, "industry", "21"),
        ({"kind": UnitKind.OTHER}, "kind", UnitKind.OTHER),
        ({"control": ControlType.STATE}, "control", ControlType.STATE),
        ({"legal_representative": "司马长风"}, "legal_representative", "司马长风"),
        ({"status": "停业"}, "status", "停业"),
        ({"parent": B}, "parent", B),
        ({"place": Place("平山路1号", area="210502002", area_from=AreaFrom.GIVEN)}, "area", "210502002"),
        ({"place": Place(point=Point(123.8, 41.3))}, "point", Point(123.8, 41.3)),
        (
            {"flags": (Flag(FlagCode.CLOSED, reason("merge.flag_closed", word="注销")),)},
            "flags",
            (FlagCode.CLOSED,),
        ),
    ],
)
def test_what_is_said_changes_its_field_alone(said: dict[str, object], field: str, after: object) -> None:
    found = one(roll(FIRM), roll(replace(BARE, **said)))  # type: ignore[arg-type]
    assert found.verdict is Verdict.CHANGED
    assert [c.field for c in found.changes] == [field]
    assert found.changes[0].after == after


@pytest.mark.parametrize(
    "said",
    [
        {"registered_on": date(2010, 5, 1)},  # a table of months
        {"registered_on": date(2010, 1, 1)},  # a table of years
        {"industry": Industry("51", 0.6), "scope": "木材加工"},  # inferred, where the roll was told
        {"place": Place("平山路1号", area="210502", area_from=AreaFrom.DISTRICT)},  # only the district
        {"place": Place("平山路1号", area="210502002", area_from=AreaFrom.STREET)},  # less sure
        {"place": Place("平山路9号", area="210502003", area_from=AreaFrom.NAME), "registered_address": "平山路9号"},
        {"name": "青禾木业 有限公司", "operating_address": "平山路 1号"},  # spaced otherwise
        {"shift": "两班倒", "slots": FreeSlots((1,))},  # of one text only, where the roll has both
    ],
)
def test_what_is_vaguer_or_less_sure_changes_nothing(said: dict[str, object]) -> None:
    assert one(roll(FIRM), roll(replace(BARE, **said))).verdict is Verdict.UNCHANGED  # type: ignore[arg-type]


def test_free_slots_follow_their_texts() -> None:
    found = one(roll(FIRM), roll(replace(BARE, free_text="周六", slots=FreeSlots((1,)))))
    assert changed(found) == {"free_text": ("周日", "周六"), "slots": (FreeSlots((7,)), FreeSlots((1,)))}


def test_an_area_guessed_again_from_the_neighbours_is_no_news() -> None:
    guessed = replace(FIRM, operating_address="", place=Place("平山路1号", area="210502001", area_from=AreaFrom.STREET))
    other = Place("平山路1号", area="210502002", area_from=AreaFrom.STREET)
    assert one(roll(guessed), roll(replace(BARE, place=other))).verdict is Verdict.UNCHANGED
    named = replace(other, area_from=AreaFrom.NAME)
    assert changed(one(roll(guessed), roll(replace(BARE, place=named)))) == {"area": ("210502001", "210502002")}


def flagged(code: FlagCode, why: str) -> Enterprise:
    return replace(FIRM, flags=(Flag(code, reason(why, word="停业")),))


@pytest.mark.parametrize(
    ("before", "said", "left"),
    [
        (flagged(FlagCode.CLOSED, "merge.flag_closed"), {"status": "存续"}, ()),
        (flagged(FlagCode.CLOSED, "merge.flag_closed"), {"staff": 12}, (FlagCode.CLOSED,)),
        (flagged(FlagCode.DORMANT, "merge.flag_dormant_zero"), {"staff": 12}, ()),
        (flagged(FlagCode.DORMANT, "merge.flag_dormant_zero"), {"status": "存续"}, (FlagCode.DORMANT,)),
        (flagged(FlagCode.DORMANT, "merge.flag_dormant_says"), {"status": "存续"}, ()),
        (flagged(FlagCode.STATE_OWNED, "merge.flag_state_name"), {"control": ControlType.PRIVATE}, ()),
    ],
)
def test_a_flag_falls_where_the_tables_say_the_contrary(
    before: Enterprise, said: dict[str, object], left: tuple[FlagCode, ...]
) -> None:
    found = one(roll(before), roll(replace(BARE, **said)))  # type: ignore[arg-type]
    known = tuple(f.code for f in before.flags)
    assert changed(found).get("flags", (known, known)) == (known, left)


def test_a_new_unit_under_a_name_of_the_roll_is_asked_about_until_decided() -> None:
    other = replace(FIRM, uscc=B, name="青禾木业 有限公司")
    found = one(roll(FIRM), roll(other))
    assert (found.verdict, why(found), found.candidates) == (Verdict.DOUBTFUL, ["compare.same_name"], (A,))
    decided = one(roll(FIRM), roll(other), not_same=frozenset([frozenset((A, B))]))
    assert decided.verdict is Verdict.NEW


def test_a_unit_that_takes_the_name_of_another_is_asked_about() -> None:
    other = replace(FIRM, uscc=B, name="北斗食品厂")
    found = one(roll(FIRM, other), roll(replace(BARE, uscc=B, name=FIRM.name)))
    assert (found.verdict, found.candidates) == (Verdict.DOUBTFUL, (A,))
    assert changed(found) == {"name": ("北斗食品厂", FIRM.name)}


def test_a_wrong_code_is_asked_about_once() -> None:
    wrong = replace(FIRM, flags=(Flag(FlagCode.CODE_INVALID, reason("merge.flag_code_invalid", written=A)),))
    assert why(one(roll(), roll(wrong))) == ["compare.code_invalid"]
    assert one(roll(wrong), roll(wrong)).verdict is Verdict.UNCHANGED


def test_two_names_under_one_code_are_for_a_person() -> None:
    flag = Flag(FlagCode.CONTRADICTION, reason("merge.contradiction_names", names="甲、乙"))
    found = one(roll(), roll(replace(FIRM, flags=(flag,))))
    assert (found.verdict, found.reasons) == (Verdict.DOUBTFUL, (flag.reason,))


def test_a_member_who_moves_and_becomes_full() -> None:
    before = replace(PERSON, full=False)
    found = one(roll(before), roll(replace(PERSON, employer=B, organisation="O2", branch_text="北斗党支部")))
    assert found.verdict is Verdict.CHANGED
    assert changed(found) == {
        "full": (False, True), "employer": (A, B), "organisation": ("O1", "O2"),
        "branch_text": ("青禾党支部", "北斗党支部"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "code", "candidates"),
    [
        ({"full": False}, "compare.member_probationary", ()),
        ({"employer": B, "employer_text": "北斗", "match_score": 0.82}, "compare.employer_rough", (B,)),
        ({"employer": None, "employer_text": "某某行"}, "compare.employer_elsewhere", (A,)),
        ({"identity": Identity("司马长风", "210502198001010011")}, "compare.member_other_name", ()),
    ],
)
def test_what_does_not_just_happen_to_a_member_is_asked(
    said: dict[str, object], code: str, candidates: tuple[str, ...]
) -> None:
    found = one(roll(PERSON), roll(replace(PERSON, **said)))  # type: ignore[arg-type]
    assert (found.verdict, why(found), found.candidates) == (Verdict.DOUBTFUL, [code], candidates)


def test_an_employer_that_the_roll_has_is_not_asked_about_again() -> None:
    again = replace(PERSON, employer_text="青禾", match_score=0.82)
    assert one(roll(PERSON), roll(again)).verdict is Verdict.UNCHANGED


@pytest.mark.parametrize(
    ("said", "doubtful"),
    [
        ({}, True),
        ({"joined_on": None}, True),  # the same employer
        ({"joined_on": date(2015, 7, 1)}, False),
        ({"joined_on": None, "employer": B, "branch_text": "北斗党支部"}, False),
        ({"identity": Identity("欧阳锦绣", "210502198505050019")}, False),  # two numbers, two persons
        ({"identity": Identity("司马长风")}, False),
        ({"identity": None}, False),
    ],
)
def test_somebody_without_a_number_may_be_somebody_on_the_roll(said: dict[str, object], doubtful: bool) -> None:
    nameless = replace(PERSON, key="M2", identity=Identity("欧阳锦绣"))
    found = one(roll(PERSON), roll(replace(nameless, **said)))  # type: ignore[arg-type]
    assert found.verdict is (Verdict.DOUBTFUL if doubtful else Verdict.NEW)
    assert found.candidates == (("M1",) if doubtful else ())
    decided = one(roll(PERSON), roll(nameless), not_same=frozenset([frozenset(("M1", "M2"))]))
    assert decided.verdict is Verdict.NEW


def test_an_organisation_loses_no_firm_because_a_name_was_not_matched() -> None:
    before = replace(BRANCH, covers=(A, B))
    lost = one(roll(before), roll(replace(BRANCH, covers=(A,), covers_unmatched=("北斗",))))
    assert (lost.verdict, why(lost), lost.candidates) == (Verdict.DOUBTFUL, ["compare.covers_unmatched"], (B,))
    less = one(roll(before), roll(BRANCH))
    assert (less.verdict, changed(less)) == (Verdict.CHANGED, {"covers": ((A, B), (A,))})


def test_organisations_and_officers_of_nearly_the_same_name_are_asked_about() -> None:
    body = one(roll(BRANCH), roll(replace(BRANCH, key="O2", name="青禾(党支部)")))
    assert (why(body), body.candidates) == (["compare.organisation_known"], ("O1",))
    officer = one(roll(OFFICER), roll(replace(OFFICER, key="L2")))
    assert (why(officer), officer.candidates) == (["compare.officer_known"], ("L1",))


def test_every_field_kind_and_verdict_has_words() -> None:
    everything = replace(
        FIRM, uscc=A, name="甲", place=Place("x", area="210502009", point=Point(1, 2)), registered_on=date(1999, 2, 3),
        industry=Industry("99", 1, given=True), scope="甲", staff=99, shift="甲", free_text="甲", slots=FreeSlots((0,)),
        flags=(Flag(FlagCode.CLOSED, reason("merge.flag_closed", word="甲")),), parent=B, kind=UnitKind.OTHER,
        control=ControlType.STATE, registered_address="甲", operating_address="甲", status="甲",
        legal_representative="甲",
    )  # fmt: skip
    person = Member("M1", False, date(1999, 2, 3), None, "甲", 0, "甲", None, False, Identity("甲", "1", "2"))
    mover = Member("M1", True, None, B, organisation="O9")
    body = replace(
        BRANCH, name="甲", kind=OrganisationKind.COMMITTEE, covers=(B,), claimed_members=9, secretary="甲",
        elected_on=date(1999, 2, 3), superior_text="甲", superior="O9", place=Place("甲"),
    )  # fmt: skip
    body_text = replace(body, superior=None)
    officer = Officer("L1", "甲", Place("甲"), 9, None, "9")
    known = roll(FIRM, PERSON, BRANCH, OFFICER)
    told = [
        c.field
        for after in (roll(everything, person, body, officer), roll(mover, body_text))
        for d in compare(known, after)
        for c in d.changes
    ]
    named = {f.name for f in fields(Enterprise)} - {"uscc", "place", "sources"} | {"area", "point"}
    assert named <= set(told)
    for lang in LANGUAGES:
        codes = Words(lang).codes()
        shown = {f"compare.field.{f}" for f in told}
        shown |= {f"compare.verdict.{v}" for v in Verdict} | {f"compare.kind.{k}" for k in Kind}
        assert shown - set(codes) == set()
        assert {c for c in codes if c.startswith("compare.field.")} == {c for c in shown if ".field." in c}


NAMES = st.sampled_from(["", "青禾木业有限公司", "青禾木业", "北斗食品厂"])
DAYS = st.sampled_from([None, date(2010, 1, 1), date(2010, 5, 1), date(2010, 5, 6)])
AREAS = st.sampled_from([None, "210502", "210502001"])
PLACES = st.builds(Place, text=NAMES, area=AREAS, area_from=st.sampled_from(AreaFrom))
FLAGS = st.lists(st.sampled_from(FlagCode), max_size=3, unique=True).map(
    lambda codes: tuple(Flag(c, reason("merge.flag_closed", word="x")) for c in codes)
)
UNITS = st.builds(
    Enterprise, uscc=st.sampled_from([A, B, "C"]), name=NAMES, place=PLACES, registered_on=DAYS,
    industry=st.none() | st.builds(Industry, st.sampled_from(["20", "51"]), st.just(0.5), st.booleans()), scope=NAMES,
    staff=st.sampled_from([None, 0, 5]), shift=NAMES, free_text=NAMES,
    slots=st.sampled_from([None, FreeSlots((0,)), FreeSlots((1,))]), flags=FLAGS, kind=st.sampled_from(UnitKind),
    control=st.sampled_from(ControlType), registered_address=NAMES, operating_address=NAMES, status=NAMES,
)  # fmt: skip
PEOPLE = st.builds(
    Member, key=st.sampled_from(["M1", "M2"]), full=st.booleans(), joined_on=DAYS,
    employer=st.sampled_from([None, A, B]),
    employer_text=NAMES, match_score=st.sampled_from([0.0, 0.8, 1.0]), branch_text=NAMES,
    organisation=st.sampled_from([None, "O1"]), is_owner=st.sampled_from([None, True, False]),
    identity=st.none() | st.builds(Identity, NAMES, st.sampled_from(["", "210502198001010011"]), NAMES),
)  # fmt: skip
ROLLS = st.builds(
    lambda units, people: roll(*{u.uscc: u for u in units}.values(), *{p.key: p for p in people}.values()),
    st.lists(UNITS, max_size=4),
    st.lists(PEOPLE, max_size=4),
)


@settings(max_examples=150, deadline=None)
@given(ROLLS)
def test_a_roll_does_not_differ_from_itself(some: Roll) -> None:
    assert {d.verdict for d in compare(some, some)} <= {Verdict.UNCHANGED}


@settings(max_examples=150, deadline=None)
@given(ROLLS, ROLLS)
def test_every_incoming_record_has_one_difference_that_says_something(before: Roll, after: Roll) -> None:
    found = compare(before, after)
    assert sorted((d.kind, d.key) for d in found) == sorted(
        [(Kind.ENTERPRISE, e.uscc) for e in after.enterprises] + [(Kind.MEMBER, m.key) for m in after.members]
    )
    for d in found:
        assert all(c.before != c.after and c.after not in (None, "") for c in d.changes)
        assert bool(d.reasons) == (d.verdict is Verdict.DOUBTFUL)
        assert d.verdict is not Verdict.CHANGED or d.changes
    assert FieldChange("staff", 5, None) not in [c for d in found for c in d.changes]


def test_sixty_thousand_against_sixty_thousand_take_seconds() -> None:
    rng = random.Random(5)
    units = [replace(FIRM, uscc=f"U{i:06d}", name=f"第{i // 3}工贸有限公司") for i in range(20_000)]
    who = [Identity(f"王{i % 300}", str(10**17 + i)) for i in range(40_000)]
    people = [replace(PERSON, key=f"M{i:06d}", employer=f"U{i % 20_000:06d}", identity=w) for i, w in enumerate(who)]
    moved = [replace(p, employer="U000001") if rng.random() < 0.1 else p for p in people]
    begun = time.process_time()
    found = compare(roll(*units, *people), roll(*units, *moved))
    assert time.process_time() - begun < 8
    assert len(found) == 60_000
    assert 3_500 < sum(d.verdict is Verdict.CHANGED for d in found) < 4_500
