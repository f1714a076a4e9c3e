"""Templates of documents: which are used, one with its placeholders, its preview and its history; a new one."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.clock import today
from feigong.apps.documents import actions, making, queries
from feigong.core.errors import FeigongError
from feigong.exchange.documents.reading import left_out
from feigong.web.documents.shown import fields_shown, groups_shown, title
from feigong.web.imports.uploads import in_memory
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen

_SHOWN_HERE = ("pdf", "png")  # by the browser; everything else is taken away
_OURS = "ours"


@screen(Permission.DOCUMENTS_MANAGE)
def templates(request: HttpRequest) -> HttpResponse:
    """The documents there are, and whose template each uses."""
    sight, words = sight_of(request), words_of(request)
    places = queries.places(sight)
    at = queries.place(sight, _area(request)) if places else None
    known = making.documents()
    used = queries.used(sight, at, [d.code for d in known]) if at else {}
    context = {"places": places, "at": at, "groups": groups_shown(known, used, words), "query": _query(at)}
    return render(request, "documents/list.html", context)


@in_memory
@screen(Permission.DOCUMENTS_MANAGE)
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One document; a template that is handed in. What is wrong with it is said beside the form."""
    error = None
    if request.method == "POST":
        try:
            return _uploaded(request, code)
        except FeigongError as fault:
            if fault.reason.code in ("error.not_found", "error.not_permitted"):
                raise
            error = fault
    return render(request, "documents/detail.html", _context(request, code, error), status=_status(error))


def _status(error: FeigongError | None) -> int:
    if error is None:
        return 200
    return 409 if error.reason.code == "error.changed_meanwhile" else 400


def _uploaded(request: HttpRequest, code: str) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise FeigongError("error.documents.no_file")
    area = queries.place(sight_of(request), _area(request)).area_id
    actions.upload_template(
        actor_of(request), code, area, file.name or "", file.read(), on=today(),
        reason=request.POST.get("reason", ""), expected=_expected(request),
    )  # fmt: skip
    return _back(request, code, "web.documents.uploaded")


@require_POST
@screen(Permission.DOCUMENTS_MANAGE)
def reset(request: HttpRequest, code: str) -> HttpResponse:
    area = queries.place(sight_of(request), _area(request)).area_id
    actions.reset_template(actor_of(request), code, area, on=today(), expected=_expected(request))
    return _back(request, code, "web.documents.was_reset")


@require_POST
@screen(Permission.DOCUMENTS_MANAGE)
def reuse(request: HttpRequest, code: str, version: int) -> HttpResponse:
    area = queries.place(sight_of(request), _area(request)).area_id
    actions.reuse_template(actor_of(request), code, area, version, on=today(), expected=_expected(request))
    return _back(request, code, "web.documents.reused")


@screen(Permission.DOCUMENTS_MANAGE)
def template(request: HttpRequest, code: str) -> HttpResponse:
    """The template in use, or ours, to be edited in Word."""
    found = making.document(code)
    content = None if request.GET.get("which") == _OURS else _in_use(request, code)
    return _file(f"{found.name.zh}-模板.docx", content or making.template_of(found), "docx")


@screen(Permission.DOCUMENTS_MANAGE)
def version(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """An earlier template."""
    found = making.document(code)
    kept = queries.version(queries.place(sight_of(request), _area(request)), code, version)
    return _file(f"{found.name.zh}-模板-{version}.docx", bytes(kept.content or b""), "docx")


@screen(Permission.DOCUMENTS_MANAGE)
def sample(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The template in use with fictional values."""
    made = making.sample(code, _in_use(request, code), kind, on=today())
    return _file(made.name, made.content, kind)


def _context(request: HttpRequest, code: str, error: FeigongError | None) -> dict[str, Any]:
    sight, words = sight_of(request), words_of(request)
    found = making.document(code)
    places = queries.places(sight)
    at = queries.place(sight, _area(request)) if places else None
    own = queries.content_for(at.path, code) if at else None
    return {
        "document": found,
        "left_out": left_out(own) if own else 0,
        "name": title(found, words),
        "places": places,
        "at": at,
        "query": _query(at),
        "used": queries.used(sight, at, [code])[code] if at else queries.Used(None, None),
        "history": queries.history(at, code) if at else (),
        "fields": fields_shown(found, words, today()),
        "translated": words.lang != "zh",
        "error": error,
        "given": request.POST,
    }


def _in_use(request: HttpRequest, code: str) -> bytes | None:
    """What the area of the request uses; nothing: ours."""
    sight = sight_of(request)
    if not queries.places(sight):
        return None
    return queries.content_for(queries.place(sight, _area(request)).path, code)


def _area(request: HttpRequest) -> int | None:
    text = request.POST.get("area") or request.GET.get("area") or ""
    if not text:
        return None
    if not text.isdecimal() or len(text) > 18:
        raise FeigongError("error.not_found")
    return int(text)


def _expected(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) <= 18 else None


def _query(at: Any) -> str:
    return f"?area={at.area_id}" if at else ""


def _back(request: HttpRequest, code: str, said: str) -> HttpResponse:
    messages.success(request, words_of(request).word(said))
    area = _area(request)
    return redirect(reverse("documents:detail", args=[code]) + (f"?area={area}" if area else ""))


def _file(name: str, content: bytes, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=making.CONTENT_TYPES[kind])
    way = "inline" if kind in _SHOWN_HERE else "attachment"
    answer["Content-Disposition"] = f"{way}; filename*=UTF-8''{quote(name)}"
    return answer
