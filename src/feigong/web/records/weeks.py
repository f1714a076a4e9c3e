"""Free time as a week: three parts of seven days, with words or to be ticked; one grid for each week of a cycle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_GET

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll.cleaning import read_free_time, slots_of, slots_text
from feigong.core.roll.slots import SLOTS_A_WEEK, FreeSlots
from feigong.web.request import words_of
from feigong.web.screen import screen
from feigong.wording import Words

_DAYS, _PARTS = 7, 3
_MOST_WEEKS = 12
_TICKS, _WEEKS, _UNKNOWN = "slots", "slots_weeks", "slots_unknown"


@dataclass(frozen=True, slots=True)
class Cell:
    free: bool
    value: str  # week.slot, as a tick posts it
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    part: str
    cells: tuple[Cell, ...]  # Monday to Sunday


@dataclass(frozen=True, slots=True)
class Week:
    title: str  # empty where every week is the same
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    days: tuple[str, ...]
    weeks: tuple[Week, ...]

    @property
    def nothing(self) -> bool:
        """Somebody is always at work."""
        return not any(cell.free for week in self.weeks for line in week.lines for cell in line.cells)


@dataclass(frozen=True, slots=True)
class Ticks:
    """The week of a form: what is ticked, and one sentence that says where it comes from."""

    grid: Grid
    unknown: bool
    note: str
    warns: bool


def grid_of(slots: FreeSlots | None, words: Words) -> Grid | None:
    return None if slots is None else _grid(slots, words)


def grid_of_column(text: str, words: Words) -> Grid | None:
    return grid_of(slots_of(text), words)


def _grid(slots: FreeSlots, words: Words) -> Grid:
    weeks = []
    for number, mask in enumerate(slots.weeks):
        lines = []
        for part in range(_PARTS):
            numbers = [day * _PARTS + part for day in range(_DAYS)]
            cells = tuple(
                Cell(bool(mask >> n & 1), f"{number}.{n}", words.slot(number * SLOTS_A_WEEK + n, slots.cycle_weeks))
                for n in numbers
            )
            lines.append(Line(words.word(f"web.records.part_{part}"), cells))
        of = {"week": number + 1, "weeks": slots.cycle_weeks}
        title = words.word("web.records.week_of", **of) if slots.cycle_weeks > 1 else ""
        weeks.append(Week(title, tuple(lines)))
    return Grid(tuple(words.word(f"web.records.day_{d}") for d in range(_DAYS)), tuple(weeks))


# To be ticked -------------------------------------------------------------------------------------------------------


class WeekTicks(forms.Widget):
    """Reads a grid of ticks as the column holds it. Drawn by the page, which has its words (`_reading.html`)."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        return posted_slots(data)


def posted_slots(data: Mapping[str, Any]) -> str:
    """What was ticked, as the column holds it; what is no tick comes back as it is, to be refused.

    No tick at all: nobody is ever free, unless it is said that nothing is known.
    """
    ticks = data.getlist(_TICKS) if isinstance(data, QueryDict) else [data[_TICKS]] if _TICKS in data else []
    if len(ticks) == 1 and "." not in ticks[0]:
        return str(ticks[0])
    weeks = str(data.get(_WEEKS, ""))
    if not ticks and (data.get(_UNKNOWN) or not weeks):
        return ""
    masks = [0] * (int(weeks) if weeks.isdecimal() and 1 <= int(weeks) <= _MOST_WEEKS else 1)
    for tick in ticks:
        week, _, slot = tick.partition(".")
        right = week.isdecimal() and slot.isdecimal() and int(week) < len(masks) and int(slot) < SLOTS_A_WEEK
        if not right:
            return ",".join(ticks)
        masks[int(week)] |= 1 << int(slot)
    return slots_text(FreeSlots(tuple(masks)))


def ticks_of(shift: str, free_text: str, ticked: str, words: Words, *, reread: bool) -> Ticks:
    """The grid of a form. ``reread``: what can be read from the words goes before what is ticked."""
    reading = read_free_time(shift, free_text)
    try:
        slots = slots_of(ticked)
    except ValueError:
        slots = None
    if reread and reading.slots is not None:
        slots = reading.slots
    unreadable = reading.slots is None and bool(shift.strip() or free_text.strip())
    grid = _grid(slots or FreeSlots((0,)), words)
    if unreadable and slots is None:
        note = "read_nothing"
    elif slots is None:
        note = "read_empty"
    elif grid.nothing:
        note = "never_free"
    elif slots != reading.slots:
        note = "read_ticked"
    else:
        note = "read_stated" if reading.stated else "read_shift"
    return Ticks(grid, slots is None, f"web.records.{note}", note in ("read_nothing", "never_free"))


@require_GET
@screen(Permission.ROLL_VIEW)
def read_slots(request: HttpRequest) -> HttpResponse:
    """What the program makes of a shift system and free times in words, while they are being written; what was ticked
    stays where nothing can be made of them."""
    shift, free_text = request.GET.get("shift", "")[:100], request.GET.get("free_text", "")[:200]
    ticks = ticks_of(shift, free_text, posted_slots(request.GET), words_of(request), reread=True)
    return render(request, "records/_reading.html", {"ticks": ticks})
