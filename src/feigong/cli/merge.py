"""``feigong merge``: from the departments' tables to one roll, with every problem and the fate of every row."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table

from feigong.cli.console import err, out, progress_bars
from feigong.cli.language import spoken
from feigong.cli.outputs import may_replace
from feigong.core.errors import FeigongError
from feigong.core.roll.merge.cells import read_date
from feigong.core.roll.merge.day import stated_day
from feigong.core.roll.merge.merge import addresses_and_codes, merge_tables
from feigong.core.roll.merge.values import FateKind, MergeResult, Problem, RawTable
from feigong.core.roll.merge.vocabulary import MergeReference
from feigong.core.roll.places.values import Datum
from feigong.core.roll.values import FlagCode
from feigong.exchange.merge_reference import load_merge_reference
from feigong.exchange.own_files import refuse_own_files
from feigong.exchange.pseudonym import load_key, missing_key, pseudonymiser
from feigong.exchange.reference import guess_district
from feigong.exchange.roll_file import roll_outputs, write_roll
from feigong.exchange.tables import read_all, table_files
from feigong.wording import Words

DATUMS: Final = {"gcj02": Datum.GCJ02, "bd09": Datum.BD09, "wgs84": Datum.WGS84, "cgcs2000": Datum.CGCS2000}
_SHOWN: Final = 8


def command(
    tables: Annotated[list[Path], typer.Argument(metavar="TABLE...", help="各部门的表或文件夹 / tables or folders")],
    out_path: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="台账：.xlsx、.csv 或 .parquet / the roll")
    ] = Path("roll.xlsx"),
    on: Annotated[
        str, typer.Option("--on", metavar="DAY", help="台账日期，默认取表内写明的日期 / day of the roll")
    ] = "",
    district: Annotated[
        str, typer.Option(metavar="CODE", help="六位区县代码，默认从地址判断 / six-digit district code")
    ] = "",
    aliases: Annotated[Path | None, typer.Option(metavar="FILE", help="地名别名对照表 / names of areas")] = None,
    datum: Annotated[str, typer.Option(metavar="|".join(DATUMS), help="坐标系 / datum of coordinates")] = "gcj02",
    identify: Annotated[
        bool, typer.Option("--identify", help="保留姓名、身份证号和电话 / keep personal identities")
    ] = False,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", metavar="FILE", help="匿名密钥文件 / key of pseudonyms")
    ] = None,
    lang: Annotated[str | None, typer.Option(metavar="zh|en", help="语言 / language")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件 / replace what exists")] = False,
) -> None:
    """Merge tables into a roll and say what was found."""
    words = Words(spoken(lang))
    aside = [p for p in (aliases, key_file) if p is not None]
    force = may_replace(roll_outputs(out_path), [*table_files(tables), *aside], words, force=force)
    day = _asked_day(on)
    system = _datum(datum)
    with progress_bars() as bars:
        task = bars.add_task(words.word("merge.cli.reading"), total=3, reached="")
        raw = read_all(tables)
        refuse_own_files(raw)
        reference = _reference(raw, district, aliases, system)
        new_key = missing_key(key_file, os.environ, Path.home())
        pseudonym = pseudonymiser(load_key(key_file, os.environ, Path.home()))
        bars.update(task, advance=1, description=words.word("merge.cli.merging"))
        result = merge_tables(
            raw,
            on=day or stated_day(raw) or date.today(),  # noqa: DTZ011
            reference=reference,
            pseudonym=pseudonym,
            identify=identify,
        )
        bars.update(task, advance=1, description=words.word("merge.cli.writing"))
        write_roll(result, out_path, words, force=force)
    show(result, out_path, words)
    if new_key is not None:
        err.print(words.word("merge.cli.key_made", path=str(new_key)), markup=False, soft_wrap=True)


def _asked_day(text: str) -> date | None:
    if not text:
        return None
    read = read_date(text)
    if read.value is None:
        raise FeigongError("error.on_invalid", text=text)
    return read.value


def _datum(text: str) -> Datum:
    found = DATUMS.get(text.lower().replace("-", ""))
    if found is None:
        raise FeigongError("error.datum_unknown", text=text, known="、".join(DATUMS))
    return found


def _reference(raw: Sequence[RawTable], district: str, aliases: Path | None, datum: Datum) -> MergeReference:
    if not district:
        anywhere = load_merge_reference("", None, datum)
        district = guess_district(*addresses_and_codes(raw, anywhere)) or ""
    return load_merge_reference(district, aliases, datum)


def show(result: MergeResult, path: Path, words: Words) -> None:
    """The summary: what was found, what became of the rows, what a person must decide."""
    roll = result.roll
    names = {a.code: a.name for a in roll.areas}
    place = names.get(roll.district) or words.word("merge.cli.district_unknown")
    _line(words.word("merge.cli.done", path=str(path), on=words.date(roll.on), district=place))
    _line(
        words.word(
            "merge.cli.found",
            enterprises=len(roll.enterprises),
            members=len(roll.members),
            full=sum(m.full for m in roll.members),
            organisations=len(roll.organisations),
            officers=len(roll.officers),
        )
    )
    out.print(_table_of_fates(result, words))
    for reading in result.tables:
        if reading.unmapped:
            name = f"{reading.table} / {reading.sheet}" if reading.sheet else reading.table
            _line(words.word("merge.cli.unmapped", table=name, columns=words.join(reading.unmapped, _SHOWN * 2)))
    _show_flags(result, words)
    _show_problems(result, words)


def _line(text: str) -> None:
    out.print(text, markup=False, soft_wrap=True)


def _table_of_fates(result: MergeResult, words: Words) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(words.word("merge.cli.col_table"), overflow="fold")
    table.add_column(words.word("merge.cli.col_kind"), overflow="fold")
    for kind in FateKind:
        table.add_column(words.word(f"roll.fate.{kind}"), justify="right")
    for reading in result.tables:
        name = f"{reading.table} / {reading.sheet}" if reading.sheet else reading.table
        table.add_row(name, words.word(f"roll.table.{reading.kind}"), *(f"{n:,}" for n in reading.counts))
    return table


def _show_flags(result: MergeResult, words: Words) -> None:
    flagged = Counter(code for e in result.roll.enterprises for code in {f.code for f in e.flags})
    shown = [
        words.word("merge.cli.flag", flag=words.word(f"roll.flag.{code}"), count=flagged[code])
        for code in FlagCode
        if flagged[code]
    ]
    if shown:
        _line(words.word("merge.cli.flags", flags=words.join(shown)))


def _show_problems(result: MergeResult, words: Words) -> None:
    count = Counter(p.severity for p in result.problems)
    to_decide = [p for p in result.problems if p.severity == "decide"]
    if to_decide:
        code = "merge.cli.decide" if len(to_decide) > _SHOWN else "merge.cli.decide_all"
        _line(words.word(code, count=len(to_decide), shown=_SHOWN))
        names = {e.uscc: e.name for e in result.roll.enterprises}
        for problem in to_decide[:_SHOWN]:
            _line(f"  · {_named(words.say(problem.reason), problem, names)}")
    else:
        _line(words.word("merge.cli.nothing_to_decide"))
    if count["check"] or count["info"]:
        err.print(words.word("merge.cli.rest", check=count["check"], info=count["info"]), markup=False, soft_wrap=True)


def _named(sentence: str, problem: Problem, names: Mapping[str, str]) -> str:
    """A sentence that does not name its enterprise gets the name and code in front."""
    name = names.get(problem.subject, "")
    if not name or name in sentence or problem.subject in sentence:
        return sentence
    return f"{name} {problem.subject}: {sentence}"
