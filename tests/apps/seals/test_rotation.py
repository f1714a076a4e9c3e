"""A change of keys: everything is sealed anew, a rotation that was broken off goes on, the old key goes last."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.test import override_settings

from feigong.apps.accounts.actors import operator
from feigong.apps.audit.models import Record
from feigong.apps.audit.recording import changing
from feigong.apps.audit.verifying import verify_chain
from feigong.apps.roll.models import MemberState, WorkerState
from feigong.apps.roll.queries.agreement import disagreements
from feigong.apps.roll.writing import Writer
from feigong.apps.seals import places
from feigong.apps.seals.actions import GRACE, Rotation, retire, rotate
from feigong.apps.seals.fields import sealed_values
from feigong.apps.seals.keyring import keyring
from feigong.apps.seals.seals import open_seal, seal
from feigong.core.errors import FeigongError
from platform_district import ON, Role, SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db

ADMIN = operator("admin")
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
LATER = AT + GRACE


@pytest.fixture
def district(tmp_path: Path, settings: object) -> SmallDistrict:
    settings.KEYS = tmp_path / "seals.json"  # type: ignore[attr-defined]
    district = build_small_district()
    with changing(ADMIN, "test") as change:  # superseded rows hold seals too
        Writer(change).put(MemberState, (district.members["zhu"],), sealed_values(MemberState, {"phone": "1"}), ON)
    return district


def sealed_with(key: str) -> int:
    return sum(place.used(key) for place in places.places())


def test_everything_is_sealed_anew_and_says_the_same(district: SmallDistrict) -> None:
    plain = {r.pk: open_seal(r.id_number, "member.id_number") for r in MemberState.rows.all()}
    rows = MemberState.rows.count()
    count = sealed_with("k1")
    told: list[tuple[str, int]] = []
    assert rotate(ADMIN, at=AT, told=lambda place, n: told.append((place, n))) == Rotation("k2", True, count, 0)
    assert ("roll.memberstate.id_number", rows) in told
    assert (sealed_with("k1"), sealed_with("k2")) == (0, count)
    assert {r.pk: open_seal(r.id_number, "member.id_number") for r in MemberState.rows.all()} == plain
    assert MemberState.rows.count() == rows
    assert list(disagreements()) == []
    assert verify_chain().whole
    codes = Record.objects.filter(code__startswith="keys.").order_by("number").values_list("code", "params")
    assert list(codes) == [
        ("keys.rotate", {"key": "k2"}), ("keys.renew", {"key": "k2", "count": count, "broken": 0}),
    ]  # fmt: skip


def test_a_rotation_broken_off_goes_on_with_the_same_key(
    district: SmallDistrict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_BATCH", 3)
    count = sealed_with("k1")

    def killed(place: str, n: int) -> None:
        if n == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(ADMIN, at=AT, told=killed)
    assert (sealed_with("k1"), sealed_with("k2")) == (count - 6, 6)
    with pytest.raises(FeigongError) as refused:
        retire(ADMIN, at=LATER)
    assert (refused.value.reason.code, refused.value.reason.params) == ("error.keys.in_use", {"n": count - 6})
    assert rotate(ADMIN, at=AT) == Rotation("k2", False, count - 6, 0)
    assert (sealed_with("k1"), sealed_with("k2")) == (0, count)
    assert rotate(ADMIN, at=AT) == Rotation("k3", True, count, 0)


def test_the_old_key_is_dropped_when_nothing_needs_it(district: SmallDistrict) -> None:
    rotate(ADMIN, at=AT)
    with pytest.raises(FeigongError) as refused:
        retire(ADMIN, at=LATER - timedelta(seconds=1))
    assert refused.value.reason.code == "error.keys.too_early"
    assert refused.value.reason.params == {"minutes": 59, "wait": 60}
    assert retire(ADMIN, at=LATER) == ("k1",)
    assert list(keyring().sealing) == ["k2"]
    assert retire(ADMIN, at=LATER) == ()
    assert {open_seal(r.wage, "worker.wage") for r in WorkerState.rows.all()} == {"800"}
    assert Record.objects.filter(code="keys.retire").get().params == {"keys": ["k1"]}


def test_another_cipher_is_put_on_by_the_same_command(district: SmallDistrict) -> None:
    count = sealed_with("k1")
    with override_settings(CIPHER="sm4-gcm"):
        assert rotate(ADMIN, at=AT) == Rotation("k1", False, count, 0)
        assert set(WorkerState.rows.values_list("wage", flat=True)) - {""} != set()
        assert all(w.startswith("k1:sm4-gcm:") for w in WorkerState.rows.values_list("wage", flat=True))
    assert {open_seal(r.wage, "worker.wage") for r in WorkerState.rows.all()} == {"800"}
    assert list(disagreements()) == []


def test_what_cannot_be_opened_is_counted_and_keeps_no_key_alive(district: SmallDistrict) -> None:
    row = MemberState.rows.filter(member_id=district.members["bai"]).get()
    moved = seal("13900000003", "worker.phone")
    MemberState.rows.filter(pk=row.pk).update(phone=moved)
    count = sealed_with("k1")
    assert rotate(ADMIN, at=AT) == Rotation("k2", True, count, 1)
    assert MemberState.rows.get(pk=row.pk).phone == moved
    assert retire(ADMIN, at=LATER) == ("k1",)


def test_secrets_of_second_factors_are_sealed_anew(district: SmallDistrict) -> None:
    user = district.users[Role.AUDITOR]
    data = {"secret": seal("ABCDEF", "account.totp"), "other": 1}
    kept = Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data)
    rotate(ADMIN, at=AT)
    kept.refresh_from_db()
    assert kept.data["other"] == 1
    assert kept.data["secret"].startswith("k2:")
    assert open_seal(kept.data["secret"], "account.totp") == "ABCDEF"


@pytest.mark.parametrize("role", [r for r in Role if r != Role.SYSTEM_ADMINISTRATOR])
def test_only_the_system_administrator_changes_keys(district: SmallDistrict, role: Role) -> None:
    for act in (rotate, retire):
        with pytest.raises(FeigongError) as refused:
            act(district.actor(role), at=AT)
        assert refused.value.reason.code == "error.not_permitted"
    assert keyring().current == "k1"
