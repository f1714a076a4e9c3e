"""Every operation of the API: what it needs, and what the number in its address is."""

from __future__ import annotations

from feigong.apps.accounts.roles import Permission

P = Permission
Need = tuple[frozenset[Permission], str]


def _need(*permissions: Permission, kind: str = "") -> Need:
    return frozenset({P.API_USE, *permissions}), kind


def _reads(code: str, kind: str, *view: Permission) -> dict[tuple[str, str], Need]:
    return {
        ("get", f"/{code}"): _need(*view),
        ("get", f"/{code}/{{identity}}"): _need(*view, kind=kind),
        ("get", f"/{code}/{{identity}}/history"): _need(*view, kind=kind),
    }


def _writes(code: str, kind: str, change: Permission, steps: str) -> dict[tuple[str, str], Need]:
    found = {("post", f"/{code}"): _need(change), ("patch", f"/{code}/{{identity}}"): _need(change, kind=kind)}
    for step in steps.split():
        if step == "batch":
            found["post", f"/{code}/batch"] = _need(change)
        else:
            may = P.ROLL_MERGE if step in ("merge", "split") else change
            found["post", f"/{code}/{{identity}}/{step}"] = _need(may, kind=kind)
    return found


OPERATIONS: dict[tuple[str, str], Need] = {
    ("get", "/me"): _need(),
    **_reads("areas", "area", P.ROLL_VIEW),
    **_reads("enterprises", "enterprise", P.ROLL_VIEW),
    **_reads("organisations", "organisation", P.ROLL_VIEW),
    **_reads("venues", "venue", P.ROLL_VIEW),
    **_reads("members", "member", P.MEMBERS_VIEW),
    **_reads("workers", "worker", P.MEMBERS_VIEW),
    **_writes("areas", "area", P.AREAS_CHANGE, "close"),
    **_writes("enterprises", "enterprise", P.ROLL_CHANGE, "end batch merge split"),
    **_writes("organisations", "organisation", P.ROLL_CHANGE, "end batch merge split"),
    **_writes("venues", "venue", P.ROLL_CHANGE, "end"),
    **_writes("members", "member", P.MEMBERS_CHANGE, "end batch merge split"),
    **_writes("workers", "worker", P.MEMBERS_CHANGE, "end batch merge split"),
    ("get", "/areas/outlines"): _need(P.ROLL_VIEW),
    ("get", "/posts"): _need(P.MEMBERS_VIEW),
    ("get", "/coverage"): _need(P.ROLL_VIEW),
    ("get", "/assignments"): _need(P.MEMBERS_VIEW),
    ("post", "/posts"): _need(P.MEMBERS_CHANGE),
    ("post", "/posts/end"): _need(P.MEMBERS_CHANGE),
    ("post", "/coverage"): _need(P.ROLL_CHANGE),
    ("post", "/coverage/end"): _need(P.ROLL_CHANGE),
    ("post", "/coverage/host"): _need(P.ROLL_CHANGE),
    ("post", "/assignments"): _need(P.ROLL_CHANGE),
    ("post", "/assignments/end"): _need(P.ROLL_CHANGE),
    ("post", "/records/{record}/take-back"): _need(kind="taken_record"),  # more: by what the record touched
    ("get", "/targets"): _need(P.TARGETS_VIEW),
    ("get", "/targets/measures"): _need(P.TARGETS_VIEW),
    ("get", "/areas/{identity}/targets"): _need(P.TARGETS_VIEW, kind="area"),
    ("put", "/areas/{identity}/targets"): _need(P.TARGETS_SET, kind="area"),
    ("post", "/areas/{identity}/targets/split"): _need(P.TARGETS_SET, kind="area"),
    ("get", "/visits"): _need(P.VISITS_VIEW),
    ("get", "/ladders"): _need(P.ROLL_VIEW, P.MEMBERS_VIEW),
    ("get", "/imports"): _need(P.IMPORT_UPLOAD),
    ("post", "/imports"): _need(P.IMPORT_UPLOAD),
    ("get", "/imports/{identity}"): _need(P.IMPORT_UPLOAD, kind="import"),
    ("get", "/imports/{identity}/items"): _need(P.IMPORT_UPLOAD, kind="import"),
    ("get", "/imports/{identity}/problems"): _need(P.IMPORT_UPLOAD, kind="import"),
    ("get", "/imports/{identity}/rows"): _need(P.IMPORT_UPLOAD, kind="import"),
    ("post", "/imports/{identity}/check"): _need(P.IMPORT_UPLOAD, kind="import"),
    ("post", "/imports/{identity}/apply"): _need(P.IMPORT_APPLY, kind="import"),
    ("post", "/imports/{identity}/take-back"): _need(P.IMPORT_APPLY, kind="import"),
    ("post", "/imports/{identity}/take-offered"): _need(P.IMPORT_APPLY, kind="import"),
    ("post", "/imports/{identity}/abandon"): _need(P.IMPORT_UPLOAD, kind="import"),
    ("get", "/jobs"): _need(),
    ("get", "/jobs/{identity}"): _need(kind="own_job"),
    ("post", "/jobs/{identity}/cancel"): _need(kind="own_job"),
    ("get", "/cases"): _need(P.CASES_VIEW),
    ("get", "/cases/{identity}"): _need(P.CASES_VIEW, kind="case"),
    ("post", "/cases/{identity}/step"): _need(P.CASES_WORK, kind="case"),
    ("post", "/coverage-plans/{identity}/approve"): _need(P.CASES_WORK, kind="plan"),
    ("get", "/coverage-plans"): _need(P.COVERAGE_VIEW),
    ("post", "/coverage-plans"): _need(P.COVERAGE_PLAN),
    ("get", "/coverage-plans/{identity}"): _need(P.COVERAGE_VIEW, kind="plan"),
    ("get", "/coverage-plans/{identity}/outcomes"): _need(P.COVERAGE_VIEW, kind="plan"),
    ("get", "/coverage-plans/{identity}/branches"): _need(P.COVERAGE_VIEW, kind="plan"),
    ("post", "/coverage-plans/{identity}/adjust"): _need(P.COVERAGE_PLAN, kind="whole_plan"),
    ("get", "/coverage-plans/{identity}/comparison"): _need(P.COVERAGE_VIEW, kind="whole_plan"),
}
