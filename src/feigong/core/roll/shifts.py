"""Shift systems and free times in words, turned into free slots by a table that is data. Unknown stays unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import lcm
from typing import Final

from feigong.core.reasons import Reason, reason
from feigong.core.roll.slots import ALL_SLOTS, FreeSlots
from feigong.core.text import fold

_PARTS: Final = 3
_DAYS: Final = 7
_MOST_WEEKS: Final = 6
_SEPARATORS: Final = re.compile(r"[\s、,;。.!/|+&:()\[\]·]+")
_CLOCK: Final = re.compile(r"(\d{1,2})(?:[:点时h](\d{2})?分?(半)?|(?=\s*(?:am|pm)))\s*(am|pm)?", re.IGNORECASE)
_BARE_DAY: Final = re.compile(r"[一二三四五六日天](?![一-龥]*月)")
_BARE_DAYS: Final = "一二三四五六日"
_NTH: Final = re.compile(r"(?:第|week )([一二三四五六1-6])周?")
_DAY_END: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class ShiftSystem:
    """A shift system: words by which it is known and the free times, in words, of each week of its rotation."""

    words: tuple[str, ...]
    weeks: tuple[str, ...]


@dataclass(frozen=True)
class ShiftTable:
    """``data/shifts.yaml`` as values. ``parts``: begin and end of morning, afternoon, evening in minutes of the day;
    ``words``: word (lower case) to its meaning, such as ``("day", "3")`` or ``("part", "02")``."""

    systems: tuple[ShiftSystem, ...]
    parts: tuple[tuple[int, int], ...]
    least_minutes: int
    words: Mapping[str, tuple[str, str]]
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.words, key=lambda w: (-len(w), w))
        spelled = [
            rf"(?<![a-z]){re.escape(w)}(?![a-z])" if w.isascii() and w[0].isalpha() else re.escape(w) for w in ordered
        ]
        object.__setattr__(self, "_pattern", re.compile("|".join(spelled) or r"(?!)"))

    def word_at(self, text: str, at: int) -> tuple[int, tuple[str, str]] | None:
        """Length and meaning of the longest word that stands at a place of a text."""
        found = self._pattern.match(text, at)
        return (len(found.group()), self.words[found.group()]) if found else None


@dataclass(frozen=True, slots=True)
class SlotReading:
    """``slots`` None: unknown. ``stated``: from free times in words, not from the shift system. ``fault``: why a text
    that is there could not be used."""

    slots: FreeSlots | None
    stated: bool = False
    fault: Reason | None = None


class _UnreadableError(Exception):
    """The text says something that no word of the table means, or contradicts itself."""


@dataclass(slots=True)
class _Token:
    kind: str
    value: str = ""
    span: tuple[int, int] = (0, 0)


def _clock(match: re.Match[str], part: str) -> int:
    hour = int(match[1])
    minute = int(match[2] or 0) + (30 if match[3] else 0)
    suffix = (match[4] or "").lower()
    later = suffix == "pm" or (not suffix and part in ("1", "2"))
    if later and hour < 12:
        hour += 12
    if hour > 24 or minute > 59:
        raise _UnreadableError
    return hour * 60 + minute


def _tokens(text: str, table: ShiftTable) -> list[_Token]:
    """Words, clock times and single day characters (周六、日) in their order."""
    found: list[_Token] = []
    at = 0
    while at < len(text):
        if gap := _SEPARATORS.match(text, at):
            at = gap.end()
            continue
        if clock := _CLOCK.match(text, at):
            part = found[-1].value if found and found[-1].kind == "part" else ""
            minute = _clock(clock, part)
            found.append(_Token("time", str(minute), (minute, minute)))
            at = clock.end()
            continue
        if nth := _NTH.match(text, at):
            found.append(_Token("nth", str("一二三四五六123456".index(nth[1]) % 6)))
            at = nth.end()
            continue
        word = table.word_at(text, at)
        if word is not None:
            if word[1][0] != "filler":
                found.append(_Token(*word[1]))
            at += word[0]
            continue
        bare = _BARE_DAY.match(text, at)
        if bare and found and found[-1].kind in ("day", "to"):
            found.append(_Token("day", str(_BARE_DAYS.index(bare.group().replace("天", "日")))))
            at = bare.end()
            continue
        raise _UnreadableError
    return found


def _parts_between(begin: int, end: int, table: ShiftTable) -> str:
    return "".join(
        str(i) for i, (b, e) in enumerate(table.parts) if min(e, end) - max(b, begin) >= min(table.least_minutes, e - b)
    )


def _joined_times(tokens: list[_Token], table: ShiftTable) -> list[_Token]:
    """Replace clock times, with what stands around them, by the parts of the day they leave free."""
    out: list[_Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind != "time":
            out.append(token)
            at += 1
            continue
        begin, end = token.span[0], _DAY_END
        following = tokens[at + 1 : at + 3]
        if out and out[-1].kind == "part":
            out.pop()
        if len(following) == 2 and following[0].kind == "to" and following[1].kind == "time":
            end = following[1].span[0]
            if end <= begin and end + 720 <= _DAY_END:
                end += 720
            at += 3
        elif following and following[0].kind == "after":
            at += 2
        elif following and following[0].kind == "before":
            begin, end = 0, token.span[0]
            at += 2
        elif out and out[-1].kind == "after":  # English: after 18:00
            out.pop()
            at += 1
        elif out and out[-1].kind == "before":
            out.pop()
            begin, end = 0, token.span[0]
            at += 1
        else:
            at += 1
        parts = _parts_between(begin, end, table)
        if not parts:
            raise _UnreadableError
        out.append(_Token("part", parts))
    return [t for t in out if t.kind not in ("after", "before")]


def _ranged_days(tokens: list[_Token]) -> list[_Token]:
    """Replace 周一至周五 by the set of its days."""
    out: list[_Token] = []
    at = 0
    while at < len(tokens):
        if tokens[at].kind == "day" and [t.kind for t in tokens[at + 1 : at + 3]] == ["to", "day"]:
            first, last = int(tokens[at].value), int(tokens[at + 2].value)
            days = [(first + k) % _DAYS for k in range((last - first) % _DAYS + 1)]
            out.append(_Token("days", "".join(map(str, days))))
            at += 3
        else:
            kind = "days" if tokens[at].kind == "day" else tokens[at].kind
            out.append(_Token(kind, tokens[at].value))
            at += 1
    if any(t.kind == "to" for t in out):
        raise _UnreadableError
    return out


@dataclass(slots=True)
class _Week:
    """A calendar under construction: masks for each week of a cycle."""

    cycle: int = 1
    masks: list[int] = field(default_factory=lambda: [0])

    def add(self, weeks: tuple[int, int] | None, mask: int) -> None:
        if weeks is None:
            self.masks = [m | mask for m in self.masks]
            return
        nth, of = weeks
        whole = lcm(self.cycle, of)
        if whole > _MOST_WEEKS * 2:
            raise _UnreadableError
        self.masks = [self.masks[k % self.cycle] for k in range(whole)]
        self.cycle = whole
        for k in range(nth, whole, of):
            self.masks[k] |= mask

    def without(self, mask: int) -> None:
        self.masks = [m & ~mask for m in self.masks]


def _mask(days: Iterable[str], parts: str) -> int:
    return sum(1 << (int(d) * _PARTS + int(p)) for d in set(days) for p in set(parts))


def _build(tokens: list[_Token]) -> FreeSlots | None:
    """Read the tokens from left to right: days wait for the part of the day that follows them."""
    calendar = _Week()
    weeks: tuple[int, int] | None = None
    nths = [int(t.value) for t in tokens if t.kind == "nth"]
    days, said, used, excepted, unfixed = "", False, False, 0, False
    excluding = False
    for token in tokens:
        match token.kind:
            case "except_open":
                excluding, days, used = True, "", False
            case "except_close":
                if not days:
                    raise _UnreadableError
                excepted |= _mask(days, "012")
                excluding, days = False, ""
            case "week" | "nth":
                if days and not used:
                    calendar.add(weeks, _mask(days, "012"))
                nth, of = token.value.split("/") if token.kind == "week" else (token.value, str(max(nths) + 1))
                weeks, days, used, said = (int(nth), int(of)), "", False, True
            case "days":
                if used:
                    days, used = "", False
                days += token.value
                said = True
            case "part":
                mask = _mask(days or "0123456", token.value)
                if excluding:
                    excepted |= mask
                else:
                    calendar.add(weeks, mask)
                used, said = True, True
            case "any":
                calendar.add(weeks, ALL_SLOTS)
                used, said = True, True
            case "unfixed":
                unfixed = True
            case _:
                raise _UnreadableError
    if excluding and days:
        excepted |= _mask(days, "012")
    elif days and not used:
        calendar.add(weeks, _mask(days, "012"))
    return _finished(calendar, excepted, said=said, unfixed=unfixed)


def _finished(calendar: _Week, excepted: int, *, said: bool, unfixed: bool) -> FreeSlots | None:
    if excepted and not any(calendar.masks):
        calendar.add(None, ALL_SLOTS)
    calendar.without(excepted)
    if not any(calendar.masks):
        if unfixed and not said:
            return None
        raise _UnreadableError
    return FreeSlots(tuple(calendar.masks))


def read_free_text(text: str, table: ShiftTable) -> FreeSlots | None:
    """Free times in words.

    Parameters
    ----------
    text : str
        Such as ``周六全天、周日上午``, ``周一至周五18:00以后``, ``单周周六``, ``weekday evenings``.
    table : ShiftTable
        Words and parts of the day.

    Returns
    -------
    FreeSlots or None
        ``None``: the text says that there is no fixed time, or nothing.

    Raises
    ------
    ValueError
        The text cannot be read, or says that no time is free.
    """
    plain = fold(text).lower()
    try:
        tokens = _tokens(plain, table)
        if not tokens:
            if _SEPARATORS.sub("", plain):
                raise _UnreadableError
            return None
        return _build(_ranged_days(_joined_times(tokens, table)))
    except _UnreadableError:
        raise ValueError(plain) from None


def _usual(text: str, table: ShiftTable) -> tuple[FreeSlots | None, bool]:
    """Usual free times of the shift system named in a text, and whether one is named. The longest word counts."""
    plain = fold(text).lower()
    named = [(len(w), -i, s) for i, s in enumerate(table.systems) for w in s.words if w in plain]
    if not named:
        return None, False
    system = max(named, key=lambda n: n[:2])[2]
    free = ALL_SLOTS if system.weeks else 0
    for words in system.weeks:
        found = read_free_text(words, table)
        free &= found.folded(1) if found else 0
    return (FreeSlots((free,)) if free else None), True


def read_slots(shift: str, free_text: str, table: ShiftTable) -> SlotReading:
    """Free slots from what a survey says.

    Parameters
    ----------
    shift : str
        Shift system as written; may be empty.
    free_text : str
        Free times as written; may be empty. Where it says anything, it wins over the shift system.
    table : ShiftTable
        The words.

    Returns
    -------
    SlotReading
        Unknown slots with a fault (``merge.free_time_unreadable``, ``merge.shift_unknown``) where a text is there that
        cannot be read; unknown without one where nothing is said or nothing is fixed.
    """
    if free_text:
        try:
            return SlotReading(read_free_text(free_text, table), stated=True)
        except ValueError:
            return SlotReading(None, stated=True, fault=reason("merge.free_time_unreadable", text=free_text))
    if not shift:
        return SlotReading(None)
    slots, named = _usual(shift, table)
    try:
        stated = read_free_text(_without_systems(shift, table), table) if _names_rest(shift) else None
    except ValueError:
        stated = None
    if stated is not None:
        return SlotReading(stated, stated=True)
    if named:
        return SlotReading(slots)
    return SlotReading(None, fault=reason("merge.shift_unknown", text=shift))


def _names_rest(shift: str) -> bool:
    """Whether a text about shifts names days of rest (白班，周日休息)."""
    return bool(
        re.search(r"(周|星期|礼拜)[一二三四五六日天末].*休|休.*(周|星期|礼拜)[一二三四五六日天末]", fold(shift))
    )


def _without_systems(shift: str, table: ShiftTable) -> str:
    plain = fold(shift).lower()
    for word in sorted((w for s in table.systems for w in s.words), key=len, reverse=True):
        plain = plain.replace(word, " ")
    return plain
