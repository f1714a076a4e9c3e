"""``feigong rules``: what is in force on a day, where it comes from, and what the district has changed."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from feigong.cli.console import err, out
from feigong.cli.language import spoken
from feigong.core.errors import FeigongError
from feigong.core.regulations import RuleInForce
from feigong.exchange.rules_file import load_rules
from feigong.exchange.rules_words import as_data, source_text, titled, value_lines
from feigong.wording import Words

LINES_IN_TABLE = 8  # a longer list is shown whole by `feigong rules ID`


def command(
    id: Annotated[str | None, typer.Argument(help="规定编号，如 joint.max_units / id of one rule")] = None,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="哪一天，默认今天 / which day, today")] = None,
    overrides: Annotated[
        Path | None,
        typer.Option("--overrides", metavar="FILE", help="本区改动的规定（YAML）/ the district's overrides"),
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON / print JSON")] = False,
) -> None:
    """What is in force and from where."""
    day = _day(on)
    book = load_rules(overrides)
    rules = book.in_force(day) if id is None else (book.at(id, day),)
    wording = Words(spoken(lang))
    if as_json:
        json.dump([as_data(rule) for rule in rules], sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    elif id is None:
        out.print(_table(rules, day, wording))
        err.print(wording.word("rules.legend"), markup=False, style="dim")
    else:
        _print_one(rules[0], wording)


def _day(text: str | None) -> date:
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise FeigongError("error.rules.bad_day", found=text) from fault


def _table(rules: tuple[RuleInForce, ...], day: date, wording: Words) -> Table:
    table = Table(
        title=wording.word("rules.title", on=day.isoformat(), n=len(rules)), box=box.SIMPLE_HEAD, show_lines=False
    )
    table.add_column(wording.word("rules.column.id"), no_wrap=True)
    table.add_column(wording.word("rules.column.title"), ratio=3, overflow="fold")  # Chinese has no spaces to break at
    table.add_column(wording.word("rules.column.value"), ratio=3, overflow="fold")
    table.add_column(wording.word("rules.column.source"), ratio=3, overflow="fold")
    table.add_column(wording.word("rules.column.confidence"), no_wrap=True)
    for rule in rules:
        lines = value_lines(rule, wording)
        changed = set(lines[len(lines) - len(rule.overrides) :])
        if len(lines) > LINES_IN_TABLE:
            more = wording.word("rules.more", n=len(lines), id=rule.id)
            lines = (more, *(line for line in lines if line in changed))
        table.add_row(
            rule.id,
            Text(titled(rule.rule.title, wording)),
            Text("\n").join(Text(line, style="bold red" if line in changed else "") for line in lines),
            Text(source_text(rule, wording)),
            rule.rule.confidence.value,
        )
    return table


def _print_one(rule: RuleInForce, wording: Words) -> None:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    version = rule.rule
    grid.add_row(wording.word("rules.column.title"), Text(titled(version.title, wording), style="bold"))
    grid.add_row(wording.word("rules.column.value"), Text("\n".join(value_lines(rule, wording))))
    grid.add_row(wording.word("rules.column.source"), Text(source_text(rule, wording)))
    confidence = version.confidence.value
    grid.add_row(
        wording.word("rules.column.confidence"), Text(f"{confidence} {wording.word(f'confidence.{confidence}')}")
    )
    since = version.valid_from.isoformat()
    if version.valid_to is None:
        period = wording.word("rules.period", since=since)
    else:
        period = wording.word("rules.period_ended", since=since, until=version.valid_to.isoformat())
    grid.add_row(wording.word("rules.validity"), Text(period))
    if version.local:
        grid.add_row("", Text(wording.word("rules.local")))
    if version.note is not None:
        grid.add_row(wording.word("rules.note"), Text(titled(version.note, wording)))
    out.print(rule.id, style="bold")
    out.print(grid)
