"""As it is deployed: behind https nothing is left to wish for by `check --deploy`; what every answer carries."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from feigong.config import settings as product


def deployed(home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("FEIGONG", "DATABASE", "DJANGO"))},
        "FEIGONG_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "feigong.config.settings",
        **more,
    }
    line = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(line, env=environment, capture_output=True, text=True, check=False)


def test_deployed_on_https_there_is_nothing_to_warn_of(tmp_path: Path) -> None:
    done = deployed(tmp_path, FEIGONG_ADDRESS="https://party.example.gov.cn")
    assert done.returncode == 0, done.stderr
    oidc = {"ISSUER": "https://id.example.gov.cn", "CLIENT_ID": "feigong", "SECRET": "s", "NAME": "统一认证"}
    with_oidc = deployed(
        tmp_path,
        FEIGONG_ADDRESS="https://party.example.gov.cn",
        **{f"FEIGONG_OIDC_{name}": value for name, value in oidc.items()},
    )
    assert with_oidc.returncode == 0, with_oidc.stderr


def test_on_plain_http_the_check_does_warn(tmp_path: Path) -> None:
    done = deployed(tmp_path, FEIGONG_ADDRESS="http://party.example.gov.cn")
    assert done.returncode == 1 and "security.W008" in done.stderr


@pytest.mark.django_db
def test_what_every_answer_carries(client: Client) -> None:
    headers = client.get("/login/").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'; style-src 'self' 'unsafe-inline';")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]


def test_counts_at_the_door_are_one_for_all_processes() -> None:
    """Each process with its own counts would let one try as often as there are processes."""
    assert product.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"
