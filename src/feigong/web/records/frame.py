"""What every page of a record has."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from feigong.apps.accounts.roles import Permission
from feigong.web.records.page import Look, RecordPage
from feigong.web.records.shown import address


def frame(look: Look) -> dict[str, Any]:
    """What every page of a record has: its heading, its addresses, what may be done."""
    page, actor = look.page, look.actor
    past = bool(look.dates)
    return {
        "record": look.row,
        "record_id": look.record_id,
        "kind": page.kind.value,
        "code": page.code,
        "dates": look.dates,
        "on": look.sight.on,
        "known": look.sight.known_at,
        "past": past,
        "may_change": look.may_change and not past,
        "may_merge": page.mergeable and actor.may(Permission.ROLL_MERGE) and not past,
        "may_reveal": actor.may(Permission.REVEAL) and "known" not in look.request.GET,
        "addresses": {name: address(page.kind, look.record_id, "", name) for name in _names(page)},
        "may_appoint": actor.may(Permission.MEMBERS_CHANGE) and not past,
        "may_assign": actor.may(Permission.ROLL_CHANGE) and not past,
        "sees_people": look.sight.members,
        "tiles": settings.MAP_TILES,
        "list_title": f"web.{page.code}.title",
        "list_address": f"{page.code}:list",
    }


def _names(page: RecordPage) -> list[str]:
    return ["detail", "change", "end", *(["merge"] if page.mergeable else [])]
