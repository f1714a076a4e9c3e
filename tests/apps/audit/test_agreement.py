"""Rows of the roll altered in the database, past the program, are found by what the records say of them."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection

from feigong.apps.audit.recording import changing
from feigong.apps.roll.models import Coverage, EnterpriseState, MemberState, OrganisationState
from feigong.apps.roll.queries.agreement import disagreements
from feigong.apps.roll.writing import Writer
from feigong.apps.seals.fields import sealed_values
from feigong.apps.seals.seals import seal
from platform_district import Role, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db


@pytest.fixture
def district() -> SmallDistrict:
    district = build_small_district()
    with changing(district.actor(Role.DISTRICT_OFFICE), "test") as change:
        writer = Writer(change)
        facts = {"staff": 61, "longitude": 123.7}
        writer.put(EnterpriseState, (district.enterprises["apple"],), facts, date(2026, 6, 1))
        phone = sealed_values(MemberState, {"phone": "13900009999"})
        writer.put(MemberState, (district.members["zhu"],), phone, date(2026, 6, 1))
        pair = (district.organisations["joint"], district.enterprises["fern"])
        writer.end(Coverage, [pair], date(2026, 6, 1))
    return district


def found() -> list[str]:
    return [f"{r.code.removeprefix('audit.finding.row_')}:{r.params['kind']}" for r in disagreements()]


def test_rows_written_by_the_program_agree(district: SmallDistrict) -> None:
    assert found() == []


def test_a_seal_renewed_agrees_still(district: SmallDistrict) -> None:
    row = MemberState.rows.filter(member_id=district.members["zhu"]).first()
    assert row is not None
    MemberState.rows.filter(pk=row.pk).update(id_number=seal("990101198502020026", "member.id_number"))
    assert found() == []


Tamper = Callable[[SmallDistrict], object]


def of_apple(**columns: object) -> Tamper:
    return lambda d: first_of(d).update(**columns)


def first_of(d: SmallDistrict) -> object:
    keys = EnterpriseState.rows.filter(enterprise_id=d.enterprises["apple"]).order_by("pk").values_list("pk", flat=True)
    return EnterpriseState.rows.filter(pk=keys[0])


def of_zhong(**columns: object) -> Tamper:
    return lambda d: MemberState.rows.filter(member_id=d.members["zhong"]).update(**columns)


def swap_phones(d: SmallDistrict) -> None:
    """Each opens: only the record knows whose it was."""
    zhong = MemberState.rows.get(member_id=d.members["zhong"])
    bai = MemberState.rows.get(member_id=d.members["bai"])
    MemberState.rows.filter(pk=zhong.pk).update(phone=bai.phone, phone_index=bai.phone_index)
    MemberState.rows.filter(pk=bai.pk).update(phone=zhong.phone, phone_index=zhong.phone_index)


def put_in(d: SmallDistrict) -> None:
    row = MemberState.rows.get(member_id=d.members["zhong"])
    row.pk = None
    row.save()


def take_out(d: SmallDistrict) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM roll_coverage WHERE enterprise_id = %s", [d.enterprises["daisy"]])


@pytest.mark.parametrize(
    ("tamper", "expected"),
    [
        (of_apple(staff=600), ["altered:roll.enterprisestate"]),
        (of_apple(valid_from=date(2025, 1, 1)), ["altered:roll.enterprisestate"]),
        (of_apple(latitude=30.60000001), ["altered:roll.enterprisestate"]),
        (lambda d: first_of(d).update(recorded_at=d.at - timedelta(days=9)), ["altered:roll.enterprisestate"]),
        (lambda d: first_of(d).update(recorded_to=d.at + timedelta(days=9)), ["end:roll.enterprisestate"]),
        (of_apple(ended_by=None), ["end:roll.enterprisestate"]),
        (lambda d: OrganisationState.rows.filter(organisation_id=d.organisations["single"]).update(
            ended_by=d.record, recorded_to=d.at), ["end:roll.organisationstate"]),
        (of_zhong(phone=""), ["altered:roll.memberstate"]),
        (of_zhong(phone="k1:aes-gcm:AAAA"), ["altered:roll.memberstate"]),
        (of_zhong(phone_index=""), ["index:roll.memberstate"]),
        (swap_phones, ["altered:roll.memberstate", "altered:roll.memberstate"]),
        (put_in, ["unknown:roll.memberstate"]),
        (take_out, ["gone:roll.coverage"]),
    ],
)  # fmt: skip
def test_what_was_done_in_the_database_is_found(district: SmallDistrict, tamper: Tamper, expected: list[str]) -> None:
    tamper(district)
    assert found() == expected
