"""New registrations become cases with the import that brings them, and go with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from apps.imports.small_import import ON, applied, checked, csv, facts
from feigong.apps.accounts.roles import Role
from feigong.apps.audit.models import Record
from feigong.apps.cases import actions as cases
from feigong.apps.cases import queries
from feigong.apps.cases.models import Case, CaseState
from feigong.apps.clock import today
from feigong.apps.imports import actions
from feigong.apps.imports.actions.checking import Alone
from feigong.apps.imports.models import Import
from feigong.apps.roll.actions.edges import assign_officer
from feigong.apps.roll.models import AreaState, EnterpriseState
from feigong.apps.roll.taking_back import take_back
from feigong.apps.settlers import opening
from feigong.apps.settlers.settings import Settings, settings
from feigong.core.errors import FeigongError
from merge_tables_maker import make_code
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db
HEAD = "统一社会信用代码,企业名称,住所,参保人数,成立日期"
RECENT, OLD = ON - timedelta(days=30), date(2019, 3, 1)


@pytest.fixture
def district() -> SmallDistrict:
    return build_small_district()


@pytest.fixture
def preset(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The data of the district with other values."""

    def put(**values: Any) -> None:
        changed = Settings(**{**settings().model_dump(), **values})
        monkeypatch.setattr(opening, "settings", lambda: changed)

    yield put


def firm(number: int, place: str = "云汀区东湾镇和路", since: date | None = RECENT) -> str:
    day = since.isoformat() if since else ""
    return f"{make_code(number)},新来{number}号食品有限公司,{place}{number}号,12,{day}"


def imported(district: SmallDistrict, *rows: str) -> Import:
    office = district.actor(Role.DISTRICT_OFFICE)
    return applied(office, checked(office, ("登记.csv", csv(HEAD, *rows))))


def settlers(district: SmallDistrict, role: Role = Role.DISTRICT_OFFICE, on: date | None = None) -> list[CaseState]:
    rows = queries.cases(district.sight(role, on or today())).filter(case__kind="settler")
    return list(rows.order_by("case_id"))


def written(found: Import) -> dict[str, int]:
    return dict(found.figures["written"])


def test_each_new_registration_is_a_case_of_somebody(district: SmallDistrict) -> None:
    found = imported(district, firm(90), firm(91), firm(92, "云汀区西浦街道江路", None))
    assert written(found) == {"new": 3, "cases": 3}
    record = Record.objects.get(pk=found.applied_id)
    rows = settlers(district)
    assert {row.change_id for row in rows} == {record.pk}, "in the change of the import"
    day = max(ON, today())
    assert [(r.step, r.step_on, r.due_on, r.area_id) for r in rows] == [
        ("contact", day, day + timedelta(days=10), district.areas[area]) for area in ("east", "east", "west")
    ]
    # the east has one officer, who looks after two of the three enterprises he may; the west has none
    assert [r.worker_id for r in rows] == [district.workers["liaison"], district.workers["liaison"], None]
    assert rows[0].case.key == f"settler:{rows[0].case.subjects.get().enterprise_id}"
    assert rows[0].case.facts == {
        "name": "新来90号食品有限公司", "address": "云汀区东湾镇和路90号", "operation": "active", "staff": 12,
        "registered_on": RECENT.isoformat(), "full_members": 0,
    }  # fmt: skip


def test_the_officer_with_least_to_do_gets_it(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    imported(district, firm(90, "云汀经济开发区创业大道"))
    assert [r.worker_id for r in settlers(district)] == [district.workers["second"]]
    hazel = [district.enterprises[n] for n in ("grape", "hazel", "daisy")]
    assign_officer(office, district.workers["second"], hazel, on=ON)  # as many as there may be
    imported(district, firm(91, "云汀经济开发区创业大道"))
    assert [r.worker_id for r in settlers(district)] == [district.workers["second"], None]


def test_whoever_was_given_a_case_sees_it_and_its_name(district: SmallDistrict) -> None:
    imported(district, firm(90))
    (row,) = settlers(district, Role.LIAISON_OFFICER)
    sight = district.sight(Role.LIAISON_OFFICER, today())
    (subject,) = queries.subjects(sight, [row.case_id])[row.case_id]
    assert (subject.name, subject.record_id) == ("新来90号食品有限公司", None)
    assert settlers(district, Role.BRANCH_SECRETARY) == []
    assert len(settlers(district, Role.TOWNSHIP)) == 1


def test_the_first_register_of_a_district_opens_none(district: SmallDistrict) -> None:
    before = dict(facts_by_area())
    assert before[district.areas["east"]] == 3
    found = imported(district, *(firm(n, since=OLD) for n in range(90, 94)), firm(94))
    assert written(found) == {"new": 5, "cases": 1, "first_register": 4}, "five come to three: their first register"
    assert [r.case.facts["name"] for r in settlers(district)] == ["新来94号食品有限公司"]


def facts_by_area() -> Iterator[tuple[int, int]]:
    rows = facts(EnterpriseState)
    for area in {r["area_id"] for r in rows}:
        yield area, sum(1 for r in rows if r["area_id"] == area)


def test_a_district_without_a_roll_opens_none(district: SmallDistrict) -> None:
    EnterpriseState.rows.all().delete()
    found = imported(district, firm(90), firm(91))
    assert written(found) == {"new": 2, "first_register": 2}
    assert settlers(district) == []
    assert AreaState.rows.count() == 6


def test_old_registrations_that_are_new_here_have_settled_too(district: SmallDistrict) -> None:
    assert written(imported(district, firm(90, since=OLD))) == {"new": 1, "cases": 1}


def test_other_tables_open_one_for_recent_registrations_only(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    head = "统一社会信用代码,单位名称,参保人数"
    rows = [f"{make_code(n)},参保{n}号有限公司,9" for n in (90,)]
    found = applied(office, checked(office, ("参保.csv", csv(head, *rows))))
    assert written(found) == {"new": 1}
    assert settlers(district) == []


def test_switched_off_and_other_days(district: SmallDistrict, preset: Any) -> None:
    preset(open=False)
    assert written(imported(district, firm(90))) == {"new": 1}
    preset(days=10)
    rows = [firm(n) for n in range(91, 96)]  # five come to four: only those of the last ten days would be settlers
    assert written(imported(district, *rows)) == {"new": 5, "first_register": 5}
    preset(kinds=("social_organisation",))
    assert written(imported(district, firm(97))) == {"new": 1}


def test_an_import_taken_back_takes_its_cases_with_it(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    found = imported(district, firm(90))
    (row,) = settlers(district)
    told = {"with_whom": "贺总", "noted": "约好"}
    cases.do_step(office, row.case_id, "reached", told, on=max(ON, today()), today=today())
    with pytest.raises(FeigongError) as fault:
        back(district, found)
    step = Record.objects.filter(code="case.step").latest("pk")
    assert fault.value.reason.code == "error.roll.built_on"
    assert fault.value.reason.params == {"n": 1, "records": f"#{step.number}"}
    take_back(office, step.pk, reason="记错了")
    back(district, found)
    assert settlers(district) == []
    assert not CaseState.rows.filter(recorded_to__year=9999).exists()
    again = imported(district, firm(90))
    assert written(again) == {"new": 1, "cases": 1}
    assert len(settlers(district)) == 1
    assert Case.objects.count() == 2, "another registration of the same firm: another identity"


def back(district: SmallDistrict, found: Import) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    actions.ask_take_back(office, found.pk, reason="传错了")
    actions.take_back(office, found.pk, "传错了", Alone())
