"""What is kept of imports, how long, and with which key."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from small_import import applied, checked, facts, people, register

from feigong.apps.accounts.actors import operator
from feigong.apps.accounts.roles import Role
from feigong.apps.clock import now
from feigong.apps.imports import actions, queries, store
from feigong.apps.imports.limits import limits
from feigong.apps.imports.models import File, Import
from feigong.apps.roll.models import MemberState
from feigong.apps.seals import places
from feigong.apps.seals.actions import GRACE, retire, rotate
from feigong.apps.seals.keyring import keyring
from feigong.apps.seals.seals import open_seal
from feigong.core.errors import FeigongError
from feigong.wording import Words
from merge_tables_maker import make_id
from platform_district import SmallDistrict, build_small_district

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


@pytest.fixture
def district(tmp_path: Path, settings: Any) -> SmallDistrict:
    settings.KEYS = tmp_path / "seals.json"
    settings.HOME = tmp_path
    return build_small_district()


def test_files_go_some_days_after_the_end(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    ended, waiting = applied(office, checked(office, register("fresh"))), checked(office, register("changed"))
    assert ended.ended_at is not None
    keep = timedelta(days=limits().keep_days)
    assert actions.sweep(ended.ended_at + keep - timedelta(minutes=1)) == 0
    assert actions.sweep(ended.ended_at + keep + timedelta(minutes=1)) == 1
    assert File.objects.get(of=ended).place == ""
    assert store.fetch(File.objects.get(of=waiting).place) == register("changed")[1]
    with pytest.raises(FeigongError) as caught:
        actions.send_back(office, ended.pk, File.objects.get(of=ended).pk, Words("zh"), now())
    assert caught.value.reason.code == "error.imports.file_deleted"


def test_what_a_killed_upload_left_goes_too(district: SmallDistrict) -> None:
    fresh, old = store.keep(b"fresh"), store.keep(b"old")
    long_ago = (now() - timedelta(hours=2)).timestamp()
    os.utime(Path(conf.HOME) / "uploads" / old, (long_ago, long_ago))
    assert actions.sweep(now()) == 1
    assert store.places() == {fresh}


def test_a_change_of_keys_renews_files_and_staged_facts(district: SmallDistrict) -> None:
    office = district.actor(Role.DISTRICT_OFFICE)
    number = make_id(12)
    row = people(f"汤若水,{number},正式党员,2015-07-01,启帆精密机械有限公司,,13912345678")
    found: Import = checked(office, row)
    used = {place.name: place.used("k1") for place in places.places()}
    assert (used["imports.file"], used["imports.item.member"]) == (1, 2)
    rotate(operator("admin"), at=AT)
    assert keyring().current == "k2"
    assert retire(operator("admin"), at=AT + GRACE) == ("k1",)
    (file,) = queries.files(found)
    assert store.fetch(file.place) == row[1]
    applied(office, found)
    (tang,) = facts(MemberState, name="汤若水")
    assert open_seal(tang["id_number"], "member.id_number") == number
