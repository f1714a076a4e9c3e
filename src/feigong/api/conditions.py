"""Versions: what is sent with a thing, and what a change must name."""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from ninja.params.functions import Header

from feigong.api.door import private
from feigong.api.values import MOST_ID
from feigong.core.errors import FeigongError

_TAG: Final = re.compile(r'(?:W/)?"([^"]*)"')
VERSION: Final[Any] = Header(
    ..., alias="If-Match", pattern=r'^"[0-9]{1,20}"$',
    description='the version that was read, as its ETag has it: `"123"`; without it: 428, where it is another by now: '
    "412",
)  # fmt: skip
ETAG: Final = {"ETag": "the version of what is answered"}


def etag(version: int) -> str:
    return f'"{version}"'


def version_of(if_match: str) -> int:
    """The version that a change is based on."""
    version = int(if_match.strip('"'))
    if version > MOST_ID:
        raise FeigongError("error.changed_meanwhile")
    return version


def unchanged(request: HttpRequest, version: int) -> HttpResponse | None:
    """304 where the asker has this version already."""
    known = request.META.get("HTTP_IF_NONE_MATCH", "")
    if known.strip() != "*" and str(version) not in _TAG.findall(known):
        return None
    answer = HttpResponse(status=304, headers={"ETag": etag(version)})
    del answer["Content-Type"]
    return private(request, answer)
