"""Free time as a week: three parts of seven days, with words; one grid for each week of a shift cycle."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from feigong.apps.accounts.roles import Permission
from feigong.apps.roll.cleaning import read_free_time, slots_of
from feigong.core.roll.slots import FreeSlots
from feigong.web.request import words_of
from feigong.web.screen import screen
from feigong.wording import Words

_DAYS, _PARTS = 7, 3


@dataclass(frozen=True, slots=True)
class Line:
    part: str
    free: tuple[bool, ...]  # Monday to Sunday


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
        return not any(free for week in self.weeks for line in week.lines for free in line.free)


def grid_of(slots: FreeSlots | None, words: Words) -> Grid | None:
    if slots is None:
        return None
    weeks = []
    for number, mask in enumerate(slots.weeks):
        lines = tuple(
            Line(words.word(f"web.records.part_{p}"), tuple(bool(mask >> (d * _PARTS + p) & 1) for d in range(_DAYS)))
            for p in range(_PARTS)
        )
        of = {"week": number + 1, "weeks": slots.cycle_weeks}
        weeks.append(Week(words.word("web.records.week_of", **of) if slots.cycle_weeks > 1 else "", lines))
    return Grid(tuple(words.word(f"web.records.day_{d}") for d in range(_DAYS)), tuple(weeks))


def grid_of_column(text: str, words: Words) -> Grid | None:
    return grid_of(slots_of(text), words)


@require_GET
@screen(Permission.ROLL_VIEW)
def read_slots(request: HttpRequest) -> HttpResponse:
    """What the program makes of a shift system and free times in words, while they are being written."""
    words = words_of(request)
    reading = read_free_time(request.GET.get("shift", "")[:100], request.GET.get("free_text", "")[:200])
    context = {
        "grid": grid_of(reading.slots, words),
        "fault": reading.fault,
        "stated": reading.stated,
        "given": bool(request.GET.get("shift", "").strip() or request.GET.get("free_text", "").strip()),
    }
    return render(request, "records/_reading.html", context)
