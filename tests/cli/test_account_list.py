"""`feigong account` without a name: who there is."""

from __future__ import annotations

import pytest

from feigong.apps.accounts import actions
from feigong.apps.accounts.roles import Role
from feigong.cli import main
from platform_district import build_small_district

pytestmark = pytest.mark.django_db


def test_all_accounts_are_listed_with_their_state(capsys: pytest.CaptureFixture[str]) -> None:
    district = build_small_district()
    actions.close_account(district.actor(Role.SECURITY_ADMINISTRATOR), district.users[Role.MEMBER].pk)
    with pytest.raises(SystemExit) as ended:
        main.run(["account"])
    assert not ended.value.code
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == len(Role)
    assert ["township", "township", "乡镇街道", "正常"] in lines
    assert ["member", "member", "党员", "已关闭"] in lines
