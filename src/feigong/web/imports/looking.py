"""What an import would change: items with their fields, problems, rows that are not used."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.actions import record_event
from feigong.apps.clock import now, today
from feigong.apps.imports import actions, queries
from feigong.apps.imports.actions.receive import as_reason
from feigong.apps.imports.choices import Kind, Verdict
from feigong.exchange.reference import load_industry_names
from feigong.web.imports.shown import VERDICT_TONES, shown
from feigong.web.lists.export import xlsx_answer
from feigong.web.request import actor_of, words_of
from feigong.web.screen import screen
from feigong.wording import Words

PAGE = 50
_HEADS = (
    "web.imports.kind", "field.name", "field.uscc", "web.imports.verdict", "web.imports.why", "web.imports.said",
    "web.imports.ends_on",
)  # fmt: skip
_FAMILIES = {
    ("enterprise", "kind"): "unit_kind", ("enterprise", "control"): "control_type",
    ("organisation", "kind"): "organisation_kind", ("enterprise", "flags"): "roll.flag",
}  # fmt: skip


@screen(Permission.IMPORT_UPLOAD)
def items(request: HttpRequest, number: int) -> HttpResponseBase:
    """Items of a kind and verdict, with what changes before and after; as a file where that is asked for."""
    actor, at = actor_of(request), now()
    found = queries.one(actor, number, today(), at)
    asked = {name: request.GET.get(name, "").strip() for name in ("kind", "verdict", "field", "text")}
    rows = queries.items_seen(actor, found, at)
    if asked["kind"] in Kind.values:
        rows = rows.filter(kind=asked["kind"])
    if asked["verdict"] in Verdict.values:
        rows = rows.filter(verdict=asked["verdict"])
    if asked["field"]:
        rows = rows.filter(fields__contains=f"|{asked['field']}|")
    if asked["text"]:
        rows = rows.filter(name__icontains=asked["text"])
    if request.GET.get("as") == "xlsx":
        return _as_file(actor, found.pk, rows, asked, words_of(request))
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    places = queries.places_of(found, [item.pk for item in page])
    words, names = words_of(request), queries.names_of_keys(found, page.object_list)
    context = {
        "imported": shown(actor, found), "page": page, "asked": asked, "kinds": Kind.values,
        "verdicts": Verdict.values, "tones": VERDICT_TONES, "query": urlencode({k: v for k, v in asked.items() if v}),
        "may_export": actor.may(Permission.EXPORT),
        "items": [
            (item, [_change(item.kind, c, names, words) for c in item.changes], places.get(item.pk, []))
            for item in page
        ],
    }  # fmt: skip
    return render(request, "imports/items.html", context)


def _as_file(actor: Actor, number: int, rows: Any, asked: dict[str, str], words: Words) -> HttpResponseBase:
    """Items as they are seen, without what they change. Recorded first, as every export."""
    actor.must(Permission.EXPORT)
    record_event(actor, "imports.export", params={"import": number, "rows": rows.count(), "verdict": asked["verdict"]})
    heads = [words.word(code) for code in _HEADS]
    title = words.word("web.imports.items")
    lines = (
        (
            words.word(f"import_kind.{i.kind}"), i.name, i.key if i.kind == Kind.ENTERPRISE else "",
            words.word(f"import_verdict.{i.verdict}"), words.sentences(as_reason(why) for why in i.reasons),
            words.word(f"import_missing.{i.answer}") if i.answer else "", i.ends_on or "",
        )
        for i in rows.iterator(chunk_size=1000)
    )  # fmt: skip
    return xlsx_answer(f"{title}.xlsx", title, heads, lines)


def _change(kind: str, change: dict[str, Any], names: dict[str, str], words: Words) -> tuple[str, str, str]:
    """A field in words, as it is and as it would be."""
    field = change["field"]
    return (
        words.word(f"compare.field.{field}"),
        _value(kind, field, change["before"], names, words),
        _value(kind, field, change["after"], names, words),
    )


def _value(kind: str, field: str, value: Any, names: dict[str, str], words: Words) -> str:
    if value is None or value == "" or value == []:
        return words.word("value.none")
    if isinstance(value, bool):
        if field == "full":
            return words.word("roll.full" if value else "roll.probationary")
        return words.yes(value)
    family = _FAMILIES.get((kind, field))
    if family:
        every = value if isinstance(value, list) else [value]
        return words.join([words.word(f"{family}.{v}") for v in every])
    if field == "industry":
        return load_industry_names().get(str(value), str(value))
    if field == "slots":
        return words.word("web.imports.slots", n=sum(bin(int(week)).count("1") for week in value))
    if isinstance(value, list):
        return words.join([names.get(str(v), str(v)) for v in value], most=6)
    return names.get(str(value), str(value))


@screen(Permission.IMPORT_UPLOAD)
def problems(request: HttpRequest, number: int) -> HttpResponse:
    """What a person should look at: in words, with its place and what to do; doubts can be answered here."""
    actor, at = actor_of(request), now()
    found = queries.one(actor, number, today(), at)
    severity = request.GET.get("severity", "")
    rows = queries.problems_seen(actor, found, at)
    counts = {s: rows.filter(severity=s).count() for s in ("decide", "check", "info")}
    if severity in counts:
        rows = rows.filter(severity=severity)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    places = queries.sheet_places(found)
    context = {
        "imported": shown(actor, found), "page": page, "severity": severity, "counts": counts,
        "query": urlencode({"severity": severity}) if severity else "",
        "answered": queries.answered(found), "offered": queries.offered(found),
        "problems": [
            (p, {"code": p.code, "params": p.params}, [(*places[s], r) for s, r in p.rows[:5] if s in places],
             max(0, len(p.rows) - 5))
            for p in page
        ],
    }  # fmt: skip
    return render(request, "imports/problems.html", context)


@screen(Permission.IMPORT_UPLOAD)
def rows(request: HttpRequest, number: int) -> HttpResponse:
    """Rows that are not used, with the reason."""
    actor = actor_of(request)
    found = queries.one(actor, number, today(), now())
    aside = queries.rows(found).filter(fate="put_aside")
    page = Paginator(aside, PAGE).get_page(request.GET.get("page"))
    context = {"imported": shown(actor, found), "page": page, "query": "", "files": queries.files(found)}
    return render(request, "imports/rows.html", context)


@screen(Permission.IMPORT_UPLOAD)
def annotated(request: HttpRequest, number: int, file: int) -> HttpResponse:
    """The office's own sheets with what became of each row."""
    name, content = actions.send_back(actor_of(request), number, file, words_of(request), now())
    answer = HttpResponse(
        content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    answer["Content-Disposition"] = attached(name)
    return answer


def attached(name: str) -> str:
    return f"attachment; filename*=UTF-8''{urlencode({'': name})[1:].replace('+', '%20')}"
