"""The `feigong` command. Commands live in their own modules; only the one that is asked for is imported."""

from __future__ import annotations

import functools
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final

import typer

from feigong import __version__
from feigong.cli.console import err, out
from feigong.cli.language import EN, ZH, chosen
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.wording import Words

COMMANDS: Final[dict[str, dict[str, str]]] = {
    "merge": {
        ZH: "把各部门的表合并成一本台账，列出每一个问题。",
        EN: "Merge the departments' tables into one roll and list every problem.",
    },
    "plan": {
        ZH: "给每家企业定一种覆盖办法，并说明离最好的方案还差多少。",
        EN: "Say for every enterprise how it is to be covered, and how far the plan is from the best possible one.",
    },
    "demo": {
        ZH: "造一个虚构的区（约 3000 家企业），表里的毛病和真表一样。",
        EN: "Make a fictional district (about 3,000 enterprises) whose tables have the faults of real ones.",
    },
    "rules": {
        ZH: "看哪些规定有效、出自哪里、本区改了什么。",
        EN: "Show which rules are in force, where they come from, and what the district has changed.",
    },
    "setup": {
        ZH: "备好这套安装：数据库、密钥、页面文件。",
        EN: "Make this installation ready: database, keys, files of the pages.",
    },
    "account": {
        ZH: "建第一个账号，或给忘了密码的人一个新链接。",
        EN: "Make the first account, or a new link for who lost the password.",
    },
    "serve": {
        ZH: "启动网站（内置数据库时连同后台程序）。",
        EN: "Start the pages (with the embedded database, the worker too).",
    },
    "work": {
        ZH: "启动一个后台程序，执行导入、测算等任务。",
        EN: "Start a worker that does background jobs.",
    },
    "backup": {
        ZH: "备份数据库和文件，密钥另存一份。",
        EN: "Copy the database and the files; the keys apart.",
    },
    "restore": {
        ZH: "把备份恢复到一个空的地方，并逐项核对。",
        EN: "Bring a copy back into an empty place, and verify it.",
    },
    "check": {
        ZH: "检查这套安装有什么问题，说明怎么解决。",
        EN: "Say what is wrong with this installation, and the mend.",
    },
    "manage": {
        ZH: "Django 自带的管理命令。",
        EN: "Django's own commands.",
    },
    "keys": {
        ZH: "加密密钥：查看、首次生成、更换、去掉旧的。",
        EN: "The keys of sealed fields: show, make the first ones, rotate, retire old ones.",
    },
    "audit": {
        ZH: "核对审计链，看记录和台账有没有在数据库里被改动。",
        EN: "Verify the audit chain: were records or the roll altered in the database?",
    },
}
"""One line each, here and not in the modules, so that ``feigong --help`` need not load a solver."""

PLATFORM: Final = frozenset({
    "account", "audit", "backup", "check", "keys", "manage", "restore", "serve", "setup", "work",
})  # fmt: skip
"""Commands on the database: Django is made ready before their modules are imported. The others need no Django."""

SERVICES: Final = frozenset({"serve", "work"})
"""Commands that run until they are stopped: their messages are a log."""

PASSED_ON: Final = frozenset({"manage"})
"""Commands that hand what follows on to another program as it stands."""

EXIT_FAULT: Final = 1
EXIT_USER_ERROR: Final = 2
EXIT_INTERRUPTED: Final = 130


def _shown_version(wanted: bool) -> None:
    if wanted:
        out.print(f"feigong {__version__}")
        raise typer.Exit


def _stub() -> None:
    """Stands for a command that is listed but not asked for."""


def _command(name: str, lang: str) -> Callable[..., Any]:
    """The function behind a command: ``command`` of the module ``feigong.cli.<name>``. Interrupted it ends with 130."""
    if name in PLATFORM:
        if name not in SERVICES and "FEIGONG_LOG_FILE" not in os.environ:
            os.environ.setdefault("FEIGONG_LOG_LEVEL", "warning")  # somebody reads what is said; not a log as well
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "feigong.config.settings")
        import_module("django").setup()
    function: Callable[..., Any] = import_module(f"feigong.cli.{name}").command

    @functools.wraps(function)
    def interruptible(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except KeyboardInterrupt:
            err.print(Words(lang).word("said.interrupted"), markup=False)
            sys.exit(EXIT_INTERRUPTED)

    return interruptible


def build(argv: Sequence[str], lang: str) -> typer.Typer:
    """The application for this line: real commands where their name is on it, one-line stubs otherwise."""
    about = {ZH: "找全非公企业，排好覆盖，说清依据。", EN: "Find the enterprises, plan the coverage, prove the plan."}
    app = typer.Typer(
        help=about[lang],
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def options(
        version: Annotated[
            bool, typer.Option("--version", callback=_shown_version, is_eager=True, help="版本 / version")
        ] = False,
    ) -> None: ...

    for name, line in COMMANDS.items():
        settings = {"ignore_unknown_options": True, "help_option_names": []} if name in PASSED_ON else None
        asked = argv[:1] == [name] if name in PASSED_ON or set(argv[:1]) & PASSED_ON else name in argv
        app.command(name, help=line[lang], context_settings=settings)(_command(name, lang) if asked else _stub)
    return app


def show_error(reason: Reason, lang: str) -> None:
    """The one place where an error of the user's becomes a sentence."""
    err.print("错误" if lang == ZH else "Error", style="bold red", end=" ")
    err.print(Words(lang).say(reason), markup=False, soft_wrap=True)


def _leave(number: int, frame: FrameType | None) -> None:
    """A signal to end becomes an exception, so that every block puts its files in order on the way out."""
    sys.exit(128 + number)


def _place_of(error: BaseException) -> str:
    """Where in this program it happened: a file and a line, none of the values."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if "feigong" in f.filename]
    last = frames[-1] if frames else None
    return f"{Path(last.filename).name}:{last.lineno}" if last else "?"


def run(argv: Sequence[str] | None = None) -> None:
    """Entry point.

    Exit codes: 0 done; 2 something the user can mend (said in a sentence); 1 a fault of this program (said without any
    of the values at hand, which may be personal); 130 interrupted, 143 ended by the system.
    """
    line = list(sys.argv[1:] if argv is None else argv)
    lang = chosen(line, os.environ)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _leave)
    try:
        build(line, lang)(args=line, prog_name="feigong")
    except FeigongError as error:
        show_error(error.reason, lang)
        sys.exit(EXIT_USER_ERROR)
    except KeyboardInterrupt:  # while the command was being loaded
        err.print(Words(lang).word("said.interrupted"), markup=False)
        sys.exit(EXIT_INTERRUPTED)
    except MemoryError:
        show_error(Reason("error.memory", {}), lang)
        sys.exit(EXIT_USER_ERROR)
    except BrokenPipeError:  # whoever read our output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(EXIT_FAULT)
    except OSError as error:  # a full disk, a folder that may not be written
        show_error(Reason("error.file", {"path": str(error.filename or ""), "why": error.strerror or str(error)}), lang)
        sys.exit(EXIT_USER_ERROR)
    except Exception as error:
        if os.environ.get("FEIGONG_TRACEBACK"):
            raise
        show_error(Reason("error.unexpected", {"kind": type(error).__name__, "place": _place_of(error)}), lang)
        sys.exit(EXIT_FAULT)


if __name__ == "__main__":
    run()
