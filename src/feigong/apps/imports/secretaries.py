"""Secretaries whom a table of organisations names."""

from __future__ import annotations

from typing import Final

from feigong.apps.accounts.sight import Sight
from feigong.apps.roll import queries
from feigong.apps.roll.models.people import PostRole

EDGES: Final = frozenset(("covers", "secretary"))  # what an organisation's row says that stands in other tables


def secretaries(sight: Sight) -> dict[int, str]:
    """The secretary of each organisation in sight, by name."""
    posts = queries.posts(sight).filter(role=PostRole.SECRETARY).values_list("organisation_id", "worker_id")
    names = dict(queries.workers(sight).order_by().values_list("worker_id", "name"))
    return {organisation: names[worker] for organisation, worker in posts if worker in names}
