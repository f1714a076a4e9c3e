"""What is sent to us stays in memory: plain tables are never written to a disk on the way in."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from feigong.apps.imports.limits import limits
from feigong.apps.imports.uploading import MOST_FILES, InMemory
from feigong.core.errors import FeigongError
from feigong.web.screen import View


def in_memory(view: View) -> Callable[..., HttpResponseBase]:
    """For a view that takes files: the handler must stand before the form is read, the check of its token included."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def taking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.upload_handlers = [InMemory(request)]
        return protected(request, *args, **kwargs)

    return taking


def handed_in(request: HttpRequest) -> list[tuple[str, bytes]]:
    """The files of a form, and what was pasted as one more."""
    files = [(f.name or "", f.read()) for f in request.FILES.getlist("files")]
    if getattr(request, "upload_refused", False):
        raise FeigongError("error.imports.upload_too_large", most=limits().megabytes * MOST_FILES)
    pasted = request.POST.get("pasted", "")
    if pasted.strip():
        if pasted.count("\t") + pasted.count("\n") > limits().pasted_cells:
            raise FeigongError("error.imports.paste_too_large", most=limits().pasted_cells)
        name = request.POST.get("pasted_name", "").strip() or "pasted"
        files.append((f"{name.removesuffix('.tsv')}.tsv", pasted.encode()))
    return files
