"""Setting the targets of an area, and splitting one onto what lies below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import today
from feigong.apps.targets import actions, queries
from feigong.apps.targets.actions import Part, Wanted
from feigong.apps.targets.figures import Key
from feigong.apps.targets.reading import Line, Table, table, weights
from feigong.core.coverage.targets import Measure
from feigong.core.errors import FeigongError
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen, status_of
from feigong.web.targets.asked import Asked, asked_of
from feigong.web.targets.shown import target_text
from feigong.wording import Words

_P = Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One number to be written."""

    code: str  # of the field
    name: str
    unit: str  # percent, number
    text: str
    version: int
    note: str = ""
    weight: int = 0


def written(measure: Measure, value: int | None) -> str:
    """A target as it is typed: a share in percent."""
    if value is None:
        return ""
    return f"{value / 100:g}" if measure.share else str(value)


def read(measure: Measure, text: str) -> int | None:
    """What was typed; ``error.targets.value`` where it is no target."""
    text = text.strip().removesuffix("%").removesuffix("％").replace(",", "")
    if not text:
        return None
    try:
        value = Decimal(text) * (100 if measure.share else 1)
    except InvalidOperation:
        raise FeigongError("error.targets.value") from None
    if not value.is_finite() or value != int(value) or not 0 <= value <= measure.most:
        raise FeigongError("error.targets.value")
    return int(value)


def _version(request: HttpRequest, code: str) -> int:
    """The version that the form was made from."""
    return _as_version(request.POST, code, 0)


def _as_version(typed: Mapping[str, Any], code: str, stands: int) -> int:
    """As the form had it: sent again, it must not pass over what was changed meanwhile."""
    text = str(typed.get(f"version_{code}", stands))
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def _said(text: Any, request: HttpRequest) -> str:
    said: str = getattr(text, words_of(request).lang)
    return said


@screen(_P.TARGETS_SET)
def set_area(request: HttpRequest, area_id: int) -> HttpResponse:
    """All measures of one area for the year."""
    asked, sight = replace(asked_of(request), area=area_id, by="areas", kind=""), sight_of(request)
    found = table(sight, asked.year, asked.measure, area=area_id)
    if area_id not in queries.settable_areas(sight):
        raise FeigongError("error.targets.set_above")
    known, stands = queries.measures(sight), queries.of_area(sight, asked.year, area_id)
    error = None
    if request.method == "POST":
        try:
            wanted = [
                Wanted(area_id, one.code, read(one, request.POST.get(f"value_{one.code}", "")),
                       expected=_version(request, one.code))
                for one in known
            ]  # fmt: skip
            reason = request.POST.get("reason", "").strip()[:400]
            changed = actions.set_targets(actor_of(request), asked.year, wanted, on=today(), reason=reason)
            return _done(request, asked, changed)
        except FeigongError as refused:
            error = refused
    entries = []
    for one in known:
        stand = stands.get(one.code)
        text = request.POST.get(f"value_{one.code}", written(one, stand.value if stand else None))
        entries.append(
            Entry(one.code, _said(one.title, request), "percent" if one.share else "number", text,
                  _as_version(request.POST, one.code, stand.version if stand else 0), _said(one.note, request))
        )  # fmt: skip
    context = {"asked": asked, "found": found, "area": found.lines[0], "entries": entries, "error": error,
               "query": asked.query()}  # fmt: skip
    return render(request, "targets/set.html", context, status=status_of(error) if error else 200)


def _done(request: HttpRequest, asked: Asked, changed: int) -> HttpResponse:
    messages.success(request, words_of(request).word("web.targets.saved", n=changed))
    return redirect(f"{reverse('targets:list')}?{asked.query()}")


@screen(_P.TARGETS_SET)
def split(request: HttpRequest, area_id: int) -> HttpResponse:
    """The target of an area onto the areas (or industries) right below, its sum beside it."""
    asked, sight = replace(asked_of(request), area=area_id, kind=""), sight_of(request)
    found = table(sight, asked.year, asked.measure, area=area_id, by=asked.by)
    of = weights(sight, found)
    parts = found.takers
    offered = actions.suggested(found, of)
    error = None
    if request.method == "POST":
        try:
            given = [
                Part(line.key, read(found.measure, request.POST.get(f"value_{line.key}", "")),
                     _version(request, str(line.key)))
                for line in parts
            ]  # fmt: skip
            changed = actions.split_target(
                actor_of(request), asked.year, area_id, found.measure.code, given, by=found.by, on=today(),
                accept=request.POST.get("accept") == "1", reason=request.POST.get("reason", "").strip()[:400],
            )  # fmt: skip
            return _done(request, asked, changed)
        except FeigongError as refused:
            error = refused
    again = request.GET.get("again") == "1"
    entries = [
        _entry(found, line, offered[line.key] if again or line.target is None else line.target, of, request.POST)
        for line in parts
    ]
    context = {
        "asked": asked, "found": found, "area": found.lines[0], "entries": entries, "error": error,
        "target": target_text(found.measure, found.lines[0].target, words_of(request)),
        "sum": _sum(found, parts, entries, words_of(request)), "title": _said(found.measure.title, request),
        "query": asked.query(), "measure": found.measure,
        "unequal": error is not None and error.reason.code == "error.targets.sum",
    }  # fmt: skip
    return render(request, "targets/split.html", context, status=status_of(error) if error else 200)


def _entry(found: Table, line: Line, value: int | None, weights: Mapping[Key, int], typed: Mapping[str, Any]) -> Entry:
    code = str(line.key)
    text = str(typed.get(f"value_{code}", written(found.measure, value)))
    unit = "percent" if found.measure.share else "number"
    return Entry(code, line.name, unit, text, _as_version(typed, code, line.version), weight=weights[line.key])


def _sum(found: Table, parts: Iterable[Line], entries: Iterable[Entry], words: Words) -> str:
    """What the numbers in the form add up to, beside the target."""
    values: dict[int | str, int] = {}
    try:
        for line, entry in zip(parts, entries, strict=True):
            value = read(found.measure, entry.text)
            if value is not None:
                values[line.key] = value
    except FeigongError as error:
        return words.say(error.reason)
    added = actions.checked(found, values)
    code = "equal" if not added.difference else "short" if added.difference < 0 else "over"
    shown = {"together": added.together, "target": added.target, "difference": abs(added.difference)}
    said = {name: target_text(found.measure, value, words) for name, value in shown.items()}
    return words.word(f"web.targets.sum_{code}", **said)
