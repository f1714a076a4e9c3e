"""Lines of the table as a page, a print and a file show them; each figure with the list that it counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feigong.apps.targets.reading import Line, Table
from feigong.core.coverage.targets import WHOLE, Amount, Measure
from feigong.web.lists.export import Value
from feigong.web.targets.asked import Asked, opens
from feigong.wording import Words

_WIDTH, _HEIGHT, _EDGE = 96, 24, 2
TONES = {"reached": "good", "on_course": "", "behind": "warn", "unknown": ""}


@dataclass(frozen=True, slots=True)
class Figure:
    number: int
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    line: Line
    name: str
    target: str  # as written; empty: none
    part: Figure
    whole: Figure | None
    rest: Figure | None  # of a share: those without
    share: float | None
    tone: str
    spark: str  # points of a line


def target_text(measure: Measure, value: int | None, words: Words) -> str:
    """A target as a page shows it."""
    if value is None:
        return ""
    return words.percent(value / WHOLE) if measure.share else words.number(value)


def row_of(asked: Asked, found: Table, line: Line, words: Words) -> Row:
    measure, now = found.measure, line.now
    whole = rest = None
    if now.whole is not None:
        whole = Figure(now.whole, opens(asked, found, measure.whole_query, line.key, found.day))
        rest = Figure(now.whole - now.part, opens(asked, found, measure.rest_query, line.key, found.day))
    return Row(
        line,
        line.name or words.word("web.enterprises.no_industry"),
        target_text(measure, line.target, words),
        Figure(now.part, opens(asked, found, measure.part_query, line.key, found.day)),
        whole,
        rest,
        now.share,
        TONES[line.course.pace] if line.course else "",
        _spark(line.trend),
    )


def _spark(trend: Sequence[Amount]) -> str:
    """The way of a figure through the year, as points from the left; from nought to its highest."""
    values = [(one.share if one.whole is not None else float(one.part)) or 0.0 for one in trend]
    top = max(values) or 1.0
    if len(values) < 2:
        return ""
    step = (_WIDTH - 2 * _EDGE) / (len(values) - 1)
    high = _HEIGHT - 2 * _EDGE
    points = ((_EDGE + n * step, _EDGE + high * (1 - value / top)) for n, value in enumerate(values))
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def heads(found: Table, words: Words) -> list[str]:
    """Of a file."""
    share = ("part", "rest", "whole", "rate") if found.measure.share else ("part",)
    codes = ("name", "target", *share, "missing", "expected", "pace")
    return [words.word(f"web.targets.{code}") for code in codes] + [day.isoformat() for day in found.days]


def values(row: Row, words: Words) -> list[Value]:
    """A line of a file, under `heads`; shares in percent."""
    line, course = row.line, row.line.course
    share: list[Value] = [row.part.number]
    if row.whole is not None and row.rest is not None:
        share += [row.rest.number, row.whole.number, _percent(row.share)]
    target: Value = "" if line.target is None else line.target / 100 if row.whole is not None else line.target
    missing: Value = "" if line.missing is None else line.missing
    expected: Value = course.expected if course and course.expected is not None else ""
    pace = words.word(f"pace.{course.pace}") if course else ""
    trend: list[Value] = [_percent(one.share) if one.whole is not None else one.part for one in line.trend]
    return [row.name, target, *share, missing, expected, pace, *trend]


def _percent(share: float | None) -> Value:
    return "" if share is None else round(share * 100, 2)
