"""One case: where it stands, its step to be done, what was done in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from feigong.apps.accounts.roles import Permission
from feigong.apps.cases import actions, documents, queries
from feigong.apps.clock import today
from feigong.apps.documents import making
from feigong.apps.movement.queries import KINDS as TRANSFERS
from feigong.core.cases.values import Asked, AskedKind, Standing, StepRule
from feigong.core.errors import FeigongError
from feigong.web.cases import known, shown
from feigong.web.movement.shown import on_case
from feigong.web.records.forms import Picker
from feigong.web.records.inputs import day_in, number_in
from feigong.web.records.picking import rows_for
from feigong.web.request import actor_of, sight_of, words_of
from feigong.web.screen import screen, status_of

_PICKED = {AskedKind.ORGANISATION: "superior", AskedKind.WORKER: "worker"}


@require_GET
@screen(Permission.CASES_VIEW)
def case(request: HttpRequest, case_id: int) -> HttpResponse:
    return _page(request, case_id)


def _page(request: HttpRequest, case_id: int, refused: FeigongError | None = None) -> HttpResponse:
    """The page; after a refusal with its sentence and with what was typed."""
    actor, sight, words = actor_of(request), sight_of(request), words_of(request)
    row = queries.case(sight, case_id)
    kind, position = queries.kind_of(row.case), queries.position_of(row)
    step = kind.step(position.step)
    events = list(queries.events(sight, case_id))
    subjects = queries.subjects(sight, [case_id])[case_id]
    past = sight.on != today()
    works = actor.may(Permission.CASES_WORK) and not past
    turn = works and queries.may_do(actor.role, step)
    does = turn and position.standing is Standing.OPEN
    hands = works and position.standing is not Standing.CLOSED and queries.may_hand_over(actor, row, step)
    context: dict[str, Any] = {
        "row": row, "position": position, "kind_title": shown.titled(kind.title, words),
        "about": shown.about_words(subjects, words), "subjects": subjects, "facts": row.case.facts,
        "step": step, "step_title": shown.titled(step.title, words), "step_help": shown.titled(step.help, words),
        "way": shown.way(kind, position, events, words), "late": shown.late_days(position, sight.on),
        "known": known.lines(row, subjects, events, sight, words),
        "events": shown.told(kind, events, sight, words), "papers": list(queries.papers(sight, case_id)),
        "whose": shown.whose([row], sight)[row.pk], "past": past, "works": works, "does": does, "today": today(),
        "turn": turn, "hands": hands, "sees_plans": actor.may(Permission.COVERAGE_VIEW),
        "documents": _documents(row, words) if works else (),
        "owners": actions.owners(actor, [row.area_id], on=today(), known_at=sight.known_at) if hands else (),
        "given": request.POST,
        "refused": shown.said_error(refused, kind, position.step, words) if refused else "",
    }  # fmt: skip
    if row.case.kind in TRANSFERS:
        context |= on_case(row, subjects, sight)
    if does:
        context["fields"] = [_field(a, step, row.case.facts, request, words) for a in step.asks]
        context["endings"] = [(e, shown.titled(e.title, words)) for e in step.endings]
    return render(request, "cases/case.html", context, status=status_of(refused) if refused else 200)


def _documents(row: Any, words: Any) -> list[tuple[str, str]]:
    return [(code, shown.titled(making.document(code).name, words)) for code in documents.codes(row)]


def _field(asked: Asked, step: StepRule, facts: Any, request: HttpRequest, words: Any) -> dict[str, Any]:
    """What a field of the step needs: a value that is known stands in it already. ``only``: results that ask for it."""
    known = facts.get(asked.fact) if asked.fact else None
    value = request.POST.get(asked.name, "" if known is None else str(known))
    only = [shown.titled(e.title, words) for e in step.endings if asked.name in e.asks]
    field: dict[str, Any] = {
        "name": asked.name, "title": shown.titled(asked.title, words), "kind": asked.kind.value, "value": value,
        "required": asked.required, "only": words.join(only), "least": asked.least,
        "known": known is not None and asked.name not in request.POST,
        "options": [(code, shown.titled(title, words)) for code, title in asked.options],
    }  # fmt: skip
    if asked.kind in _PICKED:
        picker = Picker(_PICKED[asked.kind])
        if value.isdecimal():
            kind, rows = rows_for(_PICKED[asked.kind], sight_of(request))
            key = f"{kind.value}_id"
            picker.shown = rows.filter(**{key: int(value)}).values_list("name", flat=True).first() or ""
        field["picker"] = picker.render(asked.name, value, {"id": f"ask-{asked.name}"})
    return field


def _doing(act: Callable[[HttpRequest, int], str]) -> Callable[..., HttpResponseBase]:
    """A form of the page: done and said, or the page again with what was typed and why not."""

    @require_POST
    @screen(Permission.CASES_WORK)
    def view(request: HttpRequest, case_id: int) -> HttpResponse:
        queries.case(sight_of(request), case_id)
        try:
            said = act(request, case_id)
        except FeigongError as error:
            if error.reason.code in ("error.not_found", "error.not_permitted"):
                raise
            return _page(request, case_id, error)
        messages.success(request, said)
        return redirect("cases:detail", case_id)

    return view


def _step(request: HttpRequest, case_id: int) -> str:
    actor, words = actor_of(request), words_of(request)
    row = queries.case(sight_of(request), case_id)
    kind = queries.kind_of(row.case)
    asked = [a.name for a in kind.step(row.step).asks]
    answers = {name: request.POST[name] for name in asked if name in request.POST}
    warnings = actions.do_step(
        actor, case_id, request.POST.get("ending", ""), answers, on=day_in(request.POST, "on"), today=today(),
        expected=_version(request), text=request.POST.get("text", ""),
    )  # fmt: skip
    for warning in warnings:
        messages.warning(request, shown.said(warning, kind, row.step, words))
    return words.word("web.cases.done", step=shown.step_title(row, words))


def _hold(request: HttpRequest, case_id: int) -> str:
    until = day_in(request.POST, "until") if request.POST.get("until") else None
    text = request.POST.get("text", "")
    actions.hold(actor_of(request), case_id, on=today(), until=until, text=text, expected=_version(request))
    return words_of(request).word("web.cases.held")


def _resume(request: HttpRequest, case_id: int) -> str:
    actions.resume(actor_of(request), case_id, on=today(), expected=_version(request))
    return words_of(request).word("web.cases.resumed")


def _reopen(request: HttpRequest, case_id: int) -> str:
    text = request.POST.get("text", "")
    actions.reopen(actor_of(request), case_id, on=today(), text=text, expected=_version(request))
    return words_of(request).word("web.cases.reopened")


def _hand_over(request: HttpRequest, case_id: int) -> str:
    actions.hand_over(
        actor_of(request), case_id, on=today(), owner=number_in(request.POST, "owner"),
        worker=number_in(request.POST, "worker"), text=request.POST.get("text", ""), expected=_version(request),
    )  # fmt: skip
    return words_of(request).word("web.cases.handed")


def _remark(request: HttpRequest, case_id: int) -> str:
    actions.comment(actor_of(request), case_id, request.POST.get("text", ""), on=today())
    return words_of(request).word("web.cases.remarked")


def _attach(request: HttpRequest, case_id: int) -> str:
    file = request.FILES.get("paper")
    if file is None:
        raise FeigongError("error.case.nothing_said")
    if file.size is None or file.size > actions.MOST_PAPER:
        raise FeigongError("error.case.paper_size", name=str(file.name)[:80], most=actions.MOST_PAPER // 1024 // 1024)
    actions.attach(actor_of(request), case_id, str(file.name), file.read(), on=today())
    return words_of(request).word("web.cases.attached")


def _version(request: HttpRequest) -> int | None:
    return number_in(request.POST, "version")


step, hold, resume, reopen = _doing(_step), _doing(_hold), _doing(_resume), _doing(_reopen)
hand_over, remark, attach = _doing(_hand_over), _doing(_remark), _doing(_attach)


@require_GET
@screen(Permission.CASES_VIEW)
def paper(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """A document of the case, to be taken away: never opened by the browser as a page of ours."""
    name, content = queries.paper(sight_of(request), case_id, paper_id)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@require_GET
@screen(Permission.CASES_WORK)
def document(request: HttpRequest, case_id: int, code: str, kind: str) -> HttpResponse:
    """A document of a step, filled in with what is known."""
    made = documents.make(sight_of(request), case_id, code, kind, on=today())
    answer = HttpResponse(made.content, content_type=making.CONTENT_TYPES[kind])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
    return answer
