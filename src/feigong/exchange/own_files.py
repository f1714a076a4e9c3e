"""Our own rolls and plans among the departments' tables: merged, our judgements would pass for facts."""

from __future__ import annotations

from collections.abc import Sequence

from feigong.core.errors import FeigongError
from feigong.core.roll.merge.values import RawTable
from feigong.wording import LANGUAGES, Words

_OF_A_ROLL = ("enterprises", "members", "about")
_OF_A_PLAN = ("uscc", "outcome", "fingerprint")


def refuse_own_files(tables: Sequence[RawTable]) -> None:
    """Complain of a table that is no department's.

    Raises
    ------
    FeigongError
        ``error.table_is_roll``, ``error.table_is_plan``.
    """
    sheets: dict[str, set[str]] = {}
    for table in tables:
        sheets.setdefault(table.name, set()).add(table.sheet)
    for words in map(Words, LANGUAGES):
        roll = {words.word(f"roll.sheet.{k}") for k in _OF_A_ROLL}
        plan = {words.word(f"plan.col.{k}") for k in _OF_A_PLAN}
        for name, own in sheets.items():
            if roll <= own:
                raise FeigongError("error.table_is_roll", table=name)
        for table in tables:
            if table.rows and plan <= {c for c in table.rows[0] if isinstance(c, str)}:
                raise FeigongError("error.table_is_plan", table=table.name)
