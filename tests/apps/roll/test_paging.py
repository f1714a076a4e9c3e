"""A page of a list: the same rows and number whatever way they are read, for who sees everything and for others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feigong.apps.accounts import actors
from feigong.apps.accounts.roles import Role
from feigong.apps.accounts.sight import Door, Sight
from feigong.apps.roll import queries
from platform_district import ON, build_small_district

pytestmark = pytest.mark.django_db
LISTS = (queries.enterprises, queries.organisations, queries.members, queries.workers, queries.venues)


def _sights() -> dict[Role, Sight]:
    known = datetime(2100, 1, 1, tzinfo=UTC)
    users = build_small_district().users
    return {role: actors.of_user(user, door=Door.PAGE).sight(ON, known) for role, user in users.items()}


def test_pages_are_the_list_cut_into_pieces() -> None:
    seen = 0
    for sight in _sights().values():
        for query in LISTS:
            rows = query(sight)
            whole = list(rows)
            seen += len(whole)
            for page in range(1, len(whole) // 2 + 2):
                wanted = whole[(page - 1) * 2 : page * 2] or whole[-2 + len(whole) % 2 :]
                assert queries.page_of(rows, page, 2, sight) == (len(whole), wanted)
    assert seen > 40


def test_beyond_the_end_is_the_last_page() -> None:
    for role, sight in _sights().items():
        rows = queries.enterprises(sight)
        whole = list(rows)
        assert queries.page_of(rows, 50, 3, sight) == (len(whole), whole[(len(whole) - 1) // 3 * 3 :]), role


def test_a_page_is_read_as_the_list_is() -> None:
    """What the list joins to a row costs no question more; what it puts off is not read."""
    seen = 0
    for sight in _sights().values():
        rows = queries.enterprises(sight).select_related("area").defer("scope")
        _, found = queries.page_of(rows, 1, 5, sight)
        with CaptureQueriesContext(connection) as asked:
            assert all(row.area.pk == row.area_id for row in found)
        assert len(asked) == 0
        assert {name for row in found for name in row.get_deferred_fields()} <= {"scope"}
        assert all("scope" in row.get_deferred_fields() for row in found)
        seen += len(found)
    assert seen > 5


def test_among_finds_what_is_in_sight_and_nothing_else() -> None:
    sights = _sights()
    for role in (Role.TOWNSHIP, Role.LIAISON_OFFICER, Role.BRANCH_SECRETARY):
        whole = queries.enterprises(sights[Role.DISTRICT_OFFICE])
        ids = list(whole.values_list("enterprise_id", flat=True))
        seen = queries.enterprises(sights[role])
        found = queries.among(seen, "enterprise_id", ids)
        assert set(found) == set(seen)
        assert 0 < len(seen) < len(ids)
        assert list(queries.among(seen, "enterprise_id", [])) == []
