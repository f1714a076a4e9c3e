"""Change the templates of an area: upload one, go back to an earlier one, or to ours."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import PurePosixPath

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.audit.recording import Change, changing
from feigong.apps.clock import now
from feigong.apps.documents import queries
from feigong.apps.documents.models import Template
from feigong.apps.roll.models import Area, AreaState
from feigong.core.errors import FeigongError
from feigong.exchange.documents.checking import check_template
from feigong.exchange.documents.known import document

_LONGEST_NAME = 160


def upload_template(
    actor: Actor, code: str, area: int, name: str, content: bytes, *, on: date, reason: str = "",
    expected: int | None = None,
) -> int:  # fmt: skip
    """Let an area use a template of its own; its number.

    Raises
    ------
    FeigongError
        ``error.not_permitted``, ``error.not_found``; ``error.documents.template_…`` that names what is wrong in it;
        ``error.documents.same`` where it is used already; ``error.changed_meanwhile``.
    """
    at = _begin(actor, code, area, on)
    kept = check_template(content, document(code))
    digest = hashlib.sha256(kept).hexdigest()
    with changing(actor, "documents.upload", reason=reason, params=_params(code, area)) as change:
        newest = _newest(at, code, expected)
        if newest is not None and newest.digest == digest:
            raise FeigongError("error.documents.same")
        file = PurePosixPath(name.replace("\\", "/")).name[:_LONGEST_NAME]
        made = Template(code=code, area_id=at.area_id, content=kept, name=file, digest=digest, record=change.record)
        return _write(change, newest, made)


def reset_template(
    actor: Actor, code: str, area: int, *, on: date, reason: str = "", expected: int | None = None
) -> int:
    """Use no template of one's own any more. Raises as `upload_template`."""
    at = _begin(actor, code, area, on)
    with changing(actor, "documents.reset", reason=reason, params=_params(code, area)) as change:
        newest = _newest(at, code, expected)
        if newest is None or not newest.digest:
            raise FeigongError("error.documents.same")
        return _write(change, newest, Template(code=code, area_id=at.area_id, record=change.record))


def reuse_template(
    actor: Actor, code: str, area: int, version: int, *, on: date, reason: str = "", expected: int | None = None
) -> int:
    """Use an earlier version again, as a new one. Raises as `upload_template`."""
    at = _begin(actor, code, area, on)
    old = queries.version(at, code, version)
    with changing(actor, "documents.reuse", reason=reason, params=_params(code, area)) as change:
        newest = _newest(at, code, expected)
        if newest is not None and newest.digest == old.digest:
            raise FeigongError("error.documents.same")
        made = Template(
            code=code, area_id=at.area_id, content=old.content, name=old.name, digest=old.digest, record=change.record
        )
        return _write(change, newest, made)


def _begin(actor: Actor, code: str, area: int, on: date) -> AreaState:
    actor.must(Permission.DOCUMENTS_MANAGE)
    document(code)
    return queries.place(actor.sight(on, now()), area)


def _params(code: str, area: int) -> dict[str, object]:
    return {"document": code, "area": area}


def _newest(at: AreaState, code: str, expected: int | None) -> Template | None:
    """The version in use, held until the end: two offices at once add one after the other, and the second is told."""
    Area.objects.select_for_update().get(pk=at.area_id)
    newest = queries.history(at, code).first()
    if expected is not None and expected != (newest.pk if newest else 0):
        raise FeigongError("error.changed_meanwhile")
    return newest


def _write(change: Change, newest: Template | None, made: Template) -> int:
    made.save()
    change.note("template", made.pk, None if newest is None else _noted(newest), _noted(made))
    return made.pk


def _noted(template: Template) -> dict[str, object]:
    return {"code": template.code, "area_id": template.area_id, "name": template.name, "digest": template.digest}
