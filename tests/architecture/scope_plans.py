"""What plans propose in the world of the walk."""

from __future__ import annotations

from feigong.apps.coverage.models import PlannedBranch, PlannedOutcome


def planned_branches(ids: dict[str, dict[str, int]]) -> dict[str, int]:
    """Joint branches as a plan proposes them: of the east, of east and west together, of the far district."""
    firms = ids["enterprise"]
    branches = {"east": ("whole", "apple", "birch"), "both": ("whole", "cedar", "daisy"), "far": ("far", "far", "far")}
    found: dict[str, int] = {}
    for name, (plan, host, guest) in branches.items():
        facts = {"slot": 0, "cycle_weeks": 1, "basis": "street", "enterprises": 2, "members": 3, "travel_m": 100.0,
                 "farthest_m": 100.0, "survival": 0.9, "state": "new", "verified": True}  # fmt: skip
        found[name] = PlannedBranch.objects.create(
            plan_id=ids["plan"][plan], key=f"LH-{name}", host_id=firms[host], host_key=name, host_members=1, **facts
        ).pk
        PlannedOutcome.objects.filter(
            plan_id=ids["plan"][plan], enterprise_id__in={firms[host], firms[guest]}
        ).update(branch=f"LH-{name}", travel_m=100.0)
    return found
