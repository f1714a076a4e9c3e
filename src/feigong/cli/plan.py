"""``feigong plan``: from a roll to the coverage plan, its files and its report."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress as Bars
from rich.progress import TaskID

from feigong.cli.console import err, out, progress_bars
from feigong.cli.deadline import Deadline, interruptible
from feigong.cli.language import spoken
from feigong.cli.outputs import may_replace
from feigong.core.coverage.plan import plan_coverage
from feigong.core.coverage.values import CoveragePlan, Outcome
from feigong.core.errors import FeigongError
from feigong.core.roll.values import Roll
from feigong.core.work import Step
from feigong.exchange.atomic import writing
from feigong.exchange.executors import open_executor
from feigong.exchange.officers_file import read_officers
from feigong.exchange.parameters_file import load_parameters
from feigong.exchange.parameters_words import parameter_notes
from feigong.exchange.plan_file import plan_files, plan_outputs, read_plan, write_plan
from feigong.exchange.plan_json import plan_to_json
from feigong.exchange.plan_view import Names
from feigong.exchange.proof_words import proof_sentence
from feigong.exchange.reference import load_area_names, load_industry_names
from feigong.exchange.report import write_report
from feigong.exchange.roll_file import read_roll, roll_files
from feigong.exchange.rules_file import load_rules
from feigong.wording import Words


def command(
    roll: Annotated[Path, typer.Argument(metavar="ROLL", help="台账：feigong merge 写出的文件 / the roll")],
    plan_path: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="方案：.xlsx、.csv、.parquet 或 .json / the plan")
    ] = Path("plan.xlsx"),
    report: Annotated[
        Path | None, typer.Option("--report", metavar="FILE", help="网页报告（.html）/ report in one HTML file")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="DAY", help="方案日期，默认台账日期 / day of the plan")
    ] = None,
    previous: Annotated[
        Path | None, typer.Option("--previous", metavar="PLAN", help="现行方案，尽量不动 / the plan in force")
    ] = None,
    officers: Annotated[
        Path | None, typer.Option("--officers", metavar="TABLE", help="联络员名册，代替台账里的 / officers' table")
    ] = None,
    parameters: Annotated[
        Path | None, typer.Option("--parameters", metavar="FILE", help="本区的规划参数（YAML）/ parameters")
    ] = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", metavar="FILE", help="本区改动的规定（YAML）/ the district's overrides")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="种子：相同则方案相同 / same seed, same plan")] = 0,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", metavar="S", help="最多算多少秒 / seconds to plan at most")
    ] = None,
    json_path: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="另写一份完整的 JSON / the plan as JSON as well")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", metavar="ADDRESS", help="已有的 Dask 集群 / an existing Dask cluster")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="线程数，默认全部处理器 / threads")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", metavar="zh|en", help="语言 / language")] = None,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有文件 / replace what exists")] = False,
) -> None:
    """Plan the coverage of a roll."""
    words = Words(spoken(lang))
    if time_limit is not None and not time_limit > 0:  # also what is no number
        raise FeigongError("error.time_limit", found=time_limit)
    extra = [p for p in (report, json_path) if p is not None]
    _check_ending(report, (".html", ".htm"))
    _check_ending(json_path, (".json",))
    read = [*roll_files(roll), *(plan_files(previous) if previous else []), officers, parameters, rules]
    inputs = [p for p in read if p is not None]
    force = may_replace([*plan_outputs(plan_path), *extra], inputs, words, force=force)  # before the long work
    known = read_roll(roll)
    if officers is not None:
        known = replace(known, officers=read_officers(officers, known))
    day = _day(on, known)
    in_force = read_plan(previous) if previous is not None else None
    book = load_rules(rules)
    values, shown = load_parameters(parameters, book, day)
    threads = workers if workers is not None else os.cpu_count() or 1
    deadline = Deadline(time_limit, workers=threads)
    with (
        open_executor(threads, cluster) as executor,
        progress_bars() as bars,
        interruptible(deadline, lambda: err.print(words.word("plan.cli.stopping"), markup=False)),
    ):
        plan = plan_coverage(
            known, values, on=day, previous=in_force, seed=seed, stop=deadline, progress=_Shown(bars, words),
            executor=executor,
        )  # fmt: skip
    plan = replace(plan, parameters=shown, stopped_early=plan.stopped_early or deadline.interrupted.is_set())
    places = [e.place for e in known.enterprises] + [o.base for o in known.officers]
    names = Names(
        areas=load_area_names([p.area for p in places if p.area], known.district),
        industries=load_industry_names(),
        parameters=parameter_notes(book, day, words),
    )
    write_plan(plan, known, plan_path, words, names=names, force=force)
    if report is not None:
        write_report(plan, known, report, words, previous=in_force, names=names, force=force)
    if json_path is not None:
        with writing([json_path], force=force) as [part]:
            part.write_text(plan_to_json(plan, indent=1), encoding="utf-8")
    _summary(plan, words, [plan_path, *extra])


def _check_ending(path: Path | None, kinds: tuple[str, ...]) -> None:
    if path is not None and path.suffix.lower() not in kinds:
        raise FeigongError("error.output_ending", path=str(path), kinds=" ".join(kinds))


def _day(text: str | None, roll: Roll) -> date:
    if text is None:
        return roll.on
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise FeigongError("error.plan_day", found=text) from fault


class _Shown:
    """Progress as bars: one a stage, with what was reached so far."""

    def __init__(self, bars: Bars, words: Words) -> None:
        self.bars, self.words = bars, words
        self.stage = ""
        self.task: TaskID | None = None

    def __call__(self, step: Step) -> None:
        code = step.stage if step.stage.startswith("stage.") else f"stage.{step.stage}"
        text = self.words.word(code) if self.words.has(code) else step.stage
        if self.task is None:
            self.task = self.bars.add_task(text, total=step.total, reached="")
        reached = step.reached
        parts = []
        if "covered" in reached:
            parts.append(self.words.word("plan.cli.covered", n=reached["covered"]))
        if "groups" in reached:
            parts.append(self.words.word("plan.cli.groups", n=reached["groups"]))
        if "gap" in reached:
            parts.append(self.words.word("plan.cli.gap", gap=reached["gap"]))
        self.bars.update(
            self.task, description=text, total=step.total, completed=step.done, reached=self.words.join(parts)
        )


def _summary(plan: CoveragePlan, words: Words, files: list[Path]) -> None:
    """What was planned, in a few sentences."""
    counts = {o: sum(d.outcome is o for d in plan.decisions) for o in Outcome}
    parts = [words.word("plan.cli.outcome", outcome=words.word(f"outcome.{o}"), n=n) for o, n in counts.items() if n]
    joined = [d for d in plan.decisions if d.outcome in (Outcome.JOINT, Outcome.JOIN)]
    unverified = sum(not b.verified for b in plan.branches)
    lines = [
        words.word("plan.cli.done", on=plan.on, n=len(plan.decisions), left=len(plan.left_out)),
        words.word("plan.cli.outcomes", outcomes=words.join(parts)),
        words.word(
            "plan.cli.branches",
            n=len(plan.branches),
            joins=sum(b.joins is not None for b in plan.branches),
            enterprises=len(joined),
            members=sum(d.full_members for d in joined),
        ),
        proof_sentence(plan, words),
        *(words.say(n) for n in plan.notes if n.code == "note.held"),
    ]
    if plan.stopped_early:
        lines.append(words.word("plan.cli.stopped"))
    if unverified:
        lines.append(words.word("plan.cli.unverified", n=unverified))
    if plan.waiting:
        missing = sum(s.missing for s in plan.shortages)
        lines.append(words.word("plan.cli.waiting", n=len(plan.waiting), missing=missing))
    if plan.changes:
        untouched = sum(c.untouched for c in plan.changes)
        lines.append(words.word("plan.cli.changes", n=len(plan.changes), untouched=untouched))
    written = [p for path in files for p in (plan_outputs(path) if path == files[0] else [path])]
    lines.append(words.word("plan.cli.files", files=words.join([str(p) for p in written])))
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)
