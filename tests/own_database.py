"""A database that other processes can open too: of the tests' own, with its tables, empty.

SQLite's test database lives in memory; here it is copied to a file. PostgreSQL's is named in the environment.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

TESTS = Path(__file__).parent


@dataclass(frozen=True)
class OwnDatabase:
    home: Path
    url: str
    environment: dict[str, str] = field(repr=False)


def _environment(home: Path, url: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FEIGONG_", "DATABASE_", "DJANGO_"))}
    return {
        **kept, "FEIGONG_HOME": str(home), "FEIGONG_KEYS": str(settings.KEYS), "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "feigong.config.settings", "PYTHONPATH": str(TESTS),
    }  # fmt: skip


@pytest.fixture
def own_database(transactional_db: None, tmp_path: Path) -> Iterator[OwnDatabase]:
    home = tmp_path / "home"
    home.mkdir()
    if connection.vendor != "sqlite":
        name = connection.settings_dict["NAME"]
        url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
        yield OwnDatabase(home, url, _environment(home, url))
        return
    file = home / "feigong.sqlite3"
    connection.ensure_connection()
    in_memory, name = connection.connection, connection.settings_dict["NAME"]
    copy = sqlite3.connect(file)
    in_memory.backup(copy)
    copy.close()
    connection.connection, connection.settings_dict["NAME"] = None, str(file)
    url = f"sqlite:///{file}"
    try:
        yield OwnDatabase(home, url, _environment(home, url))
    finally:
        connection.close()
        connection.connection, connection.settings_dict["NAME"] = in_memory, name
