"""Roles, and what each may do. Where they may do it is the `Scope`; this is the whole table of permissions."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    DISTRICT_OFFICE = "district_office"
    TOWNSHIP = "township"
    DEPARTMENT = "department"
    LIAISON_OFFICER = "liaison_officer"
    BRANCH_SECRETARY = "branch_secretary"
    MEMBER = "member"
    AUDITOR = "auditor"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"


class Permission(TextChoices):
    ROLL_VIEW = "roll.view"  # areas, organisations, enterprises, venues
    ROLL_CHANGE = "roll.change"
    ROLL_MERGE = "roll.merge"  # two records into one, and apart again
    AREAS_CHANGE = "areas.change"
    MEMBERS_VIEW = "members.view"  # members, Party workers, posts; no numbers
    MEMBERS_CHANGE = "members.change"
    REVEAL = "reveal"  # an ID number, phone or wage in full, with a reason
    EXPORT = "export"
    IMPORT_UPLOAD = "import.upload"
    IMPORT_APPLY = "import.apply"  # and take back
    COVERAGE_VIEW = "coverage.view"
    COVERAGE_PLAN = "coverage.plan"
    CASES_VIEW = "cases.view"
    CASES_WORK = "cases.work"  # do the steps that are one's role's
    VISITS_VIEW = "visits.view"
    VISITS_LOG = "visits.log"  # and put right one's own; an office: all
    TARGETS_VIEW = "targets.view"
    TARGETS_SET = "targets.set"  # for the areas below one's own, and split
    DOCUMENTS_MANAGE = "documents.manage"  # templates of one's own
    JOBS_VIEW = "jobs.view"  # one's own always; this: everybody's
    API_USE = "api.use"
    ACCOUNTS_MANAGE = "accounts.manage"
    AUDIT_VIEW = "audit.view"
    AUDIT_VERIFY = "audit.verify"
    SYSTEM_MANAGE = "system.manage"


P = Permission
_OFFICE = frozenset({
    P.ROLL_VIEW, P.ROLL_CHANGE, P.ROLL_MERGE, P.MEMBERS_VIEW, P.MEMBERS_CHANGE, P.REVEAL, P.EXPORT, P.IMPORT_UPLOAD,
    P.IMPORT_APPLY, P.COVERAGE_VIEW, P.CASES_VIEW, P.CASES_WORK, P.VISITS_VIEW, P.VISITS_LOG,
    P.TARGETS_VIEW, P.TARGETS_SET, P.API_USE,
})  # fmt: skip

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.DISTRICT_OFFICE: _OFFICE | {P.AREAS_CHANGE, P.COVERAGE_PLAN, P.DOCUMENTS_MANAGE, P.JOBS_VIEW},
    Role.TOWNSHIP: _OFFICE,
    Role.DEPARTMENT: frozenset({P.ROLL_VIEW, P.IMPORT_UPLOAD, P.TARGETS_VIEW, P.API_USE}),
    Role.LIAISON_OFFICER: frozenset({P.ROLL_VIEW, P.CASES_VIEW, P.CASES_WORK, P.VISITS_VIEW, P.VISITS_LOG}),
    Role.BRANCH_SECRETARY: frozenset({
        P.ROLL_VIEW, P.MEMBERS_VIEW, P.MEMBERS_CHANGE, P.REVEAL, P.CASES_VIEW, P.CASES_WORK, P.VISITS_VIEW,
    }),
    Role.MEMBER: frozenset({P.ROLL_VIEW, P.MEMBERS_VIEW}),
    Role.AUDITOR: frozenset({P.AUDIT_VIEW, P.AUDIT_VERIFY}),
    Role.SYSTEM_ADMINISTRATOR: frozenset({P.SYSTEM_MANAGE, P.JOBS_VIEW}),
    Role.SECURITY_ADMINISTRATOR: frozenset({P.ACCOUNTS_MANAGE}),
    Role.AUDIT_ADMINISTRATOR: frozenset({P.AUDIT_VIEW, P.AUDIT_VERIFY}),
}  # an auditor reads business records of the audit; the audit administrator reads those of the administrators too

ADMINISTRATORS = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR})
"""Three duties that keep one another in check: nobody holds two of them."""

_PARTS = frozenset({"areas", "organisations"})
SCOPES: dict[Role, frozenset[str]] = {
    Role.DISTRICT_OFFICE: _PARTS,
    Role.TOWNSHIP: _PARTS,
    Role.DEPARTMENT: _PARTS,
    Role.LIAISON_OFFICER: frozenset({"worker"}),
    Role.BRANCH_SECRETARY: frozenset({"organisations"}),
    Role.MEMBER: frozenset({"member"}),
    Role.AUDITOR: frozenset({"areas"}),
}
"""By what the part of a role is named; a role that is not here has none, and sees nothing of the roll."""

WRITING = frozenset({
    P.ROLL_CHANGE, P.ROLL_MERGE, P.AREAS_CHANGE, P.MEMBERS_CHANGE, P.IMPORT_UPLOAD, P.IMPORT_APPLY, P.COVERAGE_PLAN,
    P.CASES_WORK, P.VISITS_LOG, P.TARGETS_SET, P.DOCUMENTS_MANAGE, P.ACCOUNTS_MANAGE, P.SYSTEM_MANAGE,
})  # fmt: skip
"""Permissions that a token for reading never has."""
