"""Two records that are one: side by side, which value stays, what moves. And apart again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import today
from feigong.apps.roll.actions.ending import what_hangs
from feigong.apps.roll.actions.merging import merge_records, say_not_same, split_records, unsay_not_same
from feigong.apps.roll.kinds import in_sight
from feigong.apps.roll.queries.decisions import merged_into, not_same
from feigong.core.errors import FeigongError
from feigong.web.records.forms import same
from feigong.web.records.frame import frame
from feigong.web.records.inputs import day_in, number_in
from feigong.web.records.page import Look, RecordPage, look_at
from feigong.web.records.shown import SEALED, Value, address

# What is chosen together: a place, a free time with what was read from it, a name with the text that stood for it.
ALONG: Final[Mapping[str, tuple[str, ...]]] = {
    "longitude": ("latitude",), "free_text": ("shift", "slots"), "branch_id": ("branch_text",),
    "employer_id": ("employer_text",),
}  # fmt: skip
_FOLLOWING: Final = frozenset(name for names in ALONG.values() for name in names)


@dataclass(frozen=True, slots=True)
class Pair:
    """A field of both records. ``differs``: one of them must be chosen; ``takes``: the other one's is proposed."""

    name: str
    kept: Value
    gone: Value
    differs: bool
    takes: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """A record that was merged into this one."""

    id: int
    name: str
    since: Any


def merge_page(page: RecordPage, request: HttpRequest, record_id: int) -> HttpResponse:
    look = look_at(page, request, record_id)
    look.actor.must(Permission.ROLL_MERGE)
    given = request.POST if request.method == "POST" else request.GET
    other_id = number_in(given, "other")
    if other_id is None or other_id == record_id:
        return render(request, "records/merge_search.html", frame(look) | {"same": other_id == record_id})
    other = in_sight(page.kind, look.sight, other_id)
    refused, status = None, 200
    if request.method == "POST":
        try:
            return _answer(look, other, other_id)
        except FeigongError as error:
            refused, status = error, 409 if error.reason.code == "error.changed_meanwhile" else 400
    pairs = _pairs(look, other, request.POST)
    context = frame(look) | {
        "other": other,
        "other_id": other_id,
        "other_address": address(page.kind, other_id),
        "said": bool(_said(look, other)),
        "swap": address(page.kind, other_id, f"other={record_id}", "merge"),
        "pairs": [p for p in pairs if p.differs],
        "alike": [p for p in pairs if not p.differs and p.kept.text],
        "counts": sorted(what_hangs(look.actor, page.kind, other_id, on=today()).items()),
        "version": look.row.pk,
        "given": request.POST,
        "refused": refused,
        "day": request.POST.get("on") or today().isoformat(),
    }
    return render(request, "records/merge.html", context, status=status)


def _said(look: Look, other: Any) -> list[Any]:
    """Decisions that these two are not the same."""
    names = [[text for text in (getattr(row, "uscc", ""), row.name) if text] for row in (look.row, other)]
    either = Q(first__in=names[0], second__in=names[1]) | Q(first__in=names[1], second__in=names[0])
    return list(not_same(look.sight, look.page.kind.value).filter(either))


def _answer(look: Look, other: Any, other_id: int) -> HttpResponse:
    given, words, page = look.request.POST, look.words, look.page
    reason = given.get("reason", "")[:300]
    if given.get("decision") == "unsay":
        for pair in _said(look, other):
            unsay_not_same(look.actor, page.kind, pair.first, pair.second, on=today(), reason=reason)
        return HttpResponseRedirect(f"{address(page.kind, look.record_id, name='merge')}?other={other_id}")
    on = day_in(given, "on")
    if given.get("decision") == "not_same":
        say_not_same(look.actor, page.kind, _naming(look.row, other), _naming(other, look.row), on=on, reason=reason)
        messages.success(look.request, words.word("web.records.said_not_same", one=look.row.name, other=other.name))
    else:
        chosen = [name for name in page.tables.editable if given.get(f"stays-{name}") == "gone"]
        take = [n for name in chosen for n in (name, *ALONG.get(name, ())) if n in page.tables.editable]
        merge_records(
            look.actor, page.kind, look.record_id, other_id, on=on, reason=reason, take=take,
            expected=number_in(given, "version"),
        )  # fmt: skip
        messages.success(look.request, words.word("web.records.merged", one=look.row.name, other=other.name))
    return HttpResponseRedirect(address(page.kind, look.record_id))


def _naming(row: Any, other: Any) -> str:
    """By what a decision remembers a record: its code, else its name where the names differ."""
    code = str(getattr(row, "uscc", ""))
    return code if code and code != getattr(other, "uscc", "") else str(row.name)


def _pairs(look: Look, other: Any, given: Any) -> list[Pair]:
    """Where only one of the two says something, that is proposed; of two sayings the one of the record that stays."""
    mine = look.facts()
    theirs = {name: getattr(other, name) for name in mine}
    look.names.load_facts([mine, theirs])
    found = []
    for name in look.page.tables.editable:
        if name in _FOLLOWING:
            continue
        group = [n for n in (name, *ALONG.get(name, ())) if n in mine]
        one, two = _joined(look, group, mine), _joined(look, group, theirs)
        differs = not all(same(mine[n], theirs[n]) for n in group) and (one.text != two.text or name in SEALED)
        takes = given.get(f"stays-{name}", "gone" if two.text and not one.text else "kept") == "gone"
        found.append(Pair(name, one, two, differs, takes))
    return found


def _joined(look: Look, group: list[str], facts: Mapping[str, Any]) -> Value:
    """Fields that go together, as one."""
    texts = [look.shower.value(n, facts[n]).text for n in group]
    return Value(group[0], " · ".join(dict.fromkeys(text for text in texts if text)))


def merged_here(look: Look) -> list[Merged]:
    """Records that were merged into this one, for those who may split them again."""
    if not look.actor.may(Permission.ROLL_MERGE) or not look.page.mergeable:
        return []
    found = []
    for merge in merged_into(look.sight, look.page.kind.value, look.record_id):
        before = look.actor.sight(merge.valid_from - timedelta(days=1), look.sight.known_at)
        row = look.page.tables.rows(before).filter(**{look.page.tables.key: merge.gone}).first()
        name = row.name if row is not None else look.words.word("web.records.out_of_sight")
        found.append(Merged(merge.gone, name, merge.valid_from))
    return found


def split_page(page: RecordPage, request: HttpRequest, record_id: int) -> HttpResponse:
    """``?gone=``: which of the records merged into this one."""
    look = look_at(page, request, record_id)
    gone = number_in(request.GET, "gone")
    merged = next((m for m in merged_here(look) if m.id == gone), None)
    if merged is None:
        raise FeigongError("error.not_found")
    refused = None
    if request.method == "POST":
        try:
            on, reason = day_in(request.POST, "on"), request.POST.get("reason", "")[:300]
            stayed = split_records(look.actor, page.kind, merged.id, on=on, reason=reason)
        except FeigongError as error:
            refused = error
        else:
            code = "web.records.was_split_but" if stayed else "web.records.was_split"
            messages.success(request, look.words.word(code, name=merged.name, n=len(stayed)))
            return HttpResponseRedirect(address(page.kind, record_id))
    context = frame(look) | {
        "merged": merged, "refused": refused, "given": request.POST,
        "day": request.POST.get("on") or today().isoformat(),
    }  # fmt: skip
    return render(request, "records/split.html", context, status=400 if refused else 200)
