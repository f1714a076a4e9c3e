"""Commands that work on this installation's database, on behalf of whoever runs them on the machine."""

from __future__ import annotations

import getpass
import os

from django.db import connection

from feigong.apps.accounts.actors import operator
from feigong.apps.accounts.sight import Actor
from feigong.core.errors import FeigongError


def operator_here() -> Actor:
    """Who stands here; the database must have been set up."""
    if "audit_head" not in connection.introspection.table_names():
        raise FeigongError("error.installation.no_tables")
    return somebody_here()


def somebody_here() -> Actor:
    """Who stands here, also where there is no database yet."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        name = f"uid {os.getuid()}"
    return operator(name)
