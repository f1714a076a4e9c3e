"""REST v1."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from feigong.api.cases import add_cases
from feigong.api.changes import add_changes
from feigong.api.coverage import add_coverage_plans
from feigong.api.door import Token, private, refuse, say_no_in_words
from feigong.api.edges import add_edges
from feigong.api.imports import add_imports
from feigong.api.jobs import add_jobs
from feigong.api.liaison import add_liaison
from feigong.api.outlines import add_outlines
from feigong.api.own import add_own
from feigong.api.reads import add_reads
from feigong.api.targets import add_targets
from feigong.apps.imports.uploading import InMemory
from feigong.core.reasons import Reason

_DESCRIPTION = (
    "The roll, imports, jobs and coverage plans by the same actions and queries as the pages. "
    "Times: `on` says of which day (today), `known` as known when (now). "
    "A change needs `If-Match` with the version that was read. A POST with an `Idempotency-Key` is done once. "
    "Sealed fields (ID numbers, phones, wages) can be written, never read. 见 docs/api/zh.md、docs/api/en.md。"
)


class Readable(JSONRenderer):
    """Chinese as it is written."""

    json_dumps_params: dict[str, Any] = {"ensure_ascii": False}  # noqa: RUF012 - as ninja has it


class Api(NinjaAPI):
    """Answers say their language and are kept by nobody; what is not there is said as a `Problem` too."""

    def __init__(self, **asked: Any) -> None:
        self._described: dict[str, Any] = {}
        super().__init__(**asked)

    def create_response(self, request: HttpRequest, data: Any, **more: Any) -> HttpResponse:
        answer = super().create_response(request, data, **more)
        return private(request, answer)

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        """Before anything of the body is read, and after it is known who sends it."""
        request.upload_handlers = [InMemory(request)]
        return super().create_temporal_response(request)

    def get_openapi_schema(self, **asked: Any) -> Any:
        """Made once: it takes a second, and nothing of it changes while this process runs."""
        key = repr(sorted(asked.items()))
        if key not in self._described:
            self._described[key] = super().get_openapi_schema(**asked)
        return self._described[key]

    def _get_urls(self) -> list[Any]:
        found: list[Any] = super()._get_urls()
        for entry in found:
            if isinstance(entry, URLPattern):
                entry.callback = self._in_form(entry.callback, entry.name or "")
        return [*found, path("<path:rest>", self._nothing_there, name="nothing")]

    def _in_form(self, view: Callable[..., Any], name: str) -> Callable[..., Any]:
        if name == "openapi-view":
            return login_required(view)

        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if name == "api-root":
                return self._nothing_there(request)
            if name == "openapi-json" and request.method not in ("GET", "HEAD"):
                return self._not_allowed(request, "GET, HEAD")
            answer: HttpResponseBase = view(request, *args, **kwargs)
            if answer.status_code == 405:
                methods = sorted(m.strip() for m in answer["Allow"].split(","))
                return self._not_allowed(request, ", ".join(methods))
            return answer

        return answered

    def _nothing_there(self, request: HttpRequest, rest: str = "") -> HttpResponse:
        return refuse(self, request, Reason("error.api_no_address"), 404, [])

    def _not_allowed(self, request: HttpRequest, methods: str) -> HttpResponse:
        answer = refuse(self, request, Reason("error.api_method", {"methods": methods}), 405, [])
        answer["Allow"] = methods
        return answer

    _nothing_there.csrf_exempt = True  # type: ignore[attr-defined]


def make_api() -> Api:
    api = Api(
        title="Feigong", version="1", description=_DESCRIPTION, auth=Token(), urls_namespace="api", docs_url="docs",
        renderer=Readable(),
    )
    router = api.default_router
    for add in (
        add_own, add_reads, add_changes, add_edges, add_imports, add_jobs, add_outlines, add_coverage_plans,
        add_targets, add_cases, add_liaison,
    ):  # fmt: skip
        add(router)
    say_no_in_words(api)
    return api


api = make_api()
