"""Logs: one JSON object a line, without a word that could be about a person.

What our own code logs is an event and fields that it names. Of others' lines only the pattern is kept, not the values;
of an error its kind and where it happened, not its text. Environment: FEIGONG_LOG_LEVEL, FEIGONG_LOG_FILE.
"""

from __future__ import annotations

import json
import logging
import os
import re
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, Final

request_id: ContextVar[str] = ContextVar("request_id", default="")

_FRAMES: Final = 12
_NUMBERS: Final = re.compile(r"\d{5,}")


def _where(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def _kinds(error: BaseException | None) -> list[str]:
    """The error and what it came from, by name only."""
    names: list[str] = []
    while error is not None and len(names) < _FRAMES:
        names.append(f"{type(error).__module__}.{type(error).__qualname__}")
        error = error.__cause__ or error.__context__
    return names


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        ours = record.name.startswith("feigong")
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": str(record.msg) if ours else record.name,
        }
        if not ours:
            line["pattern"] = _NUMBERS.sub("#", str(record.msg))[:200]
        if request_id.get():
            line["request"] = request_id.get()
        line.update(getattr(record, "fields", {}))
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"] = _kinds(error)
            line["where"] = _where(error)
        return json.dumps(line, ensure_ascii=False, default=str)


def logging_settings() -> dict[str, Any]:
    """Django's LOGGING, and gunicorn's: to standard error, or to a file that may be rotated from outside."""
    file = os.environ.get("FEIGONG_LOG_FILE", "")
    kept: dict[str, Any] = {"class": "logging.StreamHandler", "formatter": "lines"}
    if file:
        kept = {"class": "logging.handlers.WatchedFileHandler", "filename": file, "formatter": "lines", "delay": True}
    level = os.environ.get("FEIGONG_LOG_LEVEL", "info").upper()
    through = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "feigong.config.logs.JsonLines"}},
        "handlers": {"kept": kept},
        "root": {"handlers": ["kept"], "level": "WARNING"},
        "loggers": {
            "feigong": {**through, "level": level},
            "django": {**through, "level": "WARNING"},
            "django.request": {**through, "level": "ERROR"},  # our own line says 404 and 403
            "gunicorn.error": {**through, "level": "WARNING"},
            "gunicorn.access": {**through, "level": "CRITICAL"},  # holds whole addresses
        },
    }
