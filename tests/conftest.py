"""For all tests: property tests draw the same examples every time, and no example is failed for being slow.

`--database` leaves out what never touches the database: what is left is run once more on PostgreSQL.
"""

from __future__ import annotations

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("other", deadline=None, print_blob=True)  # other examples: --hypothesis-profile=other
settings.load_profile("same")

TOUCHING = {"db", "transactional_db", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", action="store_true", help="only tests that use the database")


def _touches(item: pytest.Item) -> bool:
    asked = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(asked & TOUCHING)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database"):
        config.hook.pytest_deselected(items=[item for item in items if not _touches(item)])
        items[:] = [item for item in items if _touches(item)]
