"""For those who bring tables, and for those who keep the installation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feigong.apps.accounts import queries as accounts_queries
from feigong.apps.clock import now
from feigong.apps.imports import queries as import_queries
from feigong.apps.jobs import queries as job_queries
from feigong.apps.operation import checks
from feigong.web.jobs.shown import shown
from feigong.web.lists.spec import Ask

_MOST = 8


def jobs(ask: Ask) -> Mapping[str, Any] | None:
    """What is under way; nothing at all is not worth a word."""
    at = now()
    rows = job_queries.visible(ask.actor).filter(state__in=job_queries.UNDER_WAY).order_by("-pk")[:_MOST]
    found = [shown(row, ask.words, at) for row in rows]
    return {"jobs": found} if found else None


def bare(ask: Ask) -> Mapping[str, Any]:
    """For templates that need nothing, or read for themselves."""
    return {}


def own_imports(ask: Ask) -> Mapping[str, Any]:
    """The last tables handed in, and where they stand."""
    rows = import_queries.imports(ask.actor, ask.sight.on, now()).select_related("job")
    found = [(row, import_queries.standing(row).value) for row in rows[:_MOST]]
    return {"imports": found}


def system(ask: Ask) -> Mapping[str, Any]:
    """What is wrong with the installation, in words."""
    at = now()
    wrong = [
        (ask.words.word(f"check.finding.{f.code}", **f.params), ask.words.word(f"check.mend.{f.code}", **f.params))
        for findings in checks.check_all(at).values()
        for f in findings
    ]
    return {"wrong": wrong, "workers": job_queries.alive_workers(at).count()}


def accounts(ask: Ask) -> Mapping[str, Any]:
    """Accounts, those locked out now, links not used yet."""
    at = now()
    rows = list(accounts_queries.accounts(ask.actor, at)[:5000])
    locked = accounts_queries.locked_ids(rows, at)
    invited = [row for row in rows if getattr(row, "invited", False)]  # annotated by the query
    return {
        "count": len(rows),
        "locked": [row for row in rows if row.pk in locked],
        "invited": invited,
        "addresses": accounts_queries.locked_addresses(ask.actor, at),
    }
