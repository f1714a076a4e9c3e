"""The narrow look of a security administrator at the roll: names, to give an account its part. Nothing else of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.roll.models import AreaState, MemberState, OrganisationState, WorkerState
from feigong.apps.roll.models.dated import Dated, as_of
from feigong.core.errors import FeigongError

_MOST = 30

_KINDS: dict[str, type[Dated]] = {
    "areas": AreaState,
    "organisations": OrganisationState,
    "worker": WorkerState,
    "member": MemberState,
}
_PEOPLE = ("worker", "member")


@dataclass(frozen=True, slots=True)
class Pick:
    """A part of the roll by its name and where it is: all that is needed to give it to an account."""

    id: int
    name: str
    where: str


def picks(actor: Actor, kind: str, on: date, at: datetime, *, text: str) -> list[Pick]:
    """What has this name. Areas and organisations by a part of it; people by the whole name only, so that nobody reads
    the roll of members here."""
    actor.must(Permission.ACCOUNTS_MANAGE)
    text = text.strip()
    model = _model(kind)
    if not text and kind != "areas":
        return []
    wanted = {"name": text} if kind in _PEOPLE else {"name__icontains": text}
    order = ("path",) if kind == "areas" else ("name", "pk")
    rows = as_of(model, on, at).filter(**wanted).order_by(*order)[:_MOST]
    return _picks(kind, rows, on, at)


def named(actor: Actor, kind: str, ids: Iterable[int], on: date, at: datetime) -> list[Pick]:
    """The names of what an account has."""
    actor.must(Permission.ACCOUNTS_MANAGE)
    model = _model(kind)
    return _picks(kind, as_of(model, on, at).filter(**{f"{model.KEY[0]}_id__in": list(ids)}).order_by("name"), on, at)


def _model(kind: str) -> type[Dated]:
    try:
        return _KINDS[kind]
    except KeyError:
        raise FeigongError("error.not_found", what="kind") from None


def _picks(kind: str, rows: Iterable[Dated], on: date, at: datetime) -> list[Pick]:
    """With the name of the area around it (of a member: the branch) to tell namesakes apart."""
    found = list(rows)
    key = f"{_KINDS[kind].KEY[0]}_id"
    place = {"areas": "parent_id", "member": "branch_id"}.get(kind, "area_id")
    around = OrganisationState if kind == "member" else AreaState
    names = _names(around, {i for row in found if (i := getattr(row, place))}, on, at)
    return [Pick(getattr(row, key), getattr(row, "name", ""), names.get(getattr(row, place), "")) for row in found]


def _names(model: type[Dated], ids: set[int], on: date, at: datetime) -> dict[int, str]:
    column = f"{model.KEY[0]}_id"
    return dict(as_of(model, on, at).filter(**{f"{column}__in": ids}).values_list(column, "name"))
