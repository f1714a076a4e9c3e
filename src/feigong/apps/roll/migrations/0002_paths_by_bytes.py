"""Paths are compared byte by byte on every server: in the order of a language a stroke may count for nothing."""

from typing import Any

from django.db import migrations

_TABLES = ("roll_areastate", "roll_organisationstate")


def by_bytes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in _TABLES:
            schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN path TYPE varchar(200) COLLATE "C"')


class Migration(migrations.Migration):
    dependencies = [("roll", "0001_initial")]

    operations = [migrations.RunPython(by_bytes, migrations.RunPython.noop)]
