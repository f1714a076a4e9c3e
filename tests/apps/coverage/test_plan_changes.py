"""Plans with parameters, made from others, changed by hand: stored whole, nothing of the parent altered."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts.roles import Role
from feigong.apps.clock import now
from feigong.apps.coverage import actions, queries
from feigong.apps.coverage.changing import Checks, keys_of
from feigong.apps.coverage.models import Plan
from feigong.apps.jobs.models import Job
from feigong.apps.roll.adapters.part import part_of_roll
from feigong.apps.roll.adapters.roll import roll_of
from feigong.core.coverage.comparison import Difference
from feigong.core.coverage.wishes import Forbid, Move, Pin, Slot, members_of, settle
from feigong.core.errors import FeigongError
from feigong.exchange.wishes_json import wish_from_json, wishes_from_json
from platform_district import ON, SmallDistrict, build_small_district
from platform_plans import adjusted, done, planned
from platform_street import add_street

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def street(district: SmallDistrict) -> list[int]:
    return add_street(district)


def keys(district: SmallDistrict, firms: list[int]) -> list[str]:
    found = keys_of(district.sight(Role.DISTRICT_OFFICE), firms)
    return [found[f] for f in firms]


def test_what_is_chosen_is_kept_with_the_plan_and_used(district: SmallDistrict, street: list[int]) -> None:
    usual = planned(district)
    near = planned(district, parameters={"travel_m": 200, "most_enterprises": 5}, name=" 步行方案 ")
    assert (usual.parameters, usual.name) == ({}, "")
    assert (near.parameters, near.name) == ({"travel_m": 200}, "步行方案")  # five is the value in force
    assert dict(queries.content(near).parameters)["travel_m"] == "200"
    assert (usual.branches, usual.covered_members) == (2, 7)
    assert (near.branches, near.covered_members) == (0, 0)
    found = queries.comparison(district.sight(Role.DISTRICT_OFFICE), usual, near)
    assert [(r.code, r.params.get("members")) for r in found.cost[:1]] == [("compare.members_fewer", 7)]
    assert ("travel_m", "3000", "200") in found.parameters


@pytest.mark.parametrize("given", [{"travel_m": 1}, {"travel_m": "far"}, {"bases": ["moon"]}, {"nothing": 1}])
def test_a_parameter_out_of_range_is_refused(district: SmallDistrict, given: dict[str, object]) -> None:
    actor = district.actor(Role.DISTRICT_OFFICE)
    with pytest.raises(FeigongError, match="parameters"):
        actions.start_plan(actor, on=ON, known_at=now(), parameters=given)
    assert not Job.objects.exists()


def test_the_branches_stored_are_those_of_the_plan(district: SmallDistrict, street: list[int]) -> None:
    plan = planned(district)
    assert queries.branches_of(plan).branches == queries.content(plan).branches


def test_a_change_by_hand_is_another_plan_and_the_first_stays(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district, parameters={"turnover": 0.2})
    before = (first.content, first.wishes, list(first.outcomes.values_list("branch", flat=True).order_by("pk")))
    where = {u: b for b in queries.branches_of(first).branches for u in members_of(b)}
    names = keys(district, street)
    mover = next(u for u in names if len(members_of(where[u])) == 4 and where[u].host != u)
    target = next(b for b in where.values() if mover not in members_of(b))
    second = adjusted(district, first, Move(mover, target.key), name="移一户")
    assert (second.previous_id, second.by_hand, second.name) == (first.pk, True, "移一户")
    assert (second.on, second.known_at, second.parameters) == (first.on, first.known_at, {"turnover": 0.2})
    assert second.wishes == [{"kind": "move", "uscc": mover, "to": target.key}]
    now_there = {u: b.key for b in queries.branches_of(second).branches for u in members_of(b)}
    assert now_there[mover] == target.key
    again = Plan.objects.get(pk=first.pk)
    assert (again.content, again.wishes, list(again.outcomes.values_list("branch", flat=True).order_by("pk"))) == before
    found = queries.comparison(district.sight(Role.DISTRICT_OFFICE), first, second)
    assert Difference.BRANCH in next(c for c in found.changes if c.uscc == mover).differences


def test_changes_add_up_and_the_later_one_holds(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    one, other = queries.branches_of(first).branches
    guest = one.seats[1].uscc
    second = adjusted(district, first, Forbid((guest,)))
    third = adjusted(district, second, Slot(other.key, 19))
    assert [w["kind"] for w in third.wishes] == ["forbid", "slot"]
    assert queries.branch(district.sight(Role.DISTRICT_OFFICE), third, other.key).slot == 19
    assert not any(guest in members_of(b) for b in queries.branches_of(third).branches)
    fourth = adjusted(district, third, Move(guest, other.key))
    assert [w["kind"] for w in fourth.wishes] == ["slot", "move"]


def test_a_change_that_breaks_a_rule_is_refused_by_its_number(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    a, b, *_ = keys(district, street)
    actor = district.actor(Role.DISTRICT_OFFICE)
    with pytest.raises(FeigongError, match=r"wish_not_allowed\(n=2\)"):
        actions.adjust_plan(actor, first.pk, (Forbid((a, b)), Pin((a, b), a)), on=ON, known_at=now())
    with pytest.raises(FeigongError, match="wish_none"):
        actions.adjust_plan(actor, first.pk, (), on=ON, known_at=now())
    with pytest.raises(FeigongError, match="not_found"):
        actions.adjust_plan(actor, 0, (Forbid((a, b)),), on=ON, known_at=now())
    with pytest.raises(FeigongError, match="not_permitted"):
        actions.adjust_plan(district.actor(Role.TOWNSHIP), first.pk, (Forbid((a,)),), on=ON, known_at=now())


def test_another_month_keeps_the_changes_that_still_can_be(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    names = keys(district, street)
    pins = Pin(tuple(sorted(names[:3])), names[1]), Forbid((names[5],))
    second = adjusted(district, first, *pins)
    later = planned(district, previous=second.pk, keep_wishes=True)
    assert wishes_from_json(later.wishes) == pins
    assert (later.previous_id, later.by_hand) == (second.pk, False)
    narrow = planned(district, previous=second.pk, keep_wishes=True, parameters={"most_enterprises": 2})
    assert wishes_from_json(narrow.wishes) == pins[1:]
    free = planned(district, previous=second.pk)
    assert free.wishes == []


def test_who_sees_a_part_starts_nothing_from_the_whole(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    mine = district.sight(Role.TOWNSHIP)
    assert {b.key for b in queries.branches(mine).filter(plan=first)} == {
        b.key for b in queries.branches_of(first).branches
    }
    add_street(district, 3, "west", first=200)
    wider = planned(district)
    seen = {b.key for b in queries.branches(mine).filter(plan=wider)}
    assert 0 < len(seen) < wider.branches
    hidden = next(b for b in queries.branches_of(wider).branches if b.key not in seen)
    with pytest.raises(FeigongError, match="not_found"):
        queries.branch(mine, wider, hidden.key)
    with pytest.raises(FeigongError, match="not_found"):
        queries.comparison(mine, first, wider)


def test_a_check_reads_a_part_and_says_the_same(district: SmallDistrict, street: list[int]) -> None:
    first = planned(district)
    sight = district.sight(Role.DISTRICT_OFFICE, first.on, first.known_at)
    whole = {e.uscc: e for e in roll_of(sight).roll.enterprises}
    a, b, c, *_ = keys(district, street)
    part = part_of_roll(sight, [a, b], ["o00000003"])
    assert {e.uscc for e in part.roll.enterprises} < set(whole)
    assert all(whole[e.uscc] == e for e in part.roll.enterprises)
    checks = Checks(sight, first, {})
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert [r.code for r in checks.broken(Pin((a, b), a))] == ["wish.below_least"]
        assert checks.broken(Pin((a, b, c), b)) == ()
    assert len(asked) <= 30
    add_street(district, 9, "west", first=300)  # known later: not on the roll of this plan
    assert [r.code for r in checks.broken(Pin((a, b), a))] == ["wish.below_least"]
    assert checks.best_host([a, b, c]) == b


def test_the_job_says_what_was_reached(district: SmallDistrict, street: list[int]) -> None:
    actor = district.actor(Role.DISTRICT_OFFICE)
    plan, holder = done(actions.start_plan(actor, on=ON, known_at=now()), actor)
    assert (holder.reached["covered"], holder.reached["gap"]) == (7, pytest.approx(0.0, abs=1e-6))
    assert holder.reached["travel"] == round(plan.travel_m)


@pytest.mark.parametrize(
    "given",
    [
        "pin", 3, None, {"kind": "pin"}, [{"kind": "marry"}], [{"kind": "move"}], [{"kind": "move", "uscc": ""}], [7],
        [{"kind": "move", "uscc": "A", "more": 1}], [{"kind": "slot", "branch": "B", "slot": "x"}],
        [{"kind": "pin", "usccs": [], "host": "A"}], [{"kind": "forbid", "usccs": "AB"}],
        [{"kind": "slot", "branch": "B", "slot": True}], [{"kind": "forbid", "usccs": ["A"]}] * 501,
    ],
)  # fmt: skip
def test_what_is_no_wish_is_refused(given: object) -> None:
    with pytest.raises(FeigongError, match="wish_form"):
        wishes_from_json(given)


def test_wishes_are_read_as_written() -> None:
    assert wish_from_json({"kind": "forbid", "usccs": ["B", "A", "A"]}) == Forbid(("A", "B"))
    assert settle((Forbid(("A", "B")),), None).apart == ((frozenset("AB"), ""),)
