"""How a case goes from step to step. Values in, values out: what is written and who may do it is for others."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from feigong.core.cases.values import (
    Advance,
    Answers,
    Asked,
    AskedKind,
    CaseKind,
    Check,
    Clock,
    Position,
    Standing,
    StepRule,
)
from feigong.core.errors import FeigongError
from feigong.core.reasons import Param, Reason, reason
from feigong.core.regulations.book import RuleBook
from feigong.core.text import fold, prose

MOST_TEXT = 2000  # characters of an answer


def opened(kind: CaseKind, book: RuleBook, on: date) -> Position:
    """A case that begins on a day."""
    return _begin(kind.steps[0], book, on)


def advanced(
    kind: CaseKind, position: Position, ending: str, answers: Mapping[str, object], book: RuleBook, *, on: date,
    today: date,
) -> Advance:  # fmt: skip
    """The step under way is done.

    Parameters
    ----------
    kind, position
        The case and where it stands.
    ending
        Code of the way in which the step ended.
    answers
        What was asked for, as text from a form or as values; names that are not asked for are refused.
    book
        Rules for clocks and checks, looked up on ``on``.
    on
        The day on which it was done: not before the step began, not after ``today``.

    Raises
    ------
    FeigongError
        ``error.case.closed``, ``error.case.held``, ``error.case.result_missing``, ``error.case.ending`` where the step
        has no such ending,
        ``error.case.day_early``, ``error.case.day_late``, ``error.case.answer_missing``, ``error.case.answer`` with
        the name and what is wrong, ``error.case.too_many`` where a part is more than its whole.
    """
    step = _under_way(kind, position)
    if not ending:
        raise FeigongError("error.case.result_missing")
    way = step.ending(ending)
    if way is None:
        raise FeigongError("error.case.ending", step=step.code, found=ending[:40])
    if on < position.step_on:
        raise FeigongError("error.case.day_early", on=on.isoformat(), since=position.step_on.isoformat())
    if on > today:
        raise FeigongError("error.case.day_late", on=on.isoformat())
    asked = step.asked(way)
    given = {a.name: _answer(a, answers.get(a.name), today) for a in asked}
    _known(asked, step, answers)
    checks = [c for c in step.checks if not c.endings or way.code in c.endings]
    warnings = [w for check in checks if (w := _checked(check, given, book, on)) is not None]
    if position.due_on is not None and on > position.due_on:
        warnings.append(reason("case.late", days=(on - position.due_on).days))
    clean: Answers = {name: value for name, value in given.items() if value is not None}
    if way.then:
        next_ = _begin(kind.step(way.then), book, on, clean)
    else:
        next_ = replace(position, standing=Standing.CLOSED, due_on=None, outcome=way.code)
    return Advance(next_, way, clean, tuple(warnings))


def held(position: Position, *, on: date, until: date | None) -> Position:
    """The clock stands still from a day on; ``until`` is when to look again."""
    if position.standing is not Standing.OPEN:
        raise FeigongError("error.case.closed" if position.standing is Standing.CLOSED else "error.case.held")
    if on < position.step_on:
        raise FeigongError("error.case.day_early", on=on.isoformat(), since=position.step_on.isoformat())
    if until is not None and until <= on:
        raise FeigongError("error.case.hold_until", on=on.isoformat())
    return replace(position, standing=Standing.HELD, held_on=on, held_until=until)


def resumed(position: Position, *, on: date) -> Position:
    """The clock goes on; the days it stood still are added to what was due."""
    if position.standing is not Standing.HELD or position.held_on is None:
        raise FeigongError("error.case.not_held")
    if on < position.held_on:
        raise FeigongError("error.case.day_early", on=on.isoformat(), since=position.held_on.isoformat())
    due = position.due_on and position.due_on + (on - position.held_on)
    return replace(position, standing=Standing.OPEN, due_on=due, held_on=None, held_until=None)


def reopened(kind: CaseKind, position: Position, book: RuleBook, *, on: date) -> Position:
    """A closed case takes up its last step again."""
    if position.standing is not Standing.CLOSED:
        raise FeigongError("error.case.not_closed")
    if on < position.step_on:
        raise FeigongError("error.case.day_early", on=on.isoformat(), since=position.step_on.isoformat())
    return _begin(kind.step(position.step), book, on)


def overdue(position: Position, on: date) -> int:
    """Days over, on a day; 0 where it is in time, held or closed."""
    if position.standing is not Standing.OPEN or position.due_on is None:
        return 0
    return max(0, (on - position.due_on).days)


def _begin(step: StepRule, book: RuleBook, on: date, answers: Mapping[str, Param] | None = None) -> Position:
    return Position(Standing.OPEN, step.code, on, _due(step.clock, book, on, answers or {}))


def _due(clock: Clock | None, book: RuleBook, on: date, answers: Mapping[str, Param]) -> date | None:
    if clock is None:
        return None
    if agreed := answers.get(clock.until):
        return date.fromisoformat(str(agreed))
    if clock.rule:
        return months_after(on, book.at(clock.rule, on).whole())
    return None if clock.days is None else on + timedelta(days=clock.days)


def months_after(on: date, months: int) -> date:
    """The same day some months later, or the last of that month where it has no such day."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, calendar.monthrange(year, month + 1)[1]))


def _under_way(kind: CaseKind, position: Position) -> StepRule:
    if position.standing is Standing.CLOSED:
        raise FeigongError("error.case.closed")
    if position.standing is Standing.HELD:
        raise FeigongError("error.case.held")
    return kind.step(position.step)


def _known(asked: tuple[Asked, ...], step: StepRule, answers: Mapping[str, object]) -> None:
    """An answer to another ending of the step is let go; one that nobody asks for is a slip."""
    strange = set(answers) - {a.name for a in step.asks} - {a.name for a in asked}
    if strange:
        raise FeigongError("error.case.answer_unknown", name=min(strange)[:40])


def _answer(asked: Asked, value: object, today: date) -> Param:
    text = fold(str(value)) if value is not None else ""
    if not text:
        if asked.required:
            raise FeigongError("error.case.answer_missing", name=asked.name)
        return None
    match asked.kind:
        case AskedKind.DATE | AskedKind.COMING:
            return _day(asked, text, today).isoformat()
        case AskedKind.COUNT | AskedKind.ORGANISATION | AskedKind.WORKER:
            if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) < asked.least:
                raise FeigongError("error.case.count", name=asked.name, found=text[:40], least=asked.least)
            return int(text)
        case AskedKind.CHOICE:
            if text not in {code for code, _ in asked.options}:
                raise FeigongError("error.case.choice", name=asked.name, found=text[:40])
        case AskedKind.YES_NO:
            if text not in ("yes", "no"):
                raise FeigongError("error.case.choice", name=asked.name, found=text[:40])
        case AskedKind.TEXT:
            text = prose(str(value))
            if len(text) > MOST_TEXT:
                raise FeigongError("error.case.too_long", name=asked.name, most=MOST_TEXT)
    return text


def _day(asked: Asked, text: str, today: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as fault:
        raise FeigongError("error.case.date", name=asked.name, found=text[:40]) from fault
    if asked.kind is AskedKind.COMING and day <= today:
        raise FeigongError("error.case.past", name=asked.name, found=text)
    if asked.kind is AskedKind.DATE and day > today:
        raise FeigongError("error.case.future", name=asked.name, found=text)
    return day


def _checked(check: Check, answers: Answers, book: RuleBook, on: date) -> Reason | None:
    part, whole = answers.get(check.part), answers.get(check.whole)
    if not isinstance(part, int) or not isinstance(whole, int):
        return None
    if not check.rule:
        fits = part <= whole
        found = reason("case.too_many", part=check.part, found=part, whole=check.whole, most=whole)
    else:
        share = book.at(check.rule, on).number(check.quantity)
        fits = part >= share * whole - 1e-9
        found = reason(
            "case.too_few", part=check.part, found=part, whole=check.whole, of=whole, share=share, rule=check.rule
        )
    if fits:
        return None
    if not check.warns:
        raise FeigongError(f"error.{found.code}", **found.params)
    return found
