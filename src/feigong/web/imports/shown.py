"""An import as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from feigong.apps.accounts.roles import Permission
from feigong.apps.accounts.sight import Actor
from feigong.apps.clock import now
from feigong.apps.imports import queries, reading
from feigong.apps.imports.choices import BUSY, ENDED, ImportState, Kind, Verdict
from feigong.wording import Words

TONES: Final = {
    ImportState.READ: "", ImportState.CHECKING: "", ImportState.CHECKED: "warn", ImportState.APPLYING: "",
    ImportState.APPLIED: "good", ImportState.TAKING_BACK: "", ImportState.TAKEN_BACK: "plain",
    ImportState.ABANDONED: "plain",
}  # fmt: skip
VERDICT_TONES: Final = {
    "new": "good", "changed": "", "unchanged": "plain", "doubtful": "warn", "foreign": "plain", "missing": "warn",
}  # fmt: skip
LISTS: Final = {
    Kind.ENTERPRISE: "enterprises:list", Kind.ORGANISATION: "organisations:list", Kind.MEMBER: "members:list",
    Kind.OFFICER: "workers:list",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    row: Any
    state: ImportState
    tone: str
    actor: Actor

    @property
    def may_apply(self) -> bool:
        return self.actor.may(Permission.IMPORT_APPLY)

    @cached_property
    def figures(self) -> dict[str, Any]:
        return queries.figures_seen(self.actor, self.row, now())

    @property
    def busy(self) -> bool:
        return self.state in BUSY

    @property
    def verdicts(self) -> list[tuple[str, int, str]]:
        """Verdict, count, address of the rows counted."""
        counted = self.figures.get("verdicts", {})
        return [(v.value, counted.get(v, 0), self.items(verdict=v)) for v in Verdict if counted.get(v) or v in _ALWAYS]

    @property
    def kinds(self) -> list[tuple[str, list[tuple[str, int, str]]]]:
        """By kind: its verdicts, counts and addresses."""
        found = self.figures.get("kinds", {})
        columns = [v for v in Verdict if v in _ALWAYS or self.figures.get("verdicts", {}).get(v)]
        return [
            (k.value, [(v.value, found[k].get(v, 0), self.items(kind=k, verdict=v)) for v in columns])
            for k in Kind
            if k in found
        ]

    @property
    def not_used(self) -> int:
        return int(self.figures.get("rows", {}).get("put_aside", 0))

    @property
    def missing(self) -> int:
        """Enterprises that a full register no longer has."""
        return int(self.figures.get("verdicts", {}).get(Verdict.MISSING, 0))

    @property
    def others(self) -> int:
        """Rows about which nobody is asked: they are others'."""
        return int(self.figures.get("others", 0))

    @property
    def to_decide(self) -> int:
        """Problems that somebody can still decide: none once the import has ended."""
        return 0 if self.row.state in ENDED else int(self.figures.get("problems", {}).get("decide", 0))

    @property
    def problems(self) -> int:
        counted = self.figures.get("problems", {})
        return int(counted.get("decide", 0)) + int(counted.get("check", 0))

    @property
    def chosen(self) -> int:
        return queries.chosen(self.row).count()

    @property
    def fields(self) -> list[tuple[str, str, str, int, bool]]:
        """Kinds of change: kind, field, code, count, whether they are written."""
        counted: dict[str, int] = self.figures.get("fields", {})
        return [(*code.split(".", 1), code, n, code not in self.row.skipped) for code, n in sorted(counted.items())]  # type: ignore[misc]

    @property
    def lists(self) -> list[tuple[str, str]]:
        """Lists of the roll as on the import's day."""
        day = urlencode({"on": self.row.on.isoformat()})
        kinds = [k for k in Kind if k in self.figures.get("kinds", {})]
        return [(k.value, f"{reverse(LISTS[k])}?{day}") for k in kinds]

    @property
    def written(self) -> dict[str, int]:
        return dict(self.figures.get("written", {}))

    def items(self, **query: str) -> str:
        return f"{reverse('imports:items', args=[self.row.pk])}?{urlencode(query)}"


_ALWAYS = (Verdict.NEW, Verdict.CHANGED, Verdict.UNCHANGED, Verdict.DOUBTFUL)


def shown(actor: Actor, row: Any) -> Shown:
    state = queries.standing(row)
    return Shown(row, state, TONES[state], actor)


@dataclass(frozen=True, slots=True)
class ShownSheet:
    """A sheet with the choices for its columns."""

    row: Any
    meanings: list[tuple[str, str]]  # code and words

    @property
    def columns(self) -> list[dict[str, Any]]:
        return list(self.row.columns)

    @property
    def unused(self) -> list[str]:
        return [c["header"] for c in self.row.columns if c["header"] and not c["meaning"]]


def sheets_shown(rows: Iterable[Any], words: Words) -> list[ShownSheet]:
    return [ShownSheet(row, [(m, _meaning(m, words)) for m in reading.meanings_of(row.subject)]) for row in rows]


def _meaning(code: str, words: Words) -> str:
    """What a column means; here some things are kept that a merge without a database leaves out."""
    own = f"web.imports.meaning_of.{code}"
    return words.word(own if words.has(own) else f"roll.meaning.{code}")
