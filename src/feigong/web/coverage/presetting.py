"""What the area of one's plans plans with where nobody chooses otherwise: looked at, and set from a day on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Sight
from feigong.apps.clock import now, today
from feigong.apps.coverage import presets
from feigong.core.errors import FeigongError
from feigong.core.reasons import Reason
from feigong.core.roll.history import FOREVER
from feigong.exchange.parameters_words import parameter_notes
from feigong.exchange.rules_file import load_rules
from feigong.web.coverage.starting import USUAL, in_words, inputs_of, kept_value, parameters_of
from feigong.web.records.inputs import day_in
from feigong.web.request import actor_of, words_of
from feigong.web.screen import screen
from feigong.wording import Words


@dataclass(frozen=True, slots=True)
class Stretch:
    """What held over a time, and who set it."""

    first: date
    end: date | None
    values: tuple[tuple[str, str], ...]
    who: str


@require_http_methods(["GET", "POST"])
@screen(Permission.COVERAGE_PLAN)
def preset(request: HttpRequest) -> HttpResponse:
    """The form with what holds today; posted, what holds from a day on."""
    refused: Reason | None = None
    if request.method == "POST":
        try:
            _set(request)
        except FeigongError as error:
            if error.reason.code in ("error.not_found", "error.not_permitted"):
                raise
            refused = error.reason
        else:
            messages.success(request, words_of(request).word("web.coverage.preset_kept"))
            return redirect("coverage:preset")
    return _form(request, refused)


def _set(request: HttpRequest) -> None:
    given, on = request.POST, day_in(request.POST, "on")
    version = given.get("version", "")
    presets.set_preset(
        actor_of(request), parameters_of(given, on), on=on, reason=given.get("reason", "")[:400],
        expected=int(version) if version.isdecimal() and len(version) < 19 else 0,
    )  # fmt: skip


def _form(request: HttpRequest, refused: Reason | None) -> HttpResponse:
    words, day, given = words_of(request), today(), request.POST
    sight = actor_of(request).sight(day, now())
    area = presets.area_of_plans(sight)
    found = presets.preset_of(sight, area)
    own = found if found is not None and found.area_id == area else None
    known = found.chosen if found is not None else {}
    inputs = inputs_of(given if refused else QueryDict(), day, words, known)
    inputs = [one for one in inputs if one.id not in presets.NOT_PRESET]
    context: dict[str, Any] = {
        "refused": refused, "day": given.get("on") or day.isoformat(), "area": presets.name_of(sight, area),
        "open": [one for one in inputs if one.id in USUAL], "folded": [one for one in inputs if one.id not in USUAL],
        "version": given.get("version", "0") if refused else own.pk if own is not None else 0,
        "reason": given.get("reason", ""), "above": found is not None and own is None,
        "stretches": _stretches(sight, area, words),
    }  # fmt: skip
    return render(request, "coverage/preset.html", context, status=400 if refused else 200)


def _stretches(sight: Sight, area: int, words: Words) -> list[Stretch]:
    names = {name: note.name for name, note in parameter_notes(load_rules(None), sight.on, words).items()}
    return [
        Stretch(
            row.valid_from, None if row.valid_to == FOREVER else row.valid_to,
            tuple((names[k], in_words(kept_value(v), words)) for k, v in sorted(row.chosen.items())),
            row.change.actor_name,
        )
        for row in presets.stretches(sight, area)
    ]  # fmt: skip
