"""Who reads which records; the history of a thing; what an auditor looks at first."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from feigong.apps.accounts.actors import operator
from feigong.apps.accounts.sight import Actor, Door, Scope
from feigong.apps.audit import queries
from feigong.apps.audit.actions import ask_verify, record_event
from feigong.apps.audit.models import Record
from feigong.apps.audit.queries import Spoken
from feigong.apps.audit.recording import changing
from feigong.apps.clock import now, today
from feigong.apps.jobs.models import Job
from feigong.apps.roll.actions.reveal import find_by_number, reveal
from feigong.apps.roll.kinds import RecordKind
from feigong.apps.roll.models import Assignment, Coverage, EnterpriseState, MemberState
from feigong.apps.roll.writing import Writer
from feigong.apps.seals.fields import sealed_values
from feigong.core.errors import FeigongError
from platform_district import ON, SINCE, Role, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

K = RecordKind


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


def nobody() -> Actor:
    return Actor(None, "", None, Scope(), door=Door.PAGE)


def read_by(district: SmallDistrict, role: Role) -> set[str]:
    return {r.code for r in queries.records(district.actor(role))} - {"test.district"}


def test_each_reader_reads_what_is_theirs(district: SmallDistrict) -> None:
    acts = [
        (nobody(), "account.failed"), (district.actor(Role.TOWNSHIP), "account.came_in"),
        (district.actor(Role.TOWNSHIP), "enterprise.change"), (operator("root"), "import.apply"),
        (operator("root"), "keys.rotate"), (district.actor(Role.SECURITY_ADMINISTRATOR), "account.create"),
        (district.actor(Role.SECURITY_ADMINISTRATOR), "account.unlock"),
        (district.actor(Role.SYSTEM_ADMINISTRATOR), "job.cancel"),
        (district.actor(Role.AUDIT_ADMINISTRATOR), "audit.verify"), (district.actor(Role.AUDITOR), "lists.export"),
    ]  # fmt: skip
    for actor, code in acts:
        record_event(actor, code)
    business = {"account.failed", "account.came_in", "enterprise.change", "import.apply", "account.unlock"}
    assert read_by(district, Role.AUDITOR) == business | {"lists.export"}
    assert read_by(district, Role.AUDIT_ADMINISTRATOR) == {code for _, code in acts}
    hidden = Record.objects.get(code="keys.rotate").number or 0
    with pytest.raises(FeigongError) as refused:
        queries.record(district.actor(Role.AUDITOR), hidden)
    assert refused.value.reason.code == "error.not_found"
    assert queries.record(district.actor(Role.AUDIT_ADMINISTRATOR), hidden).code == "keys.rotate"


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.AUDITOR, Role.AUDIT_ADMINISTRATOR)])
def test_others_read_no_records(district: SmallDistrict, role: Role) -> None:
    for ask in (
        lambda a: queries.records(a), lambda a: queries.record(a, 1), lambda a: queries.differences_of(a, 1),
        lambda a: queries.entries_by_kind(a, 1), lambda a: queries.codes(a), lambda a: queries.overview(a, ON),
        lambda a: queries.names_for_auditors(a, [(K.MEMBER, 1)]),
    ):  # fmt: skip
        with pytest.raises(FeigongError) as refused:
            ask(district.actor(role))
        assert refused.value.reason.code == "error.not_permitted"


def change_apple(district: SmallDistrict) -> None:
    apple = district.enterprises["apple"]
    with changing(district.actor(Role.TOWNSHIP), "enterprise.change", reason="核实") as change:
        writer = Writer(change)
        facts = {"staff": 61, "standing": "dormant", "area_id": district.areas["west"]}
        writer.put(EnterpriseState, (apple,), facts, date(2026, 6, 1))
        writer.put(Assignment, (district.workers["second"], apple), {}, date(2026, 6, 1))
        writer.end(Coverage, [(district.organisations["single"], apple)], date(2026, 6, 1))


def test_a_record_is_told_as_differences(district: SmallDistrict) -> None:
    change_apple(district)
    auditor = district.actor(Role.AUDITOR)
    changed, added, ended = queries.differences_of(auditor, 2)
    assert (changed.way, changed.kind, changed.since, changed.until) == (
        "changed", "roll.enterprisestate", date(2026, 6, 1), None,
    )  # fmt: skip
    assert {f.name: (f.before, f.after, f.spoken, f.family, f.thing) for f in changed.fields} == {
        "staff": (60, 61, Spoken.PLAIN, "", None),
        "standing": ("active", "dormant", Spoken.CHOICE, "standing", None),
        "area_id": (district.areas["east"], district.areas["west"], Spoken.THING, "", K.AREA),
    }
    assert (added.way, added.kind, added.fields) == ("added", "roll.assignment", ())
    assert (ended.way, ended.kind, ended.since, ended.until) == ("ended", "roll.coverage", date(2026, 6, 1), None)
    named = {thing for d in (changed, added, ended) for thing in d.things()}
    names = queries.names_for_auditors(auditor, named)
    assert names[K.ENTERPRISE, district.enterprises["apple"]] == "启帆精密机械有限公司"
    assert names[K.AREA, district.areas["west"]] == "西浦街道"
    assert names[K.WORKER, district.workers["second"]] == "邢望舒"
    assert queries.entries_by_kind(auditor, 2) == {
        "roll.enterprisestate": 3, "roll.coverage": 2, "roll.assignment": 1,
    }  # fmt: skip


def test_a_span_taken_out_of_the_middle_ends_only_there(district: SmallDistrict) -> None:
    pair = (district.organisations["single"], district.enterprises["apple"])
    with changing(operator("clerk"), "test") as change:
        Writer(change).end(Coverage, [pair], date(2026, 3, 1), date(2026, 4, 1))
    (ended,) = queries.differences_of(district.actor(Role.AUDITOR), 2)
    assert (ended.way, ended.since, ended.until) == ("ended", date(2026, 3, 1), date(2026, 4, 1))


def test_sealed_fields_stand_as_sealed_in_what_auditors_read(district: SmallDistrict) -> None:
    zhu = district.members["zhu"]
    with changing(district.actor(Role.TOWNSHIP), "member.change") as change:
        values = sealed_values(MemberState, {"phone": "13900007777"})
        Writer(change).put(MemberState, (zhu,), {**values, "full": False}, ON)
    (changed,) = queries.differences_of(district.actor(Role.AUDITOR), 2)
    phone = next(f for f in changed.fields if f.name == "phone")
    assert phone.spoken == Spoken.SEALED
    assert str(phone.before).startswith("sealed:")
    assert str(phone.after).startswith("sealed:")
    assert phone.before != phone.after
    assert {f.name for f in changed.fields} == {"phone", "full"}
    told = str([(e.before, e.after) for r in Record.objects.all() for e in r.entries.all()])
    assert "13900007777" not in told
    assert "990101198502020026" not in told


def test_the_same_number_written_again_is_no_change(district: SmallDistrict) -> None:
    before = MemberState.rows.count()
    with changing(operator("clerk"), "test") as change:
        same = sealed_values(MemberState, {"phone": "139 0000 0002", "id_number": "990101198502020026"})
        assert Writer(change).put(MemberState, (district.members["zhu"],), same, ON) == 0
    assert MemberState.rows.count() == before


def test_the_history_of_a_thing_is_told_to_those_who_see_it(district: SmallDistrict) -> None:
    change_apple(district)
    apple = district.enterprises["apple"]
    told = queries.history(district.sight(Role.DISTRICT_OFFICE), K.ENTERPRISE, apple)
    assert [(h.number, h.code, h.who, h.role, h.reason) for h in told] == [
        (2, "enterprise.change", "township", "township", "核实"), (1, "test.district", "tests", "", ""),
    ]  # fmt: skip
    assert [d.way for d in told[0].differences] == ["changed", "added", "ended"]
    assert {d.kind for d in told[1].differences} == {"roll.enterprisestate", "roll.coverage"}
    assert len(queries.history(district.sight(Role.DISTRICT_OFFICE), K.ENTERPRISE, apple, most=1)) == 1
    earlier = district.sight(Role.DISTRICT_OFFICE, known_at=district.at)
    assert [h.number for h in queries.history(earlier, K.ENTERPRISE, apple)] == [1]
    names = queries.names_in_sight(
        district.sight(Role.LIAISON_OFFICER), [(K.ENTERPRISE, apple), (K.ENTERPRISE, district.enterprises["birch"])]
    )
    assert list(names.values()) == ["恒岳食品有限公司"]


@pytest.mark.parametrize("role", [Role.LIAISON_OFFICER, Role.BRANCH_SECRETARY, Role.MEMBER])
def test_who_does_not_see_a_thing_does_not_see_its_history(district: SmallDistrict, role: Role) -> None:
    with pytest.raises(FeigongError) as refused:
        queries.history(district.sight(role), K.ENTERPRISE, district.enterprises["grape"])
    assert refused.value.reason.code == "error.not_found"


def test_who_looked_at_a_number_is_for_auditors(district: SmallDistrict) -> None:
    zhu, township = district.members["zhu"], district.actor(Role.TOWNSHIP)
    reveal(township, K.MEMBER, zhu, "phone", reason="核对联系方式", on=ON)
    find_by_number(township, K.MEMBER, "13900000002", on=ON)
    assert [h.code for h in queries.history(district.sight(Role.TOWNSHIP), K.MEMBER, zhu)] == ["test.district"]
    rows = queries.records(district.actor(Role.AUDITOR))
    assert [r.code for r in queries.about(rows, K.MEMBER, zhu)] == ["find_by_number", "reveal", "test.district"]
    assert [r.code for r in queries.about(rows, K.MEMBER, district.members["bai"])] == ["test.district"]


def test_figures_count_days_and_open_what_they_count(district: SmallDistrict) -> None:
    township, auditor = district.actor(Role.TOWNSHIP), district.actor(Role.AUDITOR)
    for code in ("lists.export", "reveal", "reveal", "account.failed", "account.unlock"):
        record_event(township, code)
    last = Record.objects.get(code="lists.export")
    Record.objects.filter(pk=last.pk).update(at=now() - timedelta(days=7))
    figures = {f.group: (f.week, f.month) for f in queries.overview(auditor, today())}
    assert figures == {"reveals": (2, 2), "exports": (0, 1), "unlocks": (1, 1), "failures": (1, 1)}
    assert {f.group: f.month for f in queries.overview(auditor, today() - timedelta(days=1))}["reveals"] == 0
    first = queries.overview(auditor, SINCE)[0]
    assert (first.week_from, first.month_from) == (SINCE - timedelta(days=6), SINCE - timedelta(days=29))


def test_codes_are_offered_once_each(district: SmallDistrict) -> None:
    for code in ("b", "a", "b"):
        record_event(replace(operator("clerk"), name="甲"), code)
    assert queries.codes(district.actor(Role.AUDITOR)) == ["a", "b", "test.district"]
    assert queries.anything_recorded()


def test_a_check_is_asked_for_by_auditors_only(district: SmallDistrict) -> None:
    with pytest.raises(FeigongError, match=r"error\.not_permitted"):
        ask_verify(district.actor(Role.DISTRICT_OFFICE))
    assert Job.objects.count() == 0
    asked = ask_verify(district.actor(Role.AUDITOR), expect=f" 7 {'a' * 200}\n")
    assert (asked.kind, asked.params, asked.user_id) == (
        "audit.verify", {"expect": f"7 {'a' * 98}"}, district.users[Role.AUDITOR].pk,
    )  # fmt: skip
