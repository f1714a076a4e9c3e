"""``feigong manage``: Django's own commands, for whoever knows them."""

from __future__ import annotations

from typing import Annotated

import typer
from django.core.management import execute_from_command_line


def command(
    words: Annotated[list[str] | None, typer.Argument(help="Django 命令 / a command of Django's")] = None,
) -> None:
    """Hand on to Django."""
    execute_from_command_line(["feigong manage", *(words or [])])
