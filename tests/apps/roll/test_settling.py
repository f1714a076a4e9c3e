"""PostgreSQL knows what is in the tables right after they were filled."""

from __future__ import annotations

import pytest
from django.db import connection

from feigong.apps.roll.models import EnterpriseState, MemberState
from feigong.apps.roll.settling import settle
from platform_district import build_small_district


@pytest.mark.django_db(transaction=True)
def test_tables_are_looked_at_again() -> None:
    build_small_district()
    settle()
    if connection.vendor != "postgresql":
        return  # nothing to settle: that it does no harm is all there is to see
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [MemberState._meta.db_table])
        assert cursor.fetchone()[0] == MemberState.rows.count() > 0


@pytest.mark.django_db(transaction=True)
def test_one_table_that_is_named() -> None:
    build_small_district()
    settle(EnterpriseState)
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [EnterpriseState._meta.db_table])
        assert cursor.fetchone()[0] == EnterpriseState.rows.count() > 0


@pytest.mark.django_db
def test_within_a_transaction_it_waits() -> None:
    settle()
    assert connection.in_atomic_block
