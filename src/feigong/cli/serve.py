"""``feigong serve``: the pages, and on the embedded database the worker too, as one thing that starts and stops."""

from __future__ import annotations

import os
import socket
import sys
from http.client import HTTPConnection, HTTPException
from typing import Annotated

import typer
from django.conf import settings
from rich import box
from rich.table import Table

from feigong.apps.operation.installation import embedded, pending_migrations, static_is_collected
from feigong.apps.operation.logins import PASSWORD, logins
from feigong.cli.console import err, out
from feigong.cli.language import spoken
from feigong.cli.processes import Group, Program
from feigong.core.errors import FeigongError
from feigong.wording import Words

LOOPBACK = "127.0.0.1"


def command(
    port: Annotated[int, typer.Option("--port", envvar="PORT", help="端口 / port")] = 8000,
    host: Annotated[str, typer.Option("--host", help="监听地址 / address to listen on")] = LOOPBACK,
    worker: Annotated[
        bool | None,
        typer.Option("--worker/--no-worker", help="是否带后台程序 / with a worker (default: embedded database)"),
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
) -> None:
    """Serve until told to stop."""
    words = Words(spoken(lang))
    _refuse_unready(host, port)
    environment = {**os.environ, "FEIGONG_BIND": f"{host}:{port}"}
    environment.setdefault("FEIGONG_ADDRESS", f"http://{LOOPBACK}:{port}")
    python = sys.executable
    pages = [python, "-m", "gunicorn", "-c", "python:feigong.config.serving", "feigong.config.wsgi"]
    programs = [Program(pages, environment, again=False)]
    if embedded() if worker is None else worker:
        programs.append(Program([python, "-m", "feigong.cli.main", "work"], environment, again=True))

    def said() -> None:
        out.print(words.word("serve.ready", address=environment["FEIGONG_ADDRESS"]), markup=False, soft_wrap=True)
        _say_demo(words)
        err.print(words.word("serve.stop"), markup=False)

    code = Group(programs).run(lambda: _answers(port), said)
    err.print(words.word("serve.stopped"), markup=False)
    raise typer.Exit(code)


def _say_demo(words: Words) -> None:
    """Who may come in to look at the fictional district."""
    known = logins()
    if not known:
        return
    table = Table(box=box.SIMPLE_HEAD, title=words.word("serve.demo", password=PASSWORD), title_justify="left")
    for column in ("username", "role", "part"):
        table.add_column(words.word(f"serve.demo.{column}"), overflow="fold")
    for login in known:
        table.add_row(login.username, words.word(f"role.{login.role}"), login.part)
    out.print(table)


def _refuse_unready(host: str, port: int) -> None:
    waiting = pending_migrations()
    if waiting:
        raise FeigongError("error.not_set_up", n=len(waiting))
    if not static_is_collected() and not settings.DEBUG:
        raise FeigongError("error.static_old")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise FeigongError("error.port_taken", port=port) from fault


def _answers(port: int) -> bool:
    """Whether the pages answer already."""
    line = HTTPConnection(LOOPBACK, port, timeout=2)
    try:
        line.request("GET", "/health/")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()
