"""After many rows were written at once, PostgreSQL is told to look at the tables again.

Until it has, it knows nothing of what is in them: it plans pages of seconds, and lists that only an index need answer
read every row. Its own watchman comes by in minutes; whoever has just imported opens lists in seconds. SQLite reads
its indexes as they stand, and statistics mislead it (docs/decisions/0025).
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection
from django.db.models import Model

from feigong.apps.roll.models.dated import Dated


def settle(*models: type[Model]) -> None:
    """Vacuum and analyse the tables of these models; of all dated ones, where none is named. Not within a transaction:
    there it does nothing."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return
    meant = models or [m for m in apps.get_models() if issubclass(m, Dated)]
    with connection.cursor() as cursor:
        for table in (m._meta.db_table for m in meant):
            cursor.execute(f"VACUUM (ANALYZE) {connection.ops.quote_name(table)}")
