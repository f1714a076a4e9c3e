"""How an operation is added: with its answers, its refusals, and no parameter that it does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router
from ninja.errors import ValidationError
from ninja.params.functions import Query
from pydantic import BaseModel

from feigong.api.door import REFUSALS, Problem

View = Callable[..., Any]


def add(
    router: Router,
    method: str,
    path: str,
    view: View,
    *,
    name: str,
    summary: str,
    tag: str,
    answers: Mapping[int, Any],
    query: type[BaseModel] | None = None,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> None:
    """``query`` and ``body``: what the view's ``asked`` and ``given`` are. ``headers``: of the answer, described."""
    if query is not None:
        view.__annotations__["asked"] = Annotated[query, Query(...)]
    if body is not None:
        view.__annotations__["given"] = body
    described = {
        status: {"headers": {h: {"description": d, "schema": {"type": "string"}} for h, d in headers.items()}}
        for status in answers
    } if headers else {}  # fmt: skip
    described[405] = {"headers": {"Allow": {"description": "methods", "schema": {"type": "string"}}}}
    router.api_operation(
        [method], path, response={**answers, REFUSALS: Problem}, operation_id=name, summary=summary, tags=[tag],
        openapi_extra={"responses": described, **(extra or {})},
    )(view)  # fmt: skip
    operation: Any = view._ninja_operation  # type: ignore[attr-defined]
    known: dict[str, set[str]] = {"query": set(), "form": set(), "file": set()}
    for model in operation.models:
        if model.__ninja_param_source__ in known:
            known[model.__ninja_param_source__] |= set(getattr(model, "__ninja_flatten_map__", model.model_fields))
    operation.view_func = _knowing(view, known)


def _knowing(view: View, known: Mapping[str, set[str]]) -> View:
    """A parameter that nobody reads would be taken for heeded: a filter misspelt shows everything."""

    @wraps(view)
    def checked(request: HttpRequest, **values: Any) -> Any:
        sent: Mapping[str, Iterable[str]] = {"query": request.GET, "form": request.POST, "file": request.FILES}
        unknown = [(where, name) for where, names in known.items() for name in sent[where] if name not in names]
        if unknown:
            raise ValidationError([{"type": "extra_forbidden", "loc": place} for place in unknown])
        return view(request, **values)

    return checked
