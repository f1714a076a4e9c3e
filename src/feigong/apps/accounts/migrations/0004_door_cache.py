"""The table of the cache that all processes share (`CACHES`): counts of attempts, codes already used."""

from typing import Any

from django.core.management import call_command
from django.db import migrations


def make(apps: Any, schema_editor: Any) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sessions_tokens_views")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
