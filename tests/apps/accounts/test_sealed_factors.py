"""Second factors outlive a change of keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt

from feigong.apps.accounts import actors, second_factor
from feigong.apps.accounts.roles import Role
from feigong.apps.clock import now
from feigong.apps.seals.actions import retire, rotate
from platform_district import build_small_district

pytestmark = pytest.mark.django_db


def test_a_change_of_keys_goes_through_them(tmp_path: Path, settings: Any) -> None:
    settings.KEYS = tmp_path / "seals.json"
    user = build_small_district().users[Role.TOWNSHIP]
    secret = generate_totp_secret()
    paper = second_factor.set_up(user, secret)
    operator = actors.operator("tests")
    rotate(operator, at=now())
    assert retire(operator, at=now() + timedelta(hours=2)) == ("k1",)
    assert decrypt(Authenticator.objects.get(type="totp").data["secret"]) == secret
    kept = Authenticator.objects.get(type="recovery_codes")
    assert kept.data["seed"].startswith("k2:")
    assert kept.wrap().get_unused_codes() == paper
