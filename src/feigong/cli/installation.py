"""Commands that work on this installation's database, on behalf of whoever runs them on the machine."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING

from feigong.core.errors import FeigongError

if TYPE_CHECKING:
    from feigong.apps.accounts.sight import Actor


def operator_here(*, tables: bool = True) -> Actor:
    """Get Django ready and say who stands here. Call before anything of `feigong.apps` is imported.

    ``tables``: the database must have been set up.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "feigong.config.settings")
    import django

    django.setup()
    from django.db import connection

    if tables and "audit_head" not in connection.introspection.table_names():
        raise FeigongError("error.installation.no_tables")
    from feigong.apps.accounts.actors import operator

    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        name = f"uid {os.getuid()}"
    return operator(name)
