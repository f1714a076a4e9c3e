"""The check of the chain in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from feigong.apps.audit.actions import CHECK, verify
from feigong.apps.jobs.registry import Context, Params, job


@job(CHECK)
def verify_all(context: Context, params: Params) -> Mapping[str, Any]:
    """The chain and the rows of the roll. Done twice it only says so twice."""
    found = verify(
        context.actor,
        expect=str(params.get("expect", "")),
        roll=True,
        told=lambda done, total: context.progress("audit.verify", done, total),
    )
    return {
        "check": context.job_id,
        "number": found.number,
        "hash": found.hash,
        "records": found.records,
        "entries": found.entries,
        "count": found.count,
        "findings": [{"code": f.code, "params": dict(f.params)} for f in found.findings],
    }
