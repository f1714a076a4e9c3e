"""What is sent to us stays in memory: plain tables are never written to a disk on the way in."""

from __future__ import annotations

import io
from typing import Any, Final

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from feigong.apps.imports.limits import limits

MOST_FILES: Final = 3  # times the limit of one file: what one upload may hold altogether


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
        if self._size > limits().bytes * MOST_FILES:
            self.request.upload_refused = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False)
        self._content.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self._content.seek(0)
        return InMemoryUploadedFile(
            self._content, self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset,
            self.content_type_extra,
        )  # fmt: skip
