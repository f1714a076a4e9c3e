"""What is sent to us stays in memory: plain tables are never written to a disk on the way in."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from feigong.apps.imports.limits import limits
from feigong.core.errors import FeigongError
from feigong.web.screen import View

_MOST_FILES = 3  # times the limit of one file: what one upload may hold altogether


class InMemory(FileUploadHandler):
    """Keeps files in memory, and ends an upload that is larger than any that would be accepted."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._size = 0
        self._content = io.BytesIO()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._content = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._size += len(raw_data)
        if self._size > limits().bytes * _MOST_FILES:
            self.request.upload_refused = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False)
        self._content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._content.seek(0)
        return InMemoryUploadedFile(
            self._content, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset,
            self.content_type_extra,
        )  # fmt: skip


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
        raise FeigongError("error.imports.upload_too_large", most=limits().megabytes * _MOST_FILES)
    pasted = request.POST.get("pasted", "")
    if pasted.strip():
        if pasted.count("\t") + pasted.count("\n") > limits().pasted_cells:
            raise FeigongError("error.imports.paste_too_large", most=limits().pasted_cells)
        name = request.POST.get("pasted_name", "").strip() or "pasted"
        files.append((f"{name.removesuffix('.tsv')}.tsv", pasted.encode()))
    return files
